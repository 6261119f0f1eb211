"""Registers on paper: labels that lead back to their row, and the tree of who stands above whom."""

import uuid
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import Register
from jingwei.apps.registers.queries import RowLine
from jingwei.doors.web import qr, registered
from jingwei.doors.web.door import Asked, missing_page, signed_in, uuid_of
from jingwei.doors.web.names import Names

from .register_calendar import base_of
from .registers import question_of, sought_of

#: Labels of one print where rows were ticked, and of what a list seeks. Source: our estimate, ten sheets of
#: eight, and one: a page that comes by itself stays small, 2026-11-29.
MOST_TICKED, MOST_SOUGHT = 80, 8
#: Rows of one tree. Source: our estimate, a city's bodies and towns, 2026-11-29.
MOST_IN_TREE = 2000


def short_code(register: Register, row_id: uuid.UUID) -> str:
    """What stands on the label to be read aloud: the register's symbol and the end of the row's id."""
    digits = row_id.hex[-8:].upper()
    return f"{register.symbol_en}-{digits[:4]}-{digits[4:]}"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def labels(request: Asked, code: str) -> HttpResponse:
    """Labels for the ticked rows, for one row, or for what the list seeks. Nothing masked is on them."""
    register, names = queries.get_register(code), Names()
    lines, base = _asked_for(request, register), base_of(request)
    most = MOST_TICKED if "row" in (request.POST or request.GET) else MOST_SOUGHT
    if not lines:
        return missing_page(request, _("No row fits what is sought."))
    registered.know(register, lines, names)
    made = [
        SimpleNamespace(
            line=line,
            code=short_code(register, line.id),
            place=names.place(str(line.values["place"])),
            qr=qr.drawn(
                f"{base}/registers/{code}/{line.id}", _("The address of the row as a QR code"), fits=True
            ),
        )
        for line in lines
    ]
    context = {"register": register, "labels": made, "cut": len(lines) == most}
    return render(request, "web/registers/labels.html", context)


def _asked_for(request: Asked, register: Register) -> list[RowLine]:
    asked, authority = request.POST or request.GET, request.caller.authority
    keys = [uuid_of(one.partition(":")[0]) for one in asked.getlist("row")[:MOST_TICKED]]
    if "row" in asked:
        found = (queries.find_row(register, key, authority=authority) for key in keys if key is not None)
        return [line for line in found if line is not None and line.removed_at is None]
    sought = sought_of(register, request.GET, request)
    return list(queries.list_standing(register, sought, authority=authority, most=MOST_SOUGHT))


@signed_in
@require_safe
def tree(request: Asked, code: str) -> HttpResponse:
    """Who stands above whom, to be read and printed."""
    register, names = queries.get_register(code), Names()
    if not register.above:
        return missing_page(request, _("The rows of this register stand in no tree."))
    sought = sought_of(register, request.GET, request)
    lines = list(
        queries.list_standing(register, sought, authority=request.caller.authority, most=MOST_IN_TREE)
    )
    registered.know(register, lines, names)
    context = {
        "register": register,
        "branches": grown(register, lines, names),
        "count": len(lines),
        "cut": len(lines) == MOST_IN_TREE,
        "question": question_of(register, request.GET),
    }
    return render(request, "web/registers/tree.html", context)


def grown(register: Register, lines: list[RowLine], names: Names) -> list[SimpleNamespace]:
    """The rows nobody seen here stands above, each with those below it, in the order of their step."""
    below: dict[str, list[RowLine]] = {}
    known = {str(line.values["name"]) for line in lines}
    for line in sorted(lines, key=_in_order):
        above = str(line.values[register.above] or "")
        below.setdefault(above if above in known else "", []).append(line)
    listed = [c for c in register.columns if c.mask or c.kind == "choice"]

    def branch(line: RowLine, seen: frozenset[str]) -> SimpleNamespace:
        name = str(line.values["name"])
        cells = [registered.cell(c, line.values[c.name], names) for c in listed]
        onward = below.get(name, ()) if name not in seen else ()
        return SimpleNamespace(
            line=line,
            step=line.values.get("step"),
            place=names.place(str(line.values["place"])),
            cells=[c for c in cells if not c.empty],
            outside=str(line.values[register.above] or "") if line in below.get("", ()) else "",
            below=[branch(one, seen | {name}) for one in onward],
        )

    return [branch(line, frozenset()) for line in below.get("", ())]


def _in_order(line: RowLine) -> tuple[Any, ...]:
    step = line.values.get("step")
    return (step is None, step or 0, str(line.values["place"]), str(line.values["name"]))
