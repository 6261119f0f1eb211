"""Areas that are no division: kept by right, held by days, drawn or made of divisions, asked by points."""

import json
from datetime import date

import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.areas import queries
from jingwei.apps.areas.models import Area
from jingwei.apps.journal.models import Entry
from jingwei.apps.places import actions as places
from jingwei.apps.places.facts import OutlineRow
from jingwei.apps.registers import actions as registers
from jingwei.apps.registers import queries as kit
from jingwei.apps.registers.models import Change
from jingwei.apps.registers.rules import RegisterRefused
from jingwei.engines.sheets.features import read_features
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_pages import signed_in
from tests.refusing import refusing
from tests.rights import a_holding, moment

pytestmark = pytest.mark.django_db

RING = "113.6,34.7;113.7,34.7;113.7,34.8;113.6,34.8"
IN, OUT = (113.65, 34.75), (113.75, 34.75)
DAY = date(2026, 7, 20)


def add(user: str = "lisiyuan", **values: object):
    given = {"name": "贾鲁河淹没区", "kind": "flood", "place": "4101", "form": "polygon", "shape": RING}
    ((read, errors),) = kit.read_rows(
        kit.get_register("areas"), [{k: str(v) for k, v in (given | values).items()}]
    )
    assert not errors, errors
    return registers.add_row("areas", read, by=holding_of(user), moment=moment())


def at(point, *, on: date = DAY, user: str = "lisiyuan"):
    authority = agencies.get_authority(holding_of(user), at=moment().at)
    return [one.name for one in queries.list_areas_at(*point, on=on, authority=authority)]


def test_a_point_lies_in_an_area_whose_box_and_middle_follow_from_the_shape():
    row = Area.objects.get(pk=add())
    assert (row.west, row.south, row.east, row.north) == pytest.approx((113.6, 34.7, 113.7, 34.8))
    assert row.lon == pytest.approx(113.65, abs=0.01)
    assert at(IN) == ["贾鲁河淹没区"] and at(OUT) == []


def test_box_and_middle_follow_a_changed_shape_and_an_undone_one():
    row_id = add()
    moved = RING.replace("113.6", "113.8").replace("113.7", "113.9")
    said = {"by": holding_of("lisiyuan"), "moment": moment()}
    change = registers.change_row("areas", row_id, {"shape": moved}, version=1, **said)
    assert at(IN) == [] and at((113.85, 34.75)) == ["贾鲁河淹没区"]
    registers.undo_change(change, **said)
    assert at(IN) == ["贾鲁河淹没区"] and Area.objects.get(pk=row_id).west == pytest.approx(113.6)


def test_every_change_is_a_fact_with_what_stood_before():
    row_id = add()
    registers.change_row(
        "areas", row_id, {"name": "贾鲁河风险区"}, version=1, by=holding_of("lisiyuan"), moment=moment()
    )
    second = Change.objects.get(row_id=row_id, number=2)
    assert second.before["name"] == "贾鲁河淹没区" and second.after["name"] == "贾鲁河风险区"
    said = [e.body for e in Entry.objects.filter(kind="registers.row_changed/1").order_by("id")]
    assert [body["columns"] for body in said if body["row_id"] == str(row_id)][1] == ["name"]


def test_it_holds_from_its_first_day_until_its_last_is_over():
    add(valid_from="2026-07-01", valid_to="2026-08-01")
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)]
    assert [bool(at(IN, on=day)) for day in days] == [False, True, True, False]


def test_a_line_holds_what_lies_beside_it_and_a_circle_what_is_near():
    add(name="河段", form="line", shape="113.6,34.75;113.7,34.75", radius_m="500", kind="reach")
    add(name="警戒圈", form="circle", shape="113.65,34.75", radius_m="1000", kind="control")
    assert at(IN) == ["河段", "警戒圈"]
    assert at((113.65, 34.756)) == ["警戒圈"] and at((113.69, 34.753)) == ["河段"]


def test_an_area_of_divisions_is_sure_only_by_outlines():
    add(name="两区联防区", form="divisions", shape="", divisions="410102，410103", kind="other")
    authority = agencies.get_authority(holding_of("lisiyuan"), at=moment().at)
    near = queries.list_areas_at(113.58, 34.75, on=DAY, authority=authority)
    ring = [(113_500_000, 34_700_000), (113_600_000, 34_700_000), (113_550_000, 34_900_000)]
    row = OutlineRow("410102", [ring], "试验来源")
    places.load_outlines([row], source="test", by=a_holding("operator"), moment=moment())
    (sure,) = queries.list_areas_at(113.55, 34.75, on=DAY, authority=authority)
    assert sure.sure and all(not one.sure for one in near)
    assert queries.list_drawn_areas((113, 34, 114, 35), on=DAY, authority=authority) == []  # 410103 has none
    add(name="一区", form="divisions", shape="", divisions="410102", kind="other")
    (drawn,) = queries.list_drawn_areas((113, 34, 114, 35), on=DAY, authority=authority)
    assert drawn.name == "一区" and drawn.rings == [ring] and drawn.closed


def test_struck_through_it_holds_nothing():
    row_id = add()
    registers.strike_row("areas", row_id, reason="重复", by=holding_of("lisiyuan"), moment=moment())
    assert at(IN) == []


def test_who_keeps_another_county_may_not_enter_it_and_does_not_see_it():
    register = kit.get_register("areas")
    elsewhere = a_holding("duty_officer", place="4103")
    values, _ = kit.read_rows(
        register, [{"name": "x", "kind": "flood", "place": "4101", "form": "polygon", "shape": RING}]
    )[0]
    with refusing(NotAllowed, "not_allowed"):
        registers.add_row("areas", values, by=elsewhere, moment=moment())
    add()
    authority = agencies.get_authority(elsewhere, at=moment().at)
    assert queries.list_areas_at(*IN, on=DAY, authority=authority) == []
    assert queries.list_drawn_areas((113, 34, 114, 35), on=DAY, authority=authority) == []


