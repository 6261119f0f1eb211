"""Reports as told, as the caller's post may see them."""

import uuid

import msgspec
from django.http import HttpRequest
from ninja import Query, Router

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Figure, ReportLine
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

from .shapes import FigureOut, Page, ReportOut, ReportsOut

router = Router()


@router.get("", response=ReportsOut, summary="Reports, newest first")
def list_reports(
    request: HttpRequest,
    search: str = Query("", max_length=100),  # type: ignore[type-arg]
    channel: str = Query("", max_length=24),  # type: ignore[type-arg]
    flag: str = Query("", pattern="^[a-z0-9_]*$", max_length=40),  # type: ignore[type-arg]
    state: str = Query("", pattern="^(accepted|quarantined|)$"),  # type: ignore[type-arg]
    place: str = Query("", max_length=12),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(50, ge=1, le=500),  # type: ignore[type-arg]
):
    sought = reports.Sought(search=search, channel=channel, flag=flag, state=state, place=normal_place(place))
    authority = request.auth  # type: ignore[attr-defined]
    lines = reports.list_reports(sought, authority=authority, offset=offset, limit=limit)
    held = incidents.get_incident_of_reports([line.id for line in lines])
    total = reports.count_reports(sought, authority=authority)
    page = Page(total=total, offset=offset, limit=limit)
    out = [report_out(one, held[one.id].id if one.id in held else None) for one in lines]
    return ReportsOut(page=page, reports=out)


@router.get("/{report_id}", response=ReportOut, summary="One report")
def get_report(request: HttpRequest, report_id: uuid.UUID):
    line = reports.find_report(report_id, authority=request.auth)  # type: ignore[attr-defined]
    if line is None:
        raise Refused("not_found")
    held = incidents.get_incident_of_reports([line.id])
    return report_out(line, held[line.id].id if line.id in held else None)


def report_out(line: ReportLine, incident_id: uuid.UUID | None) -> ReportOut:
    fields = msgspec.structs.asdict(line)
    fields["flags"] = list(line.flags)
    fields["figures"] = [figure_out(f) for f in line.figures]
    known = {n: fields[n] for n in ReportOut.model_fields if n in fields}
    return ReportOut(**known, incident_id=incident_id)


def figure_out(figure: Figure) -> FigureOut:
    return FigureOut(**msgspec.structs.asdict(figure))
