"""Lists: what stands behind the newest, what waits, and how far back a search looked."""

import re
from datetime import timedelta

import pytest

from jingwei.apps.reports.queries import lines
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.views import desk
from jingwei.doors.web.views import reports as pages
from tests.builders import holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def heard(*told_of):
    """Reports a minute apart, in this order, with all that follows."""
    at = this_moment().at - timedelta(minutes=len(told_of))
    for n, one in enumerate(told_of):
        receive(one, by=holding_of("lisiyuan"), at=at + n * timedelta(minutes=1))
    settle(this_moment().at)


def titles(page):
    return re.findall(r"“<span[^>]*>([^<]*)</span>”", page)


def test_the_desk_puts_reports_of_one_incident_behind_their_newest():
    site = {"site": "zz-jingguang-north-tunnel", "place": "410103"}
    heard(told("水一", channel="110", **site), told("水二", channel="119", **site))
    page = signed_in("lisiyuan").get("/").content.decode()
    assert "水二" in titles(page) and "水一" not in titles(page)
    assert re.search(r'<div class="many"><b>2</b>', page)
    assert "110 报警" in page and "119 消防" in page


def test_a_report_that_waits_beyond_the_desks_share_stands_among_the_newest_with_its_reason(monkeypatch):
    monkeypatch.setattr(desk, "MOST_WAITING", 1)
    heard(told("一", kind="99Z99"), told("二", kind="99Z99"))
    page = signed_in("lisiyuan").get("/").content.decode()
    assert sorted(titles(page)) == ["一", "二"]
    assert page.count("待人处理：") + page.count("待人处理:") == 2


def test_a_search_that_looked_at_a_part_says_so_and_goes_on(monkeypatch):
    monkeypatch.setattr(lines, "LOOKED_THROUGH", 1)
    heard(told("桥断了"), told("桥上进水"))
    client = signed_in("lisiyuan")
    page = client.get("/reports", {"q": "桥"}).content.decode()
    assert titles(page) == ["桥上进水"] and "已查至" in page
    onward = re.search(r'href="(/reports\?[^"]*behind=[^"]*)">继续往前查', page)[1].replace("&amp;", "&")
    page = client.get(onward).content.decode()
    assert titles(page) == ["桥断了"] and "已查完全部来报" in page and "继续往前查" not in page


def test_the_search_of_everything_hands_on_to_the_list(monkeypatch):
    monkeypatch.setattr(lines, "LOOKED_THROUGH", 1)
    heard(told("桥断了"), told("桥上进水"))
    page = signed_in("lisiyuan").get("/search", {"q": "桥"}).content.decode()
    assert titles(page) == ["桥上进水"] and re.search(r'href="/reports\?[^"]*behind=', page)


@pytest.mark.parametrize("view", ["waiting", "quarantined"])
def test_what_waits_goes_on_over_the_page(view, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 1)
    heard(
        told("一", kind="99Z99"),
        told("二", kind="99Z99"),
        *(told("", raw=raw, kind="", place="") for raw in ("{一", "{二")),
    )
    client = signed_in("lisiyuan")
    first, second = (client.get(f"/reports?view={view}&from={n}").content.decode() for n in (0, 1))
    seen = [re.findall(r'data-id="([^"]+)"', page) for page in (first, second)]
    assert len(seen[0]) == len(seen[1]) == 1 and seen[0] != seen[1]
