"""Outlines on the map: drawn by the server, handed to MapLibre, with whose they are; without them points."""

import json
import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from jingwei.apps.places import actions as places
from jingwei.apps.places.facts import OutlineRow
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.maps import shapes
from jingwei.engines.mercator import View
from tests.builders import holding_of
from tests.doors.web.test_map import page
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

VIEW = "at=113.65000,34.75000&z=11"


def square(west: float, south: float, side: float = 0.1) -> list[tuple[int, int]]:
    corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]
    return [(round(x * 1_000_000), round(y * 1_000_000)) for x, y in corners]


@pytest.fixture
def outlined() -> None:
    rows = [
        OutlineRow("410102", [square(113.6, 34.7)], "试验来源"),
        OutlineRow("410103", [square(113.7, 34.7)], "试验来源"),
    ]
    places.load_outlines(rows, source="test", by=holding_of("zhongyu"), moment=this_moment())


def test_without_outlines_the_page_says_so_and_offers_no_layer():
    text = page(f"/map?{VIEW}")
    assert "未绘制边界" in text or "不绘" in text
    assert 'value="outlines"' not in text and "data-outlines" not in text


def test_outlines_are_drawn_once_each_with_their_source(outlined):
    text = page(f"/map?{VIEW}")
    (path,) = re.findall(r'<path class="outline" d="(M[^"]*)"/>\n', text)
    assert "试验来源" in text and "审图号" in text
    # two squares side by side: the border between them once, so seven edges
    steps = sum(len(re.findall(r"-?\d+", part.split("l")[1])) // 2 for part in path.split("M")[1:])
    assert steps == 7
    assert 'value="outlines" checked' in text


def test_a_layer_not_asked_for_is_not_drawn(outlined):
    text = page(f"/map?{VIEW}&l=incidents")
    assert "data-outlines" not in text and not re.search(r'<path class="outline" d="[^"]*"/>\n', text)


def test_the_approval_number_stands_beside_them(outlined, settings):
    settings.JINGWEI_MAP_APPROVAL = "GS(2026)0000号"
    text = page(f"/map?{VIEW}")
    assert "GS(2026)0000号" in text and "不得公开" not in text


def test_maplibre_gets_the_same_borders_and_may_keep_them(outlined):
    text = page(f"/map?{VIEW}")
    (address,) = re.findall(r'data-outlines="([^"]*)"', text)
    answer = signed_in("lisiyuan").get(address.replace("&amp;", "&"))
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("private, max-age=")
    (feature,) = json.loads(answer.content)["features"]
    lines = feature["geometry"]["coordinates"]
    assert sum(len(list(pairwise(line))) for line in lines) == 7
    assert {113.6, 113.7, 113.8} == {round(x, 3) for line in lines for x, _ in line}


def test_moving_a_little_asks_for_the_same_address():
    one, other = View(113.65, 34.75, 11, 1080, 560), View(113.66, 34.75, 11.4, 1080, 560)
    assert shapes.widened(one.box, 11) == shapes.widened(other.box, 11)
    far = View(115.65, 34.75, 11, 1080, 560)
    assert shapes.widened(one.box, 11) != shapes.widened(far.box, 11)


@pytest.mark.parametrize("zoom", [1, 3, 7, 12, 19])
@pytest.mark.parametrize("size", [(390, 420), (1080, 560), (2560, 1440)])
def test_every_address_that_a_page_makes_is_answered(zoom, size):
    asked = parse_qs(
        urlsplit(shapes.outlines_url(View(113.65, 34.75, zoom + 0.9 if zoom < 19 else zoom, *size))).query
    )
    assert shapes.read_asked(asked["box"][0], asked["z"][0]) is not None


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "box=1,2,3&z=4",
        "box=100,20,130,50&z=19",
        "box=3,1,1,2&z=4",
        "box=0,0,1,1&z=99",
        "box=nan,0,1,1&z=9",
    ],
)
def test_an_address_of_somebody_elses_making_is_refused(asked):
    assert signed_in("lisiyuan").get(f"/map/outlines?{asked}").status_code == 422


def test_who_is_not_signed_in_gets_no_borders(outlined):
    assert Client().get("/map/outlines?box=113,34,114,35&z=9").status_code == 302


def test_divisions_without_a_point_are_named_at_the_middle_of_their_outline(outlined):
    from jingwei.apps.places.models import Division
    from jingwei.apps.places.queries import list_names_in

    Division.objects.filter(code="410103").update(lon=None, lat=None, precision="none")
    found = {p.of: p for p in list_names_in((113.0, 34.0, 114.0, 35.0), deepest=3, limit=40)}
    assert found["410103"].precision == "approximate" and found["410103"].source == "试验来源"
    assert found["410103"].lon == pytest.approx(113.75, abs=0.01)
