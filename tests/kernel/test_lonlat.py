"""Points: what is one, which cell it falls in, how far apart two are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kernel.lonlat import EARTH_RADIUS_M, distance_m, grid_key, is_lonlat

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@pytest.mark.parametrize(
    ("lon", "lat", "answer"),
    [
        (113.62, 34.75, True),
        (180, 90, True),
        (-180, -90, True),
        (180.01, 0, False),
        (0, 90.01, False),
        (math.nan, 0, False),
        (0, math.inf, False),
    ],
)
def test_what_is_a_point(lon: float, lat: float, answer: bool) -> None:
    assert is_lonlat(lon, lat) is answer


def test_neighbours_in_longitude_differ_by_one() -> None:
    assert grid_key(113.625, 34.755) + 1 == grid_key(113.635, 34.755)
    assert grid_key(113.625, 34.755) + 36_000 == grid_key(113.625, 34.765)


def test_the_date_line_is_one_meridian() -> None:
    assert grid_key(180, 10.005) == grid_key(-180, 10.005)


def test_no_cell_for_no_point() -> None:
    with pytest.raises(ValueError, match="no such point"):
        grid_key(200, 0)


def test_known_distances() -> None:
    # one degree along the equator and along a meridian is R * pi / 180
    degree = EARTH_RADIUS_M * math.pi / 180
    assert distance_m(0, 0, 1, 0) == pytest.approx(degree)
    assert distance_m(0, 0, 0, 1) == pytest.approx(degree)
    # pole to pole is half the way round
    assert distance_m(10, 90, 77, -90) == pytest.approx(EARTH_RADIUS_M * math.pi)
    # at 60 degrees a degree of longitude is half as long, nearly
    assert distance_m(0, 60, 1, 60) == pytest.approx(degree / 2, rel=1e-4)


@given(LON, LAT, LON, LAT)
def test_distance_is_symmetric_and_bounded(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    there, back = distance_m(lon1, lat1, lon2, lat2), distance_m(lon2, lat2, lon1, lat1)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS_M * math.pi + 1e-6
