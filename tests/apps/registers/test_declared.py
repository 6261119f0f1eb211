"""docs/registers.md holds: the register it declares gets every page, file and answer it promises."""

import re
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

import pytest
from django.db import connection, models

from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Choice, Column, Register
from jingwei.apps.registers.models import Change, PlacedRow
from jingwei.apps.registers.queries import declared
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_pages import signed_in
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
