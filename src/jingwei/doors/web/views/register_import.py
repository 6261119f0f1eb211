"""Files taken into a register: matched, looked at, carried out while one may go, taken back as a whole."""

import uuid
from types import SimpleNamespace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.needs import queries as needs
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Cell, CellError, Looked, Register
from jingwei.apps.registers.queries import ImportCard, LineCard
from jingwei.doors.entry import refusals
from jingwei.doors.web import registered, terms
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of
from jingwei.doors.web.names import Names
from jingwei.engines.sheets import features, tables, workbooks, writing
from jingwei.kernel.refusals import Refused

from .needs import classes_of, rows_of
from .register_files import TYPES

#: Largest file that is read, bytes. Source: our estimate, 200,000 rows of 15 columns are 30 MB, 2026-11-29.
LARGEST = 64 * 1024 * 1024
#: Where the rows stand that have pages of their own.
HOMES = {"needs": "/needs"}
#: Wrong lines that the page itself shows; all of them stand in the sheet that is handed back.
SHOWN = 50


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Asked, code: str) -> HttpResponse:
    """Take a file in; the last ones stand below."""
    register, authority, refused = queries.get_form(code), request.caller.authority, None
    if request.method == "POST":
        try:
            table = _table(request)
            import_id = actions.begin_import(
                code, _name(request), table.headings, table.lines, table.notes, **act(request)
            )
            return redirect(f"/registers/{code}/import/{import_id}")
        except Refused as no:
            refused = no
    names = Names()
    found = queries.list_imports(register, authority=authority)
    names.know(people=[one.by for one in found])
    context = {
        **about(register),
        "may": not register.only_files or bool(_offered(request, register)),
        "takes_shapes": register.column(features.SHAPE) is not None,
        "imports": [SimpleNamespace(card=one, who=names.person(one.by)) for one in found],
        "error": refusals.sentence(refused) if refused else "",
    }
    status = status_of(refused) if refused else 200
    return render(request, "web/registers/import_begin.html", context, status=status)


def about(register: Register) -> dict[str, object]:
    """A register and the page on which its rows stand."""
    return {"register": register, "home": HOMES.get(register.code, f"/registers/{register.code}")}


def _offered(request: Asked, register: Register) -> set[str]:
    kept = register.kept
    return offers(request, *[r for r in (kept.add_right, kept.take_back_right) if r]) if kept else set()


def read_table(request: Asked) -> tuple[str, tables.Table]:
    """The name and the lines of what was handed in: a file, or lines pasted."""
    return _name(request), _table(request)


def _name(request: Asked) -> str:
    file = request.FILES.get("file")
    return str(file.name) if file else _("pasted lines")


def _table(request: Asked) -> tables.Table:
    file = request.FILES.get("file")
    body = file.read(LARGEST + 1) if file else request.POST.get("lines", "").encode()
    if len(body) > LARGEST:
        raise tables.TableRefused("table_too_large", most_mib=LARGEST // (1024 * 1024))
    if tables.is_workbook(body):
        return workbooks.read_workbook(body)
    return features.read_features(body) if features.is_geojson(body) else tables.read_text(body)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, code: str, import_id: uuid.UUID) -> HttpResponse:
    """An import: its columns to be matched and looked at, or how far it is, and which lines are wrong."""
    register = queries.get_form(code)
    card = queries.find_import(register, import_id, authority=request.caller.authority)
    if card is None:
        return missing_page(request, _("This import is not known here. Look for it in the list."))
    if card.state != "waiting":
        return _progress(request, register, card)
    matched = _matched(request, card)
    always = _always(request, register)
    refused = None
    if request.POST.get("do"):
        try:
            actions.order_import(import_id, matched, always, **act(request))
            return redirect(f"/registers/{code}/import/{import_id}")
        except Refused as no:
            refused = no
    if request.method != "POST":
        matched = queries.propose_columns(register, card.headings)
    return _matching(request, register, card, matched, always, refused)


def _always(request: Asked, register: Register) -> dict[str, str]:
    """What was given once for all lines."""
    names = register.kept.always if register.kept else ()
    given = {name: request.POST.get(f"a_{name}", "").replace("\x00", "")[:300].strip() for name in names}
    return {name: text for name, text in given.items() if text}


def _matched(request: Asked, card: ImportCard) -> dict[str, str]:
    asked = {str(n): request.POST.get(f"m_{n}", "") for n in range(len(card.headings))}
    return {number: column for number, column in asked.items() if column}


