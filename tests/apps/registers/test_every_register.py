"""Every declared register, whatever app declares it: form, list, file, template, freshness, sample rows."""

import csv
import io
import re
from importlib.resources import files

import pytest

from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Register
from jingwei.wiring.prepare import load_demo_registers
from tests import rights
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
ALL = [
    "teams", "vehicles", "stores", "producers", "agreements", "shelters", "hospitals", "experts", "contacts",
    "grids", "informants", "hazard-sources", "hidden-dangers", "key-sites", "areas",
]  # fmt: skip
M = rights.moment()
#: What a column of a kind holds in these tests; a second row has another name.
HELD = {"text": "试验", "long": "试验", "whole": "7", "number": "7", "flag": "是", "date": "2026-03-01",
        "phone": "13612342071", "place": "4101", "organization": "4101-zbs"}  # fmt: skip
#: And what columns hold that must be read.
SHAPED = {"shape": "113.6,34.7;113.7,34.7;113.7,34.8"}


def filled(register: Register, **given: str) -> dict[str, str]:
    texts = {c.name: c.choices[0].code if c.choices else HELD[c.kind] for c in register.columns}
    return texts | {name: text for name, text in SHAPED.items() if name in texts} | given


def test_these_are_all_there_are():
    own = [one.code for one in queries.list_registers() if one.kept is None]
    assert own == ALL, "those that agencies keeps: test_rosters.py"


@pytest.mark.parametrize("code", ALL)
def test_each_has_form_list_row_file_and_answer(code, program):  # noqa: F811
    register, client = queries.get_register(code), signed_in("lisiyuan")
    empty = client.post(f"/registers/{code}/new", {})
    assert empty.status_code == 422
    answer = client.post(f"/registers/{code}/new", filled(register, name="试验条目"))
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["location"]).content.decode()
    assert "试验条目" in page and ("13612342071" in page) == (code == "hospitals"), "a duty desk's is public"
    assert "试验条目" in client.get(f"/registers/{code}?q=sytm").content.decode()
    twice = client.post(f"/registers/{code}/new", filled(register, name="试验条目"))
    assert twice.status_code == 409, "the duplicate key"
    (row,) = program.get(f"/api/v1/registers/{code}/rows").json()["rows"]
    masks = {c.name for c in register.columns if c.mask == "phone"}
    assert all(row["values"][name] == "136****71" for name in masks)
    assert program.get(f"/ogc/collections/{code}").status_code == (200 if register.has_points else 404)


@pytest.mark.parametrize("code", ALL)
def test_the_template_of_each_is_read_again_by_its_import(code):
    register = queries.get_register(code)
    text = signed_in("lisiyuan").get(f"/registers/{code}/file.csv?template=1").content.decode("utf-8-sig")
    headings = next(csv.reader(io.StringIO(text)))
    matched = queries.propose_columns(register, headings)
    assert sorted(matched.values()) == sorted(c.name for c in register.columns), matched
    texts = filled(register)
    ((values, errors),) = queries.read_lines(
        register, matched, [[texts[matched[str(n)]] for n in range(len(headings))]]
    )
    assert not errors and set(values) == set(texts)


@pytest.mark.parametrize("code", ALL)
def test_each_says_how_long_it_stays_fresh_and_in_both_languages(code):
    register = queries.get_register(code)
    assert register.fresh_days and register.fresh_source and register.note_zh and register.note_en
    for column in register.columns:
        assert column.zh and column.en and not column.en.isdigit(), column.name
        assert bool(column.unit_zh) == bool(column.unit_en)
        assert all(c.zh and c.en for c in column.choices)
        if column.kind == "phone" and column.name != "duty_phone":
            assert column.mask == "phone", "a telephone of a person is masked"


def test_sample_rows_of_the_demo_are_made_up_and_marked():
    assert load_demo_registers(by=holding_of("zhongyu")) > 30
    for path in (files("jingwei") / "data/demo/zhengzhou/registers").iterdir():
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert rows and all("演示" in row["name"] for row in rows), path.name
        assert all((row.get("phone") or "139000001").startswith("139000001") for row in rows), path.name


