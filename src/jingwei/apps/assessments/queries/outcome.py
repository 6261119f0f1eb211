"""A run's journal as lines: what was proposed, who decided, under which clause, what nobody could decide."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.facts import GradeConfirmed, GradeProposed
from jingwei.apps.journal.queries import Said
from jingwei.apps.places import queries as places
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.facts import (
    ActivationEnded,
    ActivationProposed,
    LevelLowered,
    LevelRaised,
    PlanActivated,
)
from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.facts import ReleasePublished
from jingwei.apps.reports.facts import ReportReceived
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.sitreps.facts import (
    ObligationArose,
    ObligationLapsed,
    ObligationMet,
    SitrepReceived,
    SitrepSubmitted,
)
from jingwei.apps.tasks.facts import TaskAcknowledged, TaskIssued, TaskOverdue
from jingwei.kernel.facts import Fact

from ..facts import Basis, Mark, RunLine, Unmade, Words
from ..rules import marks, telling
from .bases import bases_of_level, basis_of_clause, basis_of_rule, basis_of_text

_ORDERS: dict[type[Fact], str] = {
    PlanActivated: "activated",
    LevelRaised: "raised",
    LevelLowered: "lowered",
    ActivationEnded: "ended",
}


def list_outcome(entries: Sequence[Said], unmade: Iterable[Unmade], *, zone: tzinfo) -> list[RunLine]:
    """The lines of a run, from the entries it wrote on this node, in order of time."""
    return Teller(entries, zone=zone).tell(unmade) if entries else []


class _Draft(msgspec.Struct):
    """A line in the making: facts with one `key` become one line; `say` is given how many they are."""

    key: tuple[object, ...]
    at: datetime
    what: str
    say: Callable[[int], Words]
    by: Words = Words()
    place: str = ""
    level: int | None = None
    bases: tuple[Basis, ...] = ()
    more: tuple[Mark, ...] = ()
    action: str = ""
    entries: list[str] = []


class Teller:
    """Tells one journal. It remembers what was said of obligations, for the facts that come after."""

    def __init__(self, entries: Sequence[Said], *, zone: tzinfo) -> None:
        self._zone = zone
        self._entries = list(entries)
        self._by_id = {str(e.id): e for e in self._entries}
        self._authorities = agencies.list_authorities({e.by for e in self._entries if e.by})
        self._all = agencies.get_authority(agencies.get_machine(), at=self._entries[0].at)
        self._owed = {f.obligation_id: f for f in self._facts(ObligationArose)}
        self._issued = {f.task_id: f for f in self._facts(TaskIssued)}
        self._met: dict[str, list[ObligationMet]] = {}
        for met in self._facts(ObligationMet):
            self._met.setdefault(met.sitrep_id, []).append(met)
        self._standings: dict[tuple[str, date], tuple[str, bool, tuple[Basis, ...]]] = {}
        self._reported = {f.report_id: str(e.id) for e in self._entries
                          if isinstance(f := e.fact, ReportReceived)}  # fmt: skip
        self._tellers: dict[type[Fact], Callable[[Said, Any], _Draft | None]] = {
            ActivationProposed: self._proposed,
            PlanActivated: self._ordered,
            LevelRaised: self._ordered,
            LevelLowered: self._ordered,
            ActivationEnded: self._ordered,
            GradeProposed: self._grade_proposed,
            GradeConfirmed: self._grade_confirmed,
            ObligationArose: self._arose,
            ObligationMet: self._phoned,
            ObligationLapsed: self._lapsed,
            SitrepSubmitted: self._sent,
            SitrepReceived: self._received,
            ReleasePublished: self._published,
            TaskAcknowledged: self._acknowledged,
            TaskOverdue: self._overdue,
        }

    def _facts(self, kind: type[Any]) -> list[Any]:
        return [e.fact for e in self._entries if type(e.fact) is kind]

    def tell(self, unmade: Iterable[Unmade]) -> list[RunLine]:
        """The lines in order of time, each with what it rests on."""
        drafts: dict[tuple[object, ...], _Draft] = {}
        for entry in self._entries:
            teller = self._tellers.get(type(entry.fact))
            draft = teller(entry, entry.fact) if teller else None
            if draft is not None:
                self._keep(drafts, draft, [str(entry.id), *draft.entries])
        for one in unmade:
            draft = self._unmade(one)
            self._keep(drafts, draft, [one.entry_id])
        ordered = sorted(drafts.values(), key=lambda d: d.at)
        return [self._line(number, draft) for number, draft in enumerate(ordered, 1)]

    def _keep(self, drafts: dict[tuple[object, ...], _Draft], draft: _Draft, entries: Sequence[str]) -> None:
        known = drafts.setdefault(draft.key, draft)
        if known is draft:
            known.entries = []
        else:
            if known.by.zh and draft.by.zh and draft.by != known.by:
                known.by = telling.and_others(known.by)
            known.bases = tuple({b.label: b for b in (*known.bases, *draft.bases)}.values())
        known.entries += entries

    def _line(self, number: int, draft: _Draft) -> RunLine:
        facts = tuple(dict.fromkeys(draft.entries))
        count = sum(1 for f in facts if self._counts(draft, f))
        return RunLine(
            id=f"s{number}",
            track="rules",
            at=draft.at.astimezone(self._zone),
            what=draft.what,
            words=draft.say(count),
            by=draft.by,
            place=draft.place,
            level=draft.level,
            count=count,
            action=draft.action,
            bases=draft.bases,
            marks=marks.marks_of(draft.bases, *draft.more),
            facts=facts,
        )

    def _counts(self, draft: _Draft, entry: str) -> bool:
        """Whether the entry is one of those a line counts, not one it only leans on."""
        return type(self._by_id[entry].fact) in _COUNTED.get(draft.what, (type(self._by_id[entry].fact),))

    # --- names -----------------------------------------------------------------------------------------

    def _by(self, entry: Said) -> Words:
        one = self._authorities.get(entry.by) if entry.by else None
        return post_words(one) if one else Words()

    def _on(self, entry: Said) -> date:
        return entry.at.astimezone(self._zone).date()

    def _day(self, entry: Said) -> str:
        return self._on(entry).isoformat()

    # --- plans -----------------------------------------------------------------------------------------

    def _proposed(self, entry: Said, fact: ActivationProposed) -> _Draft | None:
        one = plans.find_proposal(uuid.UUID(fact.proposal_id), authority=self._all)
        if one is None:
            return None
        body = plans.get_body(one.plan_id)
        scope = next((a.scope for a in body.areas if a.place == one.place), "")
        bases: tuple[Basis, ...] = ()
        if one.clause is not None:
            row = f"{one.plan_code}:{scope}:{'+'.join(one.conditions)}"
            bases = (basis_of_clause(one.clause, row=row, illustration=one.illustration, on=self._on(entry)),)
        place, matter = _place(one.place), Words(body.matter_zh, body.matter_en)
        own: tuple[Mark, ...] = ("illustration",) if one.illustration else ()
        told = self._reported.get(fact.why.get("report_id", ""))
        return _Draft(
            key=("proposed", entry.at, fact.change, fact.level, len(one.place)),
            at=entry.at,
            what="proposed",
            say=lambda n: telling.proposed(fact.change, telling.among(place, n), matter, fact.level),
            place=one.place,
            level=fact.level,
            bases=bases,
            more=own,
            entries=[told] if told else [],
        )

    def _ordered(
        self, entry: Said, fact: PlanActivated | LevelRaised | LevelLowered | ActivationEnded
    ) -> _Draft | None:
        row = plans.find_activation(uuid.UUID(fact.activation_id), authority=self._all)
        if row is None:
            return None
        body, how = plans.get_body(row.plan_id), _ORDERS[type(fact)]
        place, matter = _place(row.place), Words(body.matter_zh, body.matter_en)
        more = Words()
        if isinstance(fact, PlanActivated):
            seats = plans.list_seats(row.id)
            filled = len(seats) - len(fact.vacant)
            more = telling.started(fact.tasks, len(fact.measures), filled, len(seats))

        def say(count: int) -> Words:
            said = telling.ordered(how, telling.among(place, count), matter, fact.level)
            alone = count == 1 and more.zh
            return Words(f"{said.zh}：{more.zh}", f"{said.en}: {more.en}") if alone else said

        own: tuple[Mark, ...] = ("illustration",) if row.illustration else ()
        basis = bases_of_level(
            body, place=row.place, level=fact.level, illustration=row.illustration, on=self._on(entry)
        )
        return _Draft(
            key=(how, entry.at, fact.level, len(row.place)),
            at=entry.at,
            what=how,
            say=say,
            by=self._by(entry),
            place=row.place,
            level=fact.level,
            bases=basis,
            more=("estimate", *own),
        )

    # --- grades ----------------------------------------------------------------------------------------

    def _grade_proposed(self, entry: Said, fact: GradeProposed) -> _Draft | None:
        return self._grade(entry, fact, confirmed=False) if fact.grade is not None else None

    def _grade_confirmed(self, entry: Said, fact: GradeConfirmed) -> _Draft | None:
        return self._grade(entry, fact, confirmed=True)

    def _grade(self, entry: Said, fact: Any, *, confirmed: bool) -> _Draft | None:
        line = incidents.find_line(uuid.UUID(fact.incident_id))
        if line is None:
            return None
        title = Words(line.title_zh, line.title_en)
        return _Draft(
            key=(str(entry.id),),
            at=entry.at,
            what="grade_confirmed" if confirmed else "grade_proposed",
            say=lambda _: telling.graded(title, fact.grade, confirmed=confirmed),
            by=self._by(entry) if confirmed else Words(),
            place=line.place,
            level=fact.grade,
            bases=tuple(basis_of_rule(c, on=self._on(entry)) for c in fact.clauses),
            more=("estimate",) if confirmed else (),
        )

    # --- reports upward --------------------------------------------------------------------------------

    def _arose(self, entry: Said, fact: ObligationArose) -> _Draft | None:
        if fact.stage == "continued":
            return None
        sender, receiver = self._sender(fact), self._receiver(fact)
        return _Draft(
            key=("owed", entry.at, fact.rule_id, fact.from_organization, fact.to_organization, fact.stage),
            at=entry.at,
            what="owed",
            say=lambda _: telling.owed(fact.stage, sender, receiver, fact.due_at, self._zone),
            bases=(basis_of_rule(fact.rule_id, on=self._on(entry)),),
        )

    def _body(self, code: str, role: str = "", kind: str = "", place: str = "") -> Words:
        """The body's name; where the roster has none: what kind of body, and of which place."""
        found = agencies.find_organization(code) if code else None
        if found is not None:
            return Words(found.name_zh, found.name_en)
        return telling.body(role, kind, _place(place) if place else Words())

    def _sender(self, owed: ObligationArose) -> Words:
        if owed.from_organization:
            return self._body(owed.from_organization)
        one = sitreps.find_obligation(
            uuid.UUID(owed.obligation_id), authority=self._all, now=self._entries[-1].at
        )
        if one is None:
            return self._body("", owed.from_role)
        return self._body("", owed.from_role, one.from_kind, one.from_place)

    def _receiver(self, owed: ObligationArose) -> Words:
        one = None
        if not owed.to_organization:
            one = sitreps.find_obligation(
                uuid.UUID(owed.obligation_id), authority=self._all, now=self._entries[-1].at
            )
        return self._body(owed.to_organization, owed.to_role, one.to_kind if one else "")

    def _sent(self, entry: Said, fact: SitrepSubmitted) -> _Draft:
        sender, receiver = self._body(fact.organization), self._body(fact.to_organization)
        met = self._met.get(fact.sitrep_id, [])
        late = max((round(m.late_s / 60) for m in met), default=0)
        rules = tuple(basis_of_rule(r, on=self._on(entry)) for r in dict.fromkeys(m.rule_id for m in met))
        day = self._day(entry) if fact.stage == "continued" else str(entry.id)
        return _Draft(
            key=("sent", day, fact.stage, fact.organization, fact.to_organization, late > 0),
            at=entry.at,
            what="sent_continued" if fact.stage == "continued" else "sent",
            say=lambda n: telling.sent(fact.stage, sender, receiver, n, late),
            by=self._by(entry),
            place=self._place_of(fact.organization),
            bases=rules,
            more=("estimate",),
        )

    def _place_of(self, organization: str) -> str:
        found = agencies.find_organization(organization)
        return found.place if found else ""

    def _received(self, entry: Said, fact: SitrepReceived) -> _Draft:
        receiver = self._body(fact.to_organization)
        return _Draft(
            key=("received", self._day(entry), fact.to_organization),
            at=entry.at,
            what="received",
            say=lambda n: telling.received(receiver, n),
            by=self._by(entry),
            more=("estimate",),
        )

    def _phoned(self, entry: Said, fact: ObligationMet) -> _Draft | None:
        owed = self._owed.get(fact.obligation_id)
        if fact.sitrep_id or owed is None or owed.mode != "phone":
            return None
        sender = self._sender(owed)
        late = round(fact.late_s / 60)
        return _Draft(
            key=(str(entry.id),),
            at=entry.at,
            what="sent",
            say=lambda _: telling.phoned(sender, late),
            by=self._by(entry),
            place=self._place_of(owed.from_organization),
            bases=(basis_of_rule(fact.rule_id, on=self._on(entry)),),
            more=("estimate",),
        )

    def _lapsed(self, entry: Said, fact: ObligationLapsed) -> _Draft | None:
        owed = self._owed.get(fact.obligation_id)
        if owed is None:
            return None
        sender = self._sender(owed)
        return _Draft(
            key=("lapsed", self._day(entry), fact.rule_id, sender.zh),
            at=entry.at,
            what="lapsed",
            say=lambda n: telling.lapsed(sender, n),
            bases=(basis_of_rule(fact.rule_id, on=self._on(entry)),),
        )

    # --- the public, orders ----------------------------------------------------------------------------

    def _published(self, entry: Said, fact: ReleasePublished) -> _Draft | None:
        row = releases.find_release(uuid.UUID(fact.release_id), authority=self._all)
        if row is None:
            return None
        title = Words(row.edition.title_zh, row.edition.title_en or row.edition.title_zh)
        before = [str(e.id) for e in self._entries if e.subject == fact.release_id and e.id != entry.id]
        own: tuple[Mark, ...] = ("illustration",) if any(
            getattr(e.fact, "notice", "") for e in self._entries if e.subject == fact.release_id
        ) else ()  # fmt: skip
        return _Draft(
            key=("published", entry.at, len(row.place), bool(own)),
            at=entry.at,
            what="published",
            say=lambda n: telling.published(title, n),
            by=self._by(entry),
            place=row.place,
            bases=(basis_of_text(fact.clause, on=self._on(entry)),),
            more=("estimate", *own),
            entries=before,
        )

    def _orders(self, entry: Said, what: str, say: Callable[[int], Words]) -> _Draft:
        """Orders of one activation are one line; they stand under the plan's clauses, as its order did."""
        issued = self._issued.get(entry.subject)
        activation = issued.activation_id if issued else ""
        place, illustration, bases = self._standing(activation, self._on(entry))
        own: tuple[Mark, ...] = ("illustration",) if illustration else ()
        at = entry.at if what == "acknowledged" else self._on(entry)
        return _Draft(
            key=(what, at, len(place)),
            at=entry.at,
            what=what,
            say=say,
            by=self._by(entry) if what == "acknowledged" else Words(),
            place=place,
            bases=bases,
            more=("estimate", *own) if what == "acknowledged" else own,
        )

    def _standing(self, activation: str, on: date) -> tuple[str, bool, tuple[Basis, ...]]:
        """Place and clauses of a response, looked up once."""
        if (activation, on) not in self._standings:
            row = plans.find_activation(uuid.UUID(activation), authority=self._all) if activation else None
            found: tuple[str, bool, tuple[Basis, ...]] = ("", False, ())
            if row is not None:
                body = plans.get_body(row.plan_id)
                found = (row.place, row.illustration, bases_of_level(
                    body, place=row.place, level=row.level, illustration=row.illustration, on=on
                ))  # fmt: skip
            self._standings[activation, on] = found
        return self._standings[activation, on]

    def _acknowledged(self, entry: Said, fact: TaskAcknowledged) -> _Draft:
        return self._orders(entry, "acknowledged", telling.acknowledged)

    def _overdue(self, entry: Said, fact: TaskOverdue) -> _Draft:
        return self._orders(entry, "overdue", telling.overdue)

    # --- what nobody decided ---------------------------------------------------------------------------

    def _unmade(self, one: Unmade) -> _Draft:
        called = self._by_id[one.entry_id]
        obligation = self._owed.get(getattr(called.fact, "obligation_id", ""))
        rule = obligation.rule_id if obligation else ""
        bases: tuple[Basis, ...] = (basis_of_rule(rule, on=self._on(called)),) if rule else ()
        if not bases:
            teller = self._tellers.get(type(called.fact))
            draft = teller(called, called.fact) if teller else None
            bases = draft.bases if draft else ()
        body = self._body(one.organization, one.organization) if one.organization else Words()
        if obligation is not None and one.organization == obligation.from_role:
            body = self._sender(obligation)
        what = agencies.get_rights().actions.get(one.action)
        action = Words(what.zh, what.en) if what else Words(one.action, one.action)
        day = one.at.astimezone(self._zone).date().isoformat()

        def say(count: int) -> Words:
            if one.refused:
                return telling.refused(one.refused, count)
            return telling.nobody(action, body, count)

        return _Draft(
            key=("nobody", day, one.action, one.refused, body.zh, rule),
            at=one.at,
            what="refused" if one.refused else "nobody",
            say=say,
            bases=bases,
            more=("estimate",),
            action=one.action,
        )


#: Which facts a line counts, where it leans on others too.
_COUNTED: Mapping[str, tuple[type[Fact], ...]] = {
    "proposed": (ActivationProposed,),
    "published": (ReleasePublished,),
}


def post_words(one: Authority) -> Words:
    """A post with its organization; '' for the node's own machine."""
    if one.person_kind == "machine":
        return Words()
    return Words(f"{one.organization_zh} {one.post_zh}", f"{one.post_en}, {one.organization_en}")


def _place(code: str) -> Words:
    return Words(places.name_of(code), places.name_of(code, "en"))
