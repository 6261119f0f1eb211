"""UTM and MGRS against two packages that others wrote, and back again."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines import utm
from jingwei.kernel.lonlat import distance_m

with (Path(__file__).parents[1] / "tables" / "utm.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=[r["mgrs"] for r in ROWS])
def test_points_of_the_table(row):
    lon, lat = float(row["lon"]), float(row["lat"])
    found = utm.to_utm(lon, lat)
    assert found is not None
    assert (found.zone, found.band) == (int(row["zone"]), row["band"])
    assert abs(found.easting_m - float(row["easting_m"])) < 0.011
    assert abs(found.northing_m - float(row["northing_m"])) < 0.011
    assert utm.to_mgrs(lon, lat).replace(" ", "") == row["mgrs"].lstrip("0")
    back = utm.from_mgrs(row["mgrs"])
    assert back is not None and distance_m(*back, lon, lat) < 1


@given(st.floats(-180, 179.999), st.floats(-80, 84))
def test_there_and_back_is_where_one_was(lon, lat):
    found = utm.to_utm(lon, lat)
    assert found is not None
    back = utm.from_utm(
        found.zone, north=lat >= 0, easting_m=found.easting_m, northing_m=min(found.northing_m, 1e7)
    )
    assert distance_m(*back, lon, lat) < 0.001


def test_near_the_poles_there_is_no_grid():
    assert utm.to_utm(10, 84.1) is None and utm.to_mgrs(10, -80.1) == ""


@pytest.mark.parametrize("text", ["49SGU", "49SGU43", "49SGU4348", "49SGU43964892"])
def test_a_coarser_name_is_the_middle_of_its_square(text):
    found = utm.from_mgrs(text)
    assert found is not None
    assert utm.to_mgrs(*found).replace(" ", "").startswith(text[:5])


@pytest.mark.parametrize(
    "text", ["49SGU4", "61SGU4365146567", "49IGU4365146567", "49SIU4365146567", "49SGU436514656"]
)
def test_what_is_no_name_of_a_square_is_none(text):
    assert utm.from_mgrs(text) is None
