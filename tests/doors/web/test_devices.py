"""What a list of sessions shows of a browser."""

import pytest

from jingwei.doors.web.devices import device

_LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE} Chrome/142.0.0.0 Safari/537.36"
_ANDROID = f"Mozilla/5.0 (Linux; Android 14; V2309A) {_LIKE} Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (_WINDOWS, "Chrome 142 · Windows"),
        (
            f"{_WINDOWS} Edg/142.0.1",
            "Edge 142 · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari 18 · iPhone",
        ),
        (_ANDROID, "Chrome 130 · Android"),
        (
            f"{_ANDROID} MicroMessenger/8.0.50",
            "WeChat 8 · Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 · Linux"),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("x" * 120, "x" * 29 + "…"),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_two_words(agent: str, shown: str) -> None:
    assert device(agent) == shown
