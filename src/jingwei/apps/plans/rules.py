"""What a plan calls for, and who may order it. Decides, never fetches. Pure."""

import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec

from jingwei.engines.conditions import Condition, Known, evaluate
from jingwei.kernel.codes import is_kind_code, is_place_code, kind_within, place_within
from jingwei.kernel.grades import Grade
from jingwei.kernel.refusals import Refused

from .facts import Competence, PlanArea, PlanBody, PlanClause, PlanCondition

LEVELS = tuple(g.value for g in Grade)
CHANGES = ("activate", "raise", "lower", "end")
CALL_STATES = ("to_ring", "reached", "no_answer")
#: What came of ringing, and the state it leaves the line in.
ANSWERS = {
    "reached": "reached", "no_answer": "no_answer", "engaged": "no_answer", "wrong_number": "no_answer",
}  # fmt: skip
#: How often each post of a call-out has its turn before it rests with a person.
#: Source: our estimate, a quarter of an hour with five minutes each, 2026-11-30.
CALL_ROUNDS = 3
#: The rule that says how soon who must be woken is woken; minutes where a node has no such row.
#: Source: [SRC-CHANGZHI], seen: within 5 minutes, on a warning; that a call-out follows it is our estimate.
CALL_RULE, CALL_MIN = "CR-01", 5

#: Steps that a plan may prepare a text for; `level` is each that sets a level.
NOTICE_STEPS = ("start", "raise", "lower", "level", "end")
#: Who ends the response, and when. Source: [SRC-ERL2024] art. 86.
END_CLAUSE = "SRC-ERL2024 art. 86"

#: How long a warning counts when nobody lifts it.
#: Source: our estimate, rainstorm signals speak of the next 3 to 12 hours and are renewed, 2026-11-22.
WARNING_HOLDS = timedelta(hours=24)


class PlansRefused(Refused):
    """`plan_unknown`, `plan_unreadable`, `plan_not_in_force`, `plan_changed_meanwhile`, `place_not_in_plan`,

    `level_impossible`, `level_above_post`, `level_not_graver`, `level_not_milder`, `already_in_force`,
    `activation_unknown`, `activation_over`, `changed_meanwhile`, `matter_missing`, `reason_missing`,
    `expected_until_missing`, `expected_until_past`, `measure_unknown`, `proposal_unknown`, `proposal_closed`,
    `call_unknown`, `call_state_impossible`, `call_vacant`, `tasks_open`, `incident_missing`,
    `incident_still_responded`.
    """


class Proposal(msgspec.Struct, frozen=True):
    """The level the conditions call for, under which clause; None when none holds.

    `why`: the metrics of the conditions that decided. `judgement`: conditions of graver levels that
    only a person can judge. `missing`: figures that could still call for a graver level.
    """

    level: int | None = None
    clause: PlanClause | None = None
    conditions: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    judgement: tuple[str, ...] = ()

    @property
    def evidence(self) -> str:
        return self.clause.evidence if self.clause else ""


def propose(
    table: Sequence[PlanCondition], known: Mapping[str, Known], judged: Mapping[str, bool] | None = None
) -> Proposal:
    """The gravest level whose conditions hold by what is known, with its clause. Never a decision.

    Source: [SRC-ERL2024] art. 71: the plan says which response level belongs to what.
    """
    missing: list[str] = []
    judgement: list[str] = []
    for level in LEVELS:
        rows = [r for r in table if r.level == level]
        verdict = evaluate([Condition(r.id, r.group, r.metric, r.op, r.value) for r in rows], known, judged)
        if verdict.holds:
            by_id = {r.id: r for r in rows}
            return Proposal(
                level=level,
                clause=by_id[verdict.because[0]].clause,
                conditions=verdict.because,
                why=tuple(by_id[i].metric for i in verdict.because),
                missing=tuple(dict.fromkeys(missing)),
                judgement=tuple(judgement),
            )
        missing += verdict.missing
        judgement += verdict.judgement
    return Proposal(missing=tuple(dict.fromkeys(missing)), judgement=tuple(judgement))


class Heard(msgspec.Struct, frozen=True):
    """A warning as one body announced it; level 0 lifts it."""

    series: str
    level: int
    at: datetime
    report_id: str


