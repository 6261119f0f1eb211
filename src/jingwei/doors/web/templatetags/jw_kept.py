"""Rows of lists that are drawn once and kept: a desk that looks again finds most of them as they were.

    {% kept "web/parts/report_row.html" r=r age=r.at %}

A part drawn by `kept` sees what it is given and no more, so what it is given says what it looks like: that,
the language and the day are the key. `age` and `since` name the times whose distance to now the part tells;
they count as far as the part's words tell them apart. `law=1` says that the part leads to legal sources.
"""

import threading
from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import msgspec
from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from .jw import age_text, run_text

register = template.Library()

#: Most parts kept in a process. Source: our estimate, 2 kB each: 10 MB, 2026-11-30.
MOST = 5_000
#: Given for the key alone; the part itself sees none of it.
SAID = ("age", "since", "law")


def _plain(value: object) -> object:
    """What msgspec does not write by itself. Raises for anything that may look different another time."""
    if isinstance(value, SafeString):
        return ("safe", str.__str__(value))
    if isinstance(value, str | Promise):
        return str(value)
    if isinstance(value, SimpleNamespace):
        return vars(value)
    raise TypeError(type(value).__name__)


_encode = msgspec.msgpack.Encoder(enc_hook=_plain).encode


class Kept:
    """What was drawn, by what it was drawn from; the oldest go first."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self._lock = most, threading.Lock()
        self._drawn: dict[tuple[object, ...], SafeString] = {}

    def find(self, key: tuple[object, ...]) -> SafeString | None:
        return self._drawn.get(key)

    def keep(self, key: tuple[object, ...], drawn: SafeString) -> None:
        with self._lock:
            while len(self._drawn) >= self.most:
                del self._drawn[next(iter(self._drawn))]
            self._drawn[key] = drawn

    def clear(self) -> None:
        with self._lock:
            self._drawn.clear()

    def __len__(self) -> int:
        return len(self._drawn)


KEPT = Kept()


class KeptNode(template.Node):
    def __init__(self, name: str, given: Mapping[str, FilterExpression]) -> None:
        self.name = name
        self.said = {k: v for k, v in given.items() if k in SAID}
        self.given = {k: v for k, v in given.items() if k not in SAID}

    def render(self, context: template.Context) -> SafeString:
        given = {name: one.resolve(context) for name, one in self.given.items()}
        key = self._key(given, context)
        drawn = KEPT.find(key) if key else None
        if drawn is None:
            drawn = self._draw(given, context)
            if key:
                KEPT.keep(key, drawn)
        return drawn

    def _key(self, given: dict[str, Any], context: template.Context) -> tuple[object, ...] | None:
        """None: what is given cannot be told from other things by what stands in it."""
        page = context["page"]
        said = {name: one.resolve(context) for name, one in self.said.items()}
        try:
            return (
                self.name, get_language(), localtime(page.now).date(), _encode(given),
                _distance(age_text, said.get("age"), page.now), _run(said.get("since"), page.now),
                _law(page) if said.get("law") else None,
            )  # fmt: skip
        except (TypeError, msgspec.MsgspecError, OverflowError, UnicodeError):
            return None

    def _draw(self, given: dict[str, Any], context: template.Context) -> SafeString:
        page = context["page"]
        seen: dict[str, Any] = {"now": page.now}
        if self.said.get("law"):
            seen |= {"authority": getattr(page, "authority", None), "sources": page.sources}
        drawing = template.Engine.get_default().get_template(self.name)
        alone = context.new({**given, "page": SimpleNamespace(**seen)})
        return drawing.render(alone)


def _law(page: SimpleNamespace) -> int:
    """Whom sources are shown to and what they are called; the same for all parts of a page."""
    known: int | None = getattr(page, "law", None)
    if known is None:
        known = page.law = hash((getattr(page, "authority", None) is None, *page.sources.items()))
    return known


def _distance(text: Any, at: datetime | None, now: datetime) -> str:
    return text(at, now) if at is not None else ""


def _run(since: datetime | None, now: datetime) -> str:
    """As `running` tells it."""
    if since is None:
        return ""
    span = now - since
    return f"{span.days} d" if span.days >= 2 else run_text(span)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Draw a part from what it is given alone, or take it as it was drawn from the same before."""
    _, name, *words = token.split_contents()
    given = token_kwargs(words, parser)
    if words or not given:
        raise template.TemplateSyntaxError("kept takes a template and what it is given, as name=value")
    return KeptNode(name.strip("\"'"), given)
