"""Shapes as people write and draw them: read, refused with the reason, asked."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines import shapes
from jingwei.engines.shapes import ShapeUnreadable, read_shape
from jingwei.kernel.lonlat import distance_m

SQUARE = "113.0,34.0;113.1,34.0;113.1,34.1;113.0,34.1"


@pytest.mark.parametrize(
    "text",
    [
        SQUARE,
        SQUARE + ";113.0,34.0",
        SQUARE.replace(";", "\n"),
        SQUARE.replace(",", "，").replace(";", "；"),
        "(113.0 34.0);(113.1 34.0);(113.1 34.1);(113.0 34.1)",
        "34°00′00″N 113°00′00″E;34°N 113°06′E;34°06′N 113°06′E;34°06′N 113°00′E",
    ],
)
def test_the_same_square_however_it_is_written(text):
    shape = read_shape("polygon", text)
    assert len(shape.parts[0]) == 4 and shapes.contains(shape, 113.05, 34.05)
    assert not shapes.contains(shape, 113.15, 34.05)
    assert shapes.box_of(shape) == pytest.approx((113.0, 34.0, 113.1, 34.1))


def test_a_ring_within_a_ring_is_a_hole():
    hole = "113.04,34.04;113.06,34.04;113.06,34.06;113.04,34.06"
    shape = read_shape("polygon", f"{SQUARE}|{hole}")
    assert not shapes.contains(shape, 113.05, 34.05) and shapes.contains(shape, 113.02, 34.02)
    assert shapes.contains(shape, *shapes.middle(shape))


@pytest.mark.parametrize(
    ("form", "text", "radius_m", "what"),
    [
        ("polygon", "", 0, "few"),
        ("polygon", "113,34;113.1,34", 0, "few"),
        ("polygon", "113,34;113,34;113,34", 0, "few"),
        ("line", "113,34", 0, "few"),
        ("circle", "113,34;114,35", 100, "parts"),
        ("circle", "113,34", 0, "radius"),
        ("line", "113,34;114,35", -1, "radius"),
        ("polygon", "somewhere;113,34;114,35", 0, "point"),
        ("polygon", "200,34;113,34;114,35", 0, "point"),
        ("line", ";".join(f"113,{30 + n / 1000}" for n in range(shapes.MOST_POINTS + 1)), 0, "many"),
    ],
)
def test_what_is_no_shape_is_refused_with_the_reason(form, text, radius_m, what):
    with pytest.raises(ShapeUnreadable) as refused:
        read_shape(form, text, radius_m=radius_m)
    assert refused.value.what == what


POINTS = st.tuples(st.floats(112.5, 113.5), st.floats(33.5, 34.5))


@given(POINTS, st.floats(1, 50_000))
def test_a_circle_holds_what_is_near_enough(point, radius_m):
    shape = read_shape("circle", "113,34", radius_m=radius_m)
    assert shapes.contains(shape, *point) == (distance_m(113, 34, *point) <= radius_m)
    west, south, east, north = shapes.box_of(shape)
    if shapes.contains(shape, *point):
        slack = 1e-6 + radius_m * 1e-9
        assert west - slack <= point[0] <= east + slack and south - slack <= point[1] <= north + slack


@given(POINTS, st.floats(10, 20_000))
def test_a_line_holds_what_lies_beside_it_as_sampled_points_say(point, reach_m):
    """The other way to ask: the least distance to a thousand points along the line."""
    shape = read_shape("line", "112.9,33.9;113.1,34.1;113.3,34.0", radius_m=reach_m)
    (a, b, c) = shape.parts[0]
    sampled = [
        (p[0] + (q[0] - p[0]) * n / 500, p[1] + (q[1] - p[1]) * n / 500)
        for p, q in ((a, b), (b, c))
        for n in range(501)
    ]
    away = min(distance_m(*point, *one) for one in sampled)
    if abs(away - reach_m) > 0.01 * away + 50:
        assert shapes.contains(shape, *point) == (away < reach_m)


def test_the_ring_of_a_circle_is_round():
    (ring,) = shapes.rings_of(read_shape("circle", "113,34", radius_m=1000))
    away = [distance_m(113, 34, x / 1e6, y / 1e6) for x, y in ring]
    assert (
        len(ring) == shapes.CORNERS
        and max(away) - min(away) < 10
        and math.isclose(away[0], 1000, rel_tol=0.01)
    )


@pytest.mark.parametrize(
    ("geometry", "form", "count"),
    [
        ({"type": "Point", "coordinates": [113, 34, 88.8]}, "circle", 1),
        ({"type": "LineString", "coordinates": [[113, 34], [114, 35]]}, "line", 2),
        ({"type": "MultiLineString", "coordinates": [[[113, 34], [114, 35]], [[1, 2], [3, 4]]]}, "line", 4),
        ({"type": "Polygon", "coordinates": [[[113, 34], [114, 34], [114, 35], [113, 34]]]}, "polygon", 3),
        (
            {
                "type": "MultiPolygon",
                "coordinates": [[[[1, 1], [2, 1], [2, 2], [1, 1]]], [[[5, 5], [6, 5], [6, 6]]]],
            },
            "polygon",
            6,
        ),
    ],
)
def test_geojson_becomes_text_that_is_read_again(geometry, form, count):
    found, text = shapes.from_geojson(geometry)
    shape = read_shape(found, text, radius_m=10)
    assert found == form and sum(map(len, shape.parts)) == count


@pytest.mark.parametrize(
    "geometry",
    [{}, {"type": "GeometryCollection"}, {"type": "Point"}, {"type": "Polygon", "coordinates": [[["x", 1]]]}],
)
def test_other_geometry_is_refused(geometry):
    with pytest.raises(ShapeUnreadable):
        shapes.from_geojson(geometry)