def _matching(
    request: Asked, register: Register, card: ImportCard, matched: dict[str, str], always: dict[str, str],
    refused: Refused | None,
) -> HttpResponse:  # fmt: skip
    lines = queries.list_first_lines(card.id)
    looked: list[Looked] = []
    read: list[tuple[dict[str, Cell], list[CellError]]]
    if register.only_files:
        looked = queries.look_at(register, matched, always, lines, **act(request))
        read = [({}, list(one.errors)) for one in looked]
    else:
        read = queries.read_lines(register, matched, [line.cells for line in lines])
    wrong = [
        SimpleNamespace(number=line.number, what=said(register, errors))
        for line, (_values, errors) in zip(lines, read, strict=True)
        if errors
    ]
    names = Names()
    columns = [c for c in register.columns if c.name in matched.values()]
    context = {
        **about(register),
        "card": card,
        "notes": notes_of(card),
        "always": _for_all(request, register, always),
        "looked": [
            SimpleNamespace(number=line.number, said=one.said, notes=[said(register, [n]) for n in one.notes])
            for line, one in zip(lines, looked, strict=False)
            if not one.errors
        ][:SHOWN],
        "heads": [
            SimpleNamespace(
                number=n,
                heading=heading,
                column=matched.get(str(n), ""),
                sample=next((line.cells[n] for line in lines if n < len(line.cells) and line.cells[n]), ""),
            )
            for n, heading in enumerate(card.headings)
        ],
        "columns": columns,
        "preview": [
            SimpleNamespace(
                number=line.number,
                cells=[registered.cell(c, values.get(c.name), names) for c in columns],
            )
            for line, (values, errors) in list(zip(lines, read, strict=True))[:5]
            if not errors and not register.only_files
        ],
        "wrong": wrong[:SHOWN],
        "wrong_count": len(wrong),
        "looked_at": len(lines),
        "error": refusals.sentence(refused) if refused else "",
    }
    status = status_of(refused) if refused else 200
    return render(request, "web/registers/import_match.html", context, status=status)


def _for_all(request: Asked, register: Register, always: dict[str, str]) -> list[SimpleNamespace]:
    """The fields that are given once for all lines; empty where the lines say it themselves."""
    return [
        SimpleNamespace(
            column=register.column(name),
            value=always.get(name, ""),
            is_place=name == "place",
            choices=classes_of(request) if name == "class" else [],
        )
        for name in (register.kept.always if register.kept else ())
    ]


def said(register: Register, errors: list[CellError] | tuple[CellError, ...]) -> str:
    """What is wrong with a line, in words: each column with its reason."""
    parts = []
    for error in errors:
        column = register.column(error.column)
        name = terms.spoken(column.zh, column.en)[0] if column else error.column
        gap = "" if terms.is_zh() or not name else " "
        parts.append(f"{name}{gap}{refusals.say(error.code, error.facts).strip()}")
    return ("；" if terms.is_zh() else "; ").join(parts)


def notes_of(card: ImportCard) -> list[str]:
    """What was noticed about the file."""
    known = {
        "encoding_gb18030": _("The file came in GB 18030 and was converted."),
        "encoding_utf16": _("The file came in UTF-16 and was converted."),
        "cells_merged": _("Some cells were merged: what stood in them stands in every row they covered."),
        "cells_formulas": _("Some cells were formulas: what they came to was taken."),
        "quotes_odd": _("A quotation mark is never closed: the file may have been cut off."),
    }
    return [known.get(note, note) for note in card.notes]


def _progress(request: Asked, register: Register, card: ImportCard) -> HttpResponse:
    names = Names()
    kept = register.kept
    context = {
        **about(register),
        "card": card,
        "notes": notes_of(card),
        "taken": _taken(request, register, card, names),
        "may_undo": kept is None or kept.take_back_right.split(".")[-1] in _offered(request, register),
        "working": card.state in ("running", "undoing"),
        "wrong": [
            SimpleNamespace(number=line.number, what=said(register, line.errors), first=_first(line))
            for line in queries.list_wrong(card.id, limit=SHOWN)
        ],
        "who": names.person(card.by),
    }
    return render(request, "web/registers/import.html", context)


def _taken(request: Asked, register: Register, card: ImportCard, names: Names) -> list[SimpleNamespace]:
    """What lines became, where another app's pages show it."""
    if not register.only_files:
        return []
    lines = queries.list_taken(card.id, limit=SHOWN)
    found = needs.list_by_id([one.became for one in lines if one.became], authority=request.caller.authority)
    rows = {row.line.id: row for row in rows_of(request, found, names)}
    return [
        SimpleNamespace(number=one.number, before=one.state == "same", row=rows[one.became])
        for one in lines
        if one.became in rows
    ]


def _first(line: LineCard) -> str:
    return next((cell for cell in line.cells if cell), "")


@signed_in
@require_POST
def undo(request: Asked, code: str, import_id: uuid.UUID) -> HttpResponse:
    """Take back all that the import wrote."""
    actions.undo_import(import_id, **act(request))
    return redirect(f"/registers/{code}/import/{import_id}")


@signed_in
@require_safe
def wrong_lines(request: Asked, code: str, import_id: uuid.UUID, kind: str) -> HttpResponse:
    """The lines that were not taken, as they came, each with why: to be mended and taken in again."""
    register = queries.get_form(code)
    card = queries.find_import(register, import_id, authority=request.caller.authority)
    if card is None or kind not in TYPES:
        raise Http404
    rows = [[*card.headings, _("What was wrong")]]
    width = len(card.headings)
    for line in queries.list_wrong(card.id):
        cells = [*line.cells[:width], *[""] * (width - len(line.cells))]
        rows.append([*cells, said(register, line.errors)])
    body = writing.write_csv(rows) if kind == "csv" else writing.write_xlsx(rows, name=register.zh)
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{code}-wrong.{kind}"'
    return answer
