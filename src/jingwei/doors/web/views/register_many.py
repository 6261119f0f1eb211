"""Many rows changed at once: one column, one value, looked at row by row before it is done."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Column, Register
from jingwei.doors.entry import refusals
from jingwei.doors.web import registered
from jingwei.doors.web.door import Asked, act, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .phone import code_of

#: Most rows that one look changes: those of one page.
MOST = 500


def columns_of(register: Register) -> list[Column]:
    """Columns that many rows can share; a name, a point and what is masked belong to one row each."""
    return [c for c in register.columns if c.name not in ("name", "lon", "lat") and not c.mask]


@signed_in
@require_POST
def many(request: Asked, code: str) -> HttpResponse:
    """Choose column and value, see before and after of every row, then change them all or none."""
    register, authority, names = queries.get_register(code), request.caller.authority, Names()
    chosen = _chosen(request)
    column = next((c for c in columns_of(register) if c.name == request.POST.get("column")), None)
    refused, wrong, value = None, "", None
    lines = [
        (found, version)
        for row_id, version in chosen
        if (found := queries.find_row(register, row_id, authority=authority)) is not None
    ]
    if not lines:
        refused = Refused("rows_missing")
    elif column is not None:
        text = request.POST.get(f"v_{column.name}", "")[:4000]
        text = code_of(text) if column.kind in ("place", "organization") else text
        ((values, errors),) = queries.read_rows(register, [{column.name: text}], within=authority.place)
        wrong = registered.sentences(errors).get(column.name, "")
        value = values.get(column.name)
        if not errors and request.POST.get("do"):
            try:
                actions.change_rows(code, [(line.id, v) for line, v in lines], values, **act(request))
                return redirect(f"/registers/{code}?{request.POST.get('question', '')[:1000]}")
            except Refused as no:
                refused = no
    registered.know(register, [line for line, _ in lines], names)
    context = {
        "register": register,
        "columns": columns_of(register),
        "column": column,
        "wrong": wrong,
        "value": registered.cell(column, value, names) if column and not wrong else None,
        "typed": request.POST,
        "text": request.POST.get(f"v_{column.name}", "") if column else "",
        "lines": [
            SimpleNamespace(
                id=line.id,
                version=version,
                name=line.values["name"],
                before=registered.cell(column, line.values[column.name], names) if column else None,
                same=column is not None and line.values[column.name] == value,
            )
            for line, version in lines
        ],
        "error": refusals.sentence(refused) if refused else "",
    }
    status = status_of(refused) if refused else 422 if wrong else 200
    return render(request, "web/registers/many.html", context, status=status)


def _chosen(request: Asked) -> list[tuple[uuid.UUID, int]]:
    """The rows that were ticked, each with the version that was shown: `<id>:<version>`."""
    found = []
    for one in request.POST.getlist("row")[:MOST]:
        row_id, _, version = one.partition(":")
        key = uuid_of(row_id)
        if key is not None:
            found.append((key, whole(version, 0) or 0))
    return found
