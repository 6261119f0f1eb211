"""docs/registers.md holds: the register it declares gets every page, file and answer it promises."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar

import pyogrio
import pytest
import vobject
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models

from jingwei.apps.journal.models import Entry
from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Choice, Column, Register
from jingwei.apps.registers.models import Change, PlacedRow, RowFile, SavedView
from jingwei.apps.registers.queries import declared
from jingwei.doors.web.views import registers
from jingwei.wiring.prepare import real_moment
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_register_attached import PDF
from tests.doors.web.test_register_import import carry_on
from tests.house.tree import ROOT

pytestmark = pytest.mark.django_db

BLOCKS = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "registers.md").read_text(), re.M | re.S)
HOME = "/registers/pumps"


@pytest.fixture(scope="module")
def pump() -> type[PlacedRow]:
    """The table as the page has it, in an app of no node."""
    code = BLOCKS[0].replace(
        "    DIGESTED", "    class Meta(PlacedRow.Meta):\n        app_label = 'example'\n\n    DIGESTED"
    )
    space = {"models": models, "PlacedRow": PlacedRow, "ClassVar": ClassVar, "__name__": "example.models"}
    exec(code, space)  # noqa: S102 - our own page
    return space["Pump"]


@pytest.fixture
def pumps(pump, db, monkeypatch) -> Iterator[Register]:
    """The declaration as the page has it, known to the kit."""
    space = {"Pump": pump, "Register": Register, "Column": Column, "Choice": Choice, "NAME": NAME,
             "PLACE": PLACE, "OWNER": OWNER, "LON": LON, "LAT": LAT}  # fmt: skip
    exec(BLOCKS[1], space)  # noqa: S102 - our own page
    (register,) = space["REGISTERS"]
    declared.check_declaration(register)
    with connection.schema_editor(atomic=False) if connection.vendor == "postgresql" else _tables() as editor:
        editor.create_model(pump)
    known = {one.code: one for one in queries.list_registers()} | {"pumps": register}
    monkeypatch.setattr(declared, "_declared", lambda: known)
    yield register


def _tables():
    from django.db.backends.sqlite3.schema import DatabaseSchemaEditor

    class Inside(DatabaseSchemaEditor):
        """Within the test's own transaction, as the table goes with it."""

        def __enter__(self):
            return super(DatabaseSchemaEditor, self).__enter__()

        def __exit__(self, *how):
            return super(DatabaseSchemaEditor, self).__exit__(*how)

    return Inside(connection, atomic=False)


FORM = {
    "name": "一号泵", "kind": "移动式", "place": "4101", "flow_m3_h": "1,200", "phone": "13612342071",
    "bought_on": "2026年1月5日", "lon": "113.65", "lat": "34.76",
}  # fmt: skip


def test_every_page_of_a_declared_register_is_there(pumps, pump, program):  # noqa: F811
    client = signed_in("lisiyuan")
    assert "排水泵" in client.get("/registers").content.decode()
    assert "还没有条目" in client.get(HOME).content.decode()
    assert "立方米/小时" in client.get(f"{HOME}/new").content.decode()
    answer = client.post(f"{HOME}/new", FORM)
    row = pump.objects.get()
    assert answer["location"] == f"{HOME}/{row.pk}"
    assert (row.kind, row.flow_m3_h, row.bought_on) == ("mobile", 1200.0, date(2026, 1, 5))
    for path in ("", "/edit", "/strike", "/confirm", "/comment", "/reveal"):
        assert client.get(f"{HOME}/{row.pk}{path}").status_code == 200, path
    listed = client.get(f"{HOME}?q=yhb&f_kind=mobile").content.decode()
    assert "一号泵" in listed and "1,200 立方米/小时" in listed
    assert "一号泵" not in client.get(f"{HOME}?f_kind=fixed").content.decode()
    client.post(f"{HOME}/{row.pk}/edit", {"version": "1", "bought_on": "2026-02-01"})
    change = Change.objects.filter(row_id=row.pk).latest("number")
    assert client.post(f"{HOME}/{row.pk}/undo/{change.pk}").status_code == 302
    row.refresh_from_db()
    assert row.bought_on == date(2026, 1, 5)
    assert "一号泵" in client.get(f"{HOME}/file.csv").content.decode("utf-8-sig")
    assert client.get(f"{HOME}/file.xlsx").content.startswith(b"PK")
    many = {"row": [f"{row.pk}:3"], "column": "kind", "v_kind": "fixed", "do": "1"}
    assert client.post(f"{HOME}/many", many).status_code == 302
    api = f"/api/v1{HOME}"
    assert program.get(api).json()["zh"] == "排水泵"
    (one,) = program.get(f"{api}/rows").json()["rows"]
    assert (one["values"]["kind"], one["values"]["phone"]) == ("fixed", "136****71")
    assert program.get(f"{api}/geojson").json()["features"][0]["geometry"]["coordinates"] == [113.65, 34.76]


def a_pump(client, **given: str) -> str:
    """A row entered by the form; where it is."""
    answer = client.post(f"{HOME}/new", FORM | given)
    assert answer.status_code == 302, answer.content.decode()
    return answer["location"]


