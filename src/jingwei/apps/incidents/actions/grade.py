"""The machine proposes a grade from figures and tables; it never decides one."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said
from jingwei.apps.journal.writes import update_rows
from jingwei.apps.reports import queries as reports
from jingwei.engines.grading import Graded, GradeTable, grade
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import GradeProposed
from ..models import Incident, Membership


@transaction.atomic
def propose_grades(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Grade again the incidents whose reports changed, by the rules of each event's day."""
    agencies.require(by, "incidents.propose_grades", at=moment.at)
    told = _told_of(entries)
    rows = Incident.objects.select_for_update().filter(pk__in=[uuid.UUID(i) for i in told])
    rows = rows.exclude(state="merged").order_by("pk")
    with_figures = reports.list_with_figures(set().union(*told.values()))
    asked = [row for row in rows if row.graded_on != _basis(row) or told[str(row.id)] & with_figures]
    if not asked:
        return  # one more report without a figure changes no grade
    tables = hazards.list_grading_tables({_event(row) for row in asked})
    stated = _list_stated(asked)
    said = []
    for row in asked:
        fact = _propose(row, tables[_event(row)], stated[row.pk])
        row.graded_on = _basis(row)
        if fact is not None:
            row.version += 1
            said.append((fact, row))
    update_rows(asked, _PROPOSED)
    if said:
        record(said, by=by, moment=moment)


#: What a proposal changes of an incident.
_PROPOSED = (
    "graded_on", "version", "proposed_grade", "proposed_state", "proposed_clauses", "proposed_missing",
    "proposed_figures", "could_be",
)  # fmt: skip


def _event(row: Incident) -> tuple[str, date]:
    """Kind and day: by them a table is chosen."""
    return row.kind, localtime(row.opened_at).date()


def _basis(row: Incident) -> str:
    return f"{row.kind} {row.site or row.place} {localtime(row.opened_at):%Y-%m-%d}"


def _told_of(entries: Sequence[Said]) -> dict[str, set[uuid.UUID]]:
    """Which reports came to or left which incident."""
    told: dict[str, set[uuid.UUID]] = {}
    for entry in entries:
        fact = entry.fact
        ids = getattr(fact, "report_ids", None) or (getattr(fact, "report_id", ""),)
        for incident_id in getattr(fact, "incident_ids", (entry.subject,)):
            told.setdefault(incident_id, set()).update(uuid.UUID(i) for i in ids if i)
    return told


def _propose(row: Incident, table: GradeTable | None, stated: Sequence[rules.Stated]) -> GradeProposed | None:
    """Set the row's proposal; the fact when it differs from the last one, else None."""
    figures: dict[str, float] = {}
    if table is None:
        result = Graded(grade=None, state="no_table", clauses=(), missing=())
    else:
        units = {r.metric: r.unit for r in table.rows}
        figures = rules.figures_for_grading(stated, place=row.place, site=row.site, units=units)
        figures = {m: v for m, v in figures.items() if m in units}
        result = grade(figures, table)
    clauses = [c.rule_id for c in result.clauses]
    before = (row.proposed_grade, row.proposed_state, row.proposed_clauses, row.proposed_missing)
    proposed = int(result.grade) if result.grade is not None else None
    after = (proposed, result.state, clauses, list(result.missing))
    if before == after and row.proposed_figures == figures:
        return None
    row.proposed_grade, row.proposed_state = proposed, result.state
    row.proposed_clauses, row.proposed_missing = clauses, list(result.missing)
    row.proposed_figures = figures
    row.could_be = int(result.could_be) if result.could_be is not None else None
    return GradeProposed(
        incident_id=str(row.id),
        grade=proposed,
        state=result.state,
        clauses=tuple(clauses),
        missing=tuple(result.missing),
        figures=figures,
        could_be=row.could_be,
    )


def _list_stated(rows: Sequence[Incident]) -> dict[uuid.UUID, list[rules.Stated]]:
    """The figures that the reports of each incident tell, in order of the time they speak of."""
    members = Membership.objects.filter(incident_id__in=[row.pk for row in rows], left_at=None)
    of = dict(
        members.filter(report_id__in=reports.select_with_figures()).values_list("report_id", "incident_id")
    )
    found: dict[uuid.UUID, list[rules.Stated]] = {row.pk: [] for row in rows}
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
