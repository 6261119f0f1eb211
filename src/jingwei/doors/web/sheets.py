"""A sheet: one act on one page, its fields declared, what was typed kept when it is refused."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone

from jingwei.doors.entry import refusals
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, status_of
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

Choices = Sequence[tuple[str, str, str]]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a sheet. `place`: suggests places; `several`: ticks; `text`: more than a line.

    `hidden`: carried along.
    """

    name: str
    label: str
    value: str = ""
    choices: Choices = ()
    number: bool = False
    required: bool = False
    tick: bool = False
    hint: str = ""
    longest: int = 200
    place: bool = False
    several: bool = False
    text: bool = False
    hidden: bool = False


def sheet(request: Asked, refused: Refused | None, **context: Any) -> HttpResponse:
    status = status_of(refused) if refused else 200
    error = refusals.sentence(refused) if refused else ""
    shown: dict[str, Any] = {"error": error, "there": None, "about": None, "note": "", "key": ""}
    if "fields" in context:
        context["fields"] = [_named(one) for one in context["fields"]]
    return render(request, "web/sheet.html", shown | context, status=status)


def _named(field: Field) -> Field:
    """A place is shown as it is suggested: its name, its code behind it."""
    code = field.value.strip()
    if not field.place or not code.isdigit():
        return field
    name = terms.spoken(*Names().place(code))[0]
    return msgspec.structs.replace(field, value=f"{name} [{code}]") if name not in ("", code) else field


def tried(request: Asked, do: Callable[[], object]) -> tuple[object, Refused | None]:
    """What came of it when the form was sent; nothing before."""
    if request.method != "POST":
        return None, None
    try:
        return do(), None
    except Refused as no:
        return None, no


def number_of(text: str) -> int:
    """A whole number as people type it, in full-width digits too."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 10:
        raise Refused("quantity_impossible")
    return int(plain)


def time_of(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("time_unreadable") from error
    return at if at.tzinfo else at.replace(tzinfo=get_current_timezone())


def terms_of(group: str, codes: Sequence[str]) -> Choices:
    return [(code, terms.say(group, code), terms.say(group, code)) for code in codes]


def given_of(request: Asked) -> Mapping[str, str]:
    return request.POST if request.method == "POST" else request.GET
