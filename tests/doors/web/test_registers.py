"""Pages of registers: lists, forms, history, many rows, files; what is masked stays so until a look."""

import csv
import io
import re
import zipfile

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.apps.registers import actions
from jingwei.apps.registers.facts import RowRevealed
from jingwei.apps.registers.models import Change
from jingwei.apps.resources.models import Shelter, Team
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

CITY = "lisiyuan"


def a_team(name: str = "郑州抢险队", **values: object) -> Team:
    given = {"name": name, "place": "4101", "kind": "PRO-FLOOD", "members": 20, "phone": "13612342071"}
    moment = this_moment()
    return Team.objects.get(pk=actions.add_row("teams", given | values, by=holding_of(CITY), moment=moment))


def page(path: str, language: str = "zh-hans", user: str = CITY) -> str:
    return signed_in(user, language).get(path).content.decode()


FORM = {"name": "金水区抢险队", "kind": "PRO-FLOOD", "place": "金水区 [410105]", "members": "３０"}


@pytest.mark.parametrize(
    "path",
    ["/registers", "/registers/teams", "/registers/teams/new", "/registers/teams/file.csv",
     "/suggest/organizations?q=x"],
)  # fmt: skip
def test_nobody_sees_a_register_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "应急救援队伍"), ("en", "Rescue teams")])
def test_registers_are_listed_with_how_many_rows(language, word):
    a_team()
    found = page("/registers", language)
    assert word in found and "/registers/teams" in found


def test_an_unknown_register_and_row_are_not_found():
    client = signed_in(CITY)
    assert client.get("/registers/dragons").status_code == 404
    for path in ("", "/edit", "/strike"):
        answer = client.get(f"/registers/teams/01890000-0000-7000-8000-000000000000{path}")
        assert answer.status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_row_is_entered_by_the_form_and_stands_in_the_list(language):
    client = signed_in(CITY, language)
    assert client.get("/registers/teams/new").status_code == 200
    answer = client.post("/registers/teams/new", FORM)
    row = Team.objects.get()
    assert answer["location"] == f"/registers/teams/{row.pk}"
    assert (row.members, row.place) == (30, "410105")
    listed = client.get("/registers/teams?q=jsqqxd").content.decode()
    assert "金水区抢险队" in listed and str(row.pk) in listed
    assert "金水区抢险队" not in client.get("/registers/teams?q=zz").content.decode()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept():
    client = signed_in(CITY)
    answer = client.post("/registers/teams/new", FORM | {"members": "很多", "kind": "", "lon": "113.6"})
    text = answer.content.decode()
    assert answer.status_code == 422 and not Team.objects.exists()
    assert "“很多”不是数字" in text and "队伍类别 必填" in text
    assert 'value="很多"' in text and 'value="金水区抢险队"' in text
    answer = client.post("/registers/teams/new", FORM | {"lon": "113.6"})
    assert answer.status_code == 422 and "坐标须同时有经度和纬度" in answer.content.decode()


def test_a_double_is_said_by_name():
    client = signed_in(CITY)
    client.post("/registers/teams/new", FORM)
    answer = client.post("/registers/teams/new", FORM)
    assert answer.status_code == 409 and "名录中已有 金水区抢险队" in answer.content.decode()


