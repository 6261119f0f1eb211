"""Which reports are owed for an incident under a rule, by whom, to whom, by when. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

import msgspec

from jingwei.apps.hazards.facts import LOCAL, NATIONAL, SCOPES, DeadlineRule
from jingwei.kernel.codes import kind_prefix
from jingwei.kernel.refusals import Refused

from . import bodies as parties
from . import timing
from .bodies import Body, Party

#: Rows that allow and do not oblige.
PERMISSIONS = ("may report directly to State Council",)
_SPAN = re.compile(r"(>=)?(\d)(?:-(\d))?( or sensitive| likely)?")


class SitrepRefused(Refused):
    """`sitrep_unknown`, `sitrep_sent`, `sitrep_not_sent`, `sitrep_figure_missing`, `stage_impossible`,

    `sitrep_not_draft`, `sitrep_not_discarded`, `sitrep_draft_open`, `reason_missing`,
    `obligation_unknown`, `obligation_closed`, `obligation_words_missing`, `changed_meanwhile`.
    """


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an incident that decides what is owed.

    `received_at` is when the node took it up, `reached` when a report from below reached each body.
    `casualties` None: not known.
    """

    kind: str
    place: str
    occurred_at: datetime
    received_at: datetime
    grade: int | None = None
    judged_grade: int | None = None
    judged_at: datetime | None = None
    casualties: bool | None = None
    reached: Mapping[str, datetime] = {}


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One report that is owed. No `due_at`: at once."""

    rule_id: str
    stage: str
    from_role: str
    from_organization: str
    from_place: str
    to_role: str
    to_organization: str
    mode: str
    trigger: str
    trigger_at: datetime
    due_at: datetime | None


class Assessed(msgspec.Struct, frozen=True):
    """What a rule asks in this case: `owed`, `person` (a machine cannot tell), or `no`, and why."""

    answer: str
    why: str = ""
    owed: tuple[Owed, ...] = ()


def in_force_at(regime: str, place: str) -> bool:
    """Whether rules of this regime reach the place: the nation's everywhere, a province's only in it."""
    if regime in NATIONAL:
        return True
    return regime in LOCAL and place.startswith(LOCAL[regime])


def grade_holds(scope: str, case: Case) -> bool | None:
    """Whether the incident's grade is in the row's scope; None when only a person can say."""
    if scope in ("all", "all until stable"):
        return True
    if scope == "casualties or large loss":
        return True if case.casualties else None
    found = _SPAN.fullmatch(scope)
    if found is None:
        return None
    at_least, first, last, rest = found.groups()
    grade = case.judged_grade if rest == " likely" else case.grade
    low = 1 if at_least else int(first)
    holds = grade is not None and low <= grade <= int(last or first)
    return True if holds else None if rest == " or sensitive" else False


def assess(rule: DeadlineRule, case: Case, *, bodies: Sequence[Body], zone: tzinfo) -> Assessed:
    """What the rule asks for in this case, by whom and by when."""
    if not in_force_at(rule.regime, case.place):
        return Assessed("no", "elsewhere")
    scope = SCOPES.get(rule.event_scope, ())
    if not any(kind_prefix(case.kind).startswith(prefix) for prefix in scope):
        return Assessed("no", "another_kind")
    holds = grade_holds(rule.grade_scope, case)
    if holds is False:
        return Assessed("no", "another_grade")
    if rule.to_role in PERMISSIONS:
        return Assessed("person", "allows")
    if rule.from_role not in parties.SENDERS:
        return Assessed("person", "of_others")
    if not timing.is_timed(rule.trigger):
        return Assessed("person", "trigger")
    if holds is None:
        return Assessed("person", "scope")
    owed = tuple(
        _owed(rule, sender, receiver, since, zone)
        for sender in parties.list_senders(rule.from_role, case.place, bodies)
        if (since := _since(rule.trigger, case, sender)) is not None
        for receiver in _receivers(rule.to_role, sender, bodies)
    )
    return Assessed("owed", owed=owed) if owed else Assessed("no", "not_yet")


def _since(trigger: str, case: Case, sender: Party) -> datetime | None:
    """When the sender's clock began: with the event, the judgement, or what reached just this sender.

    The lowest level has it from the first report; each one above from the report of the one below.
    """
    if trigger in timing.JUDGED:
        return case.judged_at
    if trigger not in timing.RECEIVED:
        return case.occurred_at
    if sender.place == parties.place_at(case.place, "lowest"):
        return case.received_at
    return case.reached.get(sender.organization)


def _receivers(role: str, sender: Party, bodies: Sequence[Body]) -> list[Party]:
    """Nobody reports to itself; who is not in the roster is named by the role alone."""
    if role not in parties.RECEIVERS:
        return [Party(organization="", place="")]
    found = parties.list_receivers(role, sender, bodies)
    return [one for one in found if not one.organization or one.organization != sender.organization]


def _owed(rule: DeadlineRule, sender: Party, receiver: Party, since: datetime, zone: tzinfo) -> Owed:
    return Owed(
        rule_id=rule.rule_id,
        stage=stage_of(rule.mode),
        from_role=rule.from_role,
        from_organization=sender.organization,
        from_place=sender.place,
        to_role=rule.to_role,
        to_organization=receiver.organization,
        mode=rule.mode,
        trigger=rule.trigger,
        trigger_at=since,
        due_at=timing.due_after(rule.trigger, rule.limit_minutes, since, zone=zone),
    )


def followed(one: Owed, since: datetime) -> Owed:
    """The same report as it is owed later in its series: the limit counts from the one before it."""
    if one.due_at is None or one.trigger not in timing.DAILY:
        return one
    return msgspec.structs.replace(one, trigger_at=since, due_at=since + (one.due_at - one.trigger_at))


def stage_of(mode: str) -> str:
    """Which of the three reports a row asks for, by its mode."""
    return {"follow_up": "continued", "supplement": "continued", "verified": "final"}.get(mode, "first")


def check_version(*, held: int, current: int) -> None:
    """Two people on one draft: the second is told and decides again."""
    if held != current:
        raise SitrepRefused("changed_meanwhile", held=held, current=current)


def check_open(state: str) -> None:
    """What was sent is not changed any more; the next report corrects it. Nor is what was given up."""
    if state == "discarded":
        raise SitrepRefused("sitrep_not_draft")
    if state != "draft":
        raise SitrepRefused("sitrep_sent")


def check_ready(gaps: Sequence[str], to_check: Sequence[str]) -> None:
    """A missing figure stops the report unless a person has marked it as still to be checked."""
    left = [gap for gap in gaps if gap not in to_check]
    if left:
        raise SitrepRefused("sitrep_figure_missing", count=len(left))
