"""What can be said to have happened in dispatch. Reasons in words stand in the rows. Pure."""

from datetime import datetime
from typing import ClassVar

from jingwei.kernel.facts import Fact

#: Of a proposal, of a line of it, of an order. The last two of a proposal: another is newer; none came.
PROPOSAL_STATES = ("asked", "ready", "over", "failed")
LINE_STATES = ("proposed", "asked", "taken", "ordered", "failed", "changed", "refused")
ORDER_STATES = ("issued", "acknowledged", "under_way", "arrived", "received", "refused", "withdrawn")
#: Orders that still bring something.
ORDER_OPEN = ("issued", "acknowledged", "under_way", "arrived")
PAIR_KINDS = ("keep", "bar")
#: Of a request for help: waiting for its keeper's answer, answered, or taken back by who asked.
HELP_STATES = ("asked", "accepted", "refused", "withdrawn")


class ProposalAsked(Fact, frozen=True, kw_only=True):
    """A person wants to know who should send what; the worker computes it."""

    KIND: ClassVar[str] = "dispatch.proposal_asked/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    place: str
    number: int


class ProposalMade(Fact, frozen=True, kw_only=True):
    """A proposal stands. `bound` None: nothing is proven. `lines_digest`: of its lines as they were made.

    `travel`: roads, straight (distance times a factor), or mixed.
    """

    KIND: ClassVar[str] = "dispatch.proposal_made/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    place: str
    number: int
    lines: int
    unmet: int
    cost: float
    bound: float | None
    gap: float | None
    solver: str
    fallback: bool
    travel: str
    inputs_digest: str
    lines_digest: str


class ProposalFailed(Fact, frozen=True, kw_only=True):
    """No proposal came of it; the board keeps the one before."""

    KIND: ClassVar[str] = "dispatch.proposal_failed/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    place: str
    number: int
    trouble: str


class LinesAccepted(Fact, frozen=True, kw_only=True):
    """A person accepted these lines: each becomes a promise and an order."""

    KIND: ClassVar[str] = "dispatch.lines_accepted/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    decision_id: str
    lines: tuple[int, ...]


class LineChanged(Fact, frozen=True, kw_only=True):
    """A person wants another source or quantity for the need; the next proposal keeps to it."""

    KIND: ClassVar[str] = "dispatch.line_changed/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    decision_id: str
    line: int
    need_id: str
    from_store_id: str
    to_store_id: str
    quantity: int


class LineRefused(Fact, frozen=True, kw_only=True):
    """A person does not want this source for this need; the next proposal does without it."""

    KIND: ClassVar[str] = "dispatch.line_refused/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    decision_id: str
    line: int
    need_id: str
    store_id: str


class PairLifted(Fact, frozen=True, kw_only=True):
    """What a person had fixed or barred is free again for the next proposal."""

    KIND: ClassVar[str] = "dispatch.pair_lifted/1"
    SUBJECT: ClassVar[str] = "pair_id"

    pair_id: str
    need_id: str
    store_id: str
    kind: str


class OrderIssued(Fact, frozen=True, kw_only=True):
    """An order went to whoever keeps the store: send so much to the need; answer by then."""

    KIND: ClassVar[str] = "dispatch.order_issued/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    proposal_id: str
    line: int
    need_id: str
    store_id: str
    promise_id: str
    quantity: int
    to_organization: str
    from_post: str
    answer_by_at: datetime
    expected_at: datetime


class LineNotOrdered(Fact, frozen=True, kw_only=True):
    """An accepted line could not be carried out, and why; nothing of it was promised."""

    KIND: ClassVar[str] = "dispatch.line_not_ordered/1"
    SUBJECT: ClassVar[str] = "proposal_id"

    proposal_id: str
    line: int
    need_id: str
    store_id: str
    code: str


