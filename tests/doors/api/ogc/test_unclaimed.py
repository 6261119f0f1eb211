"""What of OGC API - Features is not claimed answers 501 and says so; what no part knows stays 400 or 404.

Examples after those of the parts: boxes and times of 17-069r4, EPSG:3857 of 18-058r1, filters of 19-079r2 and
21-065r2, writing of 20-002r1, schemas of 23-058r2.
"""

import uuid

import pytest

from jingwei.apps.registers import queries
from jingwei.doors.api.ogc.asked import filters_of
from jingwei.doors.api.ogc.documents import CONFORMS
from jingwei.doors.api.ogc.unclaimed import ADDRESSES, ENCODINGS, METHODS, PARAMETERS, find_lacking
from tests.doors.api.ogc.test_core import TEAMS, a_team
from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db
ITEMS = f"{TEAMS}/items"
MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
PART = "http://www.opengis.net/spec/ogcapi-features"
LACKING = [
    ({"crs": MERCATOR}, f"{PART}-2/1.0/conf/crs"),
    ({"bbox": "160.6,-55.95,-170,-25.89", "bbox-crs": MERCATOR}, f"{PART}-2/1.0/conf/crs"),
    ({"filter": "kind = 'FIRE' AND state = 'ready'"}, f"{PART}-3/1.0/conf/features-filter"),
    ({"filter-lang": "cql2-text"}, f"{PART}-3/1.0/conf/features-filter"),
    ({"filter": '{"op":"=","args":[{"property":"state"},"ready"]}', "filter-lang": "cql2-json"},
     f"{PART}-3/1.0/conf/features-filter"),
    ({"filter": "S_INTERSECTS(geometry,POINT(0 0))", "filter-crs": MERCATOR},
     f"{PART}-3/1.0/conf/features-filter"),
    ({"profile": "rel-as-link"}, f"{PART}-5/1.0/conf/profile-parameter"),
    ({"f": "html"}, f"{PART}-1/1.0/conf/html"),
    ({"f": "gml"}, f"{PART}-1/1.0/conf/gmlsf0"),
]  # fmt: skip


def lacks(answer, conformance: str) -> None:
    assert answer.status_code == 501, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == 501 and said["code"] == "not_claimed" and said["detail"]
    assert said["not_claimed"] == conformance and conformance not in CONFORMS
    assert said["claimed"] == list(CONFORMS)


@pytest.mark.parametrize(("asked", "conformance"), LACKING)
def test_a_parameter_of_a_part_that_is_not_claimed(program, asked, conformance):  # noqa: F811
    lacks(program.get(ITEMS, asked), conformance)


def test_a_feature_in_another_system_is_not_claimed(program):  # noqa: F811
    lacks(program.get(f"{ITEMS}/{a_team('一队')}", {"crs": MERCATOR}), f"{PART}-2/1.0/conf/crs")


@pytest.mark.parametrize(
    ("method", "rest", "conformance"),
    [
        ("post", "", "create-replace-delete"),
        ("options", "", "create-replace-delete"),
        ("put", "/x", "create-replace-delete"),
        ("delete", "/x", "create-replace-delete"),
        ("options", "/x", "create-replace-delete"),
        ("patch", "/x", "update"),
    ],
)
def test_writing_is_not_claimed_and_writes_nothing(program, method, rest, conformance):  # noqa: F811
    here = ITEMS + (f"/{a_team('一队')}" if rest else "")
    feature = (
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[113,34]},"properties":{"name":"x"}}'
    )
    answer = getattr(program, method)(here, feature, content_type="application/geo+json")
    lacks(answer, f"{PART}-4/1.0/conf/{conformance}")
    assert program.get(ITEMS).json()["numberMatched"] == (1 if rest else 0)


@pytest.mark.parametrize(
    ("path", "conformance"),
    [
        ("/ogc/functions", "http://www.opengis.net/spec/cql2/1.0/conf/functions"),
        (f"{TEAMS}/queryables", f"{PART}-3/1.0/conf/queryables"),
        (f"{TEAMS}/schema", f"{PART}-5/1.0/conf/schemas"),
    ],
)
def test_an_address_of_a_part_that_is_not_claimed(program, client, path, conformance):  # noqa: F811
    lacks(program.get(path), conformance)


