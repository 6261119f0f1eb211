"""Cells add up to the whole at every zoom, however the map lies; what several layers hold is one sum."""

import random

from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines.cells import WORLD, Cell, Grid, grid_of, joined
from jingwei.engines.mercator import END_LAT, LEAST_ZOOM, MOST_ZOOM, View, fitting, fraction, lonlat

ZOOMS = st.integers(LEAST_ZOOM, MOST_ZOOM)
LONS = st.floats(-180, 180).map(lambda value: round(value, 9))
LATS = st.floats(-85, 85).map(lambda value: round(value, 9))


def cells_of(points, grid: Grid) -> list[Cell]:
    found: dict[tuple[int, int], list] = {}
    for lon, lat in points:
        found.setdefault(grid.cell(lon, lat), []).append((lon, lat))
    return [
        Cell(x=x, y=y, count=len(p), lon=sum(a for a, _ in p) / len(p), lat=sum(b for _, b in p) / len(p),
             box=(min(p)[0], min(b for _, b in p), max(p)[0], max(b for _, b in p)))
        for (x, y), p in found.items()
    ]  # fmt: skip


@given(LONS, LATS, ZOOMS)
def test_a_box_is_widened_to_whole_cells(lon, lat, zoom):
    grid = Grid(zoom)
    west, south, east, north = grid.whole((lon, lat, lon, lat))
    assert west <= lon < east and south <= lat < north
    assert (west + 180) / grid.step == round((west + 180) / grid.step)
    assert grid.whole((west, south, west, south))[:2] == (west, south)


def test_the_grid_of_a_zoom_between_two_is_that_of_the_lower():
    assert [grid_of(z).zoom for z in (0, 1.9, 12.0, 12.99, 40)] == [1, 1, 12, 12, MOST_ZOOM]


def test_a_closer_grid_halves_the_cells():
    assert Grid(9).step == Grid(8).step / 2


def test_layers_joined_add_up_and_say_their_parts():
    rng = random.Random(1)
    points = {n: [(rng.uniform(100, 120), rng.uniform(20, 40)) for _ in range(n)] for n in (50, 700)}
    grid = Grid(5)
    found = joined([(f"layer{n}", cells_of(p, grid)) for n, p in points.items()])
    assert sum(cell.count for cell, _ in found) == 750
    assert all(cell.count == sum(parts.values()) for cell, parts in found)
    assert sum(parts.get("layer50", 0) for _, parts in found) == 50
    for cell, _ in found:
        west, south, east, north = cell.box
        assert west - 1e-9 <= cell.lon <= east + 1e-9 and south - 1e-9 <= cell.lat <= north + 1e-9


def test_canary_a_lost_cell_is_a_wrong_sum():
    cells = cells_of([(113.6, 34.7), (100.0, 30.0)], Grid(6))
    assert sum(c.count for c, _ in joined([("a", cells[1:])])) == 1


def test_one_spot_is_known_as_such():
    here, apart = (
        cells_of([(113.6, 34.7)] * 3, Grid(5))[0],
        cells_of([(113.6, 34.7), (113.7, 34.7)], Grid(5))[0],
    )
    assert here.is_one_spot and not apart.is_one_spot
    assert WORLD == (-180.0, -90.0, 180.0, 90.0)


@given(LONS, LATS, st.floats(1, 19), LONS, LATS)
def test_pixels_and_points_are_each_others_way_back(lon, lat, zoom, there_lon, there_lat):
    view = View(lon, lat, zoom, 1080, 560)
    assert view.xy(lon, lat) == (540, 280)
    x, y = fraction(there_lon, there_lat)
    back = lonlat(x, y)
    assert abs(back[0] - there_lon) < 1e-9 and abs(back[1] - there_lat) < 1e-9


@given(LONS, LATS, st.floats(0, 20), st.floats(0, 20))
def test_a_view_that_fits_shows_the_whole_box(lon, lat, wide, high):
    box = lon, lat, min(180.0, lon + wide), min(END_LAT, lat + high)
    view = fitting(box, 1080, 560, most=12)
    for point in (box[:2], box[2:]):
        x, y = view.xy(*point)
        assert -1 <= x <= 1081 and -1 <= y <= 561


def test_moved_a_third_it_overlaps_by_two():
    view = View(113.6, 34.7, 10, 900, 600)
    east = view.moved(1 / 3, 0)
    x, y = view.xy(east.lon, east.lat)
    assert abs(x - 750) < 1e-6 and abs(y - 300) < 1e-6
    assert view.zoomed(30).zoom == MOST_ZOOM and view.zoomed(-30).zoom == LEAST_ZOOM
