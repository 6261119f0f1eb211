"""A party in danger on a phone: one tap, and what is missed turns over by itself; nothing for axe."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe

from jingwei.apps.checkins import actions
from jingwei.apps.checkins.facts import NewWatch
from jingwei.apps.checkins.models import CheckIn
from jingwei.apps.journal.models import Entry
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.moments import Moment
from tests.builders import holding_of
from tests.databases import PASSWORD
from tests.nodes import LiveDatabase, Serving, serving

from .conftest import CHIEF, HEIGHTS

pytestmark = pytest.mark.browser
Opened = Callable[..., Any]


@pytest.fixture
def node(live_db: LiveDatabase) -> Iterator[Serving]:
    with serving(live_db) as one:
        yield one


@pytest.fixture
def opened(chromium: Any, node: Serving) -> Iterator[Opened]:
    """A page of the chief, signed in; fails at the end if a script of a page broke."""
    contexts, broken = [], []

    def new(lang: str = "zh-hans", theme: str = "light", width: int = 390) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": HEIGHTS[width]})
        looks = {"jw_lang": lang, "jw_theme": theme}
        context.add_cookies([{"name": n, "value": v, "url": node.url} for n, v in looks.items()])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(f"{node.url}/sign-in")
        page.fill("#username", CHIEF)
        page.fill("#password", PASSWORD)
        page.click("form.sheet button")
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return page

    yield new
    for context in contexts:
        context.close()
    assert broken == []


def started(ago_s: float, **changes: Any) -> str:
    now = this_moment()
    at = Moment(at=now.at - timedelta(seconds=ago_s), recorded_at=now.recorded_at)
    given = {"party": "搜救一组", "names": "张三", "heads": 5, "place": "410105", "every_min": 1} | changes
    return str(actions.start_watch(NewWatch(**given), by=holding_of(CHIEF), moment=at))


def test_what_is_missed_turns_over_by_itself_and_one_tap_turns_it_back(opened: Opened, node: Serving) -> None:
    desk, phone = opened(width=1440), opened()
    watch = started(52)
    desk.goto(f"{node.url}/check-ins")
    desk.locator("#live-state", has_text="正常").wait_for()
    assert not desk.query_selector("#list .late")
    desk.wait_for_selector("#list .late", timeout=30_000)
    assert Entry.objects.filter(kind="checkins.missed/1", subject=watch).count() == 1
    phone.goto(f"{node.url}/check-ins/{watch}/tap")
    assert phone.query_selector("#next .late")
    box = phone.locator("button.big").bounding_box()
    assert box["width"] >= 300 and box["height"] >= 96 and box["y"] + box["height"] <= 844, "under the thumb"
    phone.click("button.big")
    phone.wait_for_selector("#next [role=status]")
    assert CheckIn.objects.get().channel == "tap" and not phone.query_selector("#next .late")
    desk.wait_for_selector("#list .late", state="detached", timeout=10_000)


@pytest.mark.parametrize(
    ("lang", "theme", "width"),
    [("zh-hans", "light", 1440), ("zh-hans", "light", 390), ("en", "dark", 1440), ("en", "dark", 390)],
)
def test_axe_finds_nothing_and_nothing_runs_over(
    opened: Opened, node: Serving, lang: str, theme: str, width: int
) -> None:
    late, over = started(600), started(30, party="破拆组", spot="三号井口", every_min=20)
    mine = {"by": holding_of(CHIEF), "moment": this_moment()}
    gone = started(30, party="舟艇组", every_min=20)
    actions.end_watch(UUID(gone), heads_out=4, words="一人在后", version=1, **mine)
    page = opened(lang, theme, width)
    acts = ("", "/tap", "/change", "/end", "/names")
    paths = ["/check-ins?state=", "/check-ins/new", f"/check-ins/{gone}", f"/check-ins/{gone}/reopen", "/"]
    paths += [f"/check-ins/{one}{act}" for one in (late, over) for act in acts[: 5 if one == late else 2]]
    for path in paths:
        page.goto(node.url + path)
        violations = [v["id"] for v in Axe().run(page).response["violations"]]
        assert violations == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