class OrderAnswered(Fact, frozen=True, kw_only=True):
    """Who keeps the store took the order on, or refused it; refused, what was promised is free again."""

    KIND: ClassVar[str] = "dispatch.order_answered/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    taken: bool
    late: bool


class OrderWithdrawn(Fact, frozen=True, kw_only=True):
    """The order was taken back before anything had left."""

    KIND: ClassVar[str] = "dispatch.order_withdrawn/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str


class OrderLeft(Fact, frozen=True, kw_only=True):
    """What was ordered left the store."""

    KIND: ClassVar[str] = "dispatch.order_left/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    expected_at: datetime


class OrderSeen(Fact, frozen=True, kw_only=True):
    """Where the load is on its way, and when it is expected from there. The point stands in the row."""

    KIND: ClassVar[str] = "dispatch.order_seen/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    position_id: str
    expected_at: datetime


class OrderArrived(Fact, frozen=True, kw_only=True):
    """The load is where it is needed; nobody has counted it yet."""

    KIND: ClassVar[str] = "dispatch.order_arrived/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str


class OrderReceived(Fact, frozen=True, kw_only=True):
    """Who gets it counted what came; what is missing is a difference with its reason."""

    KIND: ClassVar[str] = "dispatch.order_received/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    sent: int
    arrived: int
    late: bool


class OrderReturned(Fact, frozen=True, kw_only=True):
    """Some of what came was not used and is back in the store."""

    KIND: ClassVar[str] = "dispatch.order_returned/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    quantity: int
    move_id: str


class OrderUsed(Fact, frozen=True, kw_only=True):
    """So much of what came is used up."""

    KIND: ClassVar[str] = "dispatch.order_used/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    quantity: int


class OrderOverdue(Fact, frozen=True, kw_only=True):
    """Nobody answered the order in time: brought before the post that issued it, then the next higher."""

    KIND: ClassVar[str] = "dispatch.order_overdue/1"
    SUBJECT: ClassVar[str] = "order_id"

    order_id: str
    step: int
    to_post: str
    answer_by_at: datetime


class HelpAsked(Fact, frozen=True, kw_only=True):
    """Who keeps a store of others is asked for so much of it; answer by then."""

    KIND: ClassVar[str] = "dispatch.help_asked/1"
    SUBJECT: ClassVar[str] = "request_id"

    request_id: str
    proposal_id: str
    line: int
    need_id: str
    store_id: str
    quantity: int
    tier: str
    agreement_id: str | None
    to_organization: str
    from_post: str
    answer_by_at: datetime
    due_at: datetime | None


class HelpAccepted(Fact, frozen=True, kw_only=True):
    """Who keeps the store gives so much of what was asked: promised, and ordered.

    `pair_id`: where it is less than was asked, nothing more is proposed from there until that is lifted.
    """

    KIND: ClassVar[str] = "dispatch.help_accepted/1"
    SUBJECT: ClassVar[str] = "request_id"

    request_id: str
    asked: int
    quantity: int
    order_id: str
    pair_id: str | None
    late: bool


class HelpRefused(Fact, frozen=True, kw_only=True):
    """Who keeps the store gives nothing; it is not proposed for this need until that is lifted."""

    KIND: ClassVar[str] = "dispatch.help_refused/1"
    SUBJECT: ClassVar[str] = "request_id"

    request_id: str
    pair_id: str
    late: bool


class HelpWithdrawn(Fact, frozen=True, kw_only=True):
    """The request was taken back before it was answered."""

    KIND: ClassVar[str] = "dispatch.help_withdrawn/1"
    SUBJECT: ClassVar[str] = "request_id"

    request_id: str


class HelpOverdue(Fact, frozen=True, kw_only=True):
    """Nobody answered the request in time: brought before the post that asked, then the next higher."""

    KIND: ClassVar[str] = "dispatch.help_overdue/1"
    SUBJECT: ClassVar[str] = "request_id"

    request_id: str
    step: int
    to_post: str
    answer_by_at: datetime
