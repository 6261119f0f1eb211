"""Features that are more than points: areas as drawn, divisions with outlines; boxes by shape."""

import pytest

from jingwei.apps.areas import registers as areas_registers
from jingwei.apps.places import actions as places
from jingwei.apps.places.facts import OutlineRow
from jingwei.apps.registers import actions as registers
from jingwei.apps.registers import queries as kit
from jingwei.engines import geojson
from jingwei.engines.outlines import ring_of
from tests.builders import holding_of
from tests.doors.api.ogc.test_core import names, rels
from tests.doors.api.test_read import program  # noqa: F401
from tests.rights import moment

pytestmark = pytest.mark.django_db
AREAS, DIVISIONS = "/ogc/collections/areas/items", "/ogc/collections/divisions/items"
#: An L: its box holds much that it does not.
ELL = "113.6,34.6;113.8,34.6;113.8,34.62;113.62,34.62;113.62,34.8;113.6,34.8"


def add(name: str, **values: object):
    given = {"name": name, "kind": "flood", "place": "4101", "form": "polygon", "shape": ELL} | values
    ((read, errors),) = kit.read_rows(kit.get_register("areas"), [{k: str(v) for k, v in given.items()}])
    assert not errors, errors
    return registers.add_row("areas", read, by=holding_of("lisiyuan"), moment=moment())


def square(west: float, south: float, side: float = 0.2):
    return ring_of([(west, south), (west + side, south), (west + side, south + side), (west, south + side)])


@pytest.fixture
def outlines(db):
    """Made-up squares over three divisions of Henan, not where those lie."""
    rows = [
        OutlineRow("4101", [square(113.0, 34.0, 0.4), square(113.1, 34.1, 0.1)], "made up"),
        OutlineRow("410102", [square(113.0, 34.0)], "made up"),
        OutlineRow("410103", [square(113.2, 34.0)], "made up"),
    ]
    places.load_outlines(rows, source="made up", by=holding_of("zhongyu"), moment=moment())


@pytest.fixture
def drawn(db):
    add("曲形区")
    add("河段", form="line", shape="113.0,34.0;113.4,34.4", radius_m=500)
    add("圆区", form="circle", shape="114,35", radius_m=2000)
    add("两县", form="divisions", shape="", divisions="410102 410103")


def test_areas_come_as_they_are_drawn(program, outlines, drawn):  # noqa: F811
    found = {one["properties"]["name"]: one["geometry"] for one in program.get(AREAS).json()["features"]}
    assert {name: one["type"] for name, one in found.items()} == {
        "曲形区": "MultiPolygon", "河段": "MultiLineString", "圆区": "MultiPolygon", "两县": "MultiPolygon",
    }  # fmt: skip
    assert found["曲形区"] == geojson.surface(
        [ring_of(tuple(map(float, p.split(","))) for p in ELL.split(";"))]
    )
    assert len(found["两县"]["coordinates"]) == 1, "the border between the two is none of the area"
    one = program.get(f"{AREAS}/{program.get(AREAS).json()['features'][0]['id']}").json()
    assert one["geometry"]["type"].startswith("Multi")


def test_an_area_of_divisions_without_outlines_is_its_point(program, db):  # noqa: F811
    add("两县", form="divisions", shape="", divisions="410102 410103")
    (one,) = program.get(AREAS).json()["features"]
    assert one["geometry"] is None or one["geometry"]["type"] == "Point"


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        ("113.65,34.65,113.75,34.75", []),  # in the box of the L, beside it
        ("113.61,34.7,113.75,34.75", ["曲形区"]),
        ("113.19,34.19,113.21,34.21", ["两县", "河段"]),
        ("113.05,34.35,113.1,34.4", []),  # in the box of the line
        ("113.99,34.99,114.01,35.01", ["圆区"]),  # inside the circle
        ("-180,-90,180,90", ["两县", "圆区", "曲形区", "河段"]),
        ("113.61,34.7,-170,34.75", ["曲形区"]),
    ],
)
def test_a_box_asks_for_the_shape(program, outlines, drawn, box, wanted):  # noqa: F811
    answer = program.get(f"{AREAS}?bbox={box}")
    assert sorted(names(answer)) == sorted(wanted) and answer.json()["numberMatched"] == len(wanted)


