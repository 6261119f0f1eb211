"""Shapes as GeoJSON, and whether they meet a box: by hand, and against many points looked at."""

import random
from itertools import pairwise

import pytest

from jingwei.engines import geojson
from jingwei.engines.outlines import covers, dissolved, ring_of
from jingwei.engines.shapes import read_shape

SQUARE = ring_of([(0, 0), (10, 0), (10, 10), (0, 10)])
HOLE = ring_of([(4, 4), (6, 4), (6, 6), (4, 6)])
ISLAND = ring_of([(20, 0), (21, 0), (21, 1)])


def area(ring):
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring)) / 2


def test_a_surface_is_outer_rings_against_the_clock_holes_with_it_and_closed():
    found = geojson.surface([HOLE[::-1], SQUARE[::-1], ISLAND])
    assert found["type"] == "MultiPolygon"
    square, island = sorted(found["coordinates"], key=lambda polygon: polygon[0][0][0])
    assert [area(ring) > 0 for ring in square] == [True, False] and len(island) == 1
    assert all(ring[0] == ring[-1] for polygon in found["coordinates"] for ring in polygon)
    assert abs(area(square[0])) == 100 and abs(area(square[1])) == 4


def test_a_line_runs_as_it_was_drawn_and_a_circle_is_a_ring():
    line = read_shape("line", "0,0;1,1;0,0|5,5;6,6", radius_m=100)
    assert geojson.of_shape(line) == {
        "type": "MultiLineString", "coordinates": [[[0, 0], [1, 1], [0, 0]], [[5, 5], [6, 6]]]
    }  # fmt: skip
    circle = geojson.of_shape(read_shape("circle", "113,34", radius_m=1000))
    assert circle["type"] == "MultiPolygon" and len(circle["coordinates"][0][0]) == 49


@pytest.mark.parametrize(
    ("box", "meets"),
    [
        ((-1, -1, 1, 1), True),  # a corner of the shape
        ((2, 2, 3, 3), True),  # wholly inside, no edge in it
        ((4.5, 4.5, 5.5, 5.5), False),  # in the hole
        ((4.5, 4.5, 6.5, 5.5), True),  # over the edge of the hole
        ((-5, -5, 50, 50), True),  # around all of it
        ((-2, 4, -1, 5), False),
        ((11, 2, 19, 8), False),  # between the parts: the box of both holds it
        ((10, 3, 12, 4), True),  # an edge shared
        ((20.1, 0.6, 20.4, 0.9), False),  # in the box of the island, beside it
    ],
)
def test_a_surface_meets_a_box_by_what_it_is_not_by_its_own_box(box, meets):
    assert geojson.surface_meets([SQUARE, HOLE, ISLAND], box) is meets


def test_a_line_meets_a_box_that_it_crosses_without_a_vertex_in_it():
    parts = [[(0.0, 0.0), (10.0, 10.0)], [(20.0, 0.0), (20.0, 5.0)]]
    assert geojson.lines_meet(parts, (4, 4, 5, 5)) and geojson.lines_meet(parts, (19, 2, 21, 3))
    assert not geojson.lines_meet(parts, (6, 1, 8, 3)) and not geojson.lines_meet(parts, (20.1, 0, 22, 9))


@pytest.mark.parametrize("seed", range(5))
def test_a_box_meets_what_some_of_its_points_lie_in(seed):
    """Boxes with a point inside the surface meet it; the others are small and far from every vertex."""
    rng = random.Random(seed)
    turns = ((1, 0), (0.6, 0.8), (0, 1), (-0.8, 0.6), (-1, 0), (-0.6, -0.8), (0, -1), (0.8, -0.6))
    ring = ring_of((5 + rng.uniform(1, 5) * x, 5 + rng.uniform(1, 5) * y) for x, y in turns)
    for _ in range(300):
        west, south = rng.uniform(-1, 11), rng.uniform(-1, 11)
        box = (west, south, west + rng.uniform(0, 3), south + rng.uniform(0, 3))
        points = [(box[0] + (box[2] - box[0]) * i / 12, box[1] + (box[3] - box[1]) * j / 12)
                  for i in range(13) for j in range(13)]  # fmt: skip
        if any(covers([ring], *point) for point in points):
            assert geojson.surface_meets([ring], box), box
        elif not geojson.surface_meets([ring], box):
            continue
        else:  # it grazes the surface between two of the points looked at
            step = max(box[2] - box[0], box[3] - box[1]) / 12
            wide = (box[0] - step, box[1] - step, box[2] + step, box[3] + step)
            assert geojson.surface_meets([ring], wide)


def squares(*corners):
    """Squares of one degree by their south-west corners."""
    return [ring_of([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]) for x, y in corners]


def test_borders_between_shapes_that_adjoin_are_dissolved():
    (ring,) = dissolved(squares((0, 0), (1, 0), (0, 1)))
    assert abs(area([*ring, ring[0]])) == pytest.approx(3e12) and len(ring) == 8
    ring_around = dissolved(squares(*((x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1))))
    assert sorted(len(one) for one in ring_around) == [4, 12], "an outer border and one around the gap"


def test_shapes_that_touch_in_a_vertex_stay_rings_of_their_own():
    found = dissolved(squares((0, 0), (1, 1)))
    assert sorted(map(len, found)) == [4, 4] and all(len(set(one)) == len(one) for one in found)
    assert dissolved([]) == []


@pytest.mark.parametrize("seed", range(20))
def test_what_is_dissolved_holds_the_same_points(seed):
    rng = random.Random(seed)
    corners = [(x, y) for x in range(5) for y in range(5) if rng.random() < 0.55]
    rings = squares(*corners)
    found = dissolved(rings)
    assert all(len(set(one)) == len(one) for one in found)
    for x in range(-1, 6):
        for y in range(-1, 6):
            assert covers(found, x + 0.5, y + 0.3) == ((x, y) in corners)
