"""Making an empty node ready: tables, reference data, and, for a demo, its fictional cast."""

from collections.abc import Callable
from datetime import UTC, datetime

from jingwei.kernel.moments import By, Moment

Say = Callable[[str], None]


#: When the demo's made-up rows were entered: before the days the case is about.
_ENTERED = datetime(2021, 7, 1, 1, 0, tzinfo=UTC)


def real_moment() -> Moment:
    now = datetime.now(UTC)
    return Moment(at=now, recorded_at=now)


def load_reference(*, by: By, say: Say = lambda _: None) -> None:
    """Divisions, points, event kinds, rule tables, sources and plans, as they ship."""
    from jingwei.apps.hazards.actions import load_shipped_rules
    from jingwei.apps.places.actions import load_shipped_places
    from jingwei.apps.plans.actions import load_shipped_plans

    say("places: the divisions of Henan to the village, and named points")
    load_shipped_places(by=by, moment=real_moment())
    say("rules: kinds of events, grading, deadlines, triggers, warning signals, sources")
    load_shipped_rules(by=by, moment=real_moment())
    say("plans: a flood plan of Zhengzhou and its counties, an illustration")
    load_shipped_plans(by=by, moment=real_moment())


def load_outlines(*, by: By, say: Say = lambda _: None) -> None:
    """Outlines of divisions, where the extra `polygons` is installed; without it points serve."""
    from jingwei.doors.cli.places import take_outlines_in

    matched = take_outlines_in(by=by)
    if matched is None:
        say("outlines: the extra `polygons` is not installed; places are found by points, approximately")
    else:
        say(f"outlines: {matched.count} divisions, {len(matched.without)} have none")


def make_demo_node(password: str, *, roster: str = "zhengzhou", say: Say = lambda _: None) -> By:
    """An empty database becomes the demo's node. Returns the operator's holding."""
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.actions import found_node, load_agencies

    from .migrate import migrate

    say("database: tables and triggers")
    migrate()
    cast = agencies.read_roster(roster)
    founding = agencies.find_founding(cast)
    if founding is None:
        raise LookupError(f"the roster {roster} names no founding organization")
    by = found_node(founding, password=password, moment=real_moment())
    say(f"organizations: {len(cast.organizations)} of Zhengzhou, its counties, a township, a community")
    load_agencies(cast, password=password, by=by, moment=real_moment())
    load_reference(by=by, say=say)
    return by


def load_demo_registers(*, by: By, say: Say = lambda _: None, roster: str = "zhengzhou") -> int:
    """Fictional rows of registers, marked as such by their names, entered before the case began."""
    import csv
    import io
    from importlib.resources import files

    from jingwei.apps.registers import actions, queries

    count, moment = 0, Moment(at=_ENTERED, recorded_at=real_moment().recorded_at)
    folder = files("jingwei") / "data" / "demo" / roster / "registers"
    for register in queries.list_registers():
        path = folder / f"{register.code}.csv"
        if not path.is_file():
            continue
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        for line, (values, errors) in zip(lines, queries.read_rows(register, lines), strict=True):
            if errors:
                raise LookupError(f"{register.code}, {line['name']}: {errors}")
            actions.add_row(register.code, values, by=by, moment=moment)
            count += 1
    say(f"registers: {count} rows, all of them made up")
    return count