class Warned(msgspec.Struct, frozen=True):
    """The gravest warning in force and its report; `eased`: a body has just lowered or lifted its own."""

    level: int | None = None
    report_id: str = ""
    eased: bool = False


def warned(heard: Iterable[Heard], *, at: datetime) -> Warned:
    """What of these warnings, in order of time, is in force: of each series the newest."""
    newest: dict[str, Heard] = {}
    eased: dict[str, bool] = {}
    for one in sorted(heard, key=lambda h: (h.at, h.report_id)):
        before = newest.get(one.series)
        if before is not None:
            eased[one.series] = one.level == 0 or (0 < before.level < one.level)
        newest[one.series] = one
    in_force = [h for h in newest.values() if h.level and at - h.at <= WARNING_HOLDS]
    first = min(in_force, key=lambda h: (h.level, h.at), default=None)
    return Warned(
        level=first.level if first else None,
        report_id=first.report_id if first else "",
        eased=any(eased.values()),
    )


def next_change(
    *, proposed: int | None, in_force: int | None, waiting: tuple[str, int | None] | None, eased: bool
) -> str:
    """What to propose: activate, raise, lower, end; '' for nothing new.

    `in_force`: our own level now. `waiting`: change and level of the proposal that waits for a person.
    A milder level is proposed only once a warning was lowered or lifted: less bad news is no good news.
    """
    if in_force is None:
        change = "activate" if proposed is not None else ""
    elif proposed is not None and proposed < in_force:
        change = "raise"
    elif eased and (proposed is None or proposed > in_force):
        change = "end" if proposed is None else "lower"
    else:
        change = ""
    if waiting is None or not change:
        return change
    if waiting[0] == change and (waiting[1] is None or proposed is None or proposed >= waiting[1]):
        return ""
    return change


