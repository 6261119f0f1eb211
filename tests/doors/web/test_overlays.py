"""Pages of local values: the effect is shown before anything is saved; what asks less says so loudly."""

import re

import pytest
from django.test import Client

from jingwei.apps.hazards.models import Overlay
from jingwei.apps.reports.facts import Claim
from jingwei.apps.sitreps.models import Obligation
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of, receive, settle, told
from tests.databases import PASSWORD
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

CHIEF, SECOND, OFFICER = "hejing", "zhoumingyuan", "lisiyuan"
FORM = "/rules/reporting-deadlines/HN-02/overlay"
TYPED = {"place": "郑州市 [4101]", "value": "20", "valid_from": "2020-01-01", "valid_to": "",
         "reason": "市里更严", "basis": "市总体预案 4.2"}  # fmt: skip


@pytest.fixture
def storm():
    at = this_moment().at
    figures = (Claim(measure="deaths", value=12, unit="person"),)
    given = {"kind": "11B03", "place": "4101", "channel": "official", "occurred_at": at}
    receive(told("暴雨", figures=figures, **given), by=holding_of(OFFICER), at=at, recorded_at=at)
    settle(at)


def look(client, **changes) -> str:
    return client.post(FORM, TYPED | changes | {"do": "look"}).content.decode()


