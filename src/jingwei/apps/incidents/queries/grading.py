"""How incidents are graded by the tables of their day and place: for proposals, and for what is tried."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

import msgspec
from django.utils.timezone import localtime

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import Laid
from jingwei.apps.reports import queries as reports
from jingwei.engines.grading import Graded, GradeTable, grade

from .. import rules
from ..models import Incident, Membership
from .desk import IncidentLine, line_of, visible


def event_of(row: Incident) -> tuple[str, date, str]:
    """Kind, day and place: by them a table is chosen."""
    return row.kind, localtime(row.opened_at).date(), row.place


def basis_of(row: Incident, laid: Laid) -> str:
    """For which kind, area, day and overlays the tables are asked; another one asks again."""
    on = localtime(row.opened_at)
    return f"{row.kind} {row.site or row.place} {on:%Y-%m-%d} {laid.mark(row.place, on.date())}".strip()[:100]


def graded(
    row: Incident, table: GradeTable | None, stated: Sequence[rules.Stated]
) -> tuple[Graded, dict[str, float]]:
    """What the table says of the incident's figures, and the figures it was asked with."""
    if table is None:
        return Graded(grade=None, state="no_table", clauses=(), missing=()), {}
    units = {r.metric: r.unit for r in table.rows}
    figures = rules.figures_for_grading(stated, place=row.place, site=row.site, units=units)
    figures = {m: v for m, v in figures.items() if m in units}
    return grade(figures, table), figures


def list_stated(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[rules.Stated]]:
    """The figures that the reports of each incident tell, in order of the time they speak of."""
    members = Membership.objects.filter(incident_id__in=ids, left_at=None)
    of = dict(
        members.filter(report_id__in=reports.select_with_figures()).values_list("report_id", "incident_id")
    )
    found: dict[uuid.UUID, list[rules.Stated]] = {one: [] for one in ids}
    for f in reports.list_figures(ids=members.values("report_id")) if of else []:
        one = rules.Stated(
            measure=f.measure,
            area=f.area,
            value=f.value,
            unit=f.unit,
            as_of_at=f.as_of_at,
            report_id=str(f.report_id),
        )
        found[of[f.report_id]].append(one)
    return found


def list_open_in(place: str) -> list[uuid.UUID]:
    """Open incidents of an area, by their ids: for the machine, which sees all."""
    rows = Incident.objects.filter(state="open", place__startswith=place)
    return list(rows.order_by("pk").values_list("pk", flat=True))


class Regraded(msgspec.Struct, frozen=True):
    """An open incident as it stands, and as it would stand under other overlays."""

    before: IncidentLine
    after: IncidentLine


def list_regraded(place: str, laid: Laid, *, authority: Authority, most: int) -> list[Regraded]:
    """The open incidents of an area that this post sees, graded by what is tried. Nothing is written."""
    rows = visible(Incident.objects.filter(state="open", place__startswith=place), authority)
    asked = list(rows.order_by("-last_at", "pk")[:most])
    tables = hazards.list_grading_tables({event_of(row) for row in asked}, laid)
    stated = list_stated([row.pk for row in asked])
    found = []
    for row in asked:
        before = line_of(row)
        result, figures = graded(row, tables[event_of(row)], stated[row.pk])
        row.proposed_grade = int(result.grade) if result.grade is not None else None
        row.proposed_state, row.proposed_clauses = result.state, [c.rule_id for c in result.clauses]
        row.proposed_missing, row.proposed_figures = list(result.missing), figures
        row.could_be = int(result.could_be) if result.could_be is not None else None
        found.append(Regraded(before, line_of(row)))
    return found
