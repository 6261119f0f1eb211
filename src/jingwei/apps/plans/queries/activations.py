"""Responses in force under a plan, and those that are over."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db.models import Q

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.kernel.facts import Fact

from .. import facts, rules
from ..models import Activation, CallAttempt, NoticeDraft, Proposed
from .plans import body_of
from .proposals import visible


class ActivationLine(msgspec.Struct, frozen=True):
    """A response under a plan."""

    id: uuid.UUID
    plan_id: uuid.UUID
    plan_code: str
    plan_zh: str
    plan_en: str
    illustration: bool
    place: str
    matter: str
    level: int
    state: str
    started_at: datetime
    level_since_at: datetime
    expected_until: datetime
    incident_id: uuid.UUID | None
    activated_by: uuid.UUID
    reason: str
    ended_at: datetime | None
    end_reason: str
    kept: dict[str, str]
    tasks_started: int
    version: int


class SeatLine(msgspec.Struct, frozen=True):
    """A seat as filled when the level was ordered; `holding` None: vacant, and so were its deputies."""

    duty_zh: str
    duty_en: str
    post: str
    deputy: bool
    holding: uuid.UUID | None


class MeasureLine(msgspec.Struct, frozen=True):
    """A measure as ordered, with its end; `over` once that has passed or the response ended."""

    id: str
    text_zh: str
    text_en: str
    clause: facts.PlanClause
    until_at: datetime
    over: bool


#: The rule by which the next post is to be rung; pages name it.
CALL_RULE = rules.CALL_RULE


class CallRow(msgspec.Struct, frozen=True):
    """A line of the call-out; the person is who held the post when the plan was activated."""

    id: uuid.UUID
    order: int
    post: str
    post_zh: str
    post_en: str
    organization_zh: str
    organization_en: str
    holding: uuid.UUID | None
    state: str
    noted_at: datetime | None
    turn_at: datetime | None
    next_at: datetime | None
    passed: int
    attempts: tuple["AttemptRow", ...] = ()


class AttemptRow(msgspec.Struct, frozen=True):
    """Once that a post was rung."""

    answer: str
    words: str
    by: uuid.UUID
    at: datetime


class NoticeRow(msgspec.Struct, frozen=True):
    """A draft for the public; `gaps` wait for a person."""

    id: int
    notice: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    drafted_at: datetime
    gaps: tuple[str, ...]


class History(msgspec.Struct, frozen=True):
    """One step of a response, as it was recorded."""

    at: datetime
    by: uuid.UUID | None
    what: str
    fact: Fact


def _line(row: Activation) -> ActivationLine:
    return ActivationLine(
        id=row.id,
        plan_id=row.plan_id,
        plan_code=row.plan_code,
        plan_zh=row.plan.name_zh,
        plan_en=row.plan.name_en,
        illustration=row.plan.illustration,
        place=row.place,
        matter=row.matter,
        level=row.level,
        state=row.state,
        started_at=row.started_at,
        level_since_at=row.level_since_at,
        expected_until=row.expected_until,
        incident_id=row.incident_id,
        activated_by=row.activated_by,
        reason=row.reason,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        kept=dict(row.kept),
        tasks_started=len(row.started),
        version=row.version,
    )


def list_activations(
    *, authority: Authority, state: str = "in_force", incident_id: uuid.UUID | None = None
) -> list[ActivationLine]:
    """Responses in this state ('' for all), gravest first; of one incident when it is given."""
    rows = visible(Activation.objects.all(), authority).select_related("plan").defer("plan__body")
    if state:
        rows = rows.filter(state=state)
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    return [_line(r) for r in rows.order_by("level", "-started_at")]


def find_activation(activation_id: uuid.UUID, *, authority: Authority) -> ActivationLine | None:
    rows = visible(Activation.objects.filter(pk=activation_id), authority).select_related("plan")
    row = rows.first()
    return _line(row) if row else None


def find_incident_of(activation_id: uuid.UUID) -> uuid.UUID | None:
    """The incident that a response is to; None for one that follows a warning, and for an unknown one."""
    return Activation.objects.filter(pk=activation_id).values_list("incident_id", flat=True).first()


def list_seats(activation_id: uuid.UUID) -> list[SeatLine]:
    """The command body, as filled when the level in force was ordered."""
    return [msgspec.convert(s, SeatLine) for s in Activation.objects.get(pk=activation_id).command]


def list_measures(activation_id: uuid.UUID, *, at: datetime) -> list[MeasureLine]:
    """The measures ordered, with their end."""
    row = Activation.objects.select_related("plan").get(pk=activation_id)
    body = body_of(row.plan)
    scope = next((a.scope for a in body.areas if a.place == row.place), "")
    known = {m.id: m for m in body.measures if m.scope == scope}
    found = []
    for one in row.measures:
        measure, until_at = known[one["id"]], datetime.fromisoformat(one["until_at"])
        end = min(until_at, row.ended_at) if row.ended_at else until_at
        found.append(
            MeasureLine(measure.id, measure.text_zh, measure.text_en, measure.clause, end, end <= at)
        )
    return found


def list_calls(activation_id: uuid.UUID) -> list[CallRow]:
    """Whom to ring, in order."""
    rows = list(Activation.objects.get(pk=activation_id).calls.order_by("order"))
    rung: dict[uuid.UUID, list[AttemptRow]] = {row.pk: [] for row in rows}
    for one in CallAttempt.objects.filter(call__in=rung).order_by("at", "pk"):
        rung[one.call_id].append(AttemptRow(one.answer, one.words, one.by, one.at))
    cards = agencies.list_posts_by_code([r.post for r in rows])
    bodies = {c.organization_code for c in cards.values()}
    names = agencies.list_organizations_by_code(bodies)
    found = []
    for row in rows:
        card = cards.get(row.post)
        body = names.get(card.organization_code) if card else None
        found.append(
            CallRow(
                id=row.id,
                order=row.order,
                post=row.post,
                post_zh=card.name_zh if card else row.post,
                post_en=card.name_en if card else row.post,
                organization_zh=body.name_zh if body else "",
                organization_en=body.name_en if body else "",
                holding=row.holding,
                state=row.state,
                noted_at=row.noted_at,
                turn_at=row.turn_at,
                next_at=row.next_at,
                passed=row.passed,
                attempts=tuple(rung[row.pk]),
            )
        )
    return found


def list_notices(activation_id: uuid.UUID) -> list[NoticeRow]:
    """Drafts for the public that the plan prepared, newest level first."""
    rows = NoticeDraft.objects.filter(activation_id=activation_id).order_by("-drafted_at", "notice")
    return [
        NoticeRow(
            id=r.pk,
            notice=r.notice,
            title_zh=r.title_zh,
            title_en=r.title_en,
            text_zh=r.text_zh,
            text_en=r.text_en,
            drafted_at=r.drafted_at,
            gaps=tuple(rules.gaps_of(r.text_zh)),
        )
        for r in rows
    ]


_STEPS: dict[type[Fact], str] = {
    facts.PlanActivated: "activated",
    facts.LevelRaised: "raised",
    facts.LevelLowered: "lowered",
    facts.ActivationEnded: "ended",
}


def get_history(activation_id: uuid.UUID) -> Sequence[History]:
    """Every step of the response, as recorded, oldest first."""
    said = journal.list_entries(subjects=[str(activation_id)], kinds=_STEPS)
    return [History(at=s.at, by=s.by, what=_STEPS[type(s.fact)], fact=s.fact) for s in said]


class StepLine(msgspec.Struct, frozen=True):
    """One step of a plan for an incident: a proposal, a change of a response, a call of its call-out.

    `level` is the one it leads to; `activation_id` None: only proposed.
    """

    at: datetime
    by: uuid.UUID | None
    what: str
    level: int | None
    reason: str
    fact: Fact
    activation_id: uuid.UUID | None


def list_steps_for(incident_id: uuid.UUID, *, authority: Authority) -> list[StepLine]:
    """What was ordered under a plan for the incident: activated, raised, lowered, ended; oldest first."""
    return _steps(_responses_to(incident_id, authority), _STEPS)


def list_plan_steps(incident_id: uuid.UUID, *, authority: Authority) -> list[StepLine]:
    """All that happened under a plan for the incident: proposals and calls too; oldest first.

    A proposal belongs to it by what was compared, or because the response to it was the answer.
    """
    answered = Activation.objects.filter(incident_id=incident_id).values("proposal_id")
    about = Q(why__incident_id=str(incident_id)) | Q(pk__in=answered)
    rows = visible(Proposed.objects.filter(about), authority)
    proposed = journal.list_entries(
        subjects=[str(p) for p in rows.values_list("pk", flat=True)],
        kinds=[facts.ActivationProposed, facts.ProposalDeclined],
    )
    found = [
        StepLine(
            at=s.at,
            by=s.by,
            what="proposed" if isinstance(s.fact, facts.ActivationProposed) else "declined",
            level=getattr(s.fact, "level", None),
            reason=getattr(s.fact, "reason", ""),
            fact=s.fact,
            activation_id=None,
        )
        for s in proposed
    ]
    found += _steps(_responses_to(incident_id, authority), {**_STEPS, facts.CallNoted: "call"})
    return sorted(found, key=lambda s: s.at)


def _responses_to(incident_id: uuid.UUID, authority: Authority) -> list[str]:
    rows = visible(Activation.objects.filter(incident_id=incident_id), authority)
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _steps(subjects: Sequence[str], kinds: dict[type[Fact], str]) -> list[StepLine]:
    if not subjects:
        return []
    return [
        StepLine(
            at=s.at,
            by=s.by,
            what=kinds[type(s.fact)],
            level=getattr(s.fact, "level", None),
            reason=getattr(s.fact, "reason", ""),
            fact=s.fact,
            activation_id=uuid.UUID(s.subject),
        )
        for s in journal.list_entries(subjects=subjects, kinds=kinds)
    ]
