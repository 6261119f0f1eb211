"""Dispatch in the browser: the board fits its width, a click on the sketch is a point of a closure."""

from typing import Any

import pytest

from tests.nodes import LiveNode

from .conftest import CHIEF

pytestmark = pytest.mark.browser

#: When a test gives up, ms; not what is promised.
PATIENCE_MS = 60_000


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
