"""The demo of Porto Alegre: in English, by its own clock, on its own roads, without the rules of China."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client, override_settings

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions as dispatch
from jingwei.apps.dispatch.models import Line, Order, Proposal
from jingwei.apps.hazards import models as hazards
from jingwei.apps.hazards import queries as rules
from jingwei.apps.needs.models import Need
from jingwei.apps.roads import queries as roads
from jingwei.apps.roads.models import Closure, Net
from jingwei.apps.sitreps.models import Obligation
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.roads.travel import straight_s
from jingwei.wiring.demo import fill
from jingwei.wiring.demo_people import count_living
from jingwei.wiring.demo_places import PORTO_ALEGRE, ZHENGZHOU, place_of_case
from tests import databases

CHIEF = "anateixeira"
HERE = {
    "JINGWEI_COUNTRY": PORTO_ALEGRE.country,
    "JINGWEI_LANGUAGE": PORTO_ALEGRE.language,
    "LANGUAGE_CODE": PORTO_ALEGRE.language,
    "TIME_ZONE": PORTO_ALEGRE.time_zone,
    "JINGWEI_PUBLIC_POST": PORTO_ALEGRE.public_post,
}
#: Pages whose every word is English there. Buttons that choose the language are left out.
PAGES = (
    "/", "/incidents", "/reports", "/dispatch", "/dispatch/roads", "/dispatch/orders",
    "/dispatch/proposals", "/dispatch/reach", "/map", "/shelters", "/needs", "/needs/totals", "/stock",
    "/clocks", "/plans", "/replay", "/rules", "/rules/grading-rules", "/rules/demand-standards",
    "/registers/shelters", "/registers/areas", "/registers/organizations", "/hospitals", "/public",
    "/replay/compare",
)  # fmt: skip
#: Chinese characters, and their punctuation.
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def node(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One node of the demo for all tests here: what they change is rolled back."""
    name = databases.clone(databases.EMPTY)
    with override_settings(**HERE), django_db_blocker.unblock(), databases.using(name):
        fill(PORTO_ALEGRE, databases.PASSWORD, paused=True, say=lambda _: None)
        yield
    databases.drop(name)


@pytest.fixture(scope="module")
def chief(node: None) -> Client:
    return _signed_in(CHIEF)


def _signed_in(username: str) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    assert client.post("/sign-in", {"username": username, "password": databases.PASSWORD}).status_code == 302
    return client


