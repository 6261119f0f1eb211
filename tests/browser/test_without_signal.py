"""A phone without a signal: what was written is kept, sent later, and counts exactly once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jingwei.apps.reports.models import PublicSending, Report, ReportPhoto
from tests.builders import holding_of
from tests.conftest import chromium_path
from tests.databases import PASSWORD
from tests.doors.entry.test_photos import a_geotagged_jpeg
from tests.nodes import LiveDatabase, Serving, serving

from .weak_signal import WeakSignal, weak_signal

pytestmark = pytest.mark.browser
WORDS = "桥下积水齐腰，三辆车被困"


@pytest.fixture
def node(live_db: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setenv("JINGWEI_PUBLIC_POST", "4101-zbs-public")
    with serving(live_db) as one:
        yield one


@pytest.fixture
def signal(node: Serving) -> Iterator[WeakSignal]:
    with weak_signal(int(node.url.rpartition(":")[2])) as one:
        yield one


@pytest.fixture
def phone(chromium: Any, signal: WeakSignal) -> Iterator[Callable[..., Any]]:
    """A phone's browser with the page on it; fails at the end if its script broke."""
    contexts, broken = [], []

    def new(path: str = "/report", *, full: bool = False, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
        if full:
            storage = {"origin": signal.url, "quotaSize": 1}
            context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", storage)
        open_page(page, signal.url + path)
        return page

    yield new
    for context in contexts:
        context.close()
    assert broken == []


def open_page(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_function("() => document.querySelector('[name=photo]').multiple")


def ready(page: Any) -> None:
    """The page is on the phone: it opens without a signal from now on."""
    page.wait_for_selector("#carried-ready:not([hidden])")


def write(page: Any, words: str = WORDS, *, photos: int = 0, rescue: bool = False) -> None:
    page.fill("[name=words]", words)
    page.fill("[name=where]", "荥阳市崔庙镇")
    if rescue:
        page.check("[name=rescue]")
    pictures = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": a_geotagged_jpeg()} for n in range(photos)
    ]
    if pictures:
        page.set_input_files("[name=photo]", pictures)
    page.click("form[data-carried] button.main")


def until(page: Any, state: str, count: int = 1) -> None:
    try:
        page.wait_for_function(
            "([s, n]) => document.querySelectorAll(`#carried li[data-state=${s}]`).length === n",
            arg=[state, count],
            polling=100,  # by the clock: a page that nothing is drawn of is asked too
            timeout=120_000,  # longer than the page waits for an answer
        )
    except Exception as error:
        raise AssertionError(f"not {count} {state}: {page.locator('#carried').inner_text()}") from error


def once(words: str = WORDS, *, photos: int = 0) -> Report:
    """The check: this report is there exactly once, with exactly so many photos."""
    found = list(Report.objects.filter(words=words))
    assert len(found) == 1, f"{len(found)} times"
    assert ReportPhoto.objects.filter(report=found[0]).count() == photos
    return found[0]


def back(page: Any) -> None:
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_written_without_a_signal_it_is_sent_later_once_and_its_number_is_shown(phone):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    page.reload()
    assert "没有信号" in page.inner_text("main"), "the page itself comes from the phone"
    write(page, photos=1, rescue=True)
    until(page, "waiting")
    first = page.locator("#carried li > *").first.inner_text()
    assert "110" in first and "119" in first and "120" in first, "rescue: the call comes first"
    page.reload()
    until(page, "waiting")
    assert not Report.objects.exists()
    back(page)
    until(page, "sent")
    row = once(photos=1)
    assert row.rescue and row.channel == "web"
    number = page.inner_text("#carried li .num")
    assert row.id.hex[-8:].upper() == number.replace("-", "")
    assert "110" in page.locator("#carried li > *").first.inner_text()
    page.reload()
    until(page, "sent")
    assert PublicSending.objects.count() == 1


def lose_the_answer(page: Any, signal: WeakSignal) -> None:
    """The node takes the report in, and the phone never hears of it; then the phone sends again."""
    signal.swallow = b"/report/send"
    write(page, photos=1)
    page.wait_for_function("() => document.querySelector('#carried li .because')")
    assert signal.swallowed >= 1 and Report.objects.count() >= 1, "it is in, unheard"
    signal.swallow = b""
    page.reload()
    until(page, "sent")


def test_an_answer_lost_on_the_way_makes_no_second_report(phone, signal):
    page = phone()
    lose_the_answer(page, signal)
    once(photos=1)


def test_canary_a_key_made_anew_for_each_try_is_seen(phone, signal):
    page = phone(service_workers="block")
    page.context.route("**/static/carried.js", _with_new_keys)
    page.reload()
    page.wait_for_function("() => document.querySelector('[name=photo]').multiple")
    signal.swallow = b"/report/send"
    write(page)
    page.wait_for_function("() => document.querySelector('#carried li .because')")
    signal.swallow = b""
    page.reload()
    until(page, "sent")
    with pytest.raises(AssertionError, match="2 times"):
        once()


def _with_new_keys(route: Any) -> None:
    answer = route.fetch()
    text = answer.text()
    broken = text.replace("({ key: one.key, ...Object", "({ key: newKey(), ...Object")
    assert broken != text
    route.fulfill(response=answer, body=broken)


def test_a_page_killed_between_sending_and_the_answer_sends_again_and_counts_once(phone, signal):
    page = phone()
    signal.hold = b"/report/send"
    write(page, photos=2)
    assert signal.held.wait(30), "the node has answered, the phone has not heard it"
    page.close()
    signal.hold = b""
    signal.release.set()
    again = page.context.new_page()
    open_page(again, signal.url + "/report")
    until(again, "sent")
    once(photos=1)  # the two pictures are the same one: it is attached once


def test_a_node_that_stops_in_the_midst_of_sending_gets_it_when_it_is_back(
    phone, signal, node, live_db, monkeypatch
):
    page = phone()
    ready(page)
    signal.hold = b"/report/photo"
    write(page, photos=1)
    assert signal.held.wait(30)
    node.kill()
    signal.upstream, signal.hold = 9, b""
    signal.release.set()
    page.reload()
    page.wait_for_selector("#carried li")  # the page and its report are on the phone
    write(page, "第二条，节点停着的时候写的")
    page.wait_for_selector("#carried li[data-state=waiting]:has-text('第二条')", timeout=120_000)
    with serving(live_db) as second:
        signal.upstream = int(second.url.rpartition(":")[2])
        back(page)
        until(page, "sent", 2)
    once(photos=1)
    once("第二条，节点停着的时候写的")


def test_it_outlives_the_browser(chromium, signal, tmp_path: Path):
    kind = chromium.browser_type
    options = {
        "executable_path": chromium_path(),
        "args": ["--no-sandbox", "--disable-gpu"],
        "locale": "zh-CN",
    }
    context = kind.launch_persistent_context(str(tmp_path / "browser"), **options)
    page = context.new_page()
    open_page(page, signal.url + "/report")
    ready(page)
    context.set_offline(True)
    write(page)
    until(page, "waiting")
    page.fill("[name=words]", "还没写完")
    page.wait_for_function("() => document.querySelector('#carried-said').textContent.includes('草稿')")
    context.close()
    context = kind.launch_persistent_context(str(tmp_path / "browser"), **options)
    page = context.new_page()
    open_page(page, signal.url + "/report")
    until(page, "sent")
    once()
    assert page.input_value("[name=words]") == "还没写完", "the draft is here too"
    context.close()


def test_a_full_phone_says_so_keeps_the_form_and_sends_straight_when_it_can(phone, signal):
    page = phone(full=True)
    page.context.set_offline(True)
    write(page, photos=1)
    page.wait_for_function("() => document.querySelector('#carried-said').textContent.includes('无法保存')")
    assert page.input_value("[name=words]") == WORDS, "what was typed stays"
    assert page.locator("#carried li").count() == 0, "nothing is said to be kept that is not"
    page.context.set_offline(False)
    page.click("form[data-carried] button.main")
    until(page, "sent")
    once(photos=1)


def test_a_late_report_keeps_its_own_time_and_a_clock_an_hour_off_is_marked(phone):
    page = phone()
    ready(page)
    now = datetime.now(UTC)
    page.clock.set_system_time(now - timedelta(hours=3))
    page.context.set_offline(True)
    write(page)
    until(page, "waiting")
    page.clock.set_system_time(datetime.now(UTC))
    back(page)
    until(page, "sent")
    late = once()
    assert abs(late.occurred_at - (now - timedelta(hours=3))) < timedelta(minutes=2)
    assert late.received_at - late.occurred_at > timedelta(hours=2, minutes=50)
    assert not {"clock_off", "clock_hours_off"} & set(late.flags) and "time_of_writing" in late.flags
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=1))
    write(page, "钟快一小时的手机")
    until(page, "sent", 2)
    fast = once("钟快一小时的手机")
    assert {"clock_hours_off", "time_in_future"} <= set(fast.flags), "as told, and marked"


