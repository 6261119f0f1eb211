"""Every address that Django answers, with something in each gap, as an attacker would try them."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

#: What is tried where an address wants something: nothing of this name exists.
FILLS = {
    "UUIDConverter": str(uuid.UUID(int=7)),
    "SlugConverter": "nothing-here",
    "StringConverter": "nothing",
    "IntConverter": "7",
    "PathConverter": "no/thing",
}
#: Open to everybody: the public's pages, the way in, what one sees before it. All else asks who calls.
OPEN = re.compile(
    r"/(sign-in(/code)?|public(/.*)?|report(/thanks)?|informant|(report|informant|shelters/register)/(shell|worker\.js|app\.webmanifest|token)|calendar/[^/]+\.ics|keys|look|sign-out|post|api/v1/(openapi\.json)?)$"
)


def list_addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, Any]]:
    """Each address with its view."""
    for one in (resolver or get_resolver()).url_patterns:
        here = before + _filled(one.pattern)
        if isinstance(one, URLResolver):
            yield from list_addresses(one, here)
        elif isinstance(one, URLPattern):
            yield here.replace("//", "/"), one.callback


def _filled(pattern: Any) -> str:
    route = str(pattern)
    for name, converter in pattern.converters.items():
        fill = FILLS[type(converter).__name__]
        kinds = "|".join(get_converters())
        route = re.sub(rf"<(?:(?:{kinds}):)?{name}>", fill, route)
    return route


def list_paths() -> list[str]:
    return sorted({path for path, _ in list_addresses()})
