"""A plan as data, an order under it, and what can be said to have happened. Pure."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact


class PlanClause(msgspec.Struct, frozen=True, kw_only=True):
    """Under which rule a row of the plan stands, and how well we know that rule.

    `label` is what a page shows; `source` an id of the table of sources; `evidence` as in the rule tables.
    """

    label: str
    source: str = ""
    article: str = ""
    evidence: str = ""
    text_zh: str = ""
    text_en: str = ""


class PlanArea(msgspec.Struct, frozen=True, kw_only=True):
    """A place for which the plan may be activated; `scope` picks its rows: city or county."""

    place: str
    scope: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What all rows of a plan have. `level` is the mildest level at which the row counts, I being 1."""

    scope: str
    level: int
    clause: PlanClause


class PlanCondition(Row, frozen=True, kw_only=True):
    """One condition of exactly this level. Rows of one group must all hold; one group is enough."""

    id: str
    group: str
    metric: str
    op: str
    value: str
    text_zh: str
    text_en: str


class Competence(Row, frozen=True, kw_only=True):
    """Which roles may activate exactly this level, raise to it or lower from it."""

    roles: tuple[str, ...]


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A seat of the command body: the post that fills it, then its deputies in order."""

    scope: str
    level: int
    duty_zh: str
    duty_en: str
    post: str
    deputies: tuple[str, ...] = ()


class Measure(Row, frozen=True, kw_only=True):
    """A measure that binds people, for so many hours unless it is prolonged."""

    id: str
    text_zh: str
    text_en: str
    hours: int


class PlanTask(Row, frozen=True, kw_only=True):
    """A task that starts with the level. `{place}` is the place, `{county}` each county when `each`."""

    id: str
    title_zh: str
    title_en: str
    minutes: int
    accept_zh: str
    accept_en: str
    to_post: str = ""
    to_organization: str = ""
    each: bool = False


class CallOut(msgspec.Struct, frozen=True, kw_only=True):
    """A post to ring, in this order."""

    scope: str
    level: int
    order: int
    post: str


class Notice(Row, frozen=True, kw_only=True):
    """A text for the public with gaps in braces; those the activation knows are filled, others stay.

    `on`: `start` when the plan is activated, `raise` and `lower` when the level changes, `level` at each of
    these, `end` when the response ends.
    """

    id: str
    on: str = "level"
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


class PlanBody(msgspec.Struct, frozen=True, kw_only=True):
    """A contingency plan, as it ships and as it is kept."""

    code: str
    version: str
    name_zh: str
    name_en: str
    matter_zh: str
    matter_en: str
    note_zh: str
    note_en: str
    illustration: bool
    valid_from: date
    valid_to: date | None = None
    hazards: tuple[str, ...]
    areas: tuple[PlanArea, ...]
    conditions: tuple[PlanCondition, ...]
    competences: tuple[Competence, ...]
    command: tuple[Seat, ...]
    measures: tuple[Measure, ...]
    tasks: tuple[PlanTask, ...]
    calls: tuple[CallOut, ...]
    notices: tuple[Notice, ...]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a person orders when activating a plan.

    Source: [SRC-ERL2024] art. 72: matter, level, expected duration, measures.
    """

    place: str
    level: int
    matter: str
    expected_until: datetime | None
    measures: tuple[str, ...] = ()
    reason: str = ""
    incident_id: uuid.UUID | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a person orders when raising or lowering the level."""

    level: int
    reason: str
    expected_until: datetime | None
    measures: tuple[str, ...] = ()


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What a person orders when ending a response.

    Each order still open is withdrawn with its reason, or kept with its reason: {task: reason}.
    `close`: version of the response's incident, which is closed with it; None leaves it open.
    """

    reason: str
    withdraw: Mapping[uuid.UUID, str] = {}
    keep: Mapping[uuid.UUID, str] = {}
    close: int | None = None


class PlanLoaded(Fact, frozen=True, kw_only=True):
    """A plan was taken in, or another version of it, or its end."""

    KIND: ClassVar[str] = "plans.loaded/1"
    SUBJECT: ClassVar[str] = "plan_id"

    plan_id: str
    code: str
    version: str
    illustration: bool
    valid_from: date
    valid_to: date | None


class ActivationProposed(Fact, frozen=True, kw_only=True):
    """By what is known the plan calls for this change; nobody has decided it.

    `change`: activate, raise, lower or end; `level` None with `end`. `why` is what was compared.
    """

    KIND: ClassVar[str] = "plans.activation_proposed/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    plan_id: str
    place: str
    change: str
    level: int | None
    from_level: int | None
    conditions: tuple[str, ...]
    clause: str
    evidence: str
    why: dict[str, str]
    supersedes: str = ""


class ProposalDeclined(Fact, frozen=True, kw_only=True):
    """A named person decided not to follow a proposal."""

    KIND: ClassVar[str] = "plans.proposal_declined/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    reason: str


class PlanActivated(Fact, frozen=True, kw_only=True):
    """A named person activated the plan: matter, level, expected end, measures, and what started.

    `vacant`: posts of the command body that nobody held. `unsent`: receivers of tasks nobody knows here.
    """

    KIND: ClassVar[str] = "plans.activated/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    plan_id: str
    place: str
    level: int
    matter: str
    expected_until: datetime
    measures: tuple[str, ...]
    tasks: int
    vacant: tuple[str, ...]
    incident_id: str
    proposal_id: str
    reason: str
    unsent: tuple[str, ...]


class LevelRaised(Fact, frozen=True, kw_only=True):
    """A named person raised the response level."""

    KIND: ClassVar[str] = "plans.level_raised/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    from_level: int
    level: int
    expected_until: datetime
    measures: tuple[str, ...]
    tasks: int
    proposal_id: str
    reason: str
    unsent: tuple[str, ...]


class LevelLowered(Fact, frozen=True, kw_only=True):
    """A named person lowered the response level."""

    KIND: ClassVar[str] = "plans.level_lowered/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    from_level: int
    level: int
    expected_until: datetime
    measures: tuple[str, ...]
    proposal_id: str
    reason: str


class ActivationEnded(Fact, frozen=True, kw_only=True):
    """A named person ended the response; its measures end with it.

    `withdrawn`, `kept`: orders that were open. `closed`: its incident was closed in the same decision.
    """

    KIND: ClassVar[str] = "plans.activation_ended/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    level: int
    proposal_id: str
    reason: str
    clause: str = ""
    withdrawn: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    closed: bool = False


class CallNoted(Fact, frozen=True, kw_only=True):
    """A line of the call-out was rung: reached, or no answer."""

    KIND: ClassVar[str] = "plans.call_noted/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    post: str
    state: str


class CallPassed(Fact, frozen=True, kw_only=True):
    """Nobody reached a post in time: the next one is to be rung. `to_post` '': all were rung often enough."""

    KIND: ClassVar[str] = "plans.call_passed/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    post: str
    passed: int
    to_post: str


class CallRevealed(Fact, frozen=True, kw_only=True):
    """Somebody looked at the number of who holds a post of the call-out."""

    KIND: ClassVar[str] = "plans.call_revealed/1"
    SUBJECT: ClassVar[str] = "activation_id"

    activation_id: str
    post: str
    holding: str
