"""Who goes to which shelter by vehicle: along the road net, round what is closed, else it says so."""

import re
from urllib.parse import urlencode

import pytest

from jingwei.apps.roads import actions as roads
from jingwei.apps.roads.facts import NewClosure
from jingwei.apps.roads.models import Net
from jingwei.apps.shelters import actions
from jingwei.apps.shelters.facts import NewOpening
from jingwei.doors.entry.moments import this_moment
from tests.apps.roads.nets import EAST, MIDDLE, a_net
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_shelters import CHIEF, a_site, text_of, the

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_the_net() -> str:
    """A road net from west to east, people in the west, a shelter in the east, one far outside of the net."""
    roads.load_roads(a_net(), file="town.osm", by=holding_of("zhongyu"), moment=this_moment())
    for name, (lon, lat) in (("东小学", EAST), ("远处", (112.0, 33.0))):
        site = a_site(name, "410105", capacity=50, lon=lon, lat=lat, area_m2=None)
        actions.open_shelter(NewOpening(shelter_id=site), **the("zhongyu"))
    return "/shelters/assign?" + urlencode({"groups": "荥阳市 20", "how": "wheels"})


def minutes_of(page: str, site: str) -> int:
    found = re.search(rf"{site}.*?(\d+) min", page, re.DOTALL)
    assert found is not None, page
    return int(found[1])


def test_by_vehicle_the_way_is_that_of_the_road_net_round_what_is_closed(on_the_net):
    client = signed_in(CHIEF, "en")
    page = text_of(client.get(on_the_net))
    straight = minutes_of(text_of(client.get(on_the_net.replace("wheels", "foot"))), "东小学")
    near = minutes_of(page, "东小学")
    assert near < straight and "road net town.osm" in page and "OpenStreetMap" in page
    close = NewClosure(shape="point", points=(MIDDLE,), radius_m=200, reason="积水")
    roads.close_road(close, by=holding_of("zhongyu"), moment=this_moment())
    assert minutes_of(text_of(client.get(on_the_net)), "东小学") > near + 10


def test_a_site_that_no_road_leads_to_gets_nobody_and_one_off_the_net_is_marked(on_the_net):
    around = ((113.5, 34.5), (113.54, 34.5), (113.54, 34.9), (113.5, 34.9))
    close = NewClosure(shape="area", points=around, reason="积水")
    roads.close_road(close, by=holding_of("zhongyu"), moment=this_moment())
    page = text_of(signed_in(CHIEF, "en").get(on_the_net))
    assert re.search(r"→ <b>.*?远处", page) and "outside of the road net" in page
    assert re.search(r"东小学.*?no way by road", page, re.DOTALL)


def test_canary_without_a_net_it_is_the_straight_way_and_says_so(on_the_net):
    with_it = text_of(signed_in(CHIEF, "en").get(on_the_net))
    Net.objects.all().delete()
    page = text_of(signed_in(CHIEF, "en").get(on_the_net))
    assert minutes_of(page, "东小学") != minutes_of(with_it, "东小学")
    assert "no road net is taken in" in page and "road net town.osm" not in page
