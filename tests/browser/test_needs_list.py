"""A list of needs on its way in: dropped, its place chosen among suggestions, taken in, taken back."""

from typing import Any

import pytest

from tests.nodes import LiveNode

pytestmark = pytest.mark.browser

LIST = "物资,数量,单位,截止时间,联系电话\n棉被,５００,床,2099-12-01,13912345678\n雨衣,很多,件,,\n"


def test_a_list_is_dropped_looked_at_taken_in_and_back(page_for: Any, live_node: LiveNode) -> None:
    page = page_for("lisiyuan")
    page.goto(live_node.url + "/needs")
    page.click("text=导入需求清单")
    page.set_input_files(
        "#i-file", {"name": "三中.csv", "mimeType": "text/csv", "buffer": LIST.encode("gb18030")}
    )
    page.click("form .btn.main")
    page.wait_for_url("**/registers/needs/import/*-*")
    page.type("#a-place", "金水区")
    page.click("#l-place [role=option]")
    page.fill("#a-asker", "三中安置点")
    page.click("button:text('刷新')")
    page.wait_for_selector("text=500 床")
    assert "“很多”不是数字" in page.inner_text("main")
    assert page.input_value("#a-asker") == "三中安置点" and "410105" in page.input_value("#a-place")
    page.click("button[name=do]")
    page.wait_for_selector("#t-taken", timeout=20_000)
    assert page.is_visible("text=棉被") and "13912345678" not in page.inner_text("main")
    page.click("form[action$='/undo'] button")
    page.wait_for_selector("text=已撤销", timeout=20_000)