def listed(client, **asked: str) -> str:
    return client.get(HOME, asked).content.decode()


def test_it_is_searched_filtered_kept_as_a_view_and_paged(pumps, pump):
    client = signed_in("lisiyuan")
    for n in range(registers.PAGE + 3):
        a_pump(client, name=f"东关{n:02}号泵", kind="移动式" if n % 2 else "固定式")
    for sought in ("东关07", "关07号", "dg 07", "07"):
        page = listed(client, q=sought)
        assert "东关07号泵" in page and "东关08号泵" not in page, sought
    assert "没有符合" in listed(client, q="西关") and "没有符合" in listed(client, q="xg")
    assert "东关07号泵" in listed(client, f_kind="mobile", q="07")
    assert "东关07号泵" not in listed(client, f_kind="fixed", q="07")
    assert "东关07号泵" not in listed(client, place="410182")
    kept = client.post(f"{HOME}/views", {"name": "固定泵", "f_kind": "fixed"})
    assert "固定泵" in client.get(kept["location"]).content.decode()
    view = SavedView.objects.get()
    client.post(f"{HOME}/views/{view.pk}/forget")
    assert "固定泵" not in client.get(HOME).content.decode()
    first = client.get(HOME).content.decode()
    (onward,) = re.findall(r'href="\?([^"]+)" rel="next"', first)
    second = client.get(f"{HOME}?{onward.replace('&amp;', '&')}").content.decode()
    names = re.findall(r"东关\d\d号泵", first), re.findall(r"东关\d\d号泵", second)
    assert len({*names[0]}) == registers.PAGE and len({*names[1]}) == 3 and not {*names[0]} & {*names[1]}


def test_its_history_is_undone_and_the_undoing_undone(pumps, pump):
    client = signed_in("lisiyuan")
    here = a_pump(client)
    client.post(f"{here}/edit", FORM | {"version": "1", "flow_m3_h": "900"})
    for held in (1200.0, 900.0):
        last = Change.objects.latest("number")
        assert str(last.pk) in client.get(here).content.decode(), "the history offers it"
        sheet = client.get(f"{here}/undo/{last.pk}").content.decode()
        assert "1,200" in sheet and "900" in sheet
        client.post(f"{here}/undo/{last.pk}")
        assert pump.objects.get().flow_m3_h == held
    assert client.post(f"{here}/strike", {"words": "报废"}).status_code == 302
    assert "一号泵" not in listed(client, q="一号") and "一号泵" in listed(client, struck="1")
    client.post(f"{here}/undo/{Change.objects.latest('number').pk}")
    assert "一号泵" in listed(client, q="一号")
    assert client.post(f"{here}/confirm").status_code == 302


def test_words_files_and_looks_stand_beside_it_and_looks_are_recorded(pumps, pump, settings, tmp_path):
    settings.HOME, client = tmp_path, signed_in("lisiyuan")
    here = a_pump(client)
    client.post(f"{here}/comment", {"words": "电机已换"})
    assert "电机已换" in client.get(here).content.decode()
    client.post(f"{here}/attach", {"file": SimpleUploadedFile("合同.pdf", PDF)})
    file = RowFile.objects.get()
    assert "合同.pdf" in client.get(here).content.decode()
    assert client.post(f"{here}/files/{file.pk}/open").content == PDF
    for what, removed in (("off", True), ("back", False)):
        assert client.post(f"{here}/files/{file.pk}/{what}").status_code == 302
        file.refresh_from_db()
        assert (file.removed_at is not None) == removed
    page = client.get(here).content.decode()
    assert "136****71" in page and "13612342071" not in page
    assert not Entry.objects.filter(kind="registers.row_revealed/1").exists()
    assert "13612342071" in client.post(f"{here}/reveal", {"words": "调度"}).content.decode()
    look = Entry.objects.get(kind="registers.row_revealed/1")
    assert (look.body["columns"], look.body["reason"]) == (["phone"], "调度")
    assert Entry.objects.filter(kind="registers.file_opened/1").count() == 1


def test_many_are_changed_after_a_look_at_each(pumps, pump):
    client = signed_in("lisiyuan")
    rows = [a_pump(client, name=name).rsplit("/", 1)[1] for name in ("一号泵", "二号泵")]
    asked = {"row": [f"{one}:1" for one in rows], "column": "kind", "v_kind": "fixed"}
    before = client.post(f"{HOME}/many", asked).content.decode()
    assert "移动式" in before and "固定式" in before and "二号泵" in before
    assert set(pump.objects.values_list("kind", flat=True)) == {"mobile"}, "a look changes nothing"
    assert client.post(f"{HOME}/many", asked | {"do": "1"}).status_code == 302
    assert set(pump.objects.values_list("kind", flat=True)) == {"fixed"}


