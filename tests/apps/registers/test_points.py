"""Rows on the map: counted exactly by the database at every zoom, of what the post sees alone."""

import random
import uuid
from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.apps.places import queries as places
from jingwei.apps.registers import queries
from jingwei.apps.registers.queries import points
from jingwei.apps.resources.models import Shelter
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.cells import WORLD, Grid, joined
from tests.builders import authority_of
from tests.rights import a_holding

pytestmark = pytest.mark.django_db

SHELTERS = queries.get_register("shelters")
#: Zhengzhou 4101, its county 410181, Luoyang 4103, the province 41, another province.
PLACES = ("4101", "410181", "410181003", "4103", "410305", "41", "4201")


def sow(many: int, seed: int = 1, places_of: Sequence[str] = PLACES) -> list[Shelter]:
    """So many shelters, in clumps, on lines and on cell edges, some without a point and some struck."""
    rng, at, by = random.Random(seed), this_moment().at, uuid.uuid4()
    rows = []
    for n in range(many):
        lon, lat = rng.gauss(113.6, 0.5), rng.gauss(34.7, 0.4)
        if n % 9 == 0:  # on the edges of cells, and several on one spot
            lon, lat = (
                -180 + 45 * rng.randrange(6600, 6700) / 1024,
                -90 + 45 * rng.randrange(2830, 2850) / 1024,
            )
        rows.append(
            Shelter(
                home="test", name=f"避难场所{n}", place=places_of[n % len(places_of)], key=f"{seed}-{n}",
                found_by=f"避难场所{n}", created_by=by, created_at=at, changed_by=by, changed_at=at,
                confirmed_at=at, kind="1", lon=None if n % 17 == 0 else lon, lat=None if n % 17 == 0 else lat,
                removed_at=at if n % 23 == 0 else None,
            )
        )  # fmt: skip
    with transaction.atomic():
        return Shelter.objects.bulk_create(rows)


def seen(rows: Sequence[Shelter], place: str) -> list[Shelter]:
    """What a post of this place sees, told without the query under test."""
    return [
        r for r in rows
        if r.lon is not None and r.removed_at is None
        and (r.place.startswith(place) or place.startswith(r.place))
    ]  # fmt: skip


@pytest.fixture(params=["", "41", "4101", "410181"])
def authority(request):
    from jingwei.apps.agencies import queries as agencies

    return agencies.get_authority(a_holding("duty_officer", place=request.param), at=this_moment().at)


@pytest.mark.parametrize("zoom", [1, 5, 8, 11, 14, 19])
def test_cells_add_up_to_what_the_post_sees(authority, zoom):
    rows = sow(1500)
    grid = Grid(zoom)
    cells = queries.count_row_cells(SHELTERS, WORLD, grid, authority=authority)
    own = seen(rows, authority.place)
    assert sum(cell.count for cell in cells) == len(own) > 100
    expected: dict[tuple[int, int], int] = {}
    for row in own:
        at = grid.cell(row.lon or 0, row.lat or 0)
        expected[at] = expected.get(at, 0) + 1
    assert {(c.x, c.y): c.count for c in cells} == expected
    for cell in cells:
        assert grid.cell(cell.box[0], cell.box[1]) == grid.cell(cell.box[2], cell.box[3]) == (cell.x, cell.y)
        assert bool(cell.only) == (cell.count == 1)


def test_a_cell_is_the_same_wherever_the_edge_of_the_map_lies():
    sow(1500)
    officer, grid = authority_of("lisiyuan"), Grid(9)
    whole = {(c.x, c.y): c for c in queries.count_row_cells(SHELTERS, WORLD, grid, authority=officer)}
    rng = random.Random(3)
    for _ in range(20):
        west, south = rng.uniform(112.5, 114), rng.uniform(34, 35)
        part = queries.count_row_cells(
            SHELTERS, (west, south, west + 0.7, south + 0.4), grid, authority=officer
        )
        assert part
        for cell in part:
            same = whole[cell.x, cell.y]
            assert (same.count, same.box, same.only) == (cell.count, cell.box, cell.only)
            # a mean may differ in its last digit: the rows were added up in another order
            assert abs(same.lon - cell.lon) < 1e-9 and abs(same.lat - cell.lat) < 1e-9


