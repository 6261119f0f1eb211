"""Found in reports: what the words ask for becomes a proposed need. The machine confirms none."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import NeedClass
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import Said
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Words
from jingwei.engines.reading import read_facts
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import STANDING, NeedFound, NeedToldAgain
from ..models import Need, Telling

#: Incident, class, division, site: by these two reports ask for the same.
Same = tuple[uuid.UUID | None, str, str, str]


class _Want(msgspec.Struct, frozen=True):
    """What one report asks for."""

    line: Words
    item_class: str
    begin: int
    end: int


@transaction.atomic
def find_needs(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Propose what the reports that joined an incident ask for; what is known there is told again."""
    agencies.require(by, "needs.find_needs", at=moment.at)
    ids = [uuid.UUID(str(getattr(e.fact, "report_id"))) for e in entries]  # noqa: B009 - of two facts
    wants = [w for line in reports.list_words_by_id(ids) for w in _read(line)]
    if not wants:
        return
    classes = hazards.list_need_classes(on=localdate(moment.at))
    wants = [w for w in wants if w.item_class in classes and classes[w.item_class].read_in_reports]
    if wants:
        _Finding(wants, classes, by=by, moment=moment).run()


def _read(line: Words) -> list[_Want]:
    """What the words ask for, by class. What is only hearsay or an order asks for nothing."""
    if line.type not in rules.READ_TYPES or "rumor" in line.flags or not line.words:
        return []
    return [
        _Want(line, fact.label, fact.begin, fact.end)
        for fact in read_facts(line.words)
        if fact.measure == "need" and not fact.negated
    ]


class _Finding:
    """One list of wants against the needs that are known, held in memory until the end."""

    def __init__(
        self, wants: Sequence[_Want], classes: dict[str, NeedClass], *, by: By, moment: Moment
    ) -> None:
        self.wants, self.classes, self.by, self.moment = wants, classes, by, moment
        told = [w.line.id for w in wants]
        self.of = incidents.get_incident_of_reports(told)
        self.done = set(Telling.objects.filter(report_id__in=told).values_list("report_id", "item_class"))
        rows = Need.objects.select_for_update().filter(
            incident_id__in={line.id for line in self.of.values()},
            origin="found",
            state__in=STANDING,
            joined_into=None,
        )
        self.known: dict[Same, Need] = {
            (row.incident_id, row.item_class, row.place, row.site): row
            for row in rows.order_by("pk")
            if row.incident_id is not None
        }
        self.new: list[Need] = []
        self.changed: dict[uuid.UUID, Need] = {}
        self.tellings: list[Telling] = []
        self.said: list[tuple[Fact, Recorded]] = []

    def run(self) -> None:
        for want in self.wants:
            if want.line.id in self.of and (want.line.id, want.item_class) not in self.done:
                self.done.add((want.line.id, want.item_class))
                self._take(want)
        Need.objects.bulk_create(self.new)
        fresh = {row.pk for row in self.new}
        Need.objects.bulk_update(
            [row for pk, row in self.changed.items() if pk not in fresh], ["fresh_until_at", "version"]
        )
        Telling.objects.bulk_create(self.tellings)
        record(self.said, by=self.by, moment=self.moment)

    def _take(self, want: _Want) -> None:
        incident = self.of[want.line.id]
        place, site = want.line.place or incident.place, want.line.site
        if not place:
            return  # no post could see it
        same = (incident.id, want.item_class, place, site)
        row, of = self.known.get(same), self.classes[want.item_class]
        until = rules.fresh_until(self.moment.at, of)
        if row is None:
            row = self.known[same] = self._propose(want, of, incident.id, place, site, until)
            fact: Fact = NeedFound(
                need_id=str(row.pk), report_id=str(want.line.id), incident_id=str(incident.id),
                item_class=want.item_class, priority=of.priority, place=place, site=site,
                begin=want.begin, end=want.end,
            )  # fmt: skip
        else:
            if row.state == "open":  # a person's word is made fresh by a person
                row.fresh_until_at = until
                row.version += 1
                self.changed[row.pk] = row
            fact = NeedToldAgain(
                need_id=str(row.pk), report_id=str(want.line.id), begin=want.begin, end=want.end
            )
        self.tellings.append(
            Telling(
                need=row, report_id=want.line.id, item_class=want.item_class, begin=want.begin, end=want.end
            )
        )
        self.said.append((fact, row))

    def _propose(
        self, want: _Want, of: NeedClass, incident_id: uuid.UUID, place: str, site: str, until: datetime
    ) -> Need:
        row = Need(
            origin="found", by=self.by, at=self.moment.at, report_id=want.line.id, incident_id=incident_id,
            item_class=of.item_class, priority=of.priority, place=place, site=site, fresh_until_at=until,
            fresh_rule=of.rule_id, **writes.item_of(None, of.name_zh, of.name_en, ""),
        )  # fmt: skip
        self.new.append(row)
        return row