@pytest.mark.parametrize(
    ("values", "column", "code"),
    [
        ({"shape": ""}, "shape", "shape_missing"),
        ({"shape": "113.6,34.7;113.7,34.7"}, "shape", "shape_few"),
        ({"shape": "河边;113.7,34.7;113.7,34.8"}, "shape", "shape_point"),
        ({"form": "circle", "shape": "113.6,34.7"}, "radius_m", "shape_radius"),
        ({"form": "divisions", "shape": "", "divisions": "999999"}, "divisions", "shape_divisions"),
        ({"form": "divisions", "shape": "", "divisions": ""}, "divisions", "cell_needed"),
        ({"valid_from": "2026-08-01", "valid_to": "2026-07-01"}, "valid_to", "cell_before"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_column(values, column, code):
    given = {"name": "x", "kind": "flood", "place": "4101", "form": "polygon", "shape": RING, "divisions": ""}
    ((_, errors),) = kit.read_rows(kit.get_register("areas"), [given | values])
    assert [(e.column, e.code) for e in errors] == [(column, code)]


def test_an_action_refuses_a_shape_that_the_door_let_through():
    values = {"name": "x", "kind": "flood", "place": "4101", "form": "polygon", "shape": "113,34"}
    with refusing(RegisterRefused, "row_at_odds"):
        registers.add_row("areas", values, by=holding_of("lisiyuan"), moment=moment())


def test_drawn_are_those_in_the_box_as_they_hold_then():
    add()
    add(name="河段", form="line", shape="113.6,34.75;113.7,34.75", kind="reach", valid_to="2026-01-01")
    authority = agencies.get_authority(holding_of("lisiyuan"), at=moment().at)
    found = queries.list_drawn_areas((113.6, 34.6, 113.8, 34.9), on=DAY, authority=authority)
    assert [(one.name, one.closed) for one in found] == [("贾鲁河淹没区", True)]
    found = queries.list_drawn_areas((113.6, 34.6, 113.8, 34.9), on=date(2025, 1, 1), authority=authority)
    assert [one.closed for one in found] == [False, True]
    assert queries.list_drawn_areas((100, 30, 101, 31), on=DAY, authority=authority) == []


GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "龙湖景区", "类别": "景区", "区划": "4101", "valid_from": "2020-01-01"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[113.7, 34.8], [113.8, 34.8], [113.8, 34.9], [113.7, 34.8]]],
            },
        },
        {
            "type": "Feature",
            "properties": {"name": "无图形", "类别": "其他", "区划": "4101"},
            "geometry": None,
        },
    ],
}


def test_a_geojson_file_is_taken_in_like_any_other():
    table = read_features(json.dumps(GEOJSON, ensure_ascii=False).encode())
    said = {"by": holding_of("lisiyuan"), "moment": moment()}
    import_id = registers.begin_import(
        "areas", "areas.geojson", table.headings, table.lines, table.notes, **said
    )
    matched = kit.propose_columns(kit.get_register("areas"), table.headings)
    assert set(matched.values()) == {"name", "kind", "place", "valid_from", "form", "shape"}
    registers.order_import(import_id, matched, **said)
    while registers.carry_on_imports(by=a_holding("machine"), moment=moment()):
        pass
    assert at((113.78, 34.83)) == ["龙湖景区"] and Area.objects.count() == 1
    (wrong,) = kit.list_wrong(import_id)
    assert "无图形" in wrong.cells


def test_the_page_takes_a_geojson_file_and_the_map_shows_what_was_drawn():
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in("lisiyuan")
    file = SimpleUploadedFile("a.geojson", json.dumps(GEOJSON, ensure_ascii=False).encode())
    answer = client.post("/registers/areas/import", {"file": file})
    assert answer.status_code == 302 and "龙湖景区" in client.get(answer["location"]).content.decode()
    drawn = client.get("/map?at=113.65,34.75&z=11&m=113.6,34.7;113.7,34.7;113.7,34.8").content.decode()
    assert "/registers/areas/new?form=polygon&amp;shape=113.600000%2C34.700000%3B" in drawn
    form = client.get("/registers/areas/new?form=polygon&shape=113.6%2C34.7%3B113.7%2C34.7").content.decode()
    assert "113.6,34.7;113.7,34.7</textarea>" in form and '<option value="polygon" selected>' in form


def test_places_and_map_show_the_areas(program):  # noqa: F811
    row_id = add()
    client = signed_in("lisiyuan")
    assert f"/registers/areas/{row_id}" in client.get("/places?lon=113.65&lat=34.75").content.decode()
    text = client.get("/map?at=113.65,34.75&z=11&l=areas").content.decode()
    assert '<path class="area" fill-rule="evenodd" d="M' in text and "<title>贾鲁河淹没区</title>" in text
    (address,) = [part.split('"')[0] for part in text.split('data-areas="')[1:]]
    (feature,) = client.get(address.replace("&amp;", "&")).json()["features"]
    assert feature["geometry"]["type"] == "MultiPolygon" and feature["properties"]["name"] == "贾鲁河淹没区"
    said = program.get("/api/v1/places/at?lon=113.65&lat=34.75").json()
    assert [one["name"] for one in said["areas"]] == ["贾鲁河淹没区"]


def test_who_may_not_keep_areas_is_not_offered_to():
    drawn = signed_in("jiyunzhou").get("/map?at=113.65,34.75&z=11&m=113.6,34.7;113.7,34.7;113.7,34.8")
    assert "/registers/areas/new" not in drawn.content.decode()