def test_cookies_lost_meanwhile_hinder_nothing(phone):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    write(page)
    until(page, "waiting")
    page.context.clear_cookies()
    back(page)
    until(page, "sent")
    once()


def test_before_it_is_sent_it_can_be_changed_or_discarded(phone):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    write(page, photos=1)
    until(page, "waiting")
    page.click("#carried li button:text('修改')")
    page.wait_for_selector("#carried li", state="detached")
    assert page.input_value("[name=words]") == WORDS
    assert page.evaluate("() => document.querySelector('[name=photo]').files.length") == 1
    page.fill("[name=words]", WORDS + "，水在涨")
    page.click("form[data-carried] button.main")
    until(page, "waiting")
    write(page, "写错的")
    until(page, "waiting", 2)
    wrong = page.locator("#carried li", has_text="写错的")
    wrong.get_by_role("button", name="不发了").click()
    wrong.get_by_role("button", name="再按一次即删除").click()
    until(page, "waiting")
    back(page)
    until(page, "sent")
    once(WORDS + "，水在涨", photos=1)
    assert Report.objects.count() == 1


def test_while_one_is_being_sent_the_next_is_kept_and_goes_out_after_it(phone, signal):
    page = phone()
    ready(page)
    signal.hold = b"/report/send"
    write(page)
    assert signal.held.wait(30)
    write(page, "第二条，第一条还在路上")
    page.wait_for_function("() => document.querySelectorAll('#carried li').length === 2")
    page.fill("[name=words]", "第三条，才写了一半")
    signal.hold = b""
    signal.release.set()
    until(page, "sent", 2)
    once()
    once("第二条，第一条还在路上")
    assert page.input_value("[name=words]") == "第三条，才写了一半", "what is being typed stays"


