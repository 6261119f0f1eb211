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
from jingwei.apps.stock import queries as stock
from jingwei.engines.reading import Asked, read_needs
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import STANDING, NeedFound, NeedQuantityRead, NeedToldAgain
from ..models import Need, Telling
from ..rules import Proposed, Supply

#: Incident, class, division, site: by these two reports ask for the same kind of thing.
Same = tuple[uuid.UUID | None, str, str, str]
#: What a number in words sets of a need that nobody has touched.
PROPOSED = (
    "supply_id", "item_zh", "item_en", "unit_zh", "unit_en", "item_key", "quantity",
)  # fmt: skip


class _Want(msgspec.Struct, frozen=True):
    """What one report asks for, and how much of it where its words say so."""

    line: Words
    asked: Asked
    amount: Proposed | None = None

    @property
    def item_class(self) -> str:
        return self.asked.label

    @property
    def item(self) -> str:
        """The thing by name where it has a number, so that 200 tents and 50 beds are two."""
        return (self.asked.item or self.asked.label) if self.amount else ""


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
        _Finding(_counted(wants, classes), classes, by=by, moment=moment).run()


def _read(line: Words) -> list[_Want]:
    """What the words ask for, by class. What is only hearsay or an order asks for nothing."""
    if line.type not in rules.READ_TYPES or "rumor" in line.flags or not line.words:
        return []
    return [_Want(line, asked) for asked in read_needs(line.words)]


def _counted(wants: list[_Want], classes: dict[str, NeedClass]) -> list[_Want]:
    """The numbers that words say, in units of the stock where it knows them."""
    if all(w.asked.low is None for w in wants):
        return wants
    supplies = [
        Supply(one.id, one.name_zh, one.name_en, one.unit_zh, one.unit_en, one.pack)
        for one in stock.list_supplies()
    ]
    return [
        msgspec.structs.replace(w, amount=rules.propose(w.asked, classes[w.item_class], supplies))
        for w in wants
    ]


class _Finding:
    """One list of wants against the needs that are known, held in memory until the end."""

    def __init__(
        self, wants: Sequence[_Want], classes: dict[str, NeedClass], *, by: By, moment: Moment
    ) -> None:
        self.wants, self.classes, self.by, self.moment = wants, classes, by, moment
        told = [w.line.id for w in wants]
        self.of = incidents.get_incident_of_reports(told)
        self.done = set(
            Telling.objects.filter(report_id__in=told).values_list("report_id", "item_class", "item")
        )
        rows = Need.objects.select_for_update().filter(
            incident_id__in={line.id for line in self.of.values()},
            origin="found",
            state__in=STANDING,
            joined_into=None,
        )
        self.known: dict[Same, list[Need]] = {}
        for row in rows.order_by("pk"):
            self.known.setdefault((row.incident_id, row.item_class, row.place, row.site), []).append(row)
        self.items: dict[uuid.UUID, set[str]] = {}
        known = [row.pk for rows in self.known.values() for row in rows]
        named = Telling.objects.filter(need_id__in=known).exclude(item="") if known else []
        for telling in named:
            self.items.setdefault(telling.need_id, set()).add(telling.item)
        self.new: list[Need] = []
        self.changed: dict[uuid.UUID, Need] = {}
        self.tellings: list[Telling] = []
        self.said: list[tuple[Fact, Recorded]] = []

    def run(self) -> None:
        for want in self.wants:
            key = (want.line.id, want.item_class, want.item)
            if want.line.id in self.of and key not in self.done:
                self.done.add(key)
                self._take(want)
        Need.objects.bulk_create(self.new)
        fresh = {row.pk for row in self.new}
        Need.objects.bulk_update(
            [row for pk, row in self.changed.items() if pk not in fresh],
            ["fresh_until_at", "version", *PROPOSED],
        )
        Telling.objects.bulk_create(self.tellings)
        record(self.said, by=self.by, moment=self.moment)

    def _take(self, want: _Want) -> None:
        incident = self.of[want.line.id]
        place, site = want.line.place or incident.place, want.line.site
        if not place:
            return  # no post could see it
        asked, of = want.asked, self.classes[want.item_class]
        rows = self.known.setdefault((incident.id, want.item_class, place, site), [])
        row = self._same(rows, want)
        until = rules.fresh_until(self.moment.at, of)
        if row is None:
            row = self._propose(want, of, incident.id, place, site, until)
            rows.append(row)
            fact: Fact = NeedFound(
                need_id=str(row.pk), report_id=str(want.line.id), incident_id=str(incident.id),
                item_class=want.item_class, priority=of.priority, place=place, site=site,
                begin=asked.begin, end=asked.end,
            )  # fmt: skip
        else:
            if row.state == "open":  # a person's word is made fresh by a person
                row.fresh_until_at = until
                row.version += 1
                self.changed[row.pk] = row
            fact = NeedToldAgain(
                need_id=str(row.pk), report_id=str(want.line.id), begin=asked.begin, end=asked.end
            )
        self.said.append((fact, row))
        self._tell(row, want)

    def _same(self, rows: Sequence[Need], want: _Want) -> Need | None:
        """The need this is: of the same thing; else the one that says no thing yet."""
        unnamed = next((row for row in rows if not self.items.get(row.pk)), None)
        if not want.item:
            return unnamed or next(iter(rows), None)
        return next((row for row in rows if want.item in self.items.get(row.pk, ())), unnamed)

    def _tell(self, row: Need, want: _Want) -> None:
        """That the report tells of it; how much becomes the proposal where there is none yet."""
        asked, amount = want.asked, want.amount
        telling = Telling(
            need=row, report_id=want.line.id, item_class=want.item_class, begin=asked.begin, end=asked.end
        )
        self.tellings.append(telling)
        if amount is None:
            return
        taken = row.quantity is None and row.held_by is None and row.state == "open"
        if taken:
            item = writes.item_of(amount.supply_id, amount.zh, amount.en, amount.unit_zh)
            if amount.supply_id is None:
                item["unit_en"] = amount.unit_en or item["unit_en"]
            for name, value in (item | {"quantity": amount.quantity}).items():
                setattr(row, name, value)
        self.items.setdefault(row.pk, set()).add(want.item)
        telling.item, telling.low, telling.quantity = want.item[:24], amount.low, amount.quantity
        telling.rough, telling.unit_zh, telling.unit_en = amount.rough, amount.unit_zh, amount.unit_en
        telling.quantity_begin, telling.quantity_end = asked.said_begin, asked.said_end
        fact = NeedQuantityRead(
            need_id=str(row.pk), report_id=str(want.line.id), item=want.item, low=amount.low,
            quantity=amount.quantity, rough=amount.rough, unit=amount.unit_en or amount.unit_zh,
            begin=asked.said_begin, end=asked.said_end, taken=taken,
        )  # fmt: skip
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
