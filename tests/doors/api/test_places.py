"""The place of a point for programs: by the nearest named point, from any datum, or not found."""

import pytest

from jingwei.engines.datum import from_wgs84
from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db

AT = "/api/v1/places/at"


def test_a_point_has_its_place_approximately(program):  # noqa: F811
    found = program.get(f"{AT}?lon=113.65&lat=34.76").json()
    assert found["code"].startswith("4101") and found["precision"] == "approximate"
    lon, lat = from_wgs84(113.65, 34.76, "gcj02")
    again = program.get(f"{AT}?lon={lon}&lat={lat}&datum=gcj02").json()
    assert again["code"] == found["code"] and again["distance_m"] == pytest.approx(found["distance_m"], abs=1)


@pytest.mark.parametrize(
    ("query", "status"),
    [("lon=90&lat=40", 404), ("lon=nan&lat=1", 422), ("lon=181&lat=1", 422), ("lon=1", 422),
     ("lon=1&lat=1&datum=x", 422)],
)  # fmt: skip
def test_what_is_no_point_or_far_from_all_is_refused(program, query, status):  # noqa: F811
    assert program.get(f"{AT}?{query}").status_code == status


def test_without_a_token_nothing_is_said(client):
    assert client.get(f"{AT}?lon=113&lat=34").status_code == 401