def test_canary_by_its_box_alone_more_would_be_found(program, outlines, drawn, monkeypatch):  # noqa: F811
    monkeypatch.setattr(areas_registers, "_meets", lambda values, box: True)
    assert names(program.get(f"{AREAS}?bbox=113.65,34.65,113.75,34.75")) == ["曲形区"]


def test_divisions_with_outlines_are_a_collection_of_surfaces(program, outlines):  # noqa: F811
    found = {one["id"]: one for one in program.get("/ogc/collections").json()["collections"]}
    assert program.get("/ogc/collections/divisions").json() == found["divisions"]
    answer = program.get(DIVISIONS).json()
    assert [one["id"] for one in answer["features"]] == ["4101", "410102", "410103"]
    city = answer["features"][0]
    assert city["properties"]["name"] == "郑州市" and city["properties"]["source"] == "made up"
    assert [len(polygon) for polygon in city["geometry"]["coordinates"]] == [2], "a ring within is a hole"
    one = program.get(f"{DIVISIONS}/410102").json()
    assert one["geometry"] == answer["features"][1]["geometry"] and rels(one)["collection"]
    for missing in ("4103", "x", "999999"):
        assert program.get(f"{DIVISIONS}/{missing}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("level=3", ["410102", "410103"]),
        ("level=2", ["4101"]),
        ("within=410103", ["410103"]),
        ("bbox=113.12,34.12,113.18,34.18", ["410102"]),  # in the hole of the city
        ("bbox=113.3,34.1,113.35,34.15", ["4101", "410103"]),
        ("bbox=113.3,34.1,-170,34.15", ["4101", "410103"]),
        ("bbox=100,30,101,31", []),
        ("datetime=2020-01-01", ["4101", "410102", "410103"]),
    ],
)
def test_divisions_are_asked_by_level_place_box_and_time(program, outlines, asked, wanted):  # noqa: F811
    answer = program.get(f"{DIVISIONS}?{asked}").json()
    assert [one["id"] for one in answer["features"]] == wanted
    assert answer["numberMatched"] == answer["numberReturned"] == len(wanted)


def test_divisions_that_stood_then(program, outlines):  # noqa: F811
    from jingwei.apps.places.models import Division

    Division.objects.filter(code="410103").update(valid_to="2015-03")
    Division.objects.filter(code="410102").update(valid_from="2010")

    def then(text: str):
        return [one["id"] for one in program.get(f"{DIVISIONS}?level=3&datetime={text}").json()["features"]]

    assert then("2005-01-01") == ["410103"] and then("2012-01-01") == ["410102", "410103"]
    assert then("2020-01-01/..") == ["410102"] and then("../2005-01-01") == ["410103"]


def test_pages_of_divisions_follow_each_other_and_end_by_vertices_too(program, outlines, monkeypatch):  # noqa: F811
    from jingwei.apps.places.queries import outlined

    for limit in (1, 2):
        seen, path = [], f"{DIVISIONS}?limit={limit}"
        while path:
            answer = program.get(path).json()
            assert answer["numberReturned"] <= limit and answer["numberMatched"] == 3
            seen += [one["id"] for one in answer["features"]]
            path = rels(answer).get("next", {}).get("href", "").removeprefix("http://testserver")
        assert seen == ["4101", "410102", "410103"]
    monkeypatch.setattr(outlined, "MOST_VERTICES", 9)
    assert program.get(DIVISIONS).json()["numberReturned"] == 1
    monkeypatch.setattr(outlined, "_STEP", 1)
    assert program.get(f"{DIVISIONS}?level=3&limit=2").json()["numberReturned"] == 2


@pytest.mark.parametrize(
    "asked", ["level=4", "level=x", "after=x", "kind=x", "within=x", "bbox=1", "datetime=x"]
)
def test_what_divisions_are_not_asked_by_is_refused(program, asked):  # noqa: F811
    assert program.get(f"{DIVISIONS}?{asked}").status_code == 400


def test_geojson_of_a_register_has_the_shapes_too(program, outlines, drawn):  # noqa: F811
    found = program.get("/api/v1/registers/areas/geojson").json()["features"]
    assert {one["geometry"]["type"] for one in found} == {"MultiPolygon", "MultiLineString"}
