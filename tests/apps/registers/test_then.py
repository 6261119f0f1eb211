"""A register at an earlier time: what the map shows of it is what stood there then."""

import random
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.models import Change
from jingwei.apps.registers.queries import Stood, then
from jingwei.apps.resources.models import Team
from jingwei.apps.resources.registers import TEAMS
from jingwei.doors.entry import mapping
from jingwei.engines.cells import WORLD, Box, Grid
from tests import rights
from tests.builders import authority_of
from tests.doors.web.test_map import signed_in

pytestmark = pytest.mark.django_db

BEGAN = rights.moment()
#: Name and point of every row that stands and has a point.
Shown = dict[uuid.UUID, tuple[str, float, float]]


@pytest.fixture
def keeper() -> uuid.UUID:
    return rights.a_holding("duty_officer", place=rights.PLACE)


def later(minutes: int):
    return msgspec.structs.replace(
        BEGAN, at=BEGAN.at + timedelta(minutes=minutes), recorded_at=BEGAN.recorded_at
    )


def standing() -> Shown:
    rows = Team.objects.filter(removed_at=None, lon__isnull=False)
    return {row.pk: (row.name, row.lon, row.lat) for row in rows}


def act(rng: random.Random, n: int, by: uuid.UUID) -> None:
    """One act on a team, whatever can be done now."""
    moment, rows = later(n), list(Team.objects.order_by("pk"))
    what = rng.choice(("add", "add", "move", "move", "rename", "strike", "undo"))
    point = {"lon": round(rng.uniform(113.0, 114.0), 3), "lat": round(rng.uniform(34.3, 35.0), 3)}
    row = rng.choice(rows) if rows else None
    if what == "add" or row is None:
        values = {"name": f"抢险队{n}", "place": rights.PLACE, "kind": "PRO-FLOOD"} | point
        actions.add_row("teams", values, by=by, moment=moment)
    elif row.removed_at is not None:
        actions.restore_row("teams", row.pk, by=by, moment=moment)
    elif what in ("move", "rename"):
        values = point if what == "move" else {"name": f"改名{n}"}
        actions.change_row("teams", row.pk, values, version=row.version, by=by, moment=moment)
    elif what == "strike":
        actions.strike_row("teams", row.pk, reason="解散", by=by, moment=moment)
    else:
        newest = Change.objects.filter(row_id=row.pk).order_by("-number").first()
        actions.undo_change(newest.pk, by=by, moment=moment)


@pytest.fixture
def told(keeper) -> list[tuple[datetime, Shown]]:
    """What stood after each of sixty acts."""
    rng, found = random.Random(7), []
    for n in range(60):
        act(rng, n, keeper)
        found.append((later(n).at, standing()))
    assert len({frozenset(one) for _, one in found}) > 10 and len(found[-1][1]) > 5
    return found


def shown(at: datetime, box: Box = WORLD) -> Shown:
    lines = queries.list_row_points(
        TEAMS, box, authority=authority_of("lisiyuan"), limit=500, stood=Stood(TEAMS, at)
    )
    return {line.id: tuple(line.values[name] for name in ("name", "lon", "lat")) for line in lines}


def test_what_is_listed_is_what_stood_then(told):
    for at, stood in told:
        assert shown(at) == stood


def test_canary_without_turning_back_it_is_what_stands_now(told, monkeypatch):
    monkeypatch.setattr(Stood, "touched", lambda self, authority: [])
    assert any(shown(at) != stood for at, stood in told)


@pytest.mark.parametrize("zoom", [4, 9, 13])
def test_counts_add_up_to_what_stood_then(told, zoom):
    chief, grid = authority_of("lisiyuan"), Grid(zoom)
    for at, stood in told[::7]:
        then_ = Stood(TEAMS, at)
        cells = queries.count_row_cells(TEAMS, WORLD, grid, authority=chief, stood=then_)
        expected: dict[tuple[int, int], set[uuid.UUID]] = {}
        for pk, (_, lon, lat) in stood.items():
            expected.setdefault(grid.cell(lon, lat), set()).add(pk)
        assert {(c.x, c.y): c.count for c in cells} == {xy: len(them) for xy, them in expected.items()}
        alone = [c.only for c in cells if c.only]
        assert {uuid.UUID(one) for one in alone} == {pk for s in expected.values() if len(s) == 1 for pk in s}
        named = queries.list_rows_by_id(TEAMS, alone, authority=chief, stood=then_)
        assert {line.id: line.values["name"] for line in named.values()} == {
            uuid.UUID(one): stood[uuid.UUID(one)][0] for one in alone
        }


def test_a_box_holds_what_stood_in_it_then(told):
    at, stood = told[40]
    box = (113.3, 34.4, 113.8, 34.9)
    inside = {pk: one for pk, one in stood.items() if 113.3 <= one[1] <= 113.8 and 34.4 <= one[2] <= 34.9}
    assert shown(at, box) == inside


def test_a_post_sees_then_what_it_saw_then(keeper, told):
    elsewhere = msgspec.structs.replace(authority_of("lisiyuan"), place="4103")
    found = queries.list_row_points(
        TEAMS, WORLD, authority=elsewhere, limit=9, stood=Stood(TEAMS, told[40][0])
    )
    assert found == []


def test_the_record_of_a_register_is_looked_through_once_for_a_layer(told):
    asked = mapping.Asked(("teams",), WORLD, Grid(9), now=told[-1][0], at=told[40][0])
    assert looked(lambda: mapping.gather(asked, authority=authority_of("lisiyuan"))) == 1
    assert asked.stood(TEAMS) is not None


def test_canary_one_that_is_asked_anew_each_time_looks_more_often(told, monkeypatch):
    anew = lambda self, register: Stood(register, self.at)  # noqa: E731
    monkeypatch.setattr(mapping.Asked, "stood", anew)
    asked = mapping.Asked(("teams",), WORLD, Grid(13), now=told[-1][0], at=told[40][0])
    assert looked(lambda: mapping.gather(asked, authority=authority_of("lisiyuan"))) > 1


def looked(act: Callable[[], object]) -> int:
    """How often what was done to rows is read."""
    with CaptureQueriesContext(connection) as seen:
        act()
    return sum('"before"' in one["sql"] for one in seen.captured_queries)


def test_where_too_much_was_done_it_says_so(told, monkeypatch):
    first = told[0][0]
    assert not Stood(TEAMS, first).too_many
    monkeypatch.setattr(then, "MOST_TURNED", 3)
    assert Stood(TEAMS, first).too_many and not Stood(TEAMS, told[-1][0]).too_many


def test_the_map_shows_registers_as_they_stood(keeper, told, monkeypatch):
    at, stood = next((at, s) for at, s in told if len(s) == 3)
    page = signed_in("lisiyuan").get(
        "/map", {"l": "teams", "t": at.isoformat(), "at": "113.5,34.65", "z": "9"}
    )
    listed = page.content.decode().partition('id="map-list"')[2]
    assert page.status_code == 200
    assert all(name in listed for name, _, _ in stood.values())
    assert sum(listed.count(f"/registers/teams/{pk}") > 0 for pk in told[-1][1]) == len(
        set(told[-1][1]) & set(stood)
    )
    monkeypatch.setattr(then, "MOST_TURNED", 3)
    page = signed_in("lisiyuan").get("/map", {"l": "teams", "t": at.isoformat()}).content.decode()
    assert "此后变更过多" in page
