"""Dispatch in the browser: one officer accepts, the other's board shows it by itself, the team counts it."""

from typing import Any

import pytest

from tests.nodes import LiveNode

from .conftest import CHIEF

pytestmark = pytest.mark.browser

#: How long a board may take to show what another did, ms; not what is promised, only when the test gives up.
PATIENCE_MS = 60_000


def test_two_officers_see_each_others_moves_and_a_team_counts_what_came(page_for: Any, live_node: LiveNode):
    one, other = page_for(CHIEF), page_for("lisiyuan")
    for page in (one, other):
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{live_node.url}/dispatch")
    one.click("form[action='/dispatch/propose'] button")
    one.wait_for_selector(".dline[data-id] a[href*='accept?line=']", state="attached")
    before = other.locator("#road li[data-id]").count()
    other.mouse.move(0, 0)
    one.locator(".dline details").first.evaluate("e => { e.open = true; }")
    one.locator(".dline a[href*='accept?line=']").first.click()
    one.wait_for_selector("#sheet button.main")
    one.click("#sheet button.main")
    one.wait_for_url("**/dispatch")
    other.wait_for_function(
        "n => document.querySelectorAll('#road li[data-id]').length > n", arg=before, timeout=PATIENCE_MS
    )
    path = other.locator("#road li[data-id] a").last.get_attribute("href")
    phone = page_for(CHIEF, width=390)
    phone.set_default_timeout(PATIENCE_MS)
    phone.goto(f"{live_node.url}/dispatch/orders?state=under_way")
    path = phone.locator(".orderrow a.title").first.get_attribute("href") or path
    phone.goto(f"{live_node.url}{path}")
    phone.click("form[action$='/arrive'] button")
    phone.wait_for_selector("form[action$='/receive']")
    phone.click("form[action$='/receive'] button")
    phone.wait_for_selector(".steprow li.now:last-child")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_board_fits_its_width(page_for: Any, live_node: LiveNode, lang: str, width: int):
    page = page_for(CHIEF, lang, "dark", width)
    page.set_default_timeout(PATIENCE_MS)
    for path in ("/dispatch", "/dispatch/orders", "/dispatch/proposals", "/dispatch/roads"):
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
