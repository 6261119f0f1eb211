"""What an address asks for, read strictly: what the description does not name is answered with 400.

Source: OGC 17-069r4, requirements /req/core/query-param-unknown and query-param-invalid.
"""

import math
from collections.abc import Collection
from datetime import UTC, datetime

import msgspec
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from jingwei.apps.registers.facts import Column, Register, Sought
from jingwei.kernel.codes import is_place_code, normal_place

#: Features of one page when nobody says how many, and at most.
#: Source: OGC 17-069r4, requirement /req/core/fc-limit-definition leaves them to the server; our estimate,
#: half a megabyte, 2026-11-29.
USUAL_LIMIT, MOST_LIMIT = 100, 2000
#: What the items of every collection take beside the filters of their register.
PLAIN = ("limit", "after", "bbox", "datetime", "within")
#: Open ends of an interval. Source: OGC 17-069r4, requirement /req/core/fc-time-definition.
_OPEN = ("", "..")


class BadParameter(Exception):
    """A parameter that is not known here, or not to be read."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


class Page(msgspec.Struct, frozen=True):
    """A page of a collection as it was asked for."""

    sought: Sought
    limit: int
    after: str


def check_names(request: HttpRequest, known: Collection[str] = ()) -> None:
    """Raises `BadParameter` for a parameter that the description does not name, or that comes twice."""
    for name, values in request.GET.lists():
        if name not in known:
            raise BadParameter(name[:60], "this parameter is not known here; see /ogc/api")
        if len(values) > 1:
            raise BadParameter(name, "given more than once")


def filters_of(register: Register) -> dict[str, Column]:
    """The columns that filter features by what they hold, by the name of their parameter."""
    return {c.name: c for c in register.columns if c.filtered and c.name not in PLAIN}


def read_page(register: Register, request: HttpRequest) -> Page:
    """The page that the address asks for."""
    columns, given = filters_of(register), request.GET
    check_names(request, [*PLAIN, *columns])
    start, end = interval_of(given)
    within = within_of(given)
    sought = Sought(
        place=within,
        equal={name: _value(column, given[name]) for name, column in columns.items() if name in given},
        box=box_of(given["bbox"]) if "bbox" in given else None,
        changed_from=start,
        changed_until=end,
    )
    return Page(sought=sought, limit=limit_of(given), after=given.get("after", "")[:2000])


def within_of(given: QueryDict) -> str:
    within = normal_place(given.get("within", ""))
    if within and not is_place_code(within):
        raise BadParameter("within", "not the code of a division")
    return within


def limit_of(given: QueryDict) -> int:
    """Features of a page."""
    text = given.get("limit", str(USUAL_LIMIT))
    if not (text.isascii() and text.isdigit()) or int(text[:9]) < 1:
        raise BadParameter("limit", "not a whole number from 1")
    return min(int(text[:9]), MOST_LIMIT)


def _value(column: Column, text: str) -> str:
    if column.kind == "flag":
        if text not in ("true", "false"):
            raise BadParameter(column.name, "true or false")
        return "1" if text == "true" else "0"
    if column.kind == "choice" and text not in {choice.code for choice in column.choices}:
        raise BadParameter(column.name, "none of the values this property takes")
    return text[:64]


def box_of(text: str) -> tuple[float, float, float, float]:
    """Four numbers, or six with heights that no point here has."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadParameter("bbox", "not numbers separated by commas") from error
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise BadParameter("bbox", "four numbers: west, south, east, north")
    half = len(numbers) // 2
    west, south, east, north = numbers[0], numbers[1], numbers[half], numbers[half + 1]
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90 or south > north:
        raise BadParameter("bbox", "longitudes to 180, latitudes to 90, the southern one first")
    return west, south, east, north


def interval_of(given: QueryDict) -> tuple[str, str]:
    """From when to when in UTC, both included; '' where it is open."""
    if "datetime" not in given:
        return "", ""
    parts = str(given["datetime"]).split("/")
    if len(parts) > 2 or (len(parts) == 1 and parts[0] in _OPEN):
        raise BadParameter("datetime", "a time, or two with a slash between, one of them open with ..")
    first, last = parts[0], parts[-1]
    if len(parts) == 2 and first in _OPEN and last in _OPEN:
        raise BadParameter("datetime", "one end has to be given")
    start = "" if first in _OPEN else _time(first, end=False)
    until = "" if last in _OPEN else _time(last, end=True)
    if start and until and start > until:
        raise BadParameter("datetime", "the end lies before the beginning")
    return start, until


def _time(text: str, *, end: bool) -> str:
    """A time of RFC 3339, or a day from its beginning to its end; in UTC, so that texts compare."""
    try:
        if len(text) == len("2026-11-29"):
            day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - the node's zone, on the next line
            found = timezone.make_aware(day.replace(hour=23, minute=59, second=59, microsecond=999_999) if end
                                        else day)  # fmt: skip
        else:
            found = datetime.fromisoformat(text.replace(" ", "+").upper())
            if found.tzinfo is None or "T" not in text.upper():
                raise ValueError("a time has its zone")
        return found.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError) as error:
        raise BadParameter("datetime", "not a time like 2026-11-29T08:00:00Z, nor a day") from error
