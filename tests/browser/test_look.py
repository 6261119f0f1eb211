"""Language, light and print; what changes live; two people on one incident."""

from typing import Any

import pytest

from tests.nodes import LiveNode

from .conftest import CHIEF

pytestmark = pytest.mark.browser

_GROUND = "getComputedStyle(document.body).backgroundColor"


def test_language_is_switched_on_the_page_itself(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF, "zh-hans")
    page.goto(live_node.url + "/incidents?view=all")
    page.click("text=EN")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/incidents?view=all")
    assert page.inner_text("h1") == "Incidents"


def test_light_and_dark_follow_the_machine_until_one_is_chosen(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF, "en", "auto")
    page.emulate_media(color_scheme="dark")
    page.goto(live_node.url + "/")
    dark = page.evaluate(_GROUND)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(_GROUND)
    assert dark != light
    with page.expect_response("**/look"):
        page.click("text=Night")
    assert page.evaluate(_GROUND) == dark
    page.reload()
    assert page.evaluate(_GROUND) == dark


def test_print_is_light_and_without_buttons(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF, "zh-hans", "dark")
    page.goto(live_node.url + "/")
    page.emulate_media(media="print")
    assert page.evaluate(_GROUND) == "rgb(255, 255, 255)"
    assert not page.is_visible(".menu") and not page.is_visible(".btn.main")
    assert "打印" in page.inner_text(".printed")


def test_a_new_report_appears_by_itself(page_for: Any, live_node: LiveNode) -> None:
    watching, telling = page_for(CHIEF), page_for(CHIEF)
    watching.goto(live_node.url + "/")
    watching.locator("#live-state", has_text="正常").wait_for()
    telling.goto(live_node.url + "/phone")
    telling.fill("#p-words", "现场直播一条")
    telling.keyboard.press("Control+Enter")
    telling.wait_for_url("**/reports/*")
    watching.wait_for_selector("#inbox >> text=现场直播一条", timeout=10_000)


def test_a_list_in_use_stands_still_and_says_how_many_wait(page_for: Any, live_node: LiveNode) -> None:
    watching, telling = page_for(CHIEF), page_for(CHIEF)
    watching.goto(live_node.url + "/")
    watching.locator("#live-state", has_text="正常").wait_for()
    watching.keyboard.press("j")
    row = watching.get_attribute(".row.is-on", "data-id")
    telling.goto(live_node.url + "/phone")
    telling.fill("#p-words", "不要挪动我的列表")
    telling.keyboard.press("Control+Enter")
    telling.wait_for_url("**/reports/*")
    watching.wait_for_selector("#inbox .wait", timeout=10_000)
    assert watching.get_attribute(".row.is-on", "data-id") == row
    watching.click("#inbox .wait")
    watching.wait_for_selector("#inbox >> text=不要挪动我的列表")


def test_the_second_of_two_deciders_is_told_what_changed(page_for: Any, live_node: LiveNode) -> None:
    one, two = page_for(CHIEF, "en"), page_for(CHIEF, "en")
    one.goto(live_node.url + "/incidents")
    path = one.get_attribute(".row a.title", "href")
    for page in (one, two):
        page.goto(f"{live_node.url}{path}/judge")
    one.check("input[name=grade][value='2']")
    one.fill("#f-reason", "many people trapped")
    one.click("form.form button.main")
    one.wait_for_url(f"**{path}")
    two.check("input[name=grade][value='3']")
    two.fill("#f-reason", "looks smaller from here")
    two.click("form.form button.main")
    assert "Somebody changed this" in two.inner_text(".error")
    assert "II major" in two.inner_text(".error")
    assert two.input_value("#f-reason") == "looks smaller from here"
    assert two.is_checked("input[name=grade][value='3']")


def test_all_is_done_without_script_too(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF, "en", java_script_enabled=False)
    page.goto(live_node.url + "/incidents")
    page.click(".row a.title")
    page.click("text=Rename…")
    page.fill("#f-en", "Named without script")
    page.click("form.form button.main")
    assert "Named without script" in page.inner_text("h1")


@pytest.mark.parametrize("width", [800, 1024, 1280])
def test_between_a_phone_and_a_desk_nothing_runs_over(page_for: Any, live_node: LiveNode, width: int) -> None:
    for lang in ("zh-hans", "en"):
        page, wide = page_for(CHIEF, lang, "light", width), {}
        for path in ("/", "/map", "/dispatch", "/shelters", "/clocks", "/registers/shelters"):
            page.goto(live_node.url + path)
            if (over := page.evaluate("document.documentElement.scrollWidth")) > width:
                wide[path] = over
        assert wide == {}