def test_a_row_is_changed_and_its_history_shows_before_and_after():
    row, client = a_team(), signed_in(CITY)
    form = client.get(f"/registers/teams/{row.pk}/edit").content.decode()
    assert 'name="version" value="1"' in form and "13612342071" not in form
    fields = dict(re.findall(r'<input id="c-\w+" name="(\w+)" value="([^"]*)"', form))
    answer = client.post(
        f"/registers/teams/{row.pk}/edit", fields | {"version": "1", "kind": "PRO-FLOOD", "members": "25"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.members, row.phone) == (25, "13612342071"), "a masked field left empty keeps what it holds"
    shown = client.get(f"/registers/teams/{row.pk}").content.decode()
    assert "<del>20 人</del>" in shown and "<ins>25 人</ins>" in shown
    client.post(f"/registers/teams/{row.pk}/edit", {"version": "2", "phone": "-"})
    row.refresh_from_db()
    assert row.phone == ""


def test_who_was_slower_keeps_what_was_typed_and_gets_the_new_version():
    row, client = a_team(), signed_in(CITY)
    client.post(f"/registers/teams/{row.pk}/edit", {"version": "1", "members": "25"})
    answer = client.post(f"/registers/teams/{row.pk}/edit", {"version": "1", "members": "26"})
    text = answer.content.decode()
    assert answer.status_code == 409 and 'value="26"' in text and 'name="version" value="2"' in text


def test_a_change_is_undone_from_the_page_and_done_again():
    row, client = a_team(), signed_in(CITY)
    client.post(f"/registers/teams/{row.pk}/edit", {"version": "1", "members": "25"})
    for members in (20, 25):
        change = Change.objects.filter(row_id=row.pk).order_by("-number").first()
        path = f"/registers/teams/{row.pk}/undo/{change.pk}"
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 302
        row.refresh_from_db()
        assert row.members == members


def test_a_row_is_confirmed_struck_and_talked_about():
    row, client = a_team(), signed_in(CITY)
    assert client.get(f"/registers/teams/{row.pk}/confirm").status_code == 200
    for what, words in (("confirm", ""), ("comment", "队长<换>了"), ("strike", "已解散")):
        answer = client.post(f"/registers/teams/{row.pk}/{what}", {"words": words})
        assert answer.status_code == 302
    shown = client.get(f"/registers/teams/{row.pk}").content.decode()
    assert "队长&lt;换&gt;了" in shown and "已解散" in shown and "已划去" not in shown.split("<h1>")[0]
    assert client.post(f"/registers/teams/{row.pk}/comment", {"words": " "}).status_code == 422


def test_what_is_masked_is_shown_once_with_a_reason_and_recorded():
    row, client = a_team(leader="王小明"), signed_in(CITY)
    for path in ("", f"/{row.pk}", f"/{row.pk}/edit", "/file.csv", "/file.xlsx"):
        assert b"13612342071" not in client.get(f"/registers/teams{path}").content
    assert client.post(f"/registers/teams/{row.pk}/reveal", {"words": ""}).status_code == 422
    seen = client.post(f"/registers/teams/{row.pk}/reveal", {"words": "调度"}).content.decode()
    assert "13612342071" in seen and "王小明" in seen
    assert [said.fact.reason for said in journal.list_entries(kinds=[RowRevealed])] == ["调度"]


def test_many_rows_are_looked_at_before_they_change():
    rows, client = [a_team("一队"), a_team("二队", state="out")], signed_in(CITY)
    chosen = [f"{row.pk}:1" for row in rows]
    first = client.post("/registers/teams/many", {"row": chosen}).content.decode()
    assert 'name="column" value="state"' in first and 'value="phone"' not in first
    asked = {"row": chosen, "column": "state", "v_state": "out"}
    preview = client.post("/registers/teams/many", asked).content.decode()
    assert "<ins>执勤中</ins>" in preview and "已是如此" in preview
    assert set(Team.objects.values_list("state", flat=True)) == {"", "out"}
    assert client.post("/registers/teams/many", asked | {"do": "1"}).status_code == 302
    assert set(Team.objects.values_list("state", flat=True)) == {"out"}
    wrong = client.post("/registers/teams/many", {"row": chosen, "column": "members", "v_members": "x"})
    assert wrong.status_code == 422 and "“x”不是数字" in wrong.content.decode()
    assert client.post("/registers/teams/many", {"row": ["x:y"]}).status_code == 422


def test_a_file_holds_what_the_list_seeks_and_runs_nothing():
    a_team("=HYPERLINK(0)", able_to="+86"), a_team("别的队", state="out")
    client = signed_in(CITY)
    answer = client.get("/registers/teams/file.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["名称", "队伍类别", "行政区划"] and len(rows) == 3
    assert {row[0] for row in rows[1:]} == {"'=HYPERLINK(0)", "别的队"}
    assert "136****71" in rows[1] and "抗洪抢险队伍" in rows[1] and "4101" in rows[1]
    only = client.get("/registers/teams/file.csv?f_state=out").content.decode()
    assert "别的队" in only and "HYPERLINK" not in only
    assert client.get("/registers/teams/file.csv?template=1").content.decode().count("\n") == 1
    with zipfile.ZipFile(io.BytesIO(client.get("/registers/teams/file.xlsx").content)) as book:
        assert "别的队" in book.read("xl/worksheets/sheet1.xml").decode()
    assert client.get("/registers/teams/file.exe").status_code == 404


def test_a_view_is_kept_and_forgotten():
    client = signed_in(CITY)
    a_team(state="out")
    answer = client.post("/registers/teams/views", {"name": "在外的", "f_state": "out", "after": "x"})
    assert answer["location"] == "/registers/teams?f_state=out"
    shown = client.get("/registers/teams?f_state=out").content.decode()
    assert "在外的" in shown
    path = re.search(r'action="(/registers/teams/views/[^"]+/forget)"', shown)[1]
    assert client.post(path).status_code == 302
    assert "在外的" not in client.get("/registers/teams").content.decode()


def test_pages_follow_one_another(monkeypatch):
    from jingwei.doors.web.views import registers as views

    monkeypatch.setattr(views, "PAGE", 2)
    for n in range(5):
        a_team(f"{n}号队")
    client, path, seen = signed_in(CITY), "/registers/teams?q=号队", []
    while path:
        shown = client.get(path).content.decode()
        seen += re.findall(r">(\d号队)<", shown)
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', shown)
        path = "/registers/teams" + found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"{n}号队" for n in range(5)]


def test_a_post_without_the_right_is_offered_nothing_and_refused():
    row = a_team()
    client = signed_in("xiqinglan")
    shown = client.get(f"/registers/teams/{row.pk}").content.decode()
    assert "/edit" not in shown and "/strike" not in shown and "/reveal" not in shown
    answer = client.post(f"/registers/teams/{row.pk}/edit", {"version": "1", "members": "25"})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.members == 20


def test_nothing_english_stands_on_a_chinese_page():
    row = a_team()
    for path in ("/registers", "/registers/teams", f"/registers/teams/{row.pk}", "/registers/teams/new"):
        main = page(path).split('<main id="main" tabindex="-1">')[1].split("</main>")[0]
        text = re.sub(r"<[^>]+>", " ", main)
        words = set(re.findall(r"[A-Za-z]{3,}", text)) - {"XLSX", "CSV"}
        assert words == set(), path


def test_a_shelter_takes_yes_and_no():
    client = signed_in(CITY)
    form = {"name": "体育场", "kind": "E", "place": "4101", "accessible": "1", "capacity": "1,000"}
    client.post("/registers/shelters/new", form)
    row = Shelter.objects.get()
    assert row.accessible is True and row.capacity == 1000
    assert "体育场" in client.get("/registers/shelters?f_accessible=1").content.decode()
    assert "体育场" not in client.get("/registers/shelters?f_accessible=0").content.decode()