def _shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = re.sub(r'<form class="lang.*?</form>', "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_it_opens_in_english_whatever_the_browser_asks_for(node):
    page = Client(headers={"accept-language": "zh-CN"}).get("/sign-in").content.decode()
    assert '<html lang="en"' in page


def test_every_page_is_english(chief):
    found = {path: sorted(set(_HAN.findall(_shown(chief, path)))) for path in PAGES}
    assert {path: han for path, han in found.items() if han} == {}


def test_the_room_and_a_need_are_english(chief):
    flood = re.search(r"/incidents/[0-9a-f-]{36}", _shown(chief, "/incidents"))
    assert flood is not None
    assert not _HAN.search(_shown(chief, flood[0]))
    need, order = Need.objects.filter(standard="DS001").first(), Order.objects.get()
    assert need is not None
    for path in (f"/needs/{need.pk}", f"/dispatch/orders/{order.pk}", f"{flood[0]}/people"):
        assert not _HAN.search(_shown(chief, path)), path


def test_chinese_is_one_choice_away(node):
    client = _signed_in(CHIEF)
    client.cookies["jw_lang"] = "zh-hans"
    page = _shown(client, "/dispatch")
    assert "待人接受" in page and '<html lang="zh-Hans"' in page


def test_canary_chinese_words_would_be_seen(node):
    client = _signed_in(CHIEF)
    client.cookies["jw_lang"] = "zh-hans"
    assert _HAN.search(_shown(client, "/needs"))


def test_its_clock_is_that_of_the_city(chief):
    at = this_moment().at
    assert at.astimezone(ZoneInfo("America/Sao_Paulo")) == datetime.fromisoformat("2024-05-06T16:00-03:00")
    assert "16:00:00" in _shown(chief, "/") and 'data-zone="-180"' in _shown(chief, "/")


# --- roads -----------------------------------------------------------------------------------------------


def test_travel_times_are_those_of_the_road_net(node):
    ready = Proposal.objects.get(state="ready")
    assert ready.travel == "roads"
    ways = roads.find_ways(at=ready.made_at)
    assert ways is not None
    for line in Line.objects.filter(proposal=ready)[:5]:
        way = line.reason["way"]
        (took,) = ways.matrix([tuple(way[0])], [tuple(way[-1])])[0]
        assert line.reason["travel_s"] == pytest.approx(took, rel=0.1)
        assert abs(took - straight_s(tuple(way[0]), tuple(way[-1]))) > 5
    assert line.reason["streets"]


def test_closed_streets_make_ways_longer(node):
    at = this_moment().at
    assert Closure.objects.count() == 7
    before = roads.find_ways(at=PORTO_ALEGRE.entered_at)
    now = roads.find_ways(at=at)
    assert before is not None and now is not None
    gasometer, market = (-51.2395, -30.0345), (-51.2229, -30.0479)
    assert now.matrix([gasometer], [market])[0][0] > before.matrix([gasometer], [market])[0][0] + 60


def test_the_pages_name_the_net_and_whose_it_is(chief):
    page = _shown(chief, "/dispatch/roads")
    assert "15,290 crossings" in page and "OpenStreetMap contributors, ODbL" in page
    assert page.count("generated for the demonstration") == 7
    board = _shown(chief, "/dispatch")
    assert "No road data" not in board and "© OpenStreetMap contributors" in board


def test_canary_without_the_net_the_board_says_so(chief):
    with undone():
        Net.objects.all().delete()
        by = agencies.find_holding_of_post(PORTO_ALEGRE.chief, at=this_moment().at)
        dispatch.ask_proposal("4314", by=by, moment=this_moment())
        dispatch.make_proposals(by=agencies.get_machine(), moment=this_moment(), wait_s=60)
        assert Proposal.objects.get(state="ready").travel == "straight"
        assert "No road data" in _shown(chief, "/dispatch")
        assert "No road net is taken in" in _shown(chief, "/dispatch/roads")


def test_an_order_is_under_way(node):
    (order,) = Order.objects.all()
    assert order.state == "under_way"


# --- needs -----------------------------------------------------------------------------------------------


def test_needs_follow_from_people_of_the_hexagons_by_arithmetic_that_is_shown(chief):
    living = {one.place: one for one in count_living("porto-alegre")}
    assert sum(one.people for one in living.values()) > 50_000
    for need in Need.objects.filter(standard="DS001"):
        people = living[need.place].people
        assert need.people == people and need.quantity == people * 15 * 3
        page = _shown(chief, f"/needs/{need.pk}")
        assert f"{people:,}" in page or str(people) in page
    assert Need.objects.filter(standard="DS001").count() == len(living) == 6
    room = re.search(r"/incidents/[0-9a-f-]{36}", page)
    assert room is not None
    counts = _shown(chief, f"{room[0]}/people")
    assert "hexagons whose middle lies in the drawn area" in counts


def test_what_is_made_up_says_so(node):
    asked = Need.objects.filter(origin="asked")
    assert all("demo" in row.asker or "demo" in row.why for row in asked)
    assert all("generated for the demonstration" in row.reason for row in Closure.objects.all())
    assert all("generated for the demonstration" in one.words for one in count_living("porto-alegre"))


# --- rules -----------------------------------------------------------------------------------------------


def test_no_rule_of_chinas_law_is_on_the_node_and_pages_say_so(chief):
    law = (
        hazards.GradingRule, hazards.GradingTable, hazards.DeadlineRule, hazards.ResponseTrigger,
        hazards.WarningSignal,
    )  # fmt: skip
    assert {model.__name__: model.objects.count() for model in law} == {one.__name__: 0 for one in law}
    assert not Obligation.objects.exists(), "no clock of another country runs"
    assert {row.source for row in hazards.DemandStandard.objects.all()} <= {
        "SRC-SPHERE", "SRC-SPHERE2011", "SRC-SPHERE2018", "SRC-UNHCR",
    }  # fmt: skip
    for path in ("/rules", "/rules/grading-rules", "/clocks", "/plans"):
        assert "This node stands in Brazil" in _shown(chief, path), path
    assert "No grading rules of Brazil are on this node" in _shown(chief, "/")


def test_canary_in_china_they_are_and_no_page_says_so():
    with override_settings(JINGWEI_COUNTRY="CN"):
        shipped = rules.list_shipped_tables()
        assert rules.find_lawless() is None and rules.is_law_of_home()
    assert shipped["reporting-deadlines"].count(b"\n") > 50
    with override_settings(JINGWEI_COUNTRY="BR"):
        shipped = rules.list_shipped_tables()
    assert shipped["reporting-deadlines"].count(b"\n") == 1
    assert b"SRC-ERL2024" not in b"".join(shipped[name] for name in ("need-classes", "dispatch-values"))


def test_a_country_without_tables_of_its_own_has_those_that_hold_anywhere():
    with override_settings(JINGWEI_COUNTRY="JP"):
        lawless, shipped = rules.find_lawless(), rules.list_shipped_tables()
    assert lawless is not None and (lawless.code, lawless.name_en) == ("JP", "JP")
    assert shipped["demand-standards"].count(b"SRC-SPHERE") > 15
    assert b"1.23" not in shipped["dispatch-values"]


def test_a_case_is_told_by_the_cast_of_its_place():
    assert place_of_case("porto-alegre-2024") is PORTO_ALEGRE
    assert place_of_case("zhengzhou-2021") is place_of_case("/somewhere") is ZHENGZHOU
