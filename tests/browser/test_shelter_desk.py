"""The desk of a shelter on a phone: a family in seconds, without a signal too, once; a card by the camera."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jingwei.apps.registers import actions as registers
from jingwei.apps.shelters import actions
from jingwei.apps.shelters.facts import NewFamily, NewGuest, NewOpening
from jingwei.apps.shelters.models import Guest, Household
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.databases import PASSWORD
from tests.nodes import LiveDatabase, Serving, serving

from .conftest import CHIEF
from .weak_signal import WeakSignal, weak_signal

pytestmark = pytest.mark.browser
LINES = "王小明 40 男 13800000000\n李丽 38 女 孕妇"


@pytest.fixture
def node(live_db: LiveDatabase) -> Iterator[Serving]:
    with serving(live_db) as one:
        yield one


@pytest.fixture
def signal(node: Serving) -> Iterator[WeakSignal]:
    with weak_signal(int(node.url.rpartition(":")[2])) as one:
        yield one


@pytest.fixture
def phone(chromium: Any, signal: WeakSignal) -> Iterator[Callable[..., Any]]:
    """A phone of somebody at the desk, signed in; fails at the end if a script of a page broke."""
    contexts, broken = [], []

    def new(*, scripts: str = "", **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", **options)
        contexts.append(context)
        if scripts:
            context.add_init_script(scripts)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(f"{signal.url}/sign-in")
        page.fill("#username", CHIEF)
        page.fill("#password", PASSWORD)
        page.click("form.sheet button")
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return page

    yield new
    for context in contexts:
        context.close()
    assert broken == []


def act() -> dict[str, Any]:
    return {"by": holding_of("zhongyu"), "moment": this_moment()}


def opened(name: str = "三中体育馆") -> Any:
    values = {"name": name, "place": "410105", "kind": "S", "capacity": 200}
    site = registers.add_row("shelters", values, **act())
    return actions.open_shelter(NewOpening(shelter_id=site), **act())


def until(page: Any, state: str) -> None:
    try:
        page.wait_for_selector(f"#carried li[data-state={state}]", timeout=90_000)
    except Exception as error:
        raise AssertionError(f"none {state}: {page.locator('#carried').inner_text()}") from error


def write(page: Any, words: str = LINES) -> None:
    page.fill("[name=words]", words)
    page.fill("[name=where]", "崔庙镇")
    page.select_option("[name=agreed]", "yes")
    page.click("form[data-carried] button.main")


def back(page: Any) -> None:
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")


def registered_once() -> Household:
    (household,) = Household.objects.all()
    assert Guest.objects.filter(household=household).count() == 2
    return household


def test_a_family_is_registered_without_a_signal_sent_once_and_no_name_stays_on_the_phone(
    phone: Callable[..., Any], signal: WeakSignal
) -> None:
    opening, page = opened(), phone()
    page.goto(f"{signal.url}/shelters/register?at={opening}")
    page.wait_for_selector("#carried-ready:not([hidden])")
    page.context.set_offline(True)
    page.reload()
    assert "没有信号" in page.inner_text("main"), "the page itself comes from the phone"
    page.wait_for_function("() => document.querySelector('[name=opening_name]').value === '三中体育馆'")
    write(page)
    until(page, "waiting")
    page.reload()
    until(page, "waiting")
    assert not Household.objects.exists()
    back(page)
    until(page, "sent")
    household = registered_once()
    assert page.inner_text("#carried li .num") == household.number
    kept = page.evaluate(
        "() => new Promise((done) => { const o = indexedDB.open('jingwei-carried', 1); o.onsuccess = () => {"
        " const r = o.result.transaction('reports').objectStore('reports').getAll();"
        " r.onsuccess = () => done(JSON.stringify(r.result)); }; })"
    )
    assert household.number in kept and "小明" not in kept and "13800" not in kept and "崔庙" not in kept
    assert page.input_value("[name=opening_name]") == "三中体育馆", (
        "the next family comes to the same shelter"
    )


def lose_the_answer(page: Any, signal: WeakSignal) -> None:
    signal.swallow = b"/shelters/register/send"
    write(page)
    page.wait_for_function("() => document.querySelector('#carried li .because')")
    assert signal.swallowed >= 1 and Household.objects.exists(), "it is in, unheard"
    signal.swallow = b""
    page.reload()
    until(page, "sent")


def test_an_answer_lost_on_the_way_makes_no_second_family(
    phone: Callable[..., Any], signal: WeakSignal
) -> None:
    opening, page = opened(), phone()
    page.goto(f"{signal.url}/shelters/register?at={opening}")
    page.wait_for_selector("#carried-ready:not([hidden])")
    lose_the_answer(page, signal)
    registered_once()


def test_canary_a_key_made_anew_for_each_try_is_seen(phone: Callable[..., Any], signal: WeakSignal) -> None:
    def with_new_keys(route: Any) -> None:
        text = route.fetch().text()
        changed = text.replace("({ key: one.key, ...Object", "({ key: newKey(), ...Object")
        assert changed != text
        route.fulfill(body=changed, content_type="text/javascript")

    opening, page = opened(), phone(service_workers="block")
    page.context.route("**/static/carried.js", with_new_keys)
    page.goto(f"{signal.url}/shelters/register?at={opening}")
    page.wait_for_function("() => document.querySelector('[name=key]').value")
    lose_the_answer(page, signal)
    with pytest.raises(ValueError, match="too many values"):
        registered_once()


def test_taps_put_words_where_one_writes_and_a_wrong_line_can_be_changed(
    phone: Callable[..., Any], signal: WeakSignal
) -> None:
    opening, page = opened(), phone()
    page.goto(f"{signal.url}/shelters/register?at={opening}")
    page.wait_for_selector("[data-append]:visible")
    page.fill("[name=words]", "王小明 138")
    page.click("[data-append='透析']")
    assert page.input_value("[name=words]").split() == ["王小明", "138", "透析"]
    page.click("form[data-carried] button.main")
    until(page, "refused")
    assert "第 1 行" in page.inner_text("#carried li .because") and not Household.objects.exists()
    page.click("#carried li .buttons button")
    page.wait_for_function("() => document.querySelector('[name=words]').value.includes('138')")
    page.fill("[name=words]", "王小明 38 透析")
    page.click("form[data-carried] button.main")
    until(page, "sent")
    assert Guest.objects.get().needs == ["dialysis"]


def test_without_script_the_form_registers_by_itself(phone: Callable[..., Any], signal: WeakSignal) -> None:
    opening, page = opened(), phone(java_script_enabled=False)
    page.goto(f"{signal.url}/shelters/register?at={opening}")
    write(page)
    household = registered_once()
    assert household.number in page.inner_text("h1")
    assert page.locator("[data-append]:visible").count() == 0


#: A camera that shows nothing and a reader that reads this: both are the browser's, not ours.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => new MediaStream();
HTMLMediaElement.prototype.play = async () => {};
window.BarcodeDetector = class { async detect() { return [{ rawValue: "%s" }]; } };
"""


