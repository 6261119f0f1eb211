"""Somebody at a keyboard: keys alone, counted. What Tab cannot reach, or reaches unseen, is a failure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

#: Tabs after which a control counts as out of reach. Source: our estimate, the desk of a bad night has
#: some two hundred links, and nobody counts to that, 2026-11-22.
MOST_TABS = 250

#: What has the focus, as a person would name it, and whether the focus can be seen.
_FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), look = getComputedStyle(e);
  const row = e.closest('li, tr, .block');
  const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
  const said = e.getAttribute('aria-label') || label || e.innerText || e.value || '';
  const seen = box.width > 0 && box.height > 0 && look.visibility !== 'hidden';
  const ringed = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
  return {tag: e.tagName.toLowerCase(), type: e.type || '', name: e.name || '', value: e.value || '',
    text: said.replace(/\\s+/g, ' ').trim(), row: row ? row.innerText : '',
    href: e.getAttribute('href') || '', seen, ringed,
    within: [...document.querySelectorAll('[id]')].filter(b => b.contains(e)).map(b => b.id).join(' ')};
}"""


class Hands:
    """One person's page, worked with keys; `keys` counts them, typed words not."""

    def __init__(self, page: Any, name: str = "") -> None:
        self.page, self.name, self.keys = page, name, 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.keys += times

    def write(self, text: str) -> None:
        """Words into the field that has the focus, instead of what stands there."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def write_time(self, text: str) -> None:
        """A day and time into the browser's own field for them: this Chromium's parts are American."""
        when = datetime.fromisoformat(text)
        self.page.keyboard.type(f"{when:%m%d%Y}")
        self.press("ArrowRight")
        self.page.keyboard.type(f"{when:%I%M%p}")
        assert self.focused()["value"] == text

    def focused(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(_FOCUSED)
        return found

    def reach(self, text: str, *, within: str = "", row: str = "") -> dict[str, Any]:
        """Tab to the control that is called so, in that part of the page or in the row that says this."""

        def fits(now: dict[str, Any]) -> bool:
            here = within in [*now["within"].split(), ""] and row in now["row"]
            return text in now["text"] and now["tag"] in ("a", "button", "summary", "input") and here

        return self.reach_where(fits, f"{text} {within} {row}")

    def open_menu(self) -> None:
        """What the menu folds away on a screen that is not wide."""
        self.reach("菜单")
        self.press("Enter")

    def reach_field(self, name: str, value: str = "") -> dict[str, Any]:
        """Tab to the field of that name; of a group of choices, walk to the one with this value."""
        if not value:
            return self.reach_where(lambda now: now["name"] == name, name)

        def fits(now: dict[str, Any]) -> bool:
            return now["name"] == name and (now["value"] == value or value in now["text"])

        found = self.reach_where(
            lambda now: now["name"] == name and (now["type"] == "radio" or fits(now)), name
        )
        for _ in range(12):
            if fits(found):
                return found
            self.press("ArrowDown")
            found = self.focused()
        raise AssertionError(f"{self.name}: {name} offers no {value}")

    def reach_where(self, fits: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        met = []
        for _ in range(MOST_TABS):
            now = self.focused()
            if fits(now):
                assert now["seen"], f"{self.name}: {what} has the focus and cannot be seen"
                assert now["ringed"], f"{self.name}: {what} has the focus and no ring"
                return now
            met.append(now["text"][:24] or now["tag"])
            self.press("Tab")
        raise AssertionError(f"{self.name}: no way to {what} by Tab on {self.page.url}; met {met[-40:]}")

    def take(self, text: str, *, within: str = "", row: str = "") -> None:
        """Tab there and press Enter."""
        self.reach(text, within=within, row=row)
        self.press("Enter")

    def skip(self) -> None:
        """The first key of every page: past the head of it, to the content."""
        self.press("Tab")
        assert self.focused()["href"] == "#main", f"{self.name}: the first Tab does not offer to skip"
        self.press("Enter")

    def go(self, text: str, path: str, *, within: str = "", row: str = "") -> None:
        """Follow what is called so, and be there."""
        self.take(text, within=within, row=row)
        self.arrive(path)

    def back(self, path: str) -> None:
        """Out of a page, to the one above it."""
        self.press("Escape")
        self.arrive(path)

    def arrive(self, path: str) -> None:
        """Be at that address; if not, say what the page said instead."""
        try:
            self.page.wait_for_url(path)
        except Exception as error:
            said = self.page.locator(".error, h1").all_inner_texts()
            raise AssertionError(f"{self.name}: not at {path} but {self.page.url}: {said}") from error

    def open(self, text: str, title: str, *, within: str = "", row: str = "") -> None:
        """Open the sheet behind a button and be in it."""
        self.take(text, within=within, row=row)
        self.sheet(title)

    def hot(self, key: str, title: str) -> None:
        """Open a sheet by its key."""
        self.press(key)
        self.sheet(title)

    def until(self, selector: str) -> None:
        """Wait for this on the page."""
        try:
            self.page.wait_for_selector(selector)
        except Exception as error:
            raise AssertionError(f"{self.name}: no {selector} on {self.page.url}") from error

    def sheet(self, title: str) -> None:
        self.sees(title, within="#sheet[open] h1")

    def send(self, path: str) -> None:
        """Save the form one is in, from any of its fields, and be where that leads."""
        self.press("Control+Enter")
        self.arrive(path)
        self.page.wait_for_selector("#sheet:not([open])", state="attached")

    def sees(self, *texts: str, within: str = "main") -> str:
        """Wait until that part of the page says all of this; it says what it says instead."""
        for text in texts:
            try:
                self.page.locator(within, has_text=text).first.wait_for()
            except Exception as error:
                said = self.page.locator(within).all_inner_texts()
                raise AssertionError(
                    f"{self.name} does not see {text!r} at {self.page.url}: {said}"
                ) from error
        found: str = self.page.locator(within).first.inner_text()
        return found
