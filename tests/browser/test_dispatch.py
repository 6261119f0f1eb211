"""Dispatch in the browser: the board fits its width, a click on the sketch is a point of a closure."""

from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.nodes import LiveNode

from .conftest import CHIEF

OFFICER = "lisiyuan"

pytestmark = pytest.mark.browser

#: When a test gives up, ms; not what is promised.
PATIENCE_MS = 60_000


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_board_fits_its_width(page_for: Any, live_node: LiveNode, lang: str, width: int):
    page = page_for(CHIEF, lang, "dark", width)
    page.set_default_timeout(PATIENCE_MS)
    for path in ("/dispatch", "/dispatch/orders", "/dispatch/proposals", "/dispatch/help", "/dispatch/roads"):
        assert page.goto(f"{live_node.url}{path}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_click_on_the_sketch_is_a_point_of_the_closure(page_for: Any, live_node: LiveNode):
    page = page_for(CHIEF)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{live_node.url}/dispatch/roads")
    page.click("#pick", position={"x": 100, "y": 80})
    lon, lat = (float(one) for one in page.input_value("#c-p").split(","))
    assert 112 < lon < 115 and 34 < lat < 36
    page.fill("#c-r", "积水（演示）")
    page.click("form.form button.main")
    page.wait_for_selector("text=积水（演示）")


def test_two_officers_at_one_board_see_each_others_moves(page_for: Any, live_node: LiveNode):
    """What the chief accepts shows on the duty officer's open board by itself: line, order, what is left."""
    chief, officer = page_for(CHIEF), page_for(OFFICER, "en", "dark")
    for page in (chief, officer):
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{live_node.url}/dispatch")
        page.wait_for_selector("#live-state:text-matches('正常|working')")
    line = officer.locator("#proposal li.dline:not(.decided)").last
    number, place = line.get_attribute("data-id"), line.locator(".fromto b").inner_text()
    was = {one.get_attribute("data-id") for one in officer.locator("#road [data-id]").all()}
    before = officer.inner_text("#proposal .buttons.stick a")
    chief.locator(f"#proposal [data-id={number}] summary").click()
    chief.locator(f"#proposal [data-id={number}] a:text('接受这一条')").click()
    chief.click("#sheet button.main")
    officer.wait_for_selector(f"#proposal li.decided[data-id={number}]")
    assert officer.inner_text("#proposal .buttons.stick a") != before, "one line less to accept"
    fresh = [
        one for one in officer.locator("#road [data-id]").all() if one.get_attribute("data-id") not in was
    ]
    assert len(fresh) == 1 and place.split("→")[1].strip() in fresh[0].inner_text()
    assert officer.url.endswith("/dispatch"), "by itself, without loading the page anew"


def test_canary_a_board_that_hears_nothing_shows_nothing(page_for: Any, live_node: LiveNode):
    page = page_for(CHIEF)
    page.route("**/live?*", lambda route: route.abort())
    page.goto(f"{live_node.url}/dispatch")
    with pytest.raises(PlaywrightTimeout):
        page.wait_for_selector("#live-state:text-matches('正常|working')", timeout=3_000)


def test_who_keeps_a_store_finds_how_to_refuse_on_the_page(page_for: Any, live_node: LiveNode):
    page = page_for("jinwangshu", width=390)
    page.set_default_timeout(PATIENCE_MS)
    for path, folded in (("/dispatch/help", "#acts details"), ("/dispatch/orders", ".mission .acts details")):
        page.goto(f"{live_node.url}{path}")
        link = page.locator(".orderrow a.title").first
        link.wait_for()
        link.click()
        page.locator(f"{folded} summary").first.wait_for(state="visible")
