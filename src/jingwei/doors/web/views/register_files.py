"""A register as a file: what the list shows, in a form that the import reads again. Masks stay."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import Cell, Column, Register
from jingwei.apps.registers.queries import RowLine
from jingwei.doors.web import registered, terms
from jingwei.doors.web.door import Asked, signed_in
from jingwei.doors.web.names import Names
from jingwei.engines.sheets import writing

from .registers import sought_of

#: Most rows in one file; more are fetched by place. Source: our estimate, about 40 MB, 2026-11-29.
MOST = 100_000
#: Rows whose names are looked up at once.
STEP = 500
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@signed_in
@require_safe
def export(request: Asked, code: str, kind: str) -> HttpResponse:
    """What the list seeks, all pages of it; `template`: only the headings."""
    if kind not in TYPES:
        raise Http404
    empty = bool(request.GET.get("template"))
    register = queries.get_form(code) if empty else queries.get_register(code)
    rows = iter(()) if empty else _rows(register, request)
    table = _table(register, register.given if empty else list(register.columns), rows)
    title = register.zh if terms.is_zh() else register.en
    body = writing.write_csv(table) if kind == "csv" else writing.write_xlsx(table, name=title)
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{code}.{kind}"'
    return answer


def _rows(register: Register, request: Asked) -> Iterator[RowLine]:
    sought = sought_of(register, request.GET, request)
    return queries.list_standing(register, sought, authority=request.caller.authority, most=MOST, step=STEP)


def _table(
    register: Register, columns: Sequence[Column], lines: Iterator[RowLine]
) -> Iterator[Sequence[str | int | float | None]]:
    zh = terms.is_zh()
    yield [column.zh if zh else column.en for column in columns]
    names, waiting = Names(), []
    for line in lines:
        waiting.append(line)
        if len(waiting) == STEP:
            yield from _written(register, waiting, names, zh)
            waiting = []
    yield from _written(register, waiting, names, zh)


def _written(
    register: Register, lines: Sequence[RowLine], names: Names, zh: bool
) -> Iterator[list[str | int | float | None]]:
    registered.know(register, lines, names)
    for line in lines:
        yield [_cell(column, line.values[column.name], names, zh) for column in register.columns]


def _cell(column: Column, value: Cell, names: Names, zh: bool) -> str | int | float | None:
    """Numbers as numbers, places and organizations by code, the rest in the words of the page."""
    if value is None or value == "":
        return None
    if column.kind in ("place", "organization"):
        return str(value)
    if column.kind in ("whole", "number") and isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    shown = registered.cell(column, value, names)
    return str(shown.zh if zh else shown.en)
