"""Pages of shelters and hospitals: opened, registered, moved, closed; sought with consent; beds held."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from jingwei.apps.hospitals import actions as hospitals
from jingwei.apps.hospitals.facts import NewBeds, NewTransfer
from jingwei.apps.hospitals.models import Transfer
from jingwei.apps.journal.models import Entry
from jingwei.apps.registers import actions as registers
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import NewFamily, NewOpening, NewSeeking
from jingwei.apps.shelters.models import Guest, Household, OnHand, Opening, Seeking, Stay
from jingwei.doors.entry import moments
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.views import carried
from jingwei.doors.web.views import shelters as pages
from tests.builders import an_incident, holding_of, settle
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked

pytestmark = pytest.mark.django_db
CHIEF, DESK = "hejing", "lisiyuan"
LINES = "王小明 40 男 13800000000\n李丽 38 女 孕妇\n王宝 8个月"


@pytest.fixture(autouse=True)
def door(settings):
    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"


def the(who: str = CHIEF) -> dict:
    return {"by": holding_of(who), "moment": this_moment()}


def a_site(name: str = "三中体育馆", place: str = "410105", **more) -> uuid.UUID:
    values = {"name": name, "place": place, "kind": "S", "capacity": 200, "area_m2": 150.0} | more
    return registers.add_row("shelters", values, **the("zhongyu"))


def opened(name: str = "三中体育馆", place: str = "410105", **more) -> uuid.UUID:
    return actions.open_shelter(NewOpening(shelter_id=a_site(name, place), **more), **the("zhongyu"))


def family(opening: uuid.UUID, words: str = "王小明 40 男", agreed: bool | None = None) -> list[uuid.UUID]:
    found = queries.read_words(words, on=this_moment().at.date()).guests
    made = actions.register_family(opening, NewFamily(guests=found, agreed=agreed), **the("zhongyu"))
    return list(Guest.objects.filter(household=made).order_by("number").values_list("pk", flat=True))


def text_of(answer) -> str:
    """The page without what is drawn by lot: tokens against forgery."""
    return re.sub(r'"csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.mark.parametrize(
    "path",
    ["/shelters", "/shelters/open", "/shelters/find", "/shelters/assign", "/shelters/seeking", "/hospitals",
     "/hospitals/transfers", "/shelters/register", "/shelters/file.csv"],
)  # fmt: skip
def test_nobody_sees_shelters_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_opening_to_closing_by_the_pages(language):
    site, client = a_site(), signed_in(CHIEF, language)
    assert "三中体育馆" in text_of(client.get("/shelters/open"))
    answer = client.post("/shelters/open", {"shelter": site, "stage": "short", "words": "二楼"})
    opening = Opening.objects.get()
    assert answer["location"] == f"/shelters/{opening.pk}" and opening.room == 75
    page = text_of(client.get(f"/shelters/register?at={opening.pk}"))
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    given = {"opening": str(opening.pk), "opening_name": "三中体育馆", "words": LINES, "where": "崔庙镇",
             "agreed": "yes", "key": key}  # fmt: skip
    for _ in range(2):  # the form sent twice
        answer = client.post("/shelters/register", given)
    household = Household.objects.get()
    assert answer["location"].startswith(f"/shelters/households/{household.pk}")
    assert Guest.objects.count() == 3 and Guest.objects.filter(consent="yes").count() == 3
    page = text_of(client.get(f"/shelters/households/{household.pk}"))
    assert household.number in page and "小明" not in page and "138000" not in page and "<svg" in page
    desk = text_of(client.get(f"/shelters/{opening.pk}"))
    assert household.number in desk and "王**" in desk and "小明" not in desk
    one, two, three = Guest.objects.order_by("number").values_list("pk", flat=True)
    shown = client.post(f"/shelters/guests/{one}/reveal", {"reason": "家属来接"})
    assert "王小明" in text_of(shown) and Entry.objects.filter(kind="shelters.guest_revealed/1").count() == 1
    full = client.post(f"/shelters/{opening.pk}/close", {"reason": "雨停"})
    assert full.status_code == 409 and "3" in text_of(full)
    answer = client.post(f"/shelters/{opening.pk}/leave", {"guest": [one, two, three], "went": "home"})
    assert answer.status_code == 302
    gone = text_of(client.get(f"/shelters/{opening.pk}?state=gone"))
    assert household.number in gone and f"/shelters/{opening.pk}/back" in gone
    assert client.post(f"/shelters/{opening.pk}/back", {"guest": [one]}).status_code == 302
    client.post(f"/shelters/{opening.pk}/leave", {"guest": [one], "went": "relatives"})
    assert client.post(f"/shelters/{opening.pk}/close", {"reason": "雨停"}).status_code == 302
    assert Opening.objects.get().closed_at is not None
    client.post(f"/shelters/{opening.pk}/reopen", {"reason": "又下雨"})
    assert Opening.objects.get().closed_at is None


def test_a_line_that_cannot_be_read_costs_nothing_that_was_typed():
    opening, client = opened(), signed_in(CHIEF)
    given = {
        "opening": str(opening),
        "opening_name": "三中",
        "words": "王小明 40\n李丽 138",
        "where": "崔庙镇",
    }
    answer = client.post("/shelters/register", given)
    page = text_of(answer)
    assert answer.status_code == 422 and "第 2 行" in page and "李丽 138" in page and "崔庙镇" in page
    assert not Household.objects.exists()
    assert client.post("/shelters/register", given | {"opening": "x"}).status_code in (404, 409, 422)


def sent(**fields: object) -> dict[str, object]:
    return {"words": LINES, "opening_name": "三中体育馆", "key": str(uuid.uuid4())} | fields


def test_what_a_phone_sends_late_is_registered_once_under_its_own_time():
    opening, client = opened(), signed_in(CHIEF)
    Opening.objects.update(opened_at=moments.real_now() - timedelta(hours=5))
    written = moments.real_now() - timedelta(hours=2)
    one = sent(opening=str(opening), written_at=written.isoformat(), sent_at=moments.real_now().isoformat())
    first, again = (client.post("/shelters/register/send", one).json() for _ in range(2))
    assert first["number"] == again["number"] == Household.objects.get().number
    assert "3" in first["said"] and "小明" not in str(first), "what stays on the phone names nobody"
    assert {s.from_at for s in Stay.objects.all()} == {written}
    bad = client.post("/shelters/register/send", sent(opening=str(opening), words="王 138"))
    assert bad.status_code == 422 and "第 1 行" in bad.json()["message"]
    assert Household.objects.count() == 1


def test_a_phone_without_a_post_or_the_right_sends_nothing(client):
    opening = opened()
    answer = client.post("/shelters/register/send", sent(opening=str(opening)))
    assert answer.status_code == 401 and not Household.objects.exists()
    looker = signed_in("jianzhiyao")
    assert looker.get("/shelters/register/token").status_code == 403
    assert looker.post("/shelters/register/send", sent(opening=str(opening))).status_code == 403
    assert signed_in(CHIEF).get("/shelters/register/token").json()["who"] == str(holding_of(CHIEF))


def test_what_the_phone_keeps_of_the_desk_names_nobody_and_may_use_the_camera():
    opening = opened()
    shell = Client().get("/shelters/register/shell")
    page = text_of(shell)
    assert 'data-shell="1"' in page and "csrfmiddlewaretoken" not in page and str(opening) not in page
    assert shell["Permissions-Policy"].startswith("camera=(self)")
    assert signed_in(CHIEF).get("/shelters")["Permissions-Policy"].startswith("camera=()")
    worker = text_of(Client().get("/shelters/register/worker.js"))
    assert "shelters.js" in worker and "shelters.css" in worker
    assert "shelters.js" not in text_of(Client().get("/report/worker.js"))
    manifest = Client().get("/shelters/register/app.webmanifest").json()
    assert manifest["scope"] == "/shelters/register"
    assert set(carried.FORMS) >= set(carried.RIGHTS)


def test_a_card_is_looked_up_and_the_family_received_elsewhere():
    here, there, client = opened(), opened("二中"), signed_in(CHIEF)
    (one,) = family(here)
    number = Household.objects.get().number
    page = text_of(client.get(f"/shelters/card?number={number.lower()}&at={there}"))
    assert "三中体育馆" in page and f"/shelters/{there}/receive" in page and "小明" not in page
    answer = client.post(f"/shelters/{there}/receive", {"number": number})
    assert answer.status_code == 302 and Stay.objects.get(guest=one, until_at=None).opening_id == there
    assert client.post(f"/shelters/{there}/receive", {"number": number}).status_code == 422
    assert client.post(f"/shelters/{there}/receive", {"number": "0000-0000"}).status_code == 404
    assert client.get("/shelters/card/0000-0000").status_code == 404
    assert (
        client.get(f"/shelters/card/{number}")["location"]
        == f"/shelters/households/{Household.objects.get().pk}"
    )


def test_twice_registered_is_shown_joined_and_taken_apart():
    here, there, client = opened(), opened("二中"), signed_in(CHIEF)
    (one,), (other,) = family(here), family(there)
    assert f"/shelters/{here}/join" in text_of(client.get(f"/shelters/{here}"))
    assert client.post(f"/shelters/{here}/join", {"guest": one, "into": other}).status_code == 302
    assert 'id="same"' not in text_of(client.get(f"/shelters/{here}"))
    page = text_of(client.get(f"/shelters/households/{Guest.objects.get(pk=other).household_id}"))
    assert f"/shelters/guests/{one}/part" in page
    assert client.post(f"/shelters/guests/{one}/part").status_code == 302
    assert Guest.objects.get(pk=one).joined_into_id is None


def test_a_person_is_put_right_struck_restored_and_erased_by_the_pages():
    opening, client = opened(), signed_in(CHIEF)
    (one,) = family(opening)
    form = text_of(client.get(f"/shelters/guests/{one}/change"))
    assert "小明" not in form and 'value="40"' in form
    given = {"age": "41", "sex": "m", "needs": ["medicine", "old"], "version": 1}
    assert client.post(f"/shelters/guests/{one}/change", given).status_code == 302
    assert (Guest.objects.get().age, Guest.objects.get().needs) == (41, ["medicine", "old"])
    assert client.post(f"/shelters/guests/{one}/change", given).status_code == 409
    assert client.post(f"/shelters/guests/{one}/strike", {"reason": ""}).status_code == 422
    client.post(f"/shelters/guests/{one}/strike", {"reason": "误登"})
    assert Guest.objects.get().struck_at is not None
    client.post(f"/shelters/guests/{one}/restore", {"reason": "没有误登"})
    client.post(f"/shelters/guests/{one}/erase", {"reason": "第四十七条"})
    assert Guest.objects.get().name == ""
    for what in ("strike", "restore", "reveal", "decide", "erase"):
        assert client.get(f"/shelters/guests/{one}/{what}").status_code == 200
        assert client.get(f"/shelters/guests/{uuid.uuid4()}/{what}").status_code == 404


def test_numbers_show_supplies_beside_the_standard_and_lead_to_a_need():
    opening, client = opened(), signed_in(CHIEF)
    family(opening, LINES)
    answer = client.post(f"/shelters/{opening}/supply", {"rule": "DS018", "quantity": "１"})
    assert answer.status_code == 302 and OnHand.objects.get().quantity == 1
    page = text_of(client.get(f"/shelters/{opening}/numbers"))
    assert "/rules/demand-standards/DS018" in page
    ask = re.search(r'href="(/needs/new\?[^"]+quantity=2[^"]+)"', page)[1].replace("&amp;", "&")
    form = text_of(client.get(ask))
    assert 'value="2"' in form and "三中体育馆" in form
    bad = client.post(f"/shelters/{opening}/supply", {"rule": "DS018", "quantity": "many"})
    assert bad.status_code == 409 and OnHand.objects.get().quantity == 1


def test_heads_of_an_incident_become_the_count_by_one_button():
    incident, client = an_incident(), signed_in(CHIEF)
    opening = opened(incident_id=incident.pk)
    family(opening, LINES)
    page = text_of(client.get(f"/shelters?incident={incident.pk}"))
    assert "/shelters/heads" in page
    answer = client.post("/shelters/heads", {"incident": incident.pk, "area": "410105"})
    assert answer["location"] == f"/incidents/{incident.pk}/people"
    settle()
    assert "12平米救灾帐篷" in text_of(client.get("/needs?origin=estimated"))
    assert client.post("/shelters/heads", {"incident": "x"}).status_code == 404


def test_paper_without_names_and_with_names_for_a_reason():
    opening, client = opened(), signed_in(CHIEF)
    family(opening)
    blank = text_of(client.get(f"/shelters/{opening}/paper"))
    assert "小明" not in blank and blank.count("<tr>") > 15
    assert client.post(f"/shelters/{opening}/paper", {"reason": " "}).status_code == 422
    named = text_of(client.post(f"/shelters/{opening}/paper", {"reason": "要停电"}))
    assert "王小明" in named and Entry.objects.filter(kind="shelters.list_taken/1").count() == 1


def test_files_hold_no_formulas_and_no_names():
    opening, client = opened("=SUM(A1)"), signed_in(CHIEF)
    family(opening, "+cmd 40")
    for path in ("/shelters/file", f"/shelters/{opening}/people", "/hospitals/file"):
        text = client.get(f"{path}.csv").content.decode("utf-8-sig")
        assert "\n=SUM" not in text and ",+cmd" not in text and "cmd" not in text
        assert (
            client.get(f"{path}.xlsx").content[:2] == b"PK" and client.get(f"{path}.exe").status_code == 404
        )
    assert "SUM(A1)" in client.get("/shelters/file.csv").content.decode("utf-8-sig")


def test_somebody_is_found_by_name_on_the_record_and_masked():
    opening, client = opened(), signed_in(CHIEF)
    family(opening)
    page = text_of(client.post("/shelters/find", {"name": "王小明", "reason": "医院来问"}))
    assert "王**" in page and Entry.objects.filter(kind="shelters.guests_sought/1").count() == 1
    assert client.post("/shelters/find", {"name": "王小明", "reason": ""}).status_code == 422
    assert "王**" not in text_of(client.post("/shelters/find", {"name": "王小", "reason": "医院来问"}))


SEEK = {"seeker": "李四", "seeker_phone": "13911111111", "relation": "妻子", "name": "王小明"}


def without_number(page: str) -> str:
    page = re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}", "#", page)
    page = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", page)
    page = re.sub(r"\d\d:\d\d:\d\d[.\d]*", "", page)
    return re.sub(r'value="(王小明|不存在)"', "", page)


def test_the_public_is_told_the_same_whether_a_person_is_here_or_not(client):
    family(opened(), agreed=True)
    here, nowhere = (
        client.post("/public/seeking", SEEK | {"name": name}, REMOTE_ADDR=f"192.0.2.{n}")
        for n, name in enumerate(("王小明", "不存在"))
    )
    assert (here.status_code, nowhere.status_code) == (200, 200)
    assert without_number(text_of(here)) == without_number(text_of(nowhere))
    assert here.headers.keys() == nowhere.headers.keys()
    numbers = [re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", text_of(a))[0] for a in (here, nowhere)]
    looked = [
        client.post("/public/seeking", {"number": n, "phone": "13911111111"}, REMOTE_ADDR=f"192.0.2.{i + 9}")
        for i, n in enumerate((*numbers, "0000-0000"))
    ]
    pages_ = {re.sub(r'value="#"', "", without_number(text_of(one))) for one in looked}
    assert len(pages_) == 1 and all("三中" not in one for one in pages_)


def test_canary_a_page_that_tells_is_seen(client, monkeypatch):
    real = actions.ask_seeking

    def leaking(new, **more):
        number = real(new, **more)
        return number + (" ✓" if Guest.objects.filter(name=new.name).exists() else "")

    monkeypatch.setattr("jingwei.doors.web.views.seeking.actions.ask_seeking", leaking)
    with pytest.raises(AssertionError):
        test_the_public_is_told_the_same_whether_a_person_is_here_or_not(client)


def test_from_the_publics_question_to_its_answer(client):
    opening, chief = opened(), signed_in(CHIEF)
    (one,) = family(opening)
    number = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", text_of(client.post("/public/seeking", SEEK)))[0]
    seeking = Seeking.objects.get()
    listed = text_of(chief.get("/shelters/seeking"))
    assert number in listed and "李四" not in listed
    assert "139111" not in listed and "139*" not in listed
    page = text_of(chief.get(f"/shelters/seeking/{seeking.pk}"))
    assert f"/shelters/seeking/{seeking.pk}/answer" in page and "小明" not in page
    assert chief.post(f"/shelters/seeking/{seeking.pk}/answer", {"guest": one}).status_code == 409
    look = {"number": number, "phone": SEEK["seeker_phone"]}
    assert "三中" not in text_of(client.post("/public/seeking", look))
    chief.post(f"/shelters/guests/{one}/agree")
    assert chief.post(f"/shelters/seeking/{seeking.pk}/answer", {"guest": one}).status_code == 302
    assert "三中体育馆" in text_of(client.post("/public/seeking", look))
    assert "三中" not in text_of(client.post("/public/seeking", look | {"phone": "13922222222"}))
    chief.post(f"/shelters/guests/{one}/refuse")
    assert "三中" not in text_of(client.post("/public/seeking", look)), "taken back, told no more"
    assert chief.post(f"/shelters/seeking/{seeking.pk}/reopen", {"reason": "认错人"}).status_code in (
        302,
        403,
    )


def test_the_publics_door_refuses_what_is_incomplete_and_a_list_of_names(client, settings):
    answer = client.post("/public/seeking", SEEK | {"seeker": " "})
    assert answer.status_code == 422 and "13911111111" in text_of(answer), "what was typed is kept"
    codes = [client.post("/public/seeking", SEEK | {"name": f"王{n}"}).status_code for n in range(14)]
    assert codes[0] == 200 and codes[-1] == 429 and Seeking.objects.count() == codes.count(200)
    settings.JINGWEI_PUBLIC_POST = ""
    assert client.get("/public/seeking").status_code == 404


def test_a_desk_takes_down_a_search_and_ends_it():
    client = signed_in("zhongyu")
    form = text_of(client.get("/shelters/seeking/new"))
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    for _ in range(2):
        assert client.post("/shelters/seeking/new", SEEK | {"key": key}).status_code == 302
    seeking = Seeking.objects.get()
    assert client.post(f"/shelters/seeking/{seeking.pk}/end", {"reason": ""}).status_code == 422
    assert client.post(f"/shelters/seeking/{seeking.pk}/end", {"reason": "自行找到"}).status_code == 302
    assert seeking.number in text_of(client.get("/shelters/seeking?state=ended"))
    assert client.get(f"/shelters/seeking/{uuid.uuid4()}").status_code == 404
    incomplete = client.post("/shelters/seeking/new", SEEK | {"name": ""})
    assert incomplete.status_code == 409 and "李四" in text_of(incomplete)


def test_the_public_reads_which_shelters_are_open_and_nothing_else(client):
    family(opened(room=2))
    opened("满了的二中", room=1)
    family(Opening.objects.get(name="满了的二中").pk)
    page = text_of(client.get("/public/shelters"))
    assert "三中体育馆" in page and "满了的二中" in page and "王" not in page
    english = text_of(client.get("/public/shelters", headers={"accept-language": "en"}))
    assert "has room" in english and "nobody is turned away" in english


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_goes_where_is_proposed_with_its_reasons(language):
    near = a_site("近的小学", "410105", capacity=50, lon=113.68, lat=34.78, area_m2=None)
    far = a_site("远的中学", "410105", capacity=500, lon=113.75, lat=34.80, area_m2=None)
    out = a_site("广场", "410105", capacity=900, lon=113.681, lat=34.781, space="OUTDOOR", area_m2=None)
    for site in (near, far, out):
        actions.open_shelter(NewOpening(shelter_id=site), **the("zhongyu"))
    client = signed_in(CHIEF, language)
    page = text_of(
        client.get("/shelters/assign", {"groups": "金水区 120 轮椅\n不知道的地方 5", "kind": "11B03"})
    )
    assert "近的小学" in page and "远的中学" in page and "SU002" in page and "DS" not in page
    assert re.search(r"num2\">50<", page) and re.search(r"num2\">70<", page)
    assert ("第 2 行" if language == "zh-hans" else "Line 2") in page
    none = text_of(client.get("/shelters/assign", {"groups": "金水区 5000", "kind": "11B03"}))
    assert ("没有适宜的场所" if language == "zh-hans" else "no suitable place") in none
    assert client.get("/shelters/assign").status_code == 200


def test_another_areas_shelter_is_not_found_and_a_looker_is_offered_nothing():
    far, client = opened("洛阳", "410305"), signed_in(CHIEF)
    (one,) = family(far)
    for path in ("", "/numbers", "/paper", "/change", "/close", "/people.csv"):
        assert client.get(f"/shelters/{far}{path}").status_code == 404
    for what in ("leave", "move", "back", "receive", "join", "supply"):
        assert client.post(f"/shelters/{far}/{what}").status_code == 404
    assert client.get(f"/shelters/guests/{one}/reveal").status_code == 404
    assert client.get(f"/shelters/guests/{one}/change").status_code == 404
    near, looker = opened(), signed_in("jianzhiyao")
    (mine,) = family(near)
    page = text_of(looker.get(f"/shelters/{near}"))
    assert "/shelters/register" not in page and f"/shelters/{near}/close" not in page
    assert looker.post(f"/shelters/{near}/leave", {"guest": mine, "went": "home"}).status_code == 403
    assert looker.post(f"/shelters/guests/{mine}/reveal", {"reason": "看看"}).status_code == 403


def a_hospital(name: str = "市一院", usable: int = 4, taken: int = 1) -> uuid.UUID:
    values = {"name": name, "place": "410105", "kind": "3A", "beds": 800}
    made = registers.add_row("hospitals", values, **the("zhongyu"))
    hospitals.report_beds(NewBeds(hospital_id=made, kind="icu", usable=usable, taken=taken), **the("zhongyu"))
    return made


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_beds_surge_and_a_transfer_by_the_pages(language):
    to, source, client = a_hospital(), a_hospital("县医院"), signed_in(CHIEF, language)
    answer = client.post(f"/hospitals/{to}/beds", {"kind": "burn", "usable": "６", "taken": "2"})
    assert answer.status_code == 302
    assert (
        client.post(f"/hospitals/{to}/beds", {"kind": "burn", "usable": "x", "taken": "2"}).status_code == 409
    )
    step = {"number": "1", "kind": "icu", "adds": "5", "within_h": "4", "how": "改造病区"}
    assert client.get(f"/hospitals/{to}/surge").status_code == 200
    assert client.post(f"/hospitals/{to}/surge", step).status_code == 302
    page = text_of(client.get(f"/hospitals/{to}"))
    start = re.search(r"/hospitals/steps/[-0-9a-f]+/start", page)[0]
    assert client.post(start).status_code == 302 and client.post(start).status_code == 409
    form = text_of(client.get("/hospitals/transfers/new"))
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    given = {"to": to, "from": source, "kind": "icu", "patient": "伤票 0012", "why": "无重症床", "key": key}
    for _ in range(2):
        answer = client.post("/hospitals/transfers/new", given)
    transfer = Transfer.objects.get()
    path = f"/hospitals/transfers/{transfer.pk}"
    assert answer["location"] == path and f"{path}/accept" in text_of(client.get(path))
    assert client.post(f"{path}/send").status_code == 409
    for what, words in (("accept", ""), ("send", "120 12 号车"), ("receive", "平稳")):
        assert client.post(f"{path}/{what}", {"words": words}).status_code == 302
    done = text_of(client.get(path))
    assert "平稳" in done and "120 12 号车" in done and f"{path}/accept" not in done
    assert "伤票 0012" in text_of(client.get("/hospitals/transfers?state=arrived"))
    assert "市一院" in text_of(client.get("/hospitals?q=一院"))
    assert client.get(f"/hospitals/{uuid.uuid4()}").status_code == 404
    assert client.post(start.replace("start", "end"), {"reason": "高峰已过"}).status_code == 302


NAMES = "甲乙丙丁戊己庚辛壬癸子丑"
COUNTED = (
    "/shelters", "/shelters?state=", "/shelters/seeking", "/hospitals", "/hospitals/transfers",
    "/public/shelters", "/shelters/file.csv", "/shelters/register", "/hospitals/file.csv",
)  # fmt: skip


def test_pages_ask_as_often_for_much_as_for_little():
    places = ("410102", "410103", "410104", "410105", "410106", "410108", "410122", "410181", "410182")
    desk = opened("工作台")

    def make(numbers) -> None:
        for n in numbers:
            opening = opened(f"{n}中", places[n % len(places)])
            family(opening, f"{NAMES[n]} 40；李{NAMES[n]} 2")
            family(desk, f"赵{NAMES[n]} 70")
            new = NewSeeking(seeker=f"寻{n}", seeker_phone=f"1390000{n:04d}", relation="友", name=NAMES[n])
            actions.ask_seeking(new, **the("zhongyu"))
            hospital = a_hospital(f"{n}院")
            more = NewTransfer(to_id=hospital, kind="icu", patient=f"伤票 {n}", from_words="三中")
            hospitals.ask_transfer(more, **the("zhongyu"))

    client = signed_in(CHIEF)
    make(range(2))
    paths = (*COUNTED, f"/shelters/{desk}", f"/shelters/{desk}/numbers", f"/shelters/{desk}/people.csv")
    few = {path: asked(client, path) for path in paths}
    make(range(2, 12))
    assert {path: asked(client, path) for path in paths} == few


def test_canary_a_query_for_each_shelter_is_seen(monkeypatch):
    rows_of = pages.rows_of

    def asking(found, names):
        assert all(Opening.objects.filter(pk=one.id).exists() for one in found)
        return rows_of(found, names)

    monkeypatch.setattr(pages, "rows_of", asking)
    client = signed_in(CHIEF)
    opened()
    few = asked(client, "/shelters")
    opened("二中", "410182")
    assert asked(client, "/shelters") > few
