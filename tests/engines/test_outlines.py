"""Outlines: packed and back, in exactly one of two neighbors, thinned out so that neighbors still fit."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.engines import outlines
from jingwei.engines.outlines import PARTS

LON, LAT = 113.6, 34.7
#: A country of 4 x 4 counties whose common corners are moved about: (column, row) to vertex.
SIDE = 4


@st.composite
def counties(draw):
    """Squares with shared, shaken corners: neighbors share vertices, as those of the package do."""
    shake = st.integers(-20_000, 20_000)
    corner = {
        (x, y): (
            round((LON + x * 0.1) * PARTS) + draw(shake),
            round((LAT + y * 0.1) * PARTS) + draw(shake),
        )
        for x in range(SIDE + 1)
        for y in range(SIDE + 1)
    }
    return {
        (x, y): [[corner[x, y], corner[x + 1, y], corner[x + 1, y + 1], corner[x, y + 1]]]
        for x in range(SIDE)
        for y in range(SIDE)
    }


POINT = st.tuples(st.floats(LON - 0.05, LON + 0.45), st.floats(LAT - 0.05, LAT + 0.45))


def winding(rings, lon, lat):
    """Another way to ask, after angles: how often the rings go round the point."""
    total = 0.0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            a = math.atan2(y0 / PARTS - lat, x0 / PARTS - lon)
            b = math.atan2(y1 / PARTS - lat, x1 / PARTS - lon)
            total += math.remainder(b - a, math.tau)
    return round(total / math.tau) % 2 == 1


def border_distance(rings, lon, lat):
    """Degrees to the nearest edge: on an edge angles say nothing."""
    least = math.inf
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            ax, ay, bx, by = x0 / PARTS, y0 / PARTS, x1 / PARTS, y1 / PARTS
            long = (bx - ax) ** 2 + (by - ay) ** 2
            t = max(0.0, min(1.0, ((lon - ax) * (bx - ax) + (lat - ay) * (by - ay)) / long)) if long else 0
            least = min(least, math.hypot(lon - ax - t * (bx - ax), lat - ay - t * (by - ay)))
    return least


@given(counties(), POINT)
def test_inside_agrees_with_the_sum_of_angles(shapes, point):
    for rings in shapes.values():
        if border_distance(rings, *point) > 1e-6:
            assert outlines.covers(rings, *point) == winding(rings, *point)


@given(counties(), POINT)
def test_a_point_lies_in_one_county_at_most(shapes, point):
    assert sum(outlines.covers(rings, *point) for rings in shapes.values()) <= 1


@given(counties(), st.integers(0, SIDE - 1), st.integers(0, SIDE - 2), st.integers(0, 10))
def test_a_point_on_a_shared_border_lies_in_exactly_one(shapes, x, y, tenth):
    (a, b) = shapes[x, y][0][3], shapes[x, y][0][2]  # the border with the county to the north
    point = [(a[n] + (b[n] - a[n]) * tenth / 10) / PARTS for n in (0, 1)]
    found = sum(outlines.covers(rings, *point) for rings in shapes.values())
    # its ends may lie on the edge of the country, where the other side is nobody's
    assert found == 1 or (found == 0 and tenth in (0, 10) and x in (0, SIDE - 1))


@given(st.lists(st.lists(st.tuples(st.integers(-(10**8), 10**8), st.integers(-(10**8), 10**8)), min_size=3)))
def test_packed_and_unpacked_is_the_same(rings):
    assert outlines.unpack(outlines.pack(rings)) == rings


def test_a_hole_is_outside_and_an_island_in_it_inside():
    def square(half):
        return [(-half, -half), (half, -half), (half, half), (-half, half)]

    rings = [square(3 * PARTS), square(2 * PARTS), square(PARTS)]
    assert [outlines.covers(rings, lon, 0.2) for lon in (2.5, 1.5, 0.5, 3.5)] == [True, False, True, False]


@given(counties(), st.floats(0.001, 0.03))
def test_thinned_out_neighbors_still_share_their_border(shapes, cell):
    """Every edge between two counties is still an edge of both, or of neither."""
    thin = {at: outlines.snapped(rings, cell) for at, rings in shapes.items()}
    for x in range(SIDE - 1):
        for y in range(SIDE):
            if not (thin[x, y] and thin[x + 1, y]):
                continue
            (a, b) = shapes[x, y][0][1], shapes[x, y][0][2]
            step = round(cell * PARTS)
            ends = sorted((round(v[0] / step) * step, round(v[1] / step) * step) for v in (a, b))
            edge = (ends[0], ends[1])
            sides = [edge in set(outlines.edges(thin[at])) for at in ((x, y), (x + 1, y))]
            assert sides in ([True, True], [False, False])


@given(counties())
@settings(max_examples=30)
def test_each_border_is_drawn_once(shapes):
    lines = outlines.lines_of(shapes.values(), (-180, -90, 180, 90))
    drawn = [tuple(sorted(pair)) for line in lines for pair in pairwise(line)]
    assert len(drawn) == len(set(drawn)) == 2 * SIDE * (SIDE + 1)


def test_what_lies_beside_the_box_is_not_drawn():
    ring = [(0, 0), (10 * PARTS, 0), (10 * PARTS, 10 * PARTS), (0, 10 * PARTS)]
    lines = outlines.lines_of([[ring]], (9.0, 1.0, 11.0, 2.0))
    assert lines == [[(10 * PARTS, 0), (10 * PARTS, 10 * PARTS)]]


@given(counties())
def test_the_middle_is_inside(shapes):
    for rings in shapes.values():
        assert outlines.covers(rings, *outlines.middle(rings))


def test_repeated_vertices_are_left_out():
    points = [(1.0, 2.0), (1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.0, 2.0)]
    assert outlines.ring_of(points) == [(PARTS, 2 * PARTS), (3 * PARTS, 2 * PARTS), (3 * PARTS, 4 * PARTS)]


def test_the_length_of_an_edge_is_that_of_the_sphere():
    assert outlines.edge_m(((0, 0), (0, PARTS))) == pytest.approx(111_195, rel=1e-3)
    assert outlines.edge_m(((0, 60 * PARTS), (PARTS, 60 * PARTS))) == pytest.approx(55_597, rel=1e-2)


def test_rings_are_put_in_order_with_their_holes():
    def square(half, x=0):
        corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
        return [(a * PARTS + x * PARTS, b * PARTS) for a, b in corners]

    outer, hole, island, other = square(4), square(3), square(1), square(1, 10)
    found = outlines.nested([island, hole, other, outer])
    assert sorted(found, key=len) == [[island], [other], [outer, hole]]
