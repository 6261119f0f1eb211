"""Pages of needs: asked, confirmed, served, joined, ended; totals and files; what the public reads."""

import re
import uuid
from datetime import timedelta

import pytest

from jingwei.apps.needs import actions
from jingwei.apps.needs.facts import NewAdvice, NewNeed
from jingwei.apps.needs.models import Advice, Need
from jingwei.apps.people import actions as people
from jingwei.apps.people.facts import Given
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.views import needs
from tests.builders import an_incident, holding_of, receive, settle
from tests.builders import told as a_report
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked
from tests.doors.web.test_stock import a_filled_store

pytestmark = pytest.mark.django_db
CHIEF = "hejing"


def the_chief() -> dict:
    return {"by": holding_of(CHIEF), "moment": this_moment()}


def a_need(quantity: int | None = 20, **changes) -> uuid.UUID:
    fields = {"words": "救生衣", "unit": "件", "place": "410105", "item_class": "boat"} | changes
    return actions.ask_need(NewNeed(quantity=quantity, **fields), **the_chief())


@pytest.mark.parametrize(
    "path", ["/needs", "/needs/new", "/needs/totals", "/needs/file.csv", "/needs/advice", "/needs/advice/new"]
)
def test_nobody_sees_needs_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "未确认"), ("en", "not confirmed")])
def test_from_asking_to_met_by_the_pages(language, word):
    store, supply, _ = a_filled_store(place="410105")
    client = signed_in(CHIEF, language)
    form = client.get("/needs/new").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    given = {"supply": supply, "class": "shelter", "quantity": "３", "in_packs": "1",
             "place": "金水区 [410105]", "people": "90", "groups": ["infants", "elderly"],
             "asker": "三中安置点",
             "key": key, "due": "2099-01-01 08:00"}  # fmt: skip
    for _ in range(2):  # the form sent twice
        answer = client.post("/needs/new", given)
    need = Need.objects.get()
    assert answer["location"] == f"/needs/{need.pk}" and (need.quantity, need.place) == (30, "410105")
    page = client.get(f"/needs/{need.pk}").content.decode()
    assert word in page and "三中安置点" in page
    assert client.post(f"/needs/{need.pk}/confirm", {"version": need.version}).status_code == 302
    assert client.get(f"/needs/{need.pk}/serve").status_code == 200
    answer = client.post(f"/needs/{need.pk}/serve", {"store": store, "quantity": "10", "for_whom": "三中"})
    assert answer["location"] == f"/needs/{need.pk}"
    page = client.get(f"/needs/{need.pk}").content.decode()
    assert "<b>20</b>" in page and "/stock/promises/" in page
    promise = re.search(r"/stock/promises/[-0-9a-f]+", page)[0]
    assert f"/needs/{need.pk}" in client.get(promise).content.decode()
    refused = client.post(f"/needs/{need.pk}/meet", {"reason": ""})
    assert refused.status_code == 422
    client.post(f"/needs/{need.pk}/meet", {"reason": "已送到"})
    assert Need.objects.get().state == "met" and "已送到" in client.get(f"/needs/{need.pk}").content.decode()
    client.post(f"/needs/{need.pk}/restore", {"reason": "少一车"})
    assert Need.objects.get().state == "confirmed"


def test_a_change_keeps_what_was_typed_and_a_stale_form_is_refused():
    need, client = a_need(), signed_in(CHIEF)
    form = client.get(f"/needs/{need}/change").content.decode()
    assert 'value="救生衣"' in form and 'value="20"' in form and '[410105]"' in form
    given = {
        "words": "救生衣",
        "unit": "件",
        "class": "boat",
        "quantity": "很多",
        "place": "410105",
        "version": 1,
    }
    answer = client.post(f"/needs/{need}/change", given)
    assert answer.status_code == 409 and 'value="很多"' in answer.content.decode()
    assert client.post(f"/needs/{need}/change", given | {"quantity": "25"}).status_code == 302
    assert Need.objects.get().quantity == 25
    assert client.post(f"/needs/{need}/change", given | {"quantity": "26"}).status_code == 409
    assert Need.objects.get().quantity == 25


def test_the_same_twice_is_shown_joined_and_taken_apart():
    one, other = a_need(20, asker="三中"), a_need(30, asker="街道")
    client = signed_in(CHIEF)
    assert "疑似与另 1 项相同" in client.get("/needs").content.decode()
    page = client.get(f"/needs/{one}").content.decode()
    assert f"/needs/{other}/join" in page
    assert client.post(f"/needs/{other}/join", {"into": one}).status_code == 302
    assert f"/needs/{other}/part" in client.get(f"/needs/{one}").content.decode()
    assert "已归并到" in client.get(f"/needs/{other}").content.decode()
    client.post(f"/needs/{other}/part")
    assert Need.objects.get(pk=other).joined_into_id is None


