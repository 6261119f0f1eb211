"""Datums of Chinese maps: published vectors, the way back, and the world outside."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines import datum
from jingwei.kernel.lonlat import distance_m

TABLE = Path(__file__).parent.parent / "tables" / "datum.csv"


def vectors() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row["case"])
def test_published_vector(row):
    lon, lat = float(row["lon"]), float(row["lat"])
    wgs84 = datum.to_wgs84(lon, lat, row["from"])
    found = datum.from_wgs84(*wgs84, row["to"])
    off_m = distance_m(*found, float(row["to_lon"]), float(row["to_lat"]))
    assert off_m <= float(row["within_m"]), f"{off_m} m off"


IN_CHINA = st.tuples(st.floats(73.7, 134.9), st.floats(18.2, 53.5))


@given(IN_CHINA, st.sampled_from(["gcj02", "bd09"]))
def test_there_and_back_is_the_same_place(point, other):
    back = datum.to_wgs84(*datum.from_wgs84(*point, other), other)
    assert distance_m(*point, *back) < 0.001


@given(IN_CHINA)
def test_the_displacement_is_of_the_known_size(point):
    """Published deviations are at most about 700 m, and never nothing in the middle of the country."""
    moved_m = distance_m(*point, *datum.wgs84_to_gcj02(*point))
    assert moved_m < 1_000


def test_zhengzhou_is_moved_by_hundreds_of_metres():
    assert 300 < distance_m(113.65, 34.76, *datum.wgs84_to_gcj02(113.65, 34.76)) < 700


@pytest.mark.parametrize("point", [(2.35, 48.86), (-74.0, 40.7), (151.2, -33.9), (139.7, 35.7)])
@pytest.mark.parametrize("other", datum.DATUMS)
def test_outside_the_rectangle_nothing_moves(point, other):
    assert datum.to_wgs84(*point, other) == point
    assert datum.from_wgs84(*point, other) == point


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(datum.DATUMS))
def test_every_point_on_earth_gives_one_near_it(lon, lat, other):
    found = datum.to_wgs84(lon, lat, other)
    assert distance_m(lon, lat, *found) < 5_000


@pytest.mark.parametrize("point", [(float("nan"), 34), (181, 34), (113, 91), (float("inf"), 0)])
def test_a_point_that_is_not_on_earth_is_a_bug_of_the_caller(point):
    with pytest.raises(ValueError, match="no such point"):
        datum.to_wgs84(*point, "gcj02")


def test_an_unknown_datum_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="no such datum"):
        datum.to_wgs84(113, 34, "beijing54")


def test_canary_a_single_step_back_is_not_good_enough(monkeypatch):
    """The usual shortcut (subtract the displacement once) misses by decimetres to metres."""
    monkeypatch.setattr(datum, "MOST_STEPS", 1)
    point = (113.65, 34.76)
    back = datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(*point))
    assert distance_m(*point, *back) > 0.01