def test_a_card_is_read_by_the_camera_where_the_browser_can(
    phone: Callable[..., Any], signal: WeakSignal
) -> None:
    here, there = opened(), opened("二中")
    made = actions.register_family(here, NewFamily(guests=(NewGuest(name="王小明"),)), **act())
    number = Household.objects.get(pk=made).number
    page = phone(scripts=CAMERA % f"{signal.url}/shelters/card/{number}")
    page.goto(f"{signal.url}/shelters/{there}")
    page.click("[data-scan]")
    page.wait_for_url("**/shelters/card?**")
    assert number in page.inner_text("h1")
    page.click("form button.main")
    page.wait_for_url("**/shelters/households/**")
    assert "二中" in page.inner_text("main")


def test_where_the_browser_reads_no_codes_the_number_is_typed(
    phone: Callable[..., Any], signal: WeakSignal
) -> None:
    here = opened()
    made = actions.register_family(here, NewFamily(guests=(NewGuest(name="王小明"),)), **act())
    page = phone(scripts="delete window.BarcodeDetector;")
    page.goto(f"{signal.url}/shelters/{here}")
    assert page.locator("[data-scan]:visible").count() == 0
    page.fill("[name=number]", Household.objects.get(pk=made).number.lower())
    page.press("[name=number]", "Enter")
    page.wait_for_url("**/shelters/card?**")


def width_of_an_answer(phone: Callable[..., Any], signal: WeakSignal, style: str = "") -> int:
    """How wide the page is that says who goes where, in English, on a phone."""
    page = phone()
    page.context.add_cookies([{"name": "jw_lang", "value": "en", "url": signal.url}])
    page.goto(f"{signal.url}/shelters/assign?groups=%E8%8D%A5%E9%98%B3%E5%B8%82+30&how=wheels&ready=1")
    page.wait_for_selector(".figs")
    if style:
        page.evaluate(
            "(s) => document.querySelectorAll('.fig dt').forEach((e) => e.style.whiteSpace = s)", style
        )
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_who_goes_where_fits_a_phone(phone, signal):
    assert width_of_an_answer(phone, signal) <= 390


def test_canary_words_over_a_figure_that_may_not_wrap_run_over(phone, signal):
    assert width_of_an_answer(phone, signal, "nowrap") > 390
