"""Labels that a phone reads back to their row, and the tree of who calls whom."""

import re

import pytest

from jingwei.apps.registers import actions, queries
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def add(code: str, name: str, place: str = "4101", **values: object):
    return actions.add_row(
        code, {"name": name, "place": place} | values, by=holding_of("zhongyu"), moment=this_moment()
    )


def a_team(name: str, place: str = "4101"):
    return add("teams", name, place, kind="FIRE", leader="王五", phone="13612342071")


def test_a_label_bears_name_code_and_the_rows_own_address():
    import segno

    row = a_team("一队")
    client = signed_in("lisiyuan")
    assert f"labels?row={row}" in client.get(f"/registers/teams/{row}").content.decode()
    text = client.get(f"/registers/teams/labels?row={row}").content.decode()
    assert "一队" in text and f"T-{row.hex[-8:-4].upper()}-{row.hex[-4:].upper()}" in text
    # the very modules of the address, drawn by the library, stand in the page
    made = segno.make(f"http://testserver/registers/teams/{row}", error="m", micro=False)
    assert f'viewBox="0 0 {made.symbol_size(4, 4)[0]} ' in text, "the whole of it, whatever its size on paper"
    shape = re.search(r'<path[^>]* d="([^"]+)"', made.svg_inline(scale=4, border=4, dark="#000"))[1]
    assert shape in text
    other = segno.make("http://testserver/registers/teams/other", error="m", micro=False)
    assert re.search(r' d="([^"]+)"', other.svg_inline(scale=4, border=4, dark="#000"))[1] not in text
    assert "13612342071" not in text and "136****71" not in text and "王*" not in text


def test_every_register_has_a_symbol_of_its_own_on_labels_and_maps():
    registers = queries.list_registers()
    for symbols in ([r.symbol_zh for r in registers], [r.symbol_en for r in registers if r.has_points]):
        assert "" not in symbols
        assert len(set(symbols)) == len(symbols), symbols
    assert all(r.symbol_en for r in registers)


def test_labels_for_the_ticked_rows_only_and_for_what_is_sought():
    rows = [a_team(f"{n}队") for n in range(4)]
    gone, elsewhere = a_team("没了"), a_team("洛阳队", "4103")
    actions.strike_row("teams", gone, reason="解散", by=holding_of("zhongyu"), moment=this_moment())
    client = signed_in("lisiyuan")
    ticked = {"row": [f"{r}:1" for r in (rows[0], rows[2], gone)] + ["x", ""]}
    text = client.post("/registers/teams/labels", ticked).content.decode()
    assert text.count('class="label"') == 2 and "0队" in text and "2队" in text and "1队" not in text
    assert client.get("/registers/teams/labels").content.decode().count('class="label"') == 4
    assert client.get("/registers/teams/labels?q=3队").content.decode().count('class="label"') == 1
    assert elsewhere not in rows
    assert client.get("/registers/teams/labels?q=没有这队").status_code == 404


def test_a_row_elsewhere_gets_no_label_from_a_county():
    own, other = a_team("甲队", "410182"), a_team("乙队", "410181")
    county = signed_in("yuzijin")
    text = county.get(f"/registers/teams/labels?row={own}&row={other}").content.decode()
    assert "甲队" in text and "乙队" not in text
    assert county.get(f"/registers/teams/labels?row={other}").status_code == 404


def test_the_tree_stands_in_the_order_of_calling_and_prints_no_number():
    add("contacts", "市防办", step=2)
    add("contacts", "市值班室", step=1, phone="13612342071")
    add("contacts", "乙镇", "410182", called_by="荥阳", step=2)
    add("contacts", "甲镇", "410182", called_by="荥阳", step=1)
    add("contacts", "荥阳", "410182", called_by="市防办", step=1)
    add("contacts", "外来", called_by="省里")
    client = signed_in("lisiyuan")
    assert "/registers/contacts/tree" in client.get("/registers/contacts").content.decode()
    text = client.get("/registers/contacts/tree").content.decode()
    places = [text.index(f"<b>{name}</b>") for name in ("市值班室", "市防办", "荥阳", "甲镇", "乙镇", "外来")]
    assert places == sorted(places)
    depth = [text[: text.index(f"<b>{n}</b>")].count("<ul") - text[: text.index(f"<b>{n}</b>")].count("</ul")
             for n in ("市值班室", "荥阳", "甲镇", "外来")]  # fmt: skip
    assert [d - depth[0] for d in depth] == [0, 1, 2, 0]
    assert "省里" in text and "13612342071" not in text and "136****71" in text


def test_a_register_without_a_tree_has_none():
    client = signed_in("lisiyuan")
    a_team("一队")
    assert client.get("/registers/teams/tree").status_code == 404
    assert "/registers/teams/tree" not in client.get("/registers/teams").content.decode()
