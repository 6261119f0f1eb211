"""A net taken in, roads closed and reopened, and what that does to travel times and to the next proposal."""

import math
from datetime import timedelta

import pytest

from jingwei.apps.dispatch.models import Line
from jingwei.apps.roads import actions, queries
from jingwei.apps.roads.facts import NewClosure
from jingwei.apps.roads.models import Closure, Net
from jingwei.wiring.__main__ import main
from tests.apps.dispatch.acts import a_need, a_store, a_supply, made
from tests.apps.needs.acts import act, refused
from tests.apps.roads.nets import EAST, MIDDLE, WEST, a_net, an_extract
from tests.builders import STORM, authority_of

pytestmark = pytest.mark.django_db


def loaded() -> None:
    actions.load_roads(a_net(), file="town.osm", **act(who="zhongyu"))


def closed(*points, **more):
    fields = {"shape": "point", "points": points or (MIDDLE,), "radius_m": 100, "reason": "积水"} | more
    return actions.close_road(NewClosure(**fields), **act())


def took_s(at=STORM) -> float:
    ways = queries.find_ways(at=at)
    assert ways is not None
    return ways.matrix([WEST], [EAST])[0][0]


def test_without_a_net_nothing_is_known_and_the_same_net_twice_is_one():
    assert queries.find_ways(at=STORM) is None and queries.find_net() is None
    loaded()
    loaded()
    assert Net.objects.count() == 1
    assert queries.find_net().stretches == 4
    assert (
        refused(lambda: actions.load_roads(b"no net", file="x", **act(who="zhongyu"))) == "roads_unreadable"
    )


def test_a_closure_counts_at_once_until_it_is_over_or_reopened():
    loaded()
    free = took_s()
    one = closed(until_at=STORM + timedelta(hours=2))
    assert took_s() > free * 1.5
    assert took_s(STORM + timedelta(hours=3)) == free
    actions.reopen_road(one, **act())
    assert took_s() == free
    assert refused(lambda: actions.reopen_road(one, **act())) == "closure_over"
    slow = closed(shape="line", points=(WEST, MIDDLE), factor=0.5)
    assert free < took_s() < free * 2
    assert [c.id for c in queries.list_closures(authority=authority_of("hejing"), at=STORM)] == [slow]


def test_outside_the_net_nothing_is_claimed():
    loaded()
    found = queries.find_ways(at=STORM).matrix([WEST], [EAST, (112.4, 34.6)])
    assert math.isfinite(found[0][0]) and math.isnan(found[0][1])
    assert queries.find_ways(at=STORM).route(WEST, (112.4, 34.6)) == ((), ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shape": "circle"}, "closure_shape_impossible"),
        ({"shape": "area"}, "closure_shape_impossible"),
        ({"points": ((200.0, 0.0),)}, "closure_shape_impossible"),
        ({"factor": 1.0}, "closure_factor_impossible"),
        ({"factor": math.nan}, "closure_factor_impossible"),
        ({"reason": " "}, "closure_reason_missing"),
        ({"until_at": STORM}, "closure_until_past"),
    ],
)
def test_what_is_no_closure_is_refused(changes, code):
    assert refused(lambda: closed(**changes)) == code and not Closure.objects.exists()


def test_a_form_sent_twice_closes_once():
    assert closed(key="k") == closed(key="k")


def test_the_next_proposal_takes_the_road_and_the_closure_into_account():
    tent = a_supply()
    a_store("荥阳库", "410182", {tent: 50}, lon=WEST[0], lat=WEST[1])
    near = a_need(tent, 10, place="410105")
    loaded()
    first = made()
    assert first.travel in ("roads", "mixed")
    line = Line.objects.get(proposal=first)
    assert line.need_id == near and line.reason["streets"][0] == "郑上路" and len(line.reason["way"]) > 1
    took = line.arrives_at - line.leaves_at
    closed()
    second = Line.objects.get(proposal=made())
    assert second.arrives_at - second.leaves_at > took and second.reason["streets"][0] == "南线"


def test_the_command_takes_an_extract_in(tmp_path, capsys):
    assert main(["roads", "show"]) == 0 and "no road net" in capsys.readouterr().out
    assert main(["roads", "import", str(an_extract(tmp_path))]) == 0
    assert "4 stretches" in capsys.readouterr().out and Net.objects.count() == 1
    bad = tmp_path / "bad.osm"
    bad.write_text("nothing", encoding="utf-8")
    assert main(["roads", "import", str(bad)]) == 2
    assert main(["roads", "import", str(tmp_path / "none.osm")]) == 2 and main(["roads", "import"]) == 2
