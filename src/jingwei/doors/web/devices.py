"""A session's browser and system in two words, from what the browser said of itself."""

import re

#: The first mark that stands in the text names the browser; Chrome and Safari come last, as others carry
#: their names too. Source: the forms browsers send, as seen 2026-11-22.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Version", "Safari"),
)
#: Likewise the system: a telephone's text names the system it descends from as well.
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
#: Of a text that names nothing known so many characters are shown.
_MOST = 30


def device(agent: str) -> str:
    """`Chrome 142 · Windows`; of an unknown program the beginning of what it said; empty for nothing."""
    names = [*_browser(agent), *(name for mark, name in _SYSTEMS if mark in agent)][:2]
    if not names:
        return agent if len(agent) <= _MOST else agent[: _MOST - 1] + "…"
    return " · ".join(names)


def _browser(agent: str) -> list[str]:
    for mark, name in _BROWSERS:
        if found := re.search(rf"\b{mark}(?:A|iOS)?/(\d+)", agent):
            return [f"{name} {found[1]}"]
    return []
