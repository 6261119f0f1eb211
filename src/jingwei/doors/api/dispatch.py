"""Dispatch systems: their records in, the state of their cases out. See docs/dispatch-adapters.md."""

from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest
from ninja import Query, Router, Schema

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.reports import actions
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.facts import Received
from jingwei.doors.entry import dispatch
from jingwei.doors.entry.dispatch import MOST_RECORDS, Record, System
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.moments import By
from jingwei.kernel.refusals import Refused

router = Router()
#: Largest body, bytes. Source: Django's own bound for a body in memory, as settings.py gives it.
MOST_BYTES = 2 * 1024 * 1024
_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
    "required": ["error"],
}
_REFUSED = {
    status: {"description": why, "content": {"application/json": {"schema": _ERROR}}}
    for status, why in (("403", "This post may not report"), ("413", "Too much at once"))
}
_RECORD = {"type": "object", "description": "The system's own record; see docs/dispatch-adapters.md"}
_BODY = {
    "required": True,
    "content": {"application/json": {"schema": {"anyOf": [_RECORD, {"type": "array", "items": _RECORD}]}}},
}


class ToldOut(Schema):
    """What became of one record."""

    id: str
    status: str
    flags: list[str]
    case: str
    version: str


class TakenOut(Schema):
    reports: list[ToldOut]


class CaseOut(Schema):
    """One case as it stands here. `code` is `state` in the system's own table."""

    case: str
    version: str
    state: str
    code: str
    reports: list[str]
    incident_id: str
    incident_state: str
    grade: int | None


class CasesOut(Schema):
    offset: int
    limit: int
    cases: list[CaseOut]


@router.post(
    "/{system}",
    response={201: TakenOut, 202: TakenOut},
    summary="A dispatch system's own records, as tellings of its cases",
    openapi_extra={"requestBody": _BODY, "responses": _REFUSED},
)
def receive(request: HttpRequest, system: str):
    table, by = _table(system), request.auth.holding  # type: ignore[attr-defined]
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    _, _, charset = request.headers.get("content-type", "").lower().partition("charset=")
    records = dispatch.read_records(body, charset.split(";")[0].strip(' "'), table)
    if len(records) > MOST_RECORDS:
        raise _too_large()
    try:
        answers = _received(records, table, by=by)
    except IntegrityError:  # the same record at the same instant: it is known now
        answers = _received(records, table, by=by)
    said = [
        ToldOut(id=str(a.id), status=a.status, flags=list(a.flags), case=r.case, version=r.version)
        for r, a in zip(records, answers, strict=True)
    ]
    waits = any(a.status == "quarantined" for a in answers)
    return (202 if waits else 201), TakenOut(reports=said)


def _received(records: list[Record], table: System, *, by: By) -> list[Received]:
    placed = _placed(records, table, by=by)
    return actions.receive_reports(placed, by=by, moment=this_moment())


def _placed(records: list[Record], table: System, *, by: By) -> list[Any]:
    """Each telling under its case: the first one as an occurrence, a later one as what was done since.

    A telling that came before keeps what it said then, else it would not be known again.
    """
    came = {one.key: one for one in reports.list_told_under([r.told.key for r in records if r.case], by=by)}
    before = reports.list_first_of_cases([_case_key(table, r.case) for r in records if r.case], by=by)
    held = incidents.get_incident_of_reports(before.values())
    said: set[str] = set()
    placed = []
    for one in records:
        key, told = _case_key(table, one.case), one.told
        if not one.case:
            placed.append(told)
            continue
        ref, kind = key.rstrip(":")[:80], told.type
        if told.key in came:
            ref, kind = came[told.key].event_ref, came[told.key].type
        elif key in before or key in said:
            found = held.get(before[key]) if key in before else None
            ref, kind = (str(found.id) if found else ref), "action"
        said.add(key)
        placed.append(msgspec.structs.replace(told, event_ref=ref, type=kind))
    return placed


def _case_key(table: System, case: str) -> str:
    return f"{table.system}:{case}:"


def _table(system: str) -> System:
    if system not in dispatch.SYSTEMS:
        raise Refused("not_found")
    return dispatch.get_system(system)


def _too_large() -> Refused:
    return Refused("body_too_large", most_bytes=MOST_BYTES, most=MOST_RECORDS)


@router.get("/{system}", response=CasesOut, summary="What became of the caller's own cases")
def list_cases(
    request: HttpRequest,
    system: str,
    case: str = Query("", max_length=60),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(50, ge=1, le=500),  # type: ignore[type-arg]
):
    table, by = _table(system), request.auth.holding  # type: ignore[attr-defined]
    start = _case_key(table, case) if case else f"{table.system}:"
    tellings = reports.list_told_from(start, by=by, offset=offset, limit=limit)
    held = incidents.get_incident_of_reports([one.id for one in tellings])
    cases: dict[str, list[reports.Telling]] = {}
    for one in tellings:
        cases.setdefault(one.key.split(":")[1], []).append(one)
    out = [_case(table, number, some, held) for number, some in cases.items()]
    return CasesOut(offset=offset, limit=limit, cases=out)


def _case(table: System, number: str, tellings: list[reports.Telling], held: Any) -> CaseOut:
    found = next((held[one.id] for one in tellings if one.id in held), None)
    state = "received" if any(one.state == "accepted" for one in tellings) else "quarantined"
    if found is not None:
        state = "closed" if found.state == "closed" else "joined"
    return CaseOut(
        case=number,
        version=tellings[0].key.rpartition(":")[2],
        state=state,
        code=table.replies[state],
        reports=[str(one.id) for one in tellings],
        incident_id=str(found.id) if found else "",
        incident_state=found.state if found else "",
        grade=found.grade if found else None,
    )