def test_an_estimate_shows_its_arithmetic_line_by_line():
    incident = an_incident()
    people.adopt_figure(
        incident.pk, Given(value=1001, source="安置组"), measure="evacuated", by=holding_of(CHIEF),
        moment=this_moment(),
    )  # fmt: skip
    settle()
    need = Need.objects.get(standard="DS020")
    page = signed_in(CHIEF).get(f"/needs/{need.pk}").content.decode()
    for word in ("1,001", "÷", "333.667", "334", "/rules/demand-standards/DS020", "系统拟定"):
        assert word in page, word
    shown = signed_in(CHIEF).get("/needs?origin=estimated").content.decode()
    assert "tag dash" in shown and "12平米救灾帐篷" in shown


@pytest.mark.parametrize(
    ("question", "seen"),
    [("q=救生", True), ("q=zzz", False), ("class=boat", True), ("class=food", False), ("state=met", False),
     ("origin=found", False), ("how=stale", False), ("how=fresh", True), ("how=late", False),
     ("place=410105", True), ("place=4103", False), ("incident=9cac2604-49be-4bb2-8619-5ce3ab50daed", False),
     ("state=gold", True)],
)  # fmt: skip
def test_a_list_is_narrowed(question, seen):
    a_need()
    assert ("救生衣" in signed_in(CHIEF).get(f"/needs?{question}").content.decode()) is seen


def test_pages_of_the_list(monkeypatch):
    a_need(words="甲物", due_at=this_moment().at + timedelta(hours=1))
    a_need(words="乙物")
    for module in ("needs", "stock"):
        monkeypatch.setattr(f"jingwei.doors.web.views.{module}.PAGE", 1)
    client = signed_in(CHIEF)
    first = client.get("/needs").content.decode()
    assert "甲物" in first and "乙物" not in first and "from=1" in first
    assert "乙物" in client.get("/needs?from=1").content.decode()


def test_files_hold_no_formulas():
    a_need(words="=SUM(A1)", why="+cmd")
    client = signed_in(CHIEF)
    for path in ("/needs/file", "/needs/totals"):
        text = client.get(f"{path}.csv").content.decode("utf-8-sig")
        assert "SUM(A1)" in text and "\n=SUM" not in text and ",+cmd" not in text
        assert client.get(f"{path}.xlsx").content[:2] == b"PK"
        assert client.get(f"{path}.exe").status_code == 404
    assert "SUM(A1)" in client.get("/needs/totals").content.decode()


def test_another_areas_need_is_not_found_and_a_looker_is_offered_nothing():
    actions.ask_need(
        NewNeed(words="水", place="410305", item_class="water"),
        by=holding_of("zhongyu"),
        moment=this_moment(),
    )
    far, client = Need.objects.get().pk, signed_in(CHIEF)
    for path in ("", "/change", "/serve"):
        assert client.get(f"/needs/{far}{path}").status_code == 404
    assert client.post(f"/needs/{far}/confirm").status_code == 404
    near, looker = a_need(), signed_in("jianzhiyao")
    for path in ("/needs", f"/needs/{near}"):
        text = looker.get(path).content.decode()
        assert "救生衣" in text and "/needs/new" not in text and f"/needs/{near}/confirm" not in text
    assert looker.post(f"/needs/{near}/confirm").status_code == 403


def test_the_public_reads_what_is_needed_and_what_not_to_bring_and_nothing_else(client):
    need = a_need(20, asker="张三", why="家在某路1号")
    a_need(30, words="没确认的")
    actions.confirm_need(need, **the_chief())
    chief = signed_in(CHIEF)
    given = {"words_zh": "旧衣服", "words_en": "Used clothes", "place": "410105", "reason_zh": "库房已满",
             "reason_en": "Stores are full", "until": "2099-01-01 08:00"}  # fmt: skip
    assert chief.post("/needs/advice/new", given).status_code == 302
    page = client.get("/public/needs").content.decode()
    assert "救生衣" in page and "旧衣服" in page and "库房已满" in page
    for hidden in ("张三", "某路1号", "没确认的"):
        assert hidden not in page
    english = client.get("/public/needs", headers={"accept-language": "en"}).content.decode()
    assert "Used clothes" in english and "Stores are full" in english
    advice = Advice.objects.get().pk
    assert "旧衣服" in chief.get("/needs/advice").content.decode()
    assert chief.get(f"/needs/advice/{advice}/end").status_code == 200
    chief.post(f"/needs/advice/{advice}/end", {"reason": "又缺了"})
    assert "旧衣服" not in client.get("/public/needs").content.decode()
    assert chief.post("/needs/advice/new", given | {"until": "soon"}).status_code == 422


