"""The map for programs: layers, cells as GeoJSON that add up, by the post of the token."""

from datetime import timedelta

import pytest

from jingwei.apps.registers import actions
from jingwei.apps.registers.queries import get_register
from jingwei.doors.entry.moments import this_moment
from tests.builders import an_incident, holding_of
from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db

WORLD = "box=-180,-90,180,90"


def a_store(name: str, lon: float, place: str = "4101") -> None:
    column = get_register("stores").column("kind")
    assert column is not None
    given = {"name": name, "place": place, "kind": column.choices[0].code, "lon": lon, "lat": 34.7}
    actions.add_row("stores", given, by=holding_of("zhongyu"), moment=this_moment())


@pytest.mark.parametrize("path", ["layers", f"cells?{WORLD}&zoom=4"])
def test_without_a_token_no_map_is_read(client, path):
    assert client.get(f"/api/v1/map/{path}").status_code == 401


def test_every_register_with_points_is_a_layer(program):  # noqa: F811
    codes = [one["code"] for one in program.get("/api/v1/map/layers").json()]
    assert codes[:2] == ["incidents", "reports"] and codes[-1] == "sites"
    assert {"teams", "shelters", "stores", "hospitals"} < set(codes) and "experts" not in codes


def test_cells_add_up_and_name_what_stands_alone(program):  # noqa: F811
    for n in range(6):
        a_store(f"库{n}", 113.6 + n / 10_000)
    a_store("远库", 115.0)
    a_store("洛阳库", 112.4, place="4103")
    found = program.get(f"/api/v1/map/cells?{WORLD}&zoom=8&layers=stores,incidents").json()
    assert found["total"] == 7 == sum(f["properties"]["count"] for f in found["features"])
    (many,) = [f for f in found["features"] if f["properties"]["count"] > 1]
    assert many["properties"]["parts"] == {"stores": 6} and many["id"] is None
    (one,) = [f for f in found["features"] if f["properties"]["count"] == 1]
    assert one["geometry"] == {"type": "Point", "coordinates": [115.0, 34.7]}
    assert one["properties"]["name_zh"] == "远库" and one["properties"]["href"].startswith(
        "/registers/stores/"
    )
    assert "洛阳库" not in str(found)


def test_it_tells_an_earlier_time(program):  # noqa: F811
    now = this_moment().at
    an_incident(lon=113.6, lat=34.7, opened_at=now - timedelta(hours=3), last_at=now)
    path = f"/api/v1/map/cells?{WORLD}&zoom=8"
    assert program.get(path).json()["total"] == 1
    before = (now - timedelta(hours=4)).isoformat().replace("+", "%2B")
    assert program.get(f"{path}&at={before}").json()["total"] == 0


@pytest.mark.parametrize(
    "asked",
    ["box=1,2,3&zoom=4", "box=9,0,1,1&zoom=4", "box=a,b,c,d&zoom=4", "box=nan,0,1,1&zoom=4", "zoom=4",
     f"{WORLD}&zoom=99", f"{WORLD}&zoom=nan", f"{WORLD}&zoom=4&at=0001-01-01T00:00:00Z",
     f"{WORLD}&zoom=4&at=2021-07-20T08:00:00", f"{WORLD}&zoom=4&hours=-1"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(program, asked):  # noqa: F811
    assert program.get(f"/api/v1/map/cells?{asked}").status_code == 422
