"""What is owed for an incident by the rules of its day, and who is to act."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Min
from django.utils.timezone import get_current_timezone, localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DeadlineRule, Laid
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.facts import IncidentOpened
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.journal import queries as journal
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..models import Obligation, Sitrep
from ..rules import Body, Case, Owed
from ..rules.bodies import kind_of
from .lists import ObligationLine

#: Figures that say people were hurt, as the grading tables know them.
HURT = ("deaths", "missing", "dead_or_missing", "injured", "serious_injuries")


class Book:
    """Deadlines of a day and the bodies of the roster, read once for many incidents.

    `laid`: what areas laid over the rules; what stands now, unless something else is tried.
    """

    def __init__(self, laid: Laid | None = None) -> None:
        self.laid = hazards.get_laid() if laid is None else laid
        self._rules: dict[date, list[DeadlineRule]] = {}
        self._bodies: list[Body] | None = None

    def rules(self, on: date, place: str) -> list[DeadlineRule]:
        """As they hold at the place: what its area laid over them stands in them."""
        if on not in self._rules:
            self._rules[on] = hazards.list_deadlines(on=on)
        return self.laid.over(self._rules[on], place, on)

    def bodies(self) -> list[Body]:
        if self._bodies is None:
            cards = agencies.list_organizations()
            found = [Body(code=c.code, kind=kind_of(c.kind, c.name_zh), place=c.place) for c in cards]
            self._bodies = [body for body in found if body.kind]
        return self._bodies


def list_cases(lines: Sequence[IncidentLine], reached: Mapping[uuid.UUID, dict[str, datetime]]) -> list[Case]:
    """What is known of each of these incidents; asked for together, however many they are."""
    ids = [line.id for line in lines]
    opened: dict[str, datetime] = {}
    for entry in journal.list_entries(subjects=[str(one) for one in ids], kinds=[IncidentOpened]):
        opened.setdefault(entry.subject, entry.at)
    told = incidents.list_first_told(ids)
    return [
        _case(line, opened.get(str(line.id), line.opened_at), told.get(line.id), reached[line.id])
        for line in lines
    ]


def _case(line: IncidentLine, began: datetime, told: datetime | None, reached: dict[str, datetime]) -> Case:
    hurt = [line.figures[m] for m in HURT if m in line.figures]
    return Case(
        kind=line.kind,
        place=line.place,
        occurred_at=line.opened_at,
        received_at=min(told or began, began),
        grade=line.grade,
        judged_grade=line.judged_grade,
        judged_at=line.judged_at,
        casualties=any(value > 0 for value in hurt) if hurt else None,
        reached=reached,
    )


def list_reached(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, datetime]]:
    """When a report of each incident first reached each body: received in writing, or told otherwise."""
    sent = Sitrep.objects.filter(incident_id__in=ids, received_at__isnull=False)
    told = Obligation.objects.filter(
        incident_id__in=ids, state="met", sitrep=None, release_id=None, met_at__isnull=False
    )
    found: dict[uuid.UUID, dict[str, datetime]] = {one: {} for one in ids}
    for incident_id, body, at in (
        *sent.values_list("incident_id", "to_organization", "received_at"),
        *told.values_list("incident_id", "to_organization", "met_at"),
    ):
        if body and at is not None:
            reached = found[incident_id]
            reached[body] = min(at, reached.get(body, at))
    return found


def list_owed(line: IncidentLine, case: Case, book: Book) -> list[Owed]:
    """Every report owed for the incident by the rules of its day."""
    zone = get_current_timezone()
    applied = book.rules(localtime(line.opened_at).date(), line.place)
    return [o for r in applied for o in rules.assess(r, case, bodies=book.bodies(), zone=zone).owed]


def list_rules_for_person(lines: Sequence[IncidentLine]) -> list[list[tuple[DeadlineRule, str]]]:
    """Per incident, rows of the deadlines that reach it and that no machine can time, each with why."""
    book, cases = Book(), list_cases(lines, list_reached([line.id for line in lines]))
    return [_rules_for_person(line, case, book) for line, case in zip(lines, cases, strict=True)]


def _rules_for_person(line: IncidentLine, case: Case, book: Book) -> list[tuple[DeadlineRule, str]]:
    zone, found = get_current_timezone(), []
    for rule in book.rules(localtime(line.opened_at).date(), line.place):
        assessed = rules.assess(rule, case, bodies=book.bodies(), zone=zone)
        if assessed.answer == "person":
            found.append((rule, assessed.why))
    return found


def person_to_act(row: Obligation | ObligationLine, *, moment: Moment) -> By | None:
    """Who is to act: on duty in the body that owes it, else in the government of its place."""
    return list_people_to_act([row], moment=moment)[0]


def list_people_to_act(rows: Sequence[Obligation | ObligationLine], *, moment: Moment) -> list[By | None]:
    """Who is to act on each of them now; all bodies asked together, and what a place owes once."""
    own = _on_duty({row.from_organization for row in rows} - {""}, moment)
    places = {row.from_place for row in rows if row.from_organization not in own}
    above = {place: _in_government(place, moment) for place in places}
    return [own.get(row.from_organization) or above.get(row.from_place) for row in rows]


def _in_government(place: str, moment: Moment) -> By | None:
    """Looked up only when nobody is on duty in the body itself."""
    first = {card.code for card in agencies.list_organizations(within=place, kind="government")[:1]}
    return next(iter(_on_duty(first, moment).values()), None)


def _on_duty(bodies: Collection[str], moment: Moment) -> dict[str, By]:
    """The first person on duty in each of these bodies; none where nobody is."""
    if not bodies:
        return {}
    found = agencies.list_on_duty(bodies, at=moment.at, roles=("duty_officer", "duty_chief"))
    people = {code: [a.holding for a in held if a.person_kind == "human"] for code, held in found.items()}
    return {code: first[0] for code, first in people.items() if first}


def find_next_watch() -> datetime | None:
    """When time alone next changes an obligation; None when nothing is watched."""
    return Obligation.objects.filter(state="open").aggregate(next=Min("next_at"))["next"]