def as_post(username: str) -> Client:
    """Somebody who holds two posts, in the first of them."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.post("/sign-in", {"username": username, "password": PASSWORD})
    client.post("/post", {"holding": str(holding_of(username))})
    return client


def seen(text: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', text)[1]


def proposed(client, **changes) -> Overlay:
    given = TYPED | changes | {"seen": seen(look(client, **changes)), "do": "propose"}
    answer = client.post(FORM, given)
    assert answer.status_code == 302, answer.content.decode()
    return Overlay.objects.get(pk=answer["location"].rsplit("/", 1)[1])


@pytest.mark.parametrize("path", [FORM, "/rules/overlays"])
def test_nobody_sees_local_values_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


def test_only_a_post_with_the_right_is_offered_and_gets_the_form():
    row = "/rules/reporting-deadlines/HN-02"
    assert FORM in signed_in(CHIEF).get(row).content.decode()
    officer = signed_in(OFFICER)
    assert FORM not in officer.get(row).content.decode()
    assert officer.get(FORM).status_code == 404
    assert signed_in(CHIEF).get("/rules/warning-signals/WS001/overlay").status_code == 404


def test_tables_that_law_keeps_from_areas_say_so_with_the_article():
    client = signed_in(CHIEF)
    for path, word in (("response-triggers/RT001", "国务院"), ("warning-signals/WS001", "市县不得另设")):
        text = client.get(f"/rules/{path}").content.decode()
        assert word in text and "/rules/sources/SRC-ERL2024" in text
        assert (
            f"/rules/{path}/overlay" not in text and client.get(f"/rules/{path}/overlay").status_code == 404
        )


def test_a_province_is_offered_the_form_for_a_warning_signal():
    client = as_post("shenyiheng")
    form = "/rules/warning-signals/WS001/overlay"
    assert form in client.get("/rules/warning-signals/WS001").content.decode()
    given = TYPED | {"place": "河南省 [41]", "value": "5", "basis": "省信号标准", "do": "look"}
    text = client.post(form, given).content.decode()
    assert "没有未结事件会变化" in text
    answer = client.post(form, given | {"do": "propose", "seen": seen(text)})
    assert answer.status_code == 302 and Overlay.objects.get().place == "41"
    low = client.post(form, given | {"place": "郑州市 [4101]"})
    assert low.status_code == 409 and "市、县不得另设" in low.content.decode()


def test_the_effect_is_shown_before_anything_is_saved(storm):
    client = signed_in(CHIEF)
    assert "试算影响" in client.get(FORM).content.decode()
    text = look(client)
    assert "提前到期" in text and "HN-02" in text and not Overlay.objects.exists()
    blind = client.post(FORM, TYPED | {"do": "propose", "seen": "other"})
    assert blind.status_code == 200 and not Overlay.objects.exists()
    changed = client.post(FORM, TYPED | {"do": "propose", "seen": seen(text), "value": "5"})
    assert changed.status_code == 200 and not Overlay.objects.exists()
    proposed(client)
    assert Overlay.objects.get().state == "proposed"


def test_what_asks_less_than_the_law_says_so_loudly_and_needs_a_tick():
    client = signed_in(CHIEF)
    text = look(client, value="600")
    assert "这一数值的要求低于法律" in text and 'name="weaker"' in text
    again = client.post(FORM, TYPED | {"value": "600", "do": "propose", "seen": seen(text)})
    assert again.status_code in (200, 422) and not Overlay.objects.exists()
    row = proposed(client, value="600", weaker="1")
    assert row.weaker
    for path in (f"/rules/overlays/{row.pk}", "/rules/overlays", "/rules/reporting-deadlines/HN-02"):
        assert "低于法律" in client.get(path).content.decode(), path


def test_another_person_confirms_and_the_clock_moves_and_says_by_what(storm):
    row = proposed(signed_in(CHIEF))
    address = f"/rules/overlays/{row.pk}"
    own = signed_in(CHIEF).post(address, {"do": "confirm", "version": 1})
    assert own.status_code == 409 and "须由另一人确认" in own.content.decode()
    second = Client(headers={"accept-language": "zh-hans"})
    second.post("/sign-in", {"username": SECOND, "password": PASSWORD})  # who holds two posts chooses one
    second.post("/post", {"holding": str(holding_of(SECOND))})
    assert "提前到期" in second.get(address).content.decode()
    assert second.post(address, {"do": "confirm", "version": 1})["location"] == address
    settle(this_moment().at)
    moved = Obligation.objects.filter(rule_id="HN-02", state="open")
    assert {(o.due_at - o.trigger_at).total_seconds() for o in moved} == {1200.0}
    assert address in signed_in(OFFICER).get("/clocks").content.decode()
    listed = signed_in(OFFICER).get("/rules/reporting-deadlines?place=4101&q=HN-02").content.decode()
    assert address in listed and "20 分钟" in listed
    assert address not in signed_in(OFFICER).get("/rules/reporting-deadlines?place=4103").content.decode()
    sheet = signed_in(CHIEF).get("/paper/sheets/deadlines").content.decode()
    assert "20 分钟" in sheet and "本地规定" in sheet
    text = second.post(address, {"do": "withdraw", "version": 2, "reason": ""})
    assert text.status_code == 422
    second.post(address, {"do": "withdraw", "version": 2, "reason": "文件未生效"})
    settle(this_moment().at)
    text = second.get(address).content.decode()
    assert "文件未生效" in text and "重新提出" in text
    second.post(address, {"do": "restore", "version": 3, "reason": "已生效"})
    row.refresh_from_db()
    assert row.state == "proposed"


def test_an_early_end_shows_its_effect_first_and_is_taken_back_with_the_same_care(storm):
    row = proposed(signed_in(CHIEF))
    address = f"/rules/overlays/{row.pk}"
    second = as_post(SECOND)
    assert second.get(f"{address}/end").status_code == 404, "what waits cannot end"
    second.post(address, {"do": "confirm", "version": 1})
    settle(this_moment().at)
    chief = signed_in(CHIEF)
    assert f"{address}/end" in chief.get(address).content.decode()
    assert f"{address}/end" not in signed_in(OFFICER).get(address).content.decode()
    assert signed_in(OFFICER).get(f"{address}/end").status_code == 404
    given = {"last": "2020-06-01", "reason": "文件废止", "version": 2}
    blind = chief.post(f"{address}/end", given | {"do": "save", "seen": "x"})
    assert blind.status_code == 200 and not Overlay.objects.get(pk=row.pk).ended_at
    text = chief.post(f"{address}/end", given | {"do": "look"}).content.decode()
    assert "推后到期" in text and "HN-02" in text and "按原规则" in text
    other = chief.post(f"{address}/end", given | {"do": "save", "seen": seen(text), "last": "2020-07-01"})
    assert other.status_code == 200 and not Overlay.objects.get(pk=row.pk).ended_at, (
        "another day, not looked at"
    )
    for wrong in ({"last": "morgen"}, {"last": "2019-01-01"}):
        answer = chief.post(f"{address}/end", given | wrong | {"do": "look"})
        assert answer.status_code in (409, 422) and "文件废止" in answer.content.decode()
    assert chief.post(f"{address}/end", given | {"do": "save", "seen": seen(text)})["location"] == address
    settle(this_moment().at)
    moved = Obligation.objects.filter(rule_id="HN-02", state="open")
    assert {(o.due_at - o.trigger_at).total_seconds() for o in moved} != {1200.0}
    page = chief.get(address).content.decode()
    assert "文件废止" in page and "提前终止" in page
    back = {"reason": "没有废止", "version": 3}
    text = chief.post(f"{address}/end", back | {"do": "look"}).content.decode()
    assert "提前到期" in text
    assert chief.post(f"{address}/end", back | {"do": "save", "seen": seen(text)})["location"] == address
    settle(this_moment().at)
    assert {(o.due_at - o.trigger_at).total_seconds() for o in moved.all()} == {1200.0}


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"place": "999999"}, "999999"), ({"valid_to": "gestern"}, "日期"), ({"basis": " "}, "依据"),
     ({"value": "bald"}, "数值不可用"), ({"place": "洛阳市 [4103]"}, "岗位")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(changes, word):
    client = signed_in(CHIEF)
    text = look(client, **changes)
    if "4103" in changes.get("place", ""):
        answer = client.post(FORM, TYPED | changes | {"do": "propose", "seen": seen(text)})
        assert answer.status_code == 403
        text = answer.content.decode()
    assert word in text and "市里更严" in text and not Overlay.objects.exists()


def test_what_is_not_there_is_not_found():
    client = signed_in(CHIEF)
    assert client.get("/rules/overlays/01890000-0000-7000-8000-000000000000").status_code == 404
    row = proposed(client)
    assert client.post(f"/rules/overlays/{row.pk}", {"do": "dance", "version": 1}).status_code == 422
