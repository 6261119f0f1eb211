"""How far by road: bands round a site, times to the others, closures that cut them off."""

import re

import pytest

from jingwei.apps.registers import actions as registers
from jingwei.apps.roads import actions
from jingwei.apps.roads.facts import NewClosure
from jingwei.apps.roads.models import Net
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.reach_drawn import bands_of
from jingwei.doors.web.ways_drawn import Drawn
from tests.apps.roads.nets import EAST, MIDDLE, WEST, a_net
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked

pytestmark = pytest.mark.django_db
CHIEF = "hejing"


def act() -> dict:
    return {"by": holding_of("zhongyu"), "moment": this_moment()}


def a_site(name: str, point: tuple[float, float], register: str = "shelters", **more):
    kinds = {"shelters": "S", "stores": "1000000", "hospitals": "3A"}
    values = {"name": name, "place": "410105", "kind": kinds[register], "lon": point[0], "lat": point[1]}
    return registers.add_row(register, values | more, **act())


def a_page(language: str = "en", start: object = "") -> str:
    answer = signed_in(CHIEF, language).get(f"/dispatch/reach?from={start}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def net() -> None:
    actions.load_roads(a_net(), file="town.osm", **act())


def test_nobody_sees_it_without_signing_in(client):
    assert client.get("/dispatch/reach")["location"].startswith("/sign-in")


def test_bands_are_drawn_and_the_others_named_with_their_minutes(net):
    store = a_site("西库", WEST, "stores")
    a_site("东院", EAST, "hospitals")
    page = a_page(start=store)
    assert re.search(r'class="band1" d="M\d', page) and re.search(r'class="band3" d="M\d', page)
    assert re.search(r"东院.*?<b>25</b> min", page, re.DOTALL), "24.7 km at 60 km/h"
    assert "OpenStreetMap contributors, ODbL" in page
    assert "行车可达范围" in a_page("zh-hans", store)


def test_a_closed_road_sends_one_round_or_cuts_off(net):
    store = a_site("西库", WEST, "stores")
    a_site("东院", EAST, "hospitals")
    close = NewClosure(shape="point", points=(MIDDLE,), radius_m=200, reason="积水")
    actions.close_road(close, **act())
    page = a_page(start=store)
    minutes = re.search(r"东院.*?<b>(\d+)</b> min", page, re.DOTALL)
    assert minutes is not None and int(minutes[1]) > 40
    around = ((113.5, 34.5), (113.54, 34.5), (113.54, 34.9), (113.5, 34.9))
    actions.close_road(NewClosure(shape="area", points=around, reason="积水"), **act())
    page = a_page(start=store)
    assert "no way by road" in page and 'class="shut area"' in page


def test_outside_of_the_net_nothing_is_claimed(net):
    store = a_site("西库", WEST, "stores")
    a_site("远院", (112.0, 33.0), "hospitals")
    assert "outside of the road net" in a_page(start=store)


def test_canary_without_a_net_it_says_so_and_names_no_minutes(net):
    store = a_site("西库", WEST, "stores")
    a_site("东院", EAST, "hospitals")
    Net.objects.all().delete()
    page = a_page(start=store)
    assert "No road net is taken in" in page and "<b>25</b>" not in page


def test_sites_of_others_are_not_offered(net):
    a_site("外地库", (114.31, 34.8), "stores", place="4102")
    assert "外地库" not in a_page()


def test_it_asks_as_often_for_many_sites_as_for_few(net):
    a_site("西库", WEST, "stores")
    a_site("东院", EAST, "hospitals")
    client = signed_in(CHIEF)
    client.get("/dispatch/reach")
    few = asked(client, "/dispatch/reach")
    for n in range(9):
        a_site(f"第{n}所", (WEST[0] + n / 100, WEST[1]))
    assert asked(client, "/dispatch/reach") == few


def test_a_cell_belongs_to_the_shortest_time_alone():
    frame = Drawn([], [], lon=0, lat=0, east=100, north=100)
    near, far = (0.0, 0.0), (1.0, 0.0)
    first, second = bands_of(frame, (5, 10), [[near], [near, far]])
    assert first.path.count("M") == second.path.count("M") == 1 and first.path != second.path
