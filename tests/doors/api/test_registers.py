"""Registers for programs: declared columns, rows page by page, points; masked and within one's area."""

import json

import pytest

from jingwei.apps.registers import actions
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db


def a_team(name: str, place: str = "4101", **values: object):
    given = {"name": name, "place": place, "kind": "PRO-FLOOD", "phone": "13612342071"} | values
    return actions.add_row("teams", given, by=holding_of("zhongyu"), moment=this_moment())


@pytest.mark.parametrize("path", ["", "/teams", "/teams/rows", "/teams/geojson"])
def test_without_a_token_no_register_is_read(client, path):
    assert client.get(f"/api/v1/registers{path}").status_code == 401


def test_registers_say_their_columns(program):  # noqa: F811
    found = {one["code"]: one for one in program.get("/api/v1/registers").json()}
    kind = next(c for c in found["teams"]["columns"] if c["name"] == "kind")
    assert kind["zh"] == "队伍类别" and {"code": "FIRE"}.items() <= kind["choices"][0].items()
    assert program.get("/api/v1/registers/teams").json() == found["teams"]
    assert program.get("/api/v1/registers/dragons").status_code == 404


def test_rows_come_page_by_page_masked_and_within_the_area(program):  # noqa: F811
    for n in range(5):
        a_team(f"{n}队")
    a_team("洛阳队", "4103")
    seen, after = [], ""
    while True:
        page = program.get(f"/api/v1/registers/teams/rows?limit=2&after={after}").json()
        seen += [row["values"]["name"] for row in page["rows"]]
        after = page["next"]
        if not after:
            break
    assert seen == [f"{n}队" for n in range(5)]
    text = json.dumps(program.get("/api/v1/registers/teams/rows").json())
    assert "13612342071" not in text and "136****71" in text
    assert len(program.get("/api/v1/registers/teams/rows?equal=state:out").json()["rows"]) == 0


def test_a_row_elsewhere_is_not_found(program):  # noqa: F811
    here, there = a_team("本地队"), a_team("洛阳队", "4103")
    assert program.get(f"/api/v1/registers/teams/rows/{here}").json()["values"]["name"] == "本地队"
    assert program.get(f"/api/v1/registers/teams/rows/{there}").status_code == 404


def test_points_are_geojson_lon_before_lat(program):  # noqa: F811
    a_team("有点的队", lon=113.65, lat=34.76)
    a_team("无点的队")
    found = program.get("/api/v1/registers/teams/geojson").json()
    assert found["type"] == "FeatureCollection" and len(found["features"]) == 1
    (one,) = found["features"]
    assert one["geometry"] == {"type": "Point", "coordinates": [113.65, 34.76]}
    assert one["properties"]["name"] == "有点的队" and "13612342071" not in json.dumps(one)
