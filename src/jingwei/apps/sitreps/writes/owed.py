"""What is owed now: computed again, followed on, met."""

import hashlib
import uuid

import msgspec
from django.utils.timezone import get_current_timezone

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DeadlineRule
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.queries import Told
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import ObligationArose, ObligationMet, ObligationVoided
from ..models import Computed, Obligation, Sitrep
from ..queries.owed import HURT, Book, list_owed, list_reached
from ..rules import Owed


def recomputed(line: IncidentLine, book: Book, *, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """Bring the incident's obligations to what is owed now: voided, replaced, added. Facts, rows saved.

    What lapsed or was met stays as it is, and is not asked for again. Nothing is done for an incident
    that is in every respect as it was the last time.
    """
    basis = basis_of(line)
    if Computed.objects.filter(incident_id=line.id, basis=basis).exists():
        return []
    Computed.objects.update_or_create(incident_id=line.id, defaults={"basis": basis})
    wanted = {_key(o): o for o in (list_owed(line, book) if line.state == "open" else [])}
    new = dict(wanted)  # a series has many rows of one key: each is looked up in what is wanted
    said: list[tuple[Fact, Obligation]] = []
    rows = Obligation.objects.select_for_update().filter(incident_id=line.id).exclude(state="void")
    for row in rows.order_by("arose_at", "pk"):
        owed = wanted.get(_key(row))
        if owed is not None and (row.state != "open" or _same(row, owed) or _of_a_series(row)):
            new.pop(_key(row), None)
        elif row.state == "open":
            reason = "incident_closed" if line.state != "open" else "changed"
            said.append((_voided(row, reason), row))
    said += [arisen(line, owed, moment=moment) for owed in new.values()]
    return said


def basis_of(line: IncidentLine) -> str:
    """All of an incident that decides what is owed, as one digest."""
    hurt = [m for m in HURT if line.figures.get(m, 0) > 0]
    parts = (line.kind, line.place, line.opened_at.isoformat(), line.state, line.grade, line.grade_state,
             line.judged_grade, line.judged_at and line.judged_at.isoformat(), ",".join(hurt),
             *(f"{o} {at.isoformat()}" for o, at in sorted(list_reached(line.id).items())))  # fmt: skip
    return hashlib.sha256(" ".join(str(part) for part in parts).encode()).hexdigest()


def _key(one: Obligation | Owed) -> tuple[str, str, str, str, str]:
    return (one.rule_id, one.from_organization, one.from_place, one.to_organization, one.to_role)


def _same(row: Obligation, owed: Owed) -> bool:
    return (row.trigger_at, row.due_at) == (owed.trigger_at, owed.due_at)


def _of_a_series(row: Obligation) -> bool:
    """One of a series of continued reports: its time follows the one before, not the event."""
    return row.stage == "continued" and row.due_at is not None


def _voided(row: Obligation, reason: str) -> ObligationVoided:
    row.state, row.next_at = "void", None
    row.save()
    return ObligationVoided(
        incident_id=str(row.incident_id), obligation_id=str(row.id), rule_id=row.rule_id, reason=reason
    )


def arisen(line: IncidentLine, owed: Owed, *, moment: Moment) -> tuple[ObligationArose, Obligation]:
    """A new obligation with its fact."""
    row = Obligation(
        incident_id=line.id,
        **msgspec.structs.asdict(owed),
        grade=line.grade,
        basis=line.grade_state,
        arose_at=moment.at,
        next_at=rules.warn_at(owed.trigger_at, owed.due_at) if owed.due_at else None,
    )
    row.save(force_insert=True)
    return arose(row), row


def arose(row: Obligation) -> ObligationArose:
    return ObligationArose(
        incident_id=str(row.incident_id),
        obligation_id=str(row.id),
        rule_id=row.rule_id,
        stage=row.stage,
        from_role=row.from_role,
        from_organization=row.from_organization,
        to_role=row.to_role,
        to_organization=row.to_organization,
        mode=row.mode,
        trigger_at=row.trigger_at,
        due_at=row.due_at,
        grade=row.grade,
        basis=row.basis,
    )


def follow_on(row: Obligation, *, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """The next of a series of reports, once this one has lapsed or was met."""
    rule = hazards.find_rule(row.rule_id)
    if row.due_at is None or not isinstance(rule, DeadlineRule):
        return []
    zone = get_current_timezone()
    due_at = rules.next_due(row.trigger, rule.limit_minutes, row.due_at, zone=zone)
    same = Obligation.objects.filter(incident_id=row.incident_id, rule_id=row.rule_id, due_at__gt=row.due_at)
    ends = {n: getattr(row, n) for n in ("from_organization", "from_place", "to_organization", "to_role")}
    if due_at is None or same.filter(**ends).exclude(state="void").exists():
        return []
    copied = ("incident_id", "rule_id", "stage", "from_role", "mode", "trigger", "grade", "basis")
    after = Obligation(
        **{name: getattr(row, name) for name in copied},
        **ends,
        trigger_at=row.due_at,
        due_at=due_at,
        arose_at=moment.at,
        next_at=rules.warn_at(row.due_at, due_at),
    )
    after.save(force_insert=True)
    return [(arose(after), after)]


def met(
    row: Obligation,
    *,
    sitrep: Sitrep | None = None,
    told: Told | None = None,
    words: str = "",
    by: By,
    moment: Moment,
) -> tuple[ObligationMet, Obligation]:
    """Hold the obligation to be met: now and by this person, or when and by whom the public was told.

    That it was late stays.
    """
    done_at, done_by = (told.at, told.by) if told else (moment.at, by)
    if row.due_at is not None and done_at > row.due_at:
        row.lapsed_at = row.lapsed_at or row.due_at
    row.state, row.next_at, row.met_at, row.met_by = "met", None, done_at, done_by
    row.sitrep, row.release_id, row.met_words = sitrep, told.release_id if told else None, words[:300]
    row.save()
    late_s = max(0.0, (done_at - row.due_at).total_seconds()) if row.due_at else 0.0
    fact = ObligationMet(
        incident_id=str(row.incident_id),
        obligation_id=str(row.id),
        rule_id=row.rule_id,
        sitrep_id=str(sitrep.id) if sitrep else "",
        took_s=(done_at - row.trigger_at).total_seconds(),
        late_s=late_s,
        words=row.met_words,
        release_id=str(told.release_id) if told else "",
    )
    return fact, row


def met_in_public(incident_id: uuid.UUID, *, by: By, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """Hold what is owed to the public to be met by the first release that does; the release is the proof."""
    rows = Obligation.objects.select_for_update().filter(
        incident_id=incident_id, state__in=["open", "late"], to_role=rules.PUBLIC
    )
    owed = list(rows.filter(mode__in=rules.MODES_MET_BY_A_RELEASE).order_by("due_at", "pk"))
    told = [(t, _place_of(t.organization)) for t in releases.list_told(incident_id)] if owed else []
    said: list[tuple[Fact, Obligation]] = []
    for row in owed:
        proof = next(
            (
                one
                for one, place in told
                if rules.tells(row.mode, row.from_place, place=place, conference=one.conference)
            ),
            None,
        )
        if proof is not None:
            said.append(met(row, told=proof, by=by, moment=moment))
    return said


def _place_of(organization: str) -> str | None:
    found = agencies.find_organization(organization)
    return found.place if found else None