def test_what_was_typed_while_an_edit_waited_is_not_overwritten(phone, signal):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    write(page, "写早了的")
    until(page, "waiting")
    page.wait_for_selector("#carried li .because")
    page.evaluate(
        """() => { navigator.locks.request('jingwei-carried',
        () => new Promise((go) => { window.letGo = go; })); }"""
    )
    page.click("#carried li button:text('修改')")
    page.fill("[name=words]", "等着的时候写的")
    page.evaluate("() => window.letGo()")
    page.wait_for_function("() => document.querySelector('#carried-said').classList.contains('error')")
    assert page.input_value("[name=words]") == "等着的时候写的"
    until(page, "waiting")


def test_what_the_node_refuses_is_said_with_its_reason_and_can_be_sent_again(phone, live_db, monkeypatch):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    write(page, "")
    assert page.locator("#carried li").count() == 0, "no words: nothing to keep"
    write(page, "x" * 10)
    page.wait_for_selector("#carried li .because")  # tried in vain, and written down so
    # what stands on the phone was emptied: the node asks for words
    page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open('jingwei-carried', 1);
        asked.onsuccess = () => {
          const reports = asked.result.transaction('reports', 'readwrite').objectStore('reports');
          reports.getAll().onsuccess = (e) => {
            reports.put({...e.target.result[0], words: ' '}).onsuccess = done; }; }; })"""
    )
    back(page)
    until(page, "refused")
    assert "缺内容。请记下所述。" in page.inner_text("#carried li .because")
    page.click("#carried li button:text('修改')")
    page.wait_for_selector("#carried li", state="detached")
    page.fill("[name=words]", "补上的话")
    page.click("form[data-carried] button.main")
    until(page, "sent")
    once("补上的话")


def test_an_informants_report_waits_for_the_session_and_goes_out_as_its_own_post(phone, signal, live_db):
    page = phone("/informant")
    ready(page)
    sign_in(page, signal, "lisiyuan")
    open_page(page, signal.url + "/informant")
    page.wait_for_function("() => document.querySelector('#carried-who').textContent.includes('报送岗位')")
    page.context.set_offline(True)
    write(page, photos=1)
    until(page, "waiting")
    page.context.clear_cookies()
    back(page)
    page.wait_for_function(
        "() => (document.querySelector('#carried li .because') || {}).textContent?.includes('尚未登录')"
    )
    assert not Report.objects.exists()
    sign_in(page, signal, "hejing")
    open_page(page, signal.url + "/informant")
    page.wait_for_function(
        "() => document.querySelector('#carried li .because').textContent.includes('另一岗位')"
    )
    assert not Report.objects.exists(), "nobody lends a name to another"
    page.context.clear_cookies()
    sign_in(page, signal, "lisiyuan")
    open_page(page, signal.url + "/informant")
    until(page, "sent")
    row = once(photos=1)
    assert row.by == holding_of("lisiyuan") and row.channel == "app"


def sign_in(page: Any, signal: WeakSignal, username: str) -> None:
    page.goto(f"{signal.url}/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("form.sheet button")
    page.wait_for_url(f"{signal.url}/")


def test_the_page_on_the_phone_speaks_english_too(phone, signal):
    page = phone("/report")
    ready(page)
    page.context.add_cookies([{"name": "jw_lang", "value": "en", "url": signal.url}])
    page.reload()
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    ready(page)
    page.context.set_offline(True)
    page.reload()
    assert "Without a signal" in page.inner_text("main")
    page.click("[data-shell-lang][value=zh-Hans]")
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