def test_files_go_out_to_another_program_and_come_in_again(pumps, pump, tmp_path):
    client = signed_in("lisiyuan")
    for name in ("一号泵", "2+3号泵"):
        a_pump(client, name=name)
    path = tmp_path / "pumps.xlsx"
    path.write_bytes(client.get(f"{HOME}/file.xlsx").content)
    # GDAL's own reader of workbooks, which shares nothing with ours
    meta, _, _, columns = pyogrio.raw.read(path, layer="排水泵", read_geometry=False, HEADERS="FORCE")
    held = dict(zip(meta["fields"], columns, strict=True))
    assert sorted(held["名称"]) == ["2+3号泵", "一号泵"] and set(held["流量"]) == {1200}
    assert set(held["联系电话"]) == {"136****71"} and {round(lon, 2) for lon in held["经度"]} == {113.65}
    table = list(csv.DictReader(io.StringIO(client.get(f"{HOME}/file.csv").content.decode("utf-8-sig"))))
    assert [row["名称"] for row in table] == ["2+3号泵", "一号泵"]
    text = "名称,行政区划,类型,流量\n一号泵,4101,固定式,800\n三号泵,4101,移动式,70\n四号泵,4101,飞的,70\n"
    where = client.post(f"{HOME}/import", {"file": SimpleUploadedFile("泵.csv", text.encode())})["location"]
    matched = {"m_0": "name", "m_1": "place", "m_2": "kind", "m_3": "flow_m3_h"}
    assert "飞的" in client.post(where, matched).content.decode(), "seen before anything is written"
    client.post(where, matched | {"do": "1"})
    carry_on()
    assert pump.objects.get(name="一号泵").flow_m3_h == 800 and pump.objects.filter(name="三号泵").exists()
    assert "飞的" in client.get(f"{where}/wrong.csv").content.decode("utf-8-sig")
    assert "三号泵" in listed(client, q="shb"), "what came by a file is found"
    client.post(f"{where}/undo")
    carry_on()
    assert pump.objects.get(name="一号泵").flow_m3_h == 1200 and "三号泵" not in listed(client, q="shb")


def test_it_is_printed_labelled_mapped_and_has_its_days_in_a_calendar(pumps, pump):
    client, due = signed_in("lisiyuan"), real_moment().at.date() + timedelta(days=9)
    here = a_pump(client, service_by=due.isoformat())
    labels = client.get(f"{HOME}/labels").content.decode()
    assert "一号泵" in labels and "<svg" in labels
    assert "<svg" in client.get(f"{HOME}/labels?row={here.rsplit('/', 1)[1]}").content.decode()
    assert client.get("/map?l=pumps&at=113.65,34.76&z=14").status_code == 200
    assert "一号泵" in client.get(f"{HOME}/calendar").content.decode()
    (event,) = vobject.readOne(client.get(f"{HOME}/calendar.ics").content.decode()).vevent_list
    assert event.dtstart.value == due and "一号泵" in event.summary.value


def test_programs_get_json_geojson_features_and_a_description(pumps, pump, program):  # noqa: F811
    a_pump(signed_in("lisiyuan"), service_by=(real_moment().at.date() + timedelta(days=9)).isoformat())
    api = f"/api/v1{HOME}"
    paths = json.loads((ROOT / "docs" / "api" / "openapi.json").read_text())["paths"]
    assert {"/api/v1/registers/{code}/rows", "/api/v1/registers/{code}/geojson"} <= set(paths)
    for search, count in (("一号", 1), ("yhb", 1), ("二号", 0)):
        assert len(program.get(f"{api}/rows?search={search}").json()["rows"]) == count
    assert len(program.get(f"{api}/rows?equal=kind:fixed").json()["rows"]) == 0
    (day,) = vobject.readOne(program.get(f"{api}/calendar.ics").content.decode()).vevent_list
    assert "一号泵" in day.summary.value
    assert "pumps" in {one["id"] for one in program.get("/ogc/collections").json()["collections"]}
    (feature,) = program.get("/ogc/collections/pumps/items?bbox=113,34,114,35").json()["features"]
    assert feature["geometry"]["coordinates"] == [113.65, 34.76]
    assert feature["properties"]["phone"] == "136****71"
    assert program.get("/ogc/collections/pumps/items?bbox=1,1,2,2").json()["features"] == []


def test_a_limit_names_its_clause(pumps):
    answer = signed_in("lisiyuan").post(f"{HOME}/new", FORM | {"flow_m3_h": "20000"})
    assert answer.status_code == 422 and "技术条件第 3 条" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"duplicate": ("nothing",)},
        {"columns": (NAME,)},
        {"columns": (NAME, PLACE, Column(name="colour", zh="色", en="Colour"))},
        {"columns": (NAME, NAME, PLACE)},
        {"columns": (NAME, PLACE, Column(name="kind", zh="类", en="Kind", kind="choice"))},
        {"columns": (NAME, PLACE, Column(name="kind", zh="类", en="Kind", kind="color"))},
    ],
)
def test_canary_a_declaration_that_does_not_fit_its_table_is_seen(pumps, changes):
    import msgspec

    with pytest.raises(LookupError):
        declared.check_declaration(msgspec.structs.replace(pumps, **changes))
