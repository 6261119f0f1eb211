"""The desk by keyboard alone: a call in sixty keys, rows, dialogs, change of person, drafts."""

from typing import Any

import pytest

from tests.nodes import LiveNode

from .conftest import CHIEF

pytestmark = pytest.mark.browser

_COUNT = """() => { window.keys = 0; document.addEventListener('keydown', e => {
  if (e.target.name !== 'words') window.keys += 1; }, true); }"""
MOST_KEYS = 60


def test_a_call_is_taken_with_at_most_sixty_keys_besides_the_words(
    page_for: Any, live_node: LiveNode
) -> None:
    page = page_for(CHIEF, "zh-hans")
    page.goto(live_node.url + "/")
    page.evaluate(_COUNT)
    page.keyboard.press("F2")
    page.wait_for_selector("#sheet textarea:focus")
    page.keyboard.type("负二层还有人没上来，电已经停了。")
    page.keyboard.press("Tab")
    page.keyboard.type("11A02")
    page.wait_for_selector("#l-kind li")
    page.keyboard.press("Tab")
    page.keyboard.type("jinshui")
    page.keyboard.press("Control+A")
    page.keyboard.type("金水区")
    page.wait_for_selector("#l-place li")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("13600002071")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.evaluate("() => { sessionStorage.counted = window.keys + 1; }")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/reports/*")
    counted = int(page.evaluate("sessionStorage.counted"))
    text = page.inner_text("main")
    assert counted <= MOST_KEYS
    assert "负二层还有人没上来" in text and "求救" in text and "金水区" in text
    assert "136****71" in text and "13600002071" not in text


def test_rows_are_walked_and_opened_by_keys(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF)
    page.goto(live_node.url + "/")
    page.keyboard.press("j")
    first = page.get_attribute(".row.is-on", "data-id")
    page.keyboard.press("j")
    second = page.get_attribute(".row.is-on", "data-id")
    page.keyboard.press("k")
    assert first != second and page.get_attribute(".row.is-on", "data-id") == first
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/*")
    page.keyboard.press("Escape")
    page.wait_for_url("**/reports")


def test_slash_searches_and_question_mark_shows_the_keys(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF, "en")
    page.goto(live_node.url + "/")
    page.keyboard.press("?")
    page.wait_for_selector("#sheet[open]")
    assert "Take a call" in page.inner_text("#sheet")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("郑州")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_a_draft_survives_a_reload_and_goes_when_it_is_saved(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF)
    page.goto(live_node.url + "/phone")
    page.fill("#p-words", "写到一半")
    page.reload()
    assert page.input_value("#p-words") == "写到一半"
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/reports/*")
    page.goto(live_node.url + "/phone")
    assert page.input_value("#p-words") == ""


def test_an_error_keeps_what_was_typed(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF, java_script_enabled=False)
    page.goto(live_node.url + "/phone")
    page.fill("#p-place", "金水区")
    page.fill("#p-words", " ")
    page.click("form.two-up button.main")
    assert page.is_visible(".error")
    assert page.input_value("#p-place") == "金水区"


def test_changing_the_person_keeps_the_page_and_what_is_typed(page_for: Any, live_node: LiveNode) -> None:
    page = page_for("", alone=True)
    page.goto(live_node.url + "/sign-in")
    page.fill("#username", CHIEF)
    page.fill("#password", live_node.users[CHIEF])
    page.keyboard.press("Enter")
    page.wait_for_url(live_node.url + "/")
    page.goto(live_node.url + "/phone")
    page.fill("#p-words", "电话没打完就交班")
    page.click("#switch-link")
    page.wait_for_selector("#sheet #switch-password:focus")
    chosen = page.locator("#sheet input[name=username]").first
    chosen.check()
    username = chosen.get_attribute("value").split("|")[0]
    page.fill("#sheet #switch-password", live_node.users[username])
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet:not([open])", state="attached")
    assert page.input_value("#p-words") == "电话没打完就交班"
    assert page.url.endswith("/phone")
    name = page.inner_text("#who")
    page.focus("#p-words")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/reports/*")
    assert page.inner_text("#who").split()[-1] in name


def test_a_wrong_password_of_the_colleague_changes_nobody(page_for: Any, live_node: LiveNode) -> None:
    page = page_for(CHIEF)
    page.goto(live_node.url + "/")
    before = page.inner_text("#who")
    page.click("#switch-link")
    page.fill("#sheet #switch-password", "not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet .error")
    page.keyboard.press("Escape")
    assert page.inner_text("#who") == before