def is_in_force(*, valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether the plan is in force on the day; the last day is excluded."""
    return valid_from <= on and (valid_to is None or on < valid_to)


def covers(hazards: Iterable[str], kind: str) -> bool:
    return bool(kind) and any(kind_within(kind, h) for h in hazards)


def nearest_area(areas: Sequence[PlanArea], place: str) -> PlanArea | None:
    """The smallest area of the plan that holds the place."""
    return max((a for a in areas if place and place_within(place, a.place)), key=_size, default=None)


def areas_over(areas: Sequence[PlanArea], place: str) -> list[PlanArea]:
    """Every area of the plan that holds the place: an incident concerns them all."""
    return sorted((a for a in areas if place and place_within(place, a.place)), key=_size, reverse=True)


def areas_under(areas: Sequence[PlanArea], place: str) -> list[PlanArea]:
    """Every area of the plan that lies within the place, the widest first."""
    return sorted((a for a in areas if place and place_within(a.place, place)), key=_size)


def concerns(areas: Sequence[PlanArea], area: PlanArea, place: str, *, named: bool) -> bool:
    """Whether a warning for this place speaks of the area: its own, of a part of it, or of a wider area.

    A warning for a wider area than any of the plan's says nothing exact of it, unless it is `named` there.
    Source: our estimate, a province's warning names the counties it means, a city's holds in all of it,
    2026-11-22.
    """
    nearest = nearest_area(areas, place)
    if nearest is not None:
        return place_within(area.place, nearest.place)
    return named and bool(place) and place_within(area.place, place)


def _size(area: PlanArea) -> int:
    return len(area.place)


def find_area(body: PlanBody, place: str) -> PlanArea:
    """The area with exactly this code. Refused when the plan is not made for it."""
    found = next((a for a in body.areas if a.place == place), None)
    if found is None:
        raise PlansRefused("place_not_in_plan", place=place)
    return found


R = TypeVar("R")


def rows_at(rows: Sequence[R], *, scope: str, level: int) -> list[R]:
    """The rows that count at this level: its own and those of milder levels."""
    return [r for r in rows if r.scope == scope and r.level >= level]  # type: ignore[attr-defined]


def competence_for(rows: Sequence[Competence], *, scope: str, level: int) -> Competence | None:
    return next((r for r in rows if r.scope == scope and r.level == level), None)


def may_activate(rows: Sequence[Competence], *, scope: str, level: int, role: str) -> None:
    """Refused unless the plan gives this level to the role.

    Source: [SRC-ERL2024] art. 71: levels and who activates them follow from the plan.
    """
    if level not in LEVELS:
        raise PlansRefused("level_impossible", level=level)
    found = competence_for(rows, scope=scope, level=level)
    if found is None or role not in found.roles:
        raise PlansRefused("level_above_post", level=Grade(level).numeral)


def may_change(*, state: str, held: int, current: int, reason: str) -> None:
    """Refused when the response is over, was changed meanwhile, or the order gives no reason."""
    if held != current:
        raise PlansRefused("changed_meanwhile", held=held, current=current)
    if state != "in_force":
        raise PlansRefused("activation_over")
    if not reason.strip():
        raise PlansRefused("reason_missing")


def check_settled(
    still: Collection[uuid.UUID], *, withdraw: Mapping[uuid.UUID, str], keep: Mapping[uuid.UUID, str]
) -> None:
    """Each order still open is withdrawn or kept, not both, and with a reason: nothing vanishes."""
    said = {t: why for asked in (withdraw, keep) for t, why in asked.items() if why.strip()}
    left = [t for t in still if t not in said or (t in withdraw and t in keep)]
    if left:
        raise PlansRefused("tasks_open", count=len(left))


def check_direction(*, current: int, level: int, up: bool) -> None:
    """One is the gravest: raising goes to a smaller number."""
    if level not in LEVELS:
        raise PlansRefused("level_impossible", level=level)
    if up and level >= current:
        raise PlansRefused("level_not_graver", current=Grade(current).numeral)
    if not up and level <= current:
        raise PlansRefused("level_not_milder", current=Grade(current).numeral)


def check_expected(expected_until: datetime | None, *, at: datetime) -> datetime:
    """The expected end, which must lie ahead. Source: [SRC-ERL2024] art. 72."""
    if expected_until is None:
        raise PlansRefused("expected_until_missing")
    if expected_until <= at:
        raise PlansRefused("expected_until_past")
    return expected_until


def check_measures(chosen: Iterable[str], *, body: PlanBody, scope: str, level: int) -> None:
    """Only measures that the plan has at this level. Source: [SRC-ERL2024] art. 10: no more than needed."""
    known = {m.id for m in rows_at(body.measures, scope=scope, level=level)}
    for one in chosen:
        if one not in known:
            raise PlansRefused("measure_unknown", measure=one)


def filled(pattern: str, **gaps: str) -> str:
    """The text with the gaps we know filled; others stay in braces for a person."""
    return re.sub(r"\{(\w+)\}", lambda m: gaps.get(m[1]) or m[0], pattern)


def gaps_of(text: str) -> list[str]:
    """Gaps still open in a text."""
    return list(dict.fromkeys(re.findall(r"\{(\w+)\}", text)))


def read_plan(content: bytes) -> PlanBody:
    """A plan from its file. Refused with what is wrong in it."""
    try:
        body = msgspec.json.decode(content, type=PlanBody)
    except msgspec.DecodeError as error:
        raise PlansRefused("plan_unreadable", what=str(error)[:120]) from error
    wrong = next(iter(faults(body)), "")
    if wrong:
        raise PlansRefused("plan_unreadable", what=wrong)
    return body


def faults(body: PlanBody) -> list[str]:
    """What contradicts itself: unknown scopes, levels and codes, repeated ids, a level nobody may order."""
    scopes = {a.scope for a in body.areas}
    rows = [*body.conditions, *body.competences, *body.measures, *body.tasks, *body.notices]
    found = [f"scope {r.scope}" for r in rows if r.scope not in scopes]
    found += [f"level {r.level}" for r in rows if r.level not in LEVELS]
    found += [f"place {a.place}" for a in body.areas if not is_place_code(a.place)]
    found += [f"kind {h}" for h in body.hazards if not is_kind_code(h)]
    for group in (body.conditions, body.measures, body.tasks, body.notices):
        ids = [(r.scope, r.id) for r in group]  # type: ignore[attr-defined]
        found += [f"id {i} twice" for _, i in sorted({x for x in ids if ids.count(x) > 1})]
    found += [
        f"nobody for level {level} of {scope}"
        for scope in sorted(scopes)
        for level in LEVELS
        if competence_for(body.competences, scope=scope, level=level) is None
    ]
    found += [f"notice {n.id} on {n.on}" for n in body.notices if n.on not in NOTICE_STEPS]
    found += [f"task {t.id} to nobody" for t in body.tasks if not (t.to_post or t.to_organization)]
    return found
