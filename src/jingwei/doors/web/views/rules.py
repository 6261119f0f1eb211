"""Tables of rules: which there are, their rows with search and filters, one row with all that is known."""

import json
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import COLUMNS, SHEETS, Ruled, RulesLoaded, Sought
from jingwei.apps.journal import queries as journal
from jingwei.doors.web import overlaid, ruled, terms
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, missing_page, signed_in, whole
from jingwei.doors.web.names import Names
from jingwei.engines.sheets import writing
from jingwei.kernel.codes import is_kind_code
from jingwei.kernel.grades import NUMERALS

from .phone import code_of
from .register_files import TYPES

#: Rows of one page: with all it asks for it stays under 150 kB.
PAGE = 40
ASKED = ("q", "kind", "level", "place", "evidence", "on")
#: Which levels a filter offers: of the codes they say how far a kind is narrowed down.
LEVELS = {t: range(1, 5) for t in ("grading-rules", "response-triggers", "warning-signals", "event-codes")}
#: What the filter for evidence offers.
EVIDENCE = ("full", "half", "recalled", "empty")


@signed_in
@require_safe
def index(request: Asked) -> HttpResponse:
    """Every table with how many rows, sources, and rows that wait to be read in their source."""
    laid = hazards.list_overlays(authority=request.caller.authority)
    context = {"rows": hazards.list_sheets(), "overlays": len(laid)}
    return render(request, "web/rules/index.html", context)


def sought_of(request: Asked) -> Sought:
    """What the address asks for. A day or kind that cannot be read asks for nothing."""
    asked = request.GET
    kind = code_of(asked.get("kind", ""))[:5]
    return Sought(
        text=asked.get("q", "")[:100],
        kind=kind if is_kind_code(kind) else "",
        level=whole(asked.get("level"), None),
        place=code_of(asked.get("place", ""))[:12],
        evidence=asked.get("evidence", "") if asked.get("evidence") in EVIDENCE else "",
        on=day_of(asked.get("on", "")),
    )


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def question_of(request: Asked) -> str:
    return urlencode([(n, request.GET[n][:100]) for n in ASKED if request.GET.get(n)])


@signed_in
@require_safe
def list_rows(request: Asked, table: str) -> HttpResponse:
    if table not in SHEETS:
        return missing_page(request, _("There is no such table of rules."))
    sheet, words = SHEETS[table], ruled.Words()
    found = hazards.seek(table, sought_of(request), today=localtime(pages.now_of(request)).date())
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    shown = found[offset : offset + PAGE]
    names = hazards.fields_of(table)
    words.names.know(kinds={getattr(r, n, "") for r in shown for n in ("kind", "parent")})
    context = {
        "table": table,
        "sheet": sheet,
        "rows": [ruled.row(table, one, words) for one in shown],
        "of_law": table in hazards.OF_LAW,
        "listed": [COLUMNS[n] for n in sheet.listed if n not in ("title_zh", "zh")],
        "count": len(found),
        "asked": request.GET,
        "question": question_of(request),
        "has": {n for n in ("kind", "evidence", "source", "event_scope", "valid_from") if n in names}
        | ({"level"} if sheet.level else set())
        | ({"kind"} if table in ("event-codes", "reporting-deadlines") else set()),
        "levels": [(str(n), str(n) if table == "event-codes" else NUMERALS[n]) for n in LEVELS[table]]
        if table in LEVELS
        else [],
        "evidence": [SimpleNamespace(code=c, word=_evidence_word(c)) for c in EVIDENCE],
        "next_from": offset + PAGE if offset + PAGE < len(found) else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
        "first": offset + 1,
        "last": offset + len(shown),
    }
    return render(request, "web/rules/list.html", context)


def _evidence_word(code: str) -> str:
    return _("recalled, unverified") if code == "recalled" else terms.say("disc", code)


@signed_in
@require_safe
def row(request: Asked, table: str, key: str) -> HttpResponse:
    """One row: every field in the field's words, its source, evidence, validity and history."""
    one = hazards.find_row(table, key) if table in SHEETS else None
    if one is None:
        return missing_page(request, _("This rule is not in the tables of this node."))
    words, authority = ruled.Words(), request.caller.authority
    source_id = getattr(one, "source", "") or (key if table == "sources" else "")
    source = hazards.find_source(source_id) if source_id else None
    loads = journal.list_entries(subjects=[table], kinds=[RulesLoaded], newest=20)
    names = Names()
    names.know(people=[e.by for e in loads])
    context = {
        "table": table,
        "sheet": SHEETS[table],
        "one": one,
        "key": key,
        "title": ruled.title(table, one),
        "cells": ruled.fields(table, one, words),
        "source": source,
        "ruled": isinstance(one, Ruled),
        "recalled": "recalled" in getattr(one, "evidence", ""),
        "overlays": overlaid.rows_of(hazards.list_overlays(authority=authority, rule_id=key))
        if isinstance(one, Ruled)
        else [],
        "may_overlay": isinstance(one, Ruled) and hazards.may_overlay(authority, one),
        "cited": ruled.counted(hazards.count_of_source(key)) if table == "sources" else [],
        "history": [SimpleNamespace(entry=e, who=names.person(e.by)) for e in reversed(loads)],
    }
    return render(request, "web/rules/row.html", context)


@signed_in
@require_safe
def export(request: Asked, table: str, kind: str) -> HttpResponse:
    """What the list seeks, all pages of it, as a file. No cell begins as a formula."""
    if table not in SHEETS or kind not in (*TYPES, "json"):
        raise Http404
    found = hazards.seek(table, sought_of(request), today=localtime(pages.now_of(request)).date())
    sheet, words, zh = SHEETS[table], ruled.Words(), terms.is_zh()
    name = sheet.zh if zh else sheet.en
    if kind == "json":
        body = json.dumps([ruled.plain(one) for one in found], ensure_ascii=False, indent=1).encode()
        answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    else:
        heads = [COLUMNS[n].zh if zh else COLUMNS[n].en for n in ruled.columns_of(table)]
        lines = [heads, *(ruled.text_cells(table, one, words) for one in found)]
        made = writing.write_csv(lines) if kind == "csv" else writing.write_xlsx(lines, name=name)
        answer = HttpResponse(made, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{table}.{kind}"'
    return answer
