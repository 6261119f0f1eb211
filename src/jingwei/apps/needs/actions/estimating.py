"""Estimated: people counted × published standards, line by line, again whenever a count changes."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import (
    DemandStandard,
    OverlayConfirmed,
    OverlayEnded,
    OverlayEndUndone,
    OverlayWithdrawn,
)
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import Said
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import queries, rules, writes
from ..facts import EstimateLapsed, NeedEstimated
from ..models import Need
from ..rules import Arithmetic

Said_ = list[tuple[Fact, Recorded]]


@transaction.atomic
def estimate_needs(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Propose what the people counted need by the standards of the event's day. Never what a person holds."""
    agencies.require(by, "needs.estimate_needs", at=moment.at)
    said: Said_ = []
    for incident_id in sorted({one for e in entries for one in _told_of(e)}):
        line = incidents.find_line(incident_id)
        if line is not None and line.state == "open":
            said += _Estimating(line, by=by, moment=moment).run()
    record(said, by=by, moment=moment)


def _told_of(entry: Said) -> list[uuid.UUID]:
    """The incident whose count changed; all open ones of an area that has another standard."""
    fact = entry.fact
    if isinstance(fact, OverlayConfirmed | OverlayWithdrawn | OverlayEnded | OverlayEndUndone):
        return incidents.list_open_in(fact.place) if fact.table == "demand-standards" else []
    return [uuid.UUID(entry.subject)]


class _Estimating:
    """One incident: what its counts give now, beside what was estimated before."""

    def __init__(self, line: IncidentLine, *, by: By, moment: Moment) -> None:
        self.line, self.by, self.moment = line, by, moment
        self.classes = hazards.list_need_classes(on=localdate(moment.at))
        self.said: Said_ = []

    def run(self) -> Said_:
        on = localdate(self.line.opened_at)
        standards = queries.standards_at(self.line, hazards.get_laid())
        rows = Need.objects.select_for_update().filter(incident_id=self.line.id, origin="estimated")
        known = {(row.standard, row.area): row for row in rows.order_by("pk")}
        given = queries.list_estimates(self.line.id, standards)
        for (standard, place), sum_ in given:
            self._keep(known.pop((sum_.rule_id, sum_.area), None), standard, place, sum_, on)
        for row in known.values():
            self._lapse(row)
        return self.said

    def _keep(
        self, row: Need | None, standard: DemandStandard, place: str, sum_: Arithmetic, on: date
    ) -> None:
        shown = msgspec.to_builtins(sum_) | {"on": on.isoformat()}
        if row is None:
            row = self._propose(standard, place, sum_, shown)
            self._say(row, sum_, before=None, held=False)
            return
        before = row.estimate or {}
        if before == shown:
            return
        held = row.held_by is not None
        changes: dict[str, object] = {"estimate": shown}
        if not held:
            changes |= {
                "quantity": sum_.quantity, "people": sum_.people, "state": "open", "before_state": "",
                "reason": "", "fresh_until_at": self._until(standard),
            }  # fmt: skip
        writes.save(row, **changes)
        self._say(row, sum_, before=before.get("quantity"), held=held)

    def _propose(
        self, standard: DemandStandard, place: str, sum_: Arithmetic, shown: dict[str, object]
    ) -> Need:
        of = rules.class_of(standard.item_class, self.classes)
        item = writes.item_of(None, standard.name_zh, standard.name_en, standard.unit_zh)
        row = Need(
            origin="estimated", by=self.by, at=self.moment.at, incident_id=self.line.id, place=place,
            site="" if sum_.area == place else sum_.area, area=sum_.area, standard=standard.rule_id,
            item_class=of.item_class, priority=of.priority, quantity=sum_.quantity, people=sum_.people,
            fresh_until_at=self._until(standard), fresh_rule=of.rule_id, estimate=shown,
            **(item | {"unit_en": standard.unit_en}),
        )  # fmt: skip
        row.save(force_insert=True)
        return row

    def _until(self, standard: DemandStandard) -> datetime:
        return rules.fresh_until(self.moment.at, rules.class_of(standard.item_class, self.classes))

    def _say(self, row: Need, sum_: Arithmetic, *, before: int | None, held: bool) -> None:
        fact = NeedEstimated(
            need_id=str(row.pk), incident_id=str(self.line.id), rule_id=sum_.rule_id, measure=sum_.measure,
            area=sum_.area, count_id=sum_.count_id, people=sum_.people, quantity=sum_.quantity,
            before=before, held=held,
        )  # fmt: skip
        self.said.append((fact, row))

    def _lapse(self, row: Need) -> None:
        """The machine takes its own proposal back; of what a person holds only the arithmetic goes."""
        if row.estimate is None:
            return
        changes: dict[str, object] = {"estimate": None}
        if row.held_by is None:
            changes |= {"state": "withdrawn", "before_state": "open", "reason": ""}
        writes.save(row, **changes)
        fact = EstimateLapsed(need_id=str(row.pk), incident_id=str(self.line.id), rule_id=row.standard)
        self.said.append((fact, row))
