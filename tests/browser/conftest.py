"""A signed-in page in any language, light and width, on the demo's node."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.nodes import LiveNode

#: The chief of the shift and the operator of the demo's city, both fictional.
CHIEF, OPERATOR = "hejing", "zhongyu"
HEIGHTS = {1440: 940, 390: 844}

PageFor = Callable[..., Any]


@pytest.fixture(scope="session")
def signed_in(chromium: Any, live_node: LiveNode) -> Callable[[str], dict[str, Any]]:
    """The cookies of a user's session; each user signs in once a run."""
    kept: dict[str, dict[str, Any]] = {}

    def state(username: str) -> dict[str, Any]:
        if username not in kept:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{live_node.url}/sign-in")
            page.fill("#username", username)
            page.fill("#password", live_node.users[username])
            page.click("form.sheet button")
            page.wait_for_url(f"{live_node.url}/")
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return state


@pytest.fixture
def page_for(chromium: Any, live_node: LiveNode, signed_in: Any) -> Iterator[PageFor]:
    """`page_for("hejing", "en", "dark", 390)`; fails at the end if the page's script broke."""
    contexts, broken = [], []

    def open_page(username: str = CHIEF, lang: str = "zh-hans", theme: str = "light", width: int = 1440,
                  *, alone: bool = False, **options: Any) -> Any:  # fmt: skip
        state = None if alone or not username else signed_in(username)
        viewport = {"width": width, "height": HEIGHTS.get(width, 900)}
        context = chromium.new_context(viewport=viewport, storage_state=state, **options)
        context.add_cookies(
            [
                {"name": "jw_lang", "value": lang, "url": live_node.url},
                {"name": "jw_theme", "value": theme, "url": live_node.url},
            ]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert broken == []


@pytest.fixture(scope="session")
def oddities(live_node: LiveNode) -> None:
    """What a calm case lacks: a body nobody can read, and a call without place or kind."""
    database = f"sqlite:///{live_node.home / 'demo.sqlite3'}"
    env = live_node.env | {"JINGWEI_HOME": str(live_node.home), "JINGWEI_DATABASE": database}
    line = [sys.executable, "-m", "jingwei.wiring", "token", "4101-zbs-feeds", "browser tests"]
    token = subprocess.run(line, env=env, capture_output=True, text=True, check=True).stdout.strip()
    send = {"url": f"{live_node.url}/api/v1/reports", "headers": {"authorization": f"Bearer {token}"}}
    half = httpx.post(**send, content='{"words": "解放路立交桥下有'.encode("gb18030"))
    call = {"words": "有人被困，说不清在哪", "channel": "110", "rescue": True}
    whole = httpx.post(**send, json=call | {"caller_name": "王小明", "caller_phone": "13612342071"})
    assert (half.status_code, whole.status_code) == (202, 201)
