"""Registers: which there are, their lists with search and filters, one row with its history."""

import uuid
from collections.abc import Mapping
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Register, Sought
from jingwei.doors.web import page as pages
from jingwei.doors.web import registered, terms
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in
from jingwei.doors.web.names import Names

from .phone import MOST_SUGGESTIONS, code_of

#: Rows of one page.
PAGE = 50
#: What a list's address may say beside the filters of its register.
ASKED = ("q", "place", "stale", "struck", "order")


@signed_in
@require_safe
def index(request: Asked) -> HttpResponse:
    """Every register with how many rows this post sees."""
    authority = request.caller.authority
    rows = [
        SimpleNamespace(register=one, count=queries.count_rows(one, Sought(), authority=authority))
        for one in queries.list_registers()
    ]
    return render(request, "web/registers/index.html", {"rows": rows, "most": queries.MOST_COUNTED})


def sought_of(register: Register, asked: Mapping[str, str], request: Asked) -> Sought:
    """What the address asks for."""
    since = registered.stale_since(register, pages.now_of(request)) if asked.get("stale") else None
    equal = {
        c.name: asked[f"f_{c.name}"][:64] for c in register.columns if c.filtered and asked.get(f"f_{c.name}")
    }
    return Sought(
        text=asked.get("q", "")[:100],
        place=code_of(asked.get("place", ""))[:12],
        equal=equal,
        stale_before=since.isoformat() if since else "",
        struck=bool(asked.get("struck")),
        order="stale" if asked.get("order") == "stale" else "place",
    )


def question_of(register: Register, asked: Mapping[str, str]) -> str:
    """The address's question without the page: for files, kept views and the next page."""
    names = [*ASKED, *(f"f_{c.name}" for c in register.columns if c.filtered)]
    return urlencode([(name, asked[name][:100]) for name in names if asked.get(name)])


@signed_in
@require_safe
def list_rows(request: Asked, code: str) -> HttpResponse:
    register, authority, names = queries.get_register(code), request.caller.authority, Names()
    sought = sought_of(register, request.GET, request)
    found = queries.list_rows(
        register, sought, authority=authority, after=request.GET.get("after", "")[:2000], limit=PAGE
    )
    count = found.count
    if count is None:
        count = queries.count_rows(register, sought, authority=authority)
    registered.know(register, found.rows, names)
    now = pages.now_of(request)
    context = {
        "register": register,
        "rows": [registered.row(register, line, names, now) for line in found.rows],
        "listed": [c for c in register.columns if c.listed and c.name != "name"],
        "filters": [
            SimpleNamespace(column=c, chosen=request.GET.get(f"f_{c.name}", ""))
            for c in register.columns
            if c.filtered
        ],
        "asked": request.GET,
        "question": question_of(register, request.GET),
        "next": found.next,
        "paged": bool(request.GET.get("after")),
        "count": count,
        "most": queries.MOST_COUNTED,
        "views": queries.list_views(code, authority=authority),
        "can": _can(request, register, None, ""),
    }
    return render(request, "web/registers/list.html", context)


ROW_ACTS = (
    "add_row",
    "change_row",
    "change_rows",
    "confirm_row",
    "strike_row",
    "undo_change",
    "reveal_row",
    "attach_file",
    "take_file_off",
    "put_file_back",
)


def _can(request: Asked, register: Register, place: str | None, owner: str) -> set[str]:
    """What the page may offer: what the post may do there, to rows of this owner."""
    authority = request.caller.authority
    found = offers(
        request, "registers.comment_row", "registers.save_view", "registers.open_file", place=place
    )
    begins = authority.role in register.keepers | register.owners
    if register.kept:
        begins = bool(register.kept.add_right) and agencies.may_with(authority, register.kept.add_right)
    if begins:
        found |= offers(request, "registers.begin_import")
    for name in ROW_ACTS:
        if queries.may_keep(register, authority, f"registers.{name}", place=place, owner=owner or
                            (authority.organization_code if place is None else "")):  # fmt: skip
            found.add(name)
    return found


@signed_in
@require_safe
def row(request: Asked, code: str, row_id: uuid.UUID) -> HttpResponse:
    register, authority, names = queries.get_register(code), request.caller.authority, Names()
    line = queries.find_row(register, row_id, authority=authority)
    if line is None:
        return row_missing(request)
    changes, words = queries.list_changes(register, row_id), queries.list_comments(row_id)
    registered.know(register, [line], names)
    files = queries.list_files(row_id)
    people = [*(c.by for c in changes), *(w.by for w in words), *(f.by for f in files), line.changed_by]
    names.know(people=people)
    since = registered.stale_since(register, pages.now_of(request))
    context = {
        "register": register,
        "line": line,
        "name": line.values["name"],
        "point": _point(line),
        "cells": [registered.cell(c, line.values[c.name], names) for c in register.columns],
        "stale": since is not None and line.confirmed_at < since,
        "masked": any(c.mask and line.values[c.name] for c in register.columns),
        "changes": [registered.change(register, c, names) for c in changes],
        "words": [SimpleNamespace(line=w, who=names.person(w.by)) for w in words],
        "files": [SimpleNamespace(line=f, who=names.person(f.by)) for f in files],
        "who": names.person(line.changed_by),
        "counter": _counter(register, line),
        "can": _can(request, register, str(line.values["place"]), str(line.values.get("owner") or "")),
    }
    return render(request, "web/registers/row.html", context)


def _counter(register: Register, line: queries.RowLine) -> str:
    """Where what can be done instead of undoing is done; '' where nothing is missing."""
    if register.kept is None or not register.kept.counter[0]:
        return ""
    other, column = register.kept.counter
    return f"/registers/{other}?{urlencode({'q': str(line.values[column])})}"


def _point(line: queries.RowLine) -> str:
    """Where it is, as the map's address says it; '' when nobody knows."""
    lon, lat = line.values.get("lon"), line.values.get("lat")
    return f"{lon:.5f},{lat:.5f}" if isinstance(lon, float) and isinstance(lat, float) else ""


def row_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This row is not known here. Look for it in the list."))


@signed_in
@require_POST
def save_view(request: Asked, code: str) -> HttpResponse:
    asked = question_of(queries.get_register(code), request.POST)
    actions.save_view(code, request.POST.get("name", ""), asked, **act(request))
    return redirect(f"/registers/{code}?{asked}")


@signed_in
@require_POST
def forget_view(request: Asked, code: str, view_id: uuid.UUID) -> HttpResponse:
    actions.forget_view(view_id, **act(request))
    return redirect(f"/registers/{code}")


@signed_in
@require_safe
def suggest_organizations(request: Asked) -> HttpResponse:
    found = agencies.search_organizations(request.GET.get("q", "")[:100], limit=MOST_SUGGESTIONS)
    items = [(o.name_zh if terms.is_zh() else o.name_en or o.name_zh, o.code, "") for o in found]
    return render(request, "web/parts/suggestions.html", {"items": items})
