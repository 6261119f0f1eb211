"""Reads of counts and lists. Persons come out masked; only `reveal_person` shows one."""

import uuid
from collections import defaultdict
from datetime import datetime

import msgspec

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.reports.queries import Figure

from . import rules
from .models import Count, ListedPerson


class CountLine(msgspec.Struct, frozen=True):
    """One count of a chain, standing or revised since."""

    id: uuid.UUID
    value: int
    unit: str
    as_of_at: datetime
    report_id: uuid.UUID | None
    source: str
    from_list: bool
    reason: str
    stands: bool
    by: uuid.UUID
    at: datetime


class CountChain(msgspec.Struct, frozen=True):
    """One measure in one area: the counts we stood by, newest first, and what sources tell, newest first.

    Sources that differ stand side by side; none is mixed with another measure or area.
    """

    measure: str
    area: str
    counts: tuple[CountLine, ...]
    told: tuple[Figure, ...]

    @property
    def stands(self) -> CountLine | None:
        return self.counts[0] if self.counts else None

    @property
    def differs(self) -> bool:
        """The newest word of any source is not the count we stand by."""
        newest = {f.source or f.organization: f for f in reversed(self.told)}
        values = {rules.in_persons(f.value, f.unit) for f in newest.values()}
        return len(values | ({self.stands.value} if self.stands else set())) > 1


class PersonLine(msgspec.Struct, frozen=True):
    """A listed person as everybody sees them: masked. `double`: same name and age as another line."""

    id: uuid.UUID
    measure: str
    name: str
    sex: str
    age: int | None
    status: str
    source: str
    double: bool
    struck_at: datetime | None
    struck_by: uuid.UUID | None
    struck_reason: str


class PersonList(msgspec.Struct, frozen=True):
    """The list behind one measure: its lines, and how many people not struck through it names."""

    measure: str
    persons: tuple[PersonLine, ...]
    counted: int


def list_measures() -> tuple[str, ...]:
    """What is counted here."""
    return rules.COUNTED


def list_count_chains(incident_id: uuid.UUID) -> list[CountChain]:
    """Every chain of the incident: what we stand by, beside what its reports tell."""
    counts: dict[tuple[str, str], list[CountLine]] = defaultdict(list)
    for row in Count.objects.filter(incident_id=incident_id).order_by("-at", "-pk"):
        counts[row.measure, row.area].append(_line(row))
    told = {(c.measure, c.area): c.figures for c in incidents.list_figure_chains(incident_id)}
    keys = counts.keys() | {k for k in told if k[0] in rules.COUNTED}
    return [
        CountChain(
            measure=measure,
            area=area,
            counts=tuple(sorted(counts[measure, area], key=lambda c: not c.stands)),
            told=tuple(reversed(told.get((measure, area), ()))),
        )
        for measure, area in sorted(keys, key=lambda k: (rules.COUNTED.index(k[0]), k[1]))
    ]


def list_counts(incident_id: uuid.UUID) -> list[tuple[str, str, CountLine]]:
    """The counts we stand by: measure, area, count."""
    rows = Count.objects.filter(incident_id=incident_id, state="stands")
    found = [(r.measure, r.area, _line(r)) for r in rows]
    return sorted(found, key=lambda f: (rules.COUNTED.index(f[0]), f[1]))


def find_count(count_id: uuid.UUID) -> tuple[uuid.UUID, str, str, CountLine] | None:
    """Incident, measure, area and the count itself."""
    row = Count.objects.filter(pk=count_id).first()
    return (row.incident_id, row.measure, row.area, _line(row)) if row else None


def _line(row: Count) -> CountLine:
    return CountLine(
        id=row.pk,
        value=row.value,
        unit=row.unit,
        as_of_at=row.as_of_at,
        report_id=row.report_id,
        source=row.source,
        from_list=row.from_list,
        reason=row.reason,
        stands=row.state == "stands",
        by=row.by,
        at=row.at,
    )


def list_person_lists(incident_id: uuid.UUID) -> list[PersonList]:
    """The lists of the incident by measure, masked, struck lines last."""
    found: dict[str, list[ListedPerson]] = defaultdict(list)
    for row in ListedPerson.objects.filter(incident_id=incident_id).order_by("listed_at", "pk"):
        found[row.measure].append(row)
    return [_list(measure, found[measure]) for measure in rules.COUNTED if measure in found]


def _list(measure: str, rows: list[ListedPerson]) -> PersonList:
    standing = [r for r in rows if r.struck_at is None]
    doubles = rules.list_doubles([(r.name, r.age) for r in standing])
    lines = [
        PersonLine(
            id=r.pk,
            measure=r.measure,
            name=rules.mask_name(r.name),
            sex=r.sex,
            age=r.age,
            status=r.status,
            source=r.source,
            double=r.struck_at is None and (r.name, r.age) in doubles,
            struck_at=r.struck_at,
            struck_by=r.struck_by,
            struck_reason=r.struck_reason,
        )
        for r in rows
    ]
    lines.sort(key=lambda p: p.struck_at is not None)
    counted = rules.count_distinct([person_of(r) for r in standing])
    return PersonList(measure=measure, persons=tuple(lines), counted=counted)


def person_of(row: ListedPerson) -> rules.Person:
    """The row as rules compare it."""
    return rules.Person(**{name: getattr(row, name) for name in rules.Person.__struct_fields__})


def find_person(person_id: uuid.UUID) -> tuple[uuid.UUID, PersonLine] | None:
    """The incident and the masked line."""
    row = ListedPerson.objects.filter(pk=person_id).first()
    return (row.incident_id, _list(row.measure, [row]).persons[0]) if row else None
