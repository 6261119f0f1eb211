"""What is owed now: computed again, followed on, met."""

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from django.utils.timezone import get_current_timezone, localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DeadlineRule, Laid
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.queries import Told
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import ObligationArose, ObligationMet, ObligationVoided
from ..models import Computed, Obligation, Sitrep
from ..queries.owed import HURT, Book, list_cases, list_owed, list_reached
from ..rules import Owed


def recomputed(lines: Sequence[IncidentLine], book: Book, *, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """Bring the incidents' obligations to what is owed now: voided, replaced, added. Facts, rows saved.

    What lapsed or was met stays as it is, and is not asked for again. Nothing is done for an incident
    that is in every respect as it was the last time.
    """
    reached = list_reached([line.id for line in lines])
    bases = {line.id: basis_of(line, reached[line.id], book.laid) for line in lines}
    known = dict(Computed.objects.filter(incident_id__in=bases).values_list("incident_id", "basis"))
    changed = [line for line in lines if known.get(line.id) != bases[line.id]]
    if not changed:
        return []
    Computed.objects.bulk_create(
        [Computed(incident_id=line.id, basis=bases[line.id]) for line in changed],
        update_conflicts=True, unique_fields=["incident"], update_fields=["basis"],
    )  # fmt: skip
    wanted = {
        line.id: list_owed(line, case, book) if line.state == "open" else []
        for line, case in zip(changed, list_cases(changed, reached), strict=True)
    }
    rows: dict[uuid.UUID, list[Obligation]] = {line.id: [] for line in changed}
    standing = Obligation.objects.select_for_update().filter(incident_id__in=rows).exclude(state="void")
    for row in standing.order_by("arose_at", "pk"):
        rows[row.incident_id].append(row)
    voided: list[tuple[Fact, Obligation]] = []
    new: list[tuple[Fact, Obligation]] = []
    for line in changed:
        gone, owed = _difference(line, rows[line.id], wanted[line.id])
        voided += gone
        new += [arisen(line, one, moment=moment) for one in owed]
    Obligation.objects.bulk_update([row for _, row in voided], ["state", "next_at"])
    Obligation.objects.bulk_create([row for _, row in new])
    return [*voided, *new]


def _difference(
    line: IncidentLine, rows: Sequence[Obligation], owed: Sequence[Owed]
) -> tuple[list[tuple[Fact, Obligation]], list[Owed]]:
    """Of one incident: what is owed no more, and what is owed that was not."""
    wanted = {_key(o): o for o in owed}
    new = dict(wanted)  # a series has many rows of one key: each is looked up in what is wanted
    voided: list[tuple[Fact, Obligation]] = []
    for row in rows:
        one = wanted.get(_key(row))
        if one is not None and row.state == "open" and _of_a_series(row):
            one = rules.followed(one, row.trigger_at)  # its limit may have been changed by its area
            new[_key(row)] = one
        if one is not None and (row.state != "open" or _same(row, one) or _at_fixed_hours(row)):
            new.pop(_key(row), None)
        elif row.state == "open":
            reason = "incident_closed" if line.state != "open" else "changed"
            voided.append((_voided(row, reason), row))
    return voided, list(new.values())


def basis_of(line: IncidentLine, reached: Mapping[str, datetime], laid: Laid) -> str:
    """All of an incident that decides what is owed, as one digest."""
    hurt = [m for m in HURT if line.figures.get(m, 0) > 0]
    parts = (line.kind, line.place, line.opened_at.isoformat(), line.state, line.grade, line.grade_state,
             line.judged_grade, line.judged_at and line.judged_at.isoformat(), ",".join(hurt),
             *(f"{o} {at.isoformat()}" for o, at in sorted(reached.items())))  # fmt: skip
    held = laid.mark(line.place, localtime(line.opened_at).date())
    return hashlib.sha256(" ".join(str(part) for part in (*parts, *held.split())).encode()).hexdigest()


def _key(one: Obligation | Owed) -> tuple[str, str, str, str, str]:
    return (one.rule_id, one.from_organization, one.from_place, one.to_organization, one.to_role)


def _same(row: Obligation, owed: Owed) -> bool:
    return (row.trigger_at, row.due_at) == (owed.trigger_at, owed.due_at)


def _of_a_series(row: Obligation) -> bool:
    """One of a series of continued reports: its time follows the one before, not the event."""
    return row.stage == "continued" and row.due_at is not None


def _at_fixed_hours(row: Obligation) -> bool:
    """One of a series before fixed hours of the day: which of them it is, the day says."""
    return _of_a_series(row) and row.trigger not in rules.DAILY


def _voided(row: Obligation, reason: str) -> ObligationVoided:
    row.state, row.next_at = "void", None
    return ObligationVoided(
        incident_id=str(row.incident_id), obligation_id=str(row.id), rule_id=row.rule_id, reason=reason
    )


def arisen(line: IncidentLine, owed: Owed, *, moment: Moment) -> tuple[ObligationArose, Obligation]:
    """A new obligation, not yet saved, with its fact."""
    row = Obligation(
        incident_id=line.id,
        **msgspec.structs.asdict(owed),
        grade=line.grade,
        basis=line.grade_state,
        arose_at=moment.at,
        next_at=rules.warn_at(owed.trigger_at, owed.due_at) if owed.due_at else None,
    )
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
    rule, line = hazards.find_rule(row.rule_id), incidents.find_line(row.incident_id)
    if row.due_at is None or not isinstance(rule, DeadlineRule) or line is None:
        return []
    (rule,) = hazards.get_laid().over([rule], line.place, localtime(line.opened_at).date())
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


def met_in_public(ids: Collection[uuid.UUID], *, by: By, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """Hold what is owed to the public to be met by the first release that does; the release is the proof."""
    rows = Obligation.objects.select_for_update().filter(
        incident_id__in=ids, state__in=["open", "late"], to_role=rules.PUBLIC
    )
    owed = list(rows.filter(mode__in=rules.MODES_MET_BY_A_RELEASE).order_by("due_at", "pk"))
    told = releases.list_told({row.incident_id for row in owed}) if owed else []
    bodies = agencies.list_organizations_by_code({one.organization for one in told}) if told else {}
    places = {code: card.place for code, card in bodies.items()}
    said: list[tuple[Fact, Obligation]] = []
    for row in owed:
        proof = next((one for one in told if _proves(one, row, places.get(one.organization))), None)
        if proof is not None:
            said.append(met(row, told=proof, by=by, moment=moment))
    return said


def _proves(told: Told, row: Obligation, place: str | None) -> bool:
    return told.incident_id == row.incident_id and rules.tells(
        row.mode, row.from_place, place=place, conference=told.conference
    )