def test_four_quarters_are_the_whole():
    rows, officer = sow(800), authority_of("lisiyuan")
    grid = Grid(7)
    west, south, east, north = grid.whole((113.6, 34.7, 113.6, 34.7))
    quarters = [
        (-180, -90, west, south),
        (-180, south, west, 90),
        (west, -90, 180, south),
        (west, south, 180, 90),
    ]
    base = points._placed(SHELTERS, officer)
    assert sum(places.within_box(base, q).count() for q in quarters) == len(seen(rows, officer.place))
    assert east > west and north > south


def test_canary_a_lost_row_is_a_wrong_sum(monkeypatch):
    rows, officer = sow(200), authority_of("lisiyuan")
    full = points._placed
    gone = seen(rows, officer.place)[7]
    monkeypatch.setattr(points, "_placed", lambda *given: full(*given).exclude(pk=gone.pk))
    cells = queries.count_row_cells(SHELTERS, WORLD, Grid(8), authority=officer)
    assert sum(cell.count for cell in cells) == len(seen(rows, officer.place)) - 1


def test_canary_without_the_area_another_city_is_counted(monkeypatch):
    rows, officer = sow(200), authority_of("lisiyuan")
    monkeypatch.setattr(points, "areas_of", lambda *_: [])
    cells = queries.count_row_cells(SHELTERS, WORLD, Grid(8), authority=officer)
    assert sum(cell.count for cell in cells) > len(seen(rows, officer.place))


def test_one_alone_is_known_by_its_id_and_only_to_who_sees_it():
    rows = sow(40, places_of=("4101", "4103"))
    officer = authority_of("lisiyuan")
    cells = queries.count_row_cells(SHELTERS, WORLD, Grid(19), authority=officer)
    found = queries.list_rows_by_id(SHELTERS, [c.only for c in cells if c.only], authority=officer)
    assert len(found) > 5 and all(line.values["place"] == "4101" for line in found.values())
    assert {c.only for c in cells if c.only} == set(found)
    hidden = [str(r.pk) for r in rows if r.place == "4103"]
    assert queries.list_rows_by_id(SHELTERS, hidden, authority=officer) == {}


def test_the_list_of_a_box_is_what_lies_in_it():
    rows, officer = sow(400), authority_of("lisiyuan")
    box = (113.5, 34.5, 113.8, 34.9)
    found = queries.list_row_points(SHELTERS, box, authority=officer, limit=1000)
    inside = [r for r in seen(rows, officer.place) if 113.5 <= r.lon < 113.8 and 34.5 <= r.lat < 34.9]
    assert {line.id for line in found} == {r.pk for r in inside}
    assert len(queries.list_row_points(SHELTERS, box, authority=officer, limit=3)) == 3


def test_bounds_are_those_of_what_is_seen():
    rows, officer = sow(300), authority_of("lisiyuan")
    own = seen(rows, officer.place)
    lons, lats = [r.lon for r in own], [r.lat for r in own]
    assert queries.find_bounds(SHELTERS, authority=officer) == (min(lons), min(lats), max(lons), max(lats))
    assert queries.find_bounds(queries.get_register("teams"), authority=officer) is None


def test_the_database_counts_from_the_index_alone():
    """One query, and on SQLite the rows themselves are not read: that is what makes it quick."""
    sow(50)
    officer = authority_of("lisiyuan")
    with CaptureQueriesContext(connection) as asked:
        queries.count_row_cells(SHELTERS, (113, 34, 114, 35), Grid(9), authority=officer)
    (one,) = asked.captured_queries
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + one["sql"])
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "COVERING INDEX resources_shelter_map" in plan, plan


def test_registers_joined_add_up():
    rows, officer = sow(500), authority_of("lisiyuan")
    cells = queries.count_row_cells(SHELTERS, WORLD, Grid(7), authority=officer)
    both = joined([("shelters", cells), ("again", cells)])
    assert sum(cell.count for cell, _ in both) == 2 * len(seen(rows, officer.place))