# --- what columns ask of each other --------------------------------------------------------------------


def a_danger(**given: str) -> dict[str, str]:
    texts = {"name": "泵站", "kind": "用电", "place": "4101", "grade": "重大隐患", "state": "已登记",
             "matter": "不能启动", "found_on": "2026-03-01"}  # fmt: skip
    return texts | given


WRONG = [
    ({"mend_by": "2026-02-28"}, "mend_by", "早于 2026-03-01"),
    ({"mended_on": "2026-03-05", "verified_on": "2026-03-04"}, "verified_on", "早于 2026-03-05"),
    ({"state": "整改中"}, "mender", "必须填写"),
    ({"state": "已销号", "mended_on": "2026-03-05", "mender": "甲"}, "verifier", "必须填写"),
    ({"grade": ""}, "grade", "必填"),
    ({"found_on": ""}, "found_on", "必填"),
]


@pytest.mark.parametrize(("given", "column", "said"), WRONG)
def test_a_danger_whose_columns_do_not_fit_says_which(given, column, said):
    page = signed_in("lisiyuan").post("/registers/hidden-dangers/new", blank(**a_danger(**given)))
    assert page.status_code == 422
    text = page.content.decode()
    found = re.search(rf'id="w-{column}">([^<]*)', text)
    assert found and said in found[1], text


def blank(**given: str) -> dict[str, str]:
    register = queries.get_register("hidden-dangers")
    return {c.name: "" for c in register.columns} | given


@pytest.mark.parametrize(
    "given",
    [
        {}, {"mend_by": "2026-03-01"}, {"state": "整改中", "mender": "甲", "mend_by": "2026-04-01"},
        {"state": "已销号", "mender": "甲", "mended_on": "2026-03-05", "verifier": "乙",
         "verified_on": "2026-03-05"},
    ],
)  # fmt: skip
def test_a_danger_goes_its_way(given):
    page = signed_in("lisiyuan").post("/registers/hidden-dangers/new", blank(**a_danger(**given)))
    assert page.status_code == 302, page.content.decode()


def test_a_change_that_makes_the_row_odd_is_refused_whole():
    by = rights.a_holding("operator")
    register = queries.get_register("hidden-dangers")
    ((values, errors),) = queries.read_rows(register, [a_danger()])
    assert not errors
    row = actions.add_row("hidden-dangers", values, by=by, moment=M)
    with pytest.raises(queries.RegisterRefused, match="row_at_odds"):
        actions.change_row("hidden-dangers", row, {"state": "verified"}, version=1, by=by, moment=M)


# --- who calls whom ------------------------------------------------------------------------------------


def a_contact(name: str, above: str, by) -> object:
    values = {"name": name, "place": "4101", "called_by": above}
    return actions.add_row("contacts", values, by=by, moment=M)


def test_a_contact_cannot_stand_above_itself():
    by = rights.a_holding("operator")
    top = a_contact("甲", "", by)
    a_contact("乙", "甲", by)
    a_contact("丙", "乙", by)
    with pytest.raises(queries.RegisterRefused, match="row_in_circle"):
        a_contact("丁", "丁", by)
    with pytest.raises(queries.RegisterRefused, match="row_in_circle"):
        actions.change_row("contacts", top, {"called_by": "丙"}, version=1, by=by, moment=M)
    assert actions.change_row("contacts", top, {"called_by": "外单位"}, version=1, by=by, moment=M)


def test_a_file_that_makes_a_circle_loses_the_line_that_closes_it():
    by = rights.a_holding("operator")
    lines = [(2, ("甲", "4101", "丙")), (3, ("乙", "4101", "甲")), (4, ("丙", "4101", "乙"))]
    found = actions.begin_import("contacts", "t.csv", ("名", "区", "上"), lines, by=by, moment=M)
    actions.order_import(found, {"0": "name", "1": "place", "2": "called_by"}, by=by, moment=M)
    while actions.carry_on_imports(by=rights.a_holding("machine", kind="machine"), moment=M):
        pass
    (wrong,) = queries.list_wrong(found)
    assert wrong.number == 4 and wrong.errors[0].code == "cell_in_circle"
