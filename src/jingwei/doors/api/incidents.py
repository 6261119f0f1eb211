"""Incidents, as the caller's post may see them."""

import uuid

import msgspec
from django.http import HttpRequest
from ninja import Query, Router

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.kernel.codes import kind_prefix, normal_place
from jingwei.kernel.refusals import Refused

from .reports import figure_out, report_out
from .shapes import ChainOut, GradeOut, IncidentOut, IncidentsOut, JoinedOut, Page, RoomOut, WhyOut

router = Router()


@router.get("", response=IncidentsOut, summary="Incidents, gravest first")
def list_incidents(
    request: HttpRequest,
    state: str = Query("open", pattern="^(open|closed|)$"),  # type: ignore[type-arg]
    search: str = Query("", max_length=100),  # type: ignore[type-arg]
    grade: int | None = Query(None, ge=1, le=4),  # type: ignore[type-arg]
    kind: str = Query("", max_length=5),  # type: ignore[type-arg]
    place: str = Query("", max_length=12),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(50, ge=1, le=500),  # type: ignore[type-arg]
):
    wanted = {
        "authority": request.auth,  # type: ignore[attr-defined]
        "state": state,
        "search": search,
        "grade": grade,
        "kind": kind_prefix(kind),
        "place": normal_place(place),
    }
    lines = incidents.list_incidents(**wanted, offset=offset, limit=limit)
    total = incidents.count_incidents(**wanted)
    page = Page(total=total, offset=offset, limit=limit)
    return IncidentsOut(page=page, incidents=[incident_out(line) for line in lines])


@router.get("/{incident_id}", response=RoomOut, summary="One incident: reports with why, figures by chain")
def get_incident(request: HttpRequest, incident_id: uuid.UUID):
    room = incidents.get_room(incident_id, authority=request.auth)  # type: ignore[attr-defined]
    if room is None:
        raise Refused("not_found")
    return RoomOut(
        incident=incident_out(room.incident),
        reports=[
            JoinedOut(
                report=report_out(j.report, incident_id),
                score=j.score,
                threshold=j.threshold,
                why=[WhyOut(**part) for part in j.parts],
            )
            for j in room.reports
        ],
        chains=[
            ChainOut(measure=c.measure, area=c.area, figures=[figure_out(f) for f in c.figures])
            for c in room.chains
        ],
    )


def incident_out(line: IncidentLine) -> IncidentOut:
    fields = msgspec.structs.asdict(line)
    grading = GradeOut(
        grade=line.grade,
        state=line.grade_state,
        clauses=list(line.clauses),
        missing=list(line.missing),
        proposed_grade=line.proposed_grade,
        could_be=line.could_be,
    )
    return IncidentOut(grading=grading, **{n: fields[n] for n in IncidentOut.model_fields if n in fields})