def test_advice_of_another_area_is_not_ended_here():
    new = NewAdvice(
        words_zh="旧衣服", place="410305", reason_zh="已满", valid_until=this_moment().at + timedelta(days=9)
    )
    advice = actions.advise_against(new, by=holding_of("zhongyu"), moment=this_moment())
    assert signed_in(CHIEF).get(f"/needs/advice/{advice}/end").status_code == 404


COUNTED = (
    "/needs", "/needs?how=double", "/needs/totals", "/needs/advice", "/public/needs", "/needs/file.csv",
)  # fmt: skip


def test_pages_ask_as_often_for_many_needs_as_for_few():
    places = ("410102", "410103", "410104", "410105", "410106", "410108", "410122", "410181", "410182")

    def make(numbers) -> None:
        for n in numbers:
            place = places[n % len(places)]
            for asker in ("街道", "社区"):
                need = a_need(n + 1, words=f"物资{n}", place=place, asker=asker)
            actions.confirm_need(need, **the_chief())
            until = this_moment().at + timedelta(days=3)
            new = NewAdvice(words_zh=f"旧物{n}", place=place, reason_zh="已满", valid_until=until)
            actions.advise_against(new, **the_chief())

    client = signed_in(CHIEF)
    make(range(2))
    few = {path: asked(client, path) for path in COUNTED}
    make(range(2, 12))
    assert {path: asked(client, path) for path in COUNTED} == few


def test_canary_a_query_for_each_need_is_seen(monkeypatch):
    rows_of = needs.rows_of

    def asking(request, found, names):
        assert all(Need.objects.filter(pk=one.id).exists() for one in found)
        return rows_of(request, found, names)

    monkeypatch.setattr(needs, "rows_of", asking)
    client = signed_in(CHIEF)
    a_need()
    few = asked(client, "/needs")
    a_need(place="410182")
    assert asked(client, "/needs") > few


# --- how much the words of reports say ---


def told(words: str, ref: str = "E-1") -> Need:
    receive(
        a_report(words, kind="11A01", place="410182", event_ref=ref, occurred_at=this_moment().at),
        by=holding_of("baishuyan"),
        at=this_moment().at,
    )
    settle(this_moment().at)
    return Need.objects.get()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("从原话读出，未确认", "原话数量", "最新来报", "约 ", "另有来报称", "采用这个数")),
        ("en", ("read in the words, not confirmed", "As the words say", "The newest report says", "about ",
                "another report says", "Take this number")),
    ],
)  # fmt: skip
def test_how_much_the_words_say_is_shown_with_the_words_until_a_person_decides(language, words):
    need = told("洪水围村，急需约两三百顶帐篷")
    told("洪水围村，急需帐篷400顶，快")
    client = signed_in(CHIEF, language)
    page, shown = (client.get(path).content.decode() for path in (f"/needs/{need.pk}", "/needs"))
    for word in words[:4] + words[5:]:
        assert word in page, word
    assert words[4] in shown and words[3] in shown
    for of in (page, shown):
        assert "<mark>约两三百顶</mark>" in of and "200–" in of and "400" in of
    assert "<mark>400顶</mark>" in page
    form = client.get(f"/needs/{need.pk}/change?quantity=400").content.decode()
    assert re.search(r'name="quantity"[^>]*value="400"', form)
    client.post(f"/needs/{need.pk}/confirm")
    page = client.get(f"/needs/{need.pk}").content.decode()
    assert words[0] not in page and words[1] in page, "a person says so now; the words stay to be seen"
    assert Need.objects.get().state == "confirmed"


def test_a_number_in_another_unit_is_shown_and_not_offered_to_be_taken():
    need = told("洪水围村，急需帐篷200顶")
    told("洪水围村，急需帐篷20箱")
    page = signed_in(CHIEF).get(f"/needs/{need.pk}").content.decode()
    assert "最新来报" in page and "采用这个数" not in page


def test_lists_quote_no_report_that_a_post_may_not_see(monkeypatch):
    told("洪水围村，急需帐篷200顶")
    monkeypatch.setattr(needs.reports, "list_report_points_by_id", lambda ids, *, authority: {})
    shown = signed_in(CHIEF).get("/needs").content.decode()
    assert "<mark>" not in shown and "200" in shown


def test_the_list_asks_as_often_for_many_numbers_as_for_few():
    told("洪水围村，急需帐篷200顶")
    client = signed_in(CHIEF)
    few = asked(client, "/needs")
    receive(
        a_report("洪水围村，急需棉被300床、棉衣50件、方便面20箱", kind="11A01", place="410182",
                 event_ref="E-1",
                 occurred_at=this_moment().at),
        by=holding_of("baishuyan"), at=this_moment().at,
    )  # fmt: skip
    settle(this_moment().at)
    assert Need.objects.count() == 4 and asked(client, "/needs") == few