@pytest.mark.parametrize("path", ["/ogc/functions", f"{TEAMS}/queryables", f"{ITEMS}?crs=x"])
def test_a_stranger_learns_nothing_of_it(client, db, path):
    assert client.get(path).status_code == client.post(path).status_code == 401


def test_other_encodings_are_not_claimed_unless_ours_would_do(program):  # noqa: F811
    html, gml = f"{PART}-1/1.0/conf/html", f"{PART}-1/1.0/conf/gmlsf0"
    for path in ("/ogc", "/ogc/collections", ITEMS):
        lacks(program.get(path, headers={"accept": "text/html"}), html)
        lacks(program.get(path, headers={"accept": "application/gml+xml;version=3.2"}), gml)
        browser = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
        assert program.get(path, headers=browser).status_code == 200
    assert program.get(ITEMS, headers={"accept": "application/geo+json"}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": "10"},
        {"bbox": "160.6,-55.95,-170,-25.89"},
        {"datetime": "2018-02-12T23:20:50Z"},
        {"datetime": "2018-02-12T00:00:00Z/2018-03-18T12:31:12Z"},
        {"datetime": "2018-02-12T00:00:00Z/.."},
        {"datetime": "../2018-03-18T12:31:12Z"},
    ],
)
def test_what_is_claimed_takes_the_examples_of_the_core(program, asked):  # noqa: F811
    assert program.get(ITEMS, asked).status_code == 200


@pytest.mark.parametrize("asked", ["sortby=name", "q=x", "properties=name", "f=json", "crs2=x"])
def test_what_no_published_part_knows_stays_400(program, asked):  # noqa: F811
    assert program.get(f"{ITEMS}?{asked}").status_code == 400


def test_parameters_are_of_their_addresses_alone(program):  # noqa: F811
    assert program.get("/ogc/collections?crs=x").status_code == 400
    assert program.get(f"{TEAMS}?filter=x").status_code == 400
    assert program.get(f"{ITEMS}/{uuid.UUID(int=7)}?filter=x").status_code in (400, 404)
    sent = {"data": "{}", "content_type": "application/geo+json"}
    assert program.put(ITEMS, **sent).status_code == 405 == program.post(f"{ITEMS}/x", **sent).status_code


def test_the_description_names_all_of_them_so_that_400_stays_for_the_rest(program):  # noqa: F811
    paths = program.get("/ogc/api").json()["paths"]
    for view, path in (
        ("items", "/collections/teams/items"),
        ("item", "/collections/teams/items/{featureId}"),
    ):
        told = paths[path]["get"]
        said = {one["name"]: one.get("description", "") for one in told["parameters"]}
        assert all("501" in said[name] for name in [*PARAMETERS[view], "f"])
        assert "501" in told["responses"]


def test_no_column_of_a_register_is_hidden_by_such_a_name():
    names = {"f", *(name for of in PARAMETERS.values() for name in of)}
    for register in queries.list_registers():
        assert not names & set(filters_of(register)), register.code


def test_the_document_lists_each_of_them():
    from pathlib import Path

    text = Path("docs/registers.md").read_text()
    wanted = {name for of in PARAMETERS.values() for name in of} | {f"f={one}" for one in ENCODINGS}
    wanted |= {f"/{route.replace('<slug:code>', '{id}')}" for route in ADDRESSES}
    wanted |= {method for of in METHODS.values() for method in of}
    assert not [one for one in wanted if f"`{one}" not in text]


def test_canary_a_part_forgotten_would_be_seen(program, monkeypatch):  # noqa: F811
    monkeypatch.setitem(PARAMETERS, "items", {})
    assert program.get(ITEMS, {"crs": MERCATOR}).status_code == 400
    monkeypatch.setitem(METHODS, "items", {})
    assert program.post(ITEMS, "{}", content_type="application/json").status_code == 405
    assert find_lacking("items", "GET", {}, "*/*") is None
