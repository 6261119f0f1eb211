"""The machine proposes a grade from figures and tables; it never decides one."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import OverlayConfirmed, OverlayEnded, OverlayEndUndone, OverlayWithdrawn
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said
from jingwei.apps.journal.writes import update_rows
from jingwei.apps.reports import queries as reports
from jingwei.engines.grading import GradeTable
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import GradeProposed
from ..models import Incident
from ..queries import grading, list_open_in


@transaction.atomic
def propose_grades(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Grade again the incidents whose reports changed, by the rules of each event's day."""
    agencies.require(by, "incidents.propose_grades", at=moment.at)
    told = _told_of(entries)
    rows = Incident.objects.select_for_update().filter(pk__in=[uuid.UUID(i) for i in told])
    rows = rows.exclude(state="merged").order_by("pk")
    with_figures = reports.list_with_figures(set().union(*told.values()))
    laid = hazards.get_laid()
    basis = {row.pk: grading.basis_of(row, laid) for row in rows}
    asked = [row for row in rows if row.graded_on != basis[row.pk] or told[str(row.id)] & with_figures]
    if not asked:
        return  # one more report without a figure changes no grade
    tables = hazards.list_grading_tables({grading.event_of(row) for row in asked}, laid)
    stated = grading.list_stated([row.pk for row in asked])
    said = []
    for row in asked:
        fact = _propose(row, tables[grading.event_of(row)], stated[row.pk])
        row.graded_on = basis[row.pk]
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


def _told_of(entries: Sequence[Said]) -> dict[str, set[uuid.UUID]]:
    """Which reports came to or left which incident; none of those an overlay's area holds, all the same."""
    told: dict[str, set[uuid.UUID]] = {}
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, OverlayConfirmed | OverlayWithdrawn | OverlayEnded | OverlayEndUndone):
            told |= {str(one): told.get(str(one), set()) for one in list_open_in(fact.place)}
            continue
        ids = getattr(fact, "report_ids", None) or (getattr(fact, "report_id", ""),)
        for incident_id in getattr(fact, "incident_ids", (entry.subject,)):
            told.setdefault(incident_id, set()).update(uuid.UUID(i) for i in ids if i)
    return told


def _propose(row: Incident, table: GradeTable | None, stated: Sequence[rules.Stated]) -> GradeProposed | None:
    """Set the row's proposal; the fact when it differs from the last one, else None."""
    result, figures = grading.graded(row, table, stated)
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
