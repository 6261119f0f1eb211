"""Rows of registers written by programs: the same rules as forms and files, and the same sentences."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status

from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import CellError, Register
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.refusals import say
from jingwei.kernel.refusals import Refused

from .registers import RowOut, authority_of, find_register, router, row_out

# on the router of the reads: one address has one entry there, whatever the method
Value = str | int | float | bool | None


class RowIn(Schema):
    """What columns are to hold, by their names: text as a form takes it, or a number, true, false, null."""

    values: dict[str, Value]


class StrikeIn(Schema):
    reason: str


class CellOut(Schema):
    column: str
    code: str
    message: str


class WrongOut(Schema):
    """`errors`: what is wrong in each column; nothing was saved."""

    error: str
    message: str
    errors: list[CellOut]


class SaidOut(Schema):
    error: str
    message: str


_CHANGED: dict[int, Any] = {
    200: RowOut, 403: SaidOut, 404: SaidOut, 409: SaidOut, 412: SaidOut, 422: WrongOut | dict[str, Any],
    428: SaidOut,
}  # fmt: skip
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The caller's own key, up to 100 characters: asked again, the same row is answered",
    "schema": {"type": "string", "maxLength": 100, "pattern": "^[!-~]*$"},
}
_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The version that was read, as ETag gave it",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}


@router.post(
    "/{code}/rows",
    response={200: RowOut, 201: RowOut, **{k: v for k, v in _CHANGED.items() if k in (403, 404, 409, 422)}},
    summary="Enter a row",
    openapi_extra={"parameters": [_KEY]},
)
def add_row(request: HttpRequest, code: str, body: RowIn, response: HttpResponse):
    register = find_register(code)
    texts = {c.name: "" for c in register.given} | _texts(register, body.values)
    values, key = _read(register, texts, request), request.headers.get("Idempotency-Key", "")[:100]
    act = acting(request)
    try:
        row_id = actions.add_row(code, values, key=key, **act)
    except IntegrityError:  # the same key, or the same row, a moment ago from elsewhere
        row_id = actions.add_row(code, values, key=key, **act)
    return Status(201, _answer(request, register, row_id, response))


@router.patch(
    "/{code}/rows/{row_id}",
    response=_CHANGED,
    summary="Change columns of a row as it was read",
    openapi_extra={"parameters": [_MATCH]},
)
def change_row(request: HttpRequest, code: str, row_id: uuid.UUID, body: RowIn, response: HttpResponse):
    register = find_register(code)
    seen(request, register, row_id)
    version = _version(request)
    values = _read(register, _texts(register, body.values), request)
    try:
        actions.change_row(code, row_id, values, version=version, **acting(request))
    except Refused as refused:
        if refused.code != "changed_meanwhile":
            raise
        return Status(412, SaidOut(error=refused.code, message=say(refused.code)))
    return _answer(request, register, row_id, response)


@router.post(
    "/{code}/rows/{row_id}/strike",
    response={k: v for k, v in _CHANGED.items() if k not in (412, 428)},
    summary="Strike a row through",
)
def strike_row(request: HttpRequest, code: str, row_id: uuid.UUID, body: StrikeIn, response: HttpResponse):
    register = find_register(code)
    seen(request, register, row_id)
    actions.strike_row(code, row_id, reason=body.reason, **acting(request))
    return _answer(request, register, row_id, response)


@router.post(
    "/{code}/rows/{row_id}/restore",
    response={k: v for k, v in _CHANGED.items() if k not in (412, 428)},
    summary="Let a struck row stand again",
)
def restore_row(request: HttpRequest, code: str, row_id: uuid.UUID, response: HttpResponse):
    register = find_register(code)
    seen(request, register, row_id)
    actions.restore_row(code, row_id, **acting(request))
    return _answer(request, register, row_id, response)


def acting(request: HttpRequest) -> dict[str, Any]:
    return {"by": authority_of(request).holding, "moment": this_moment()}


def seen(request: HttpRequest, register: Register, row_id: uuid.UUID) -> None:
    if queries.find_row(register, row_id, authority=authority_of(request)) is None:
        raise Refused("not_found")


def _answer(request: HttpRequest, register: Register, row_id: uuid.UUID, response: HttpResponse) -> RowOut:
    line = queries.find_row(register, row_id, authority=authority_of(request))
    if line is None:  # moved where the post does not look
        raise Refused("not_found")
    response["ETag"] = f'"{line.version}"'
    return row_out(line)


class RowWrong(Exception):
    """Cells that were not taken, with why."""

    def __init__(self, errors: list[CellError]) -> None:
        super().__init__("row_wrong")
        self.errors = errors


def wrong_out(wrong: RowWrong) -> dict[str, Any]:
    errors = [
        {"column": e.column, "code": e.code, "message": say(e.code, e.facts).strip()} for e in wrong.errors
    ]
    return {"error": "row_wrong", "message": say("row_wrong"), "errors": errors}


def _texts(register: Register, values: Mapping[str, Value]) -> dict[str, str]:
    """The values as a form would have them; a masked value that is sent back as it came is refused."""
    texts, errors = {}, []
    for name, value in values.items():
        column = register.column(name)
        text = _text(value)
        if column is None or column.derived:
            errors.append(CellError(name[:60], "cell_unknown"))
        elif column.mask and "*" in text:
            errors.append(CellError(name, "cell_masked"))
        else:
            texts[name] = text
    if errors:
        raise RowWrong(errors)
    return texts


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)[:4000]


def _read(register: Register, texts: Mapping[str, str], request: HttpRequest) -> dict[str, Any]:
    ((values, errors),) = queries.read_rows(register, [texts], within=authority_of(request).place)
    if errors:
        raise RowWrong(errors)
    return values


def _version(request: HttpRequest) -> int:
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("version_missing")
    return int(text)
