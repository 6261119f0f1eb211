"""How an order moves, when it is overdue, who is told then. Decides, never fetches. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from jingwei.kernel.refusals import Refused

STATES = ("issued", "read", "acknowledged", "under_way", "done", "refused", "withdrawn")
OPEN = ("issued", "read", "acknowledged", "under_way")
#: Not yet taken on: what a post answers first.
UNANSWERED = ("issued", "read")
TAKEN = ("acknowledged", "under_way", "done")

#: Step → (states from which it is taken, state it leads to).
STEPS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "read": (("issued",), "read"),
    "acknowledge": (("issued", "read"), "acknowledged"),
    "begin": (("acknowledged",), "under_way"),
    "complete": (("acknowledged", "under_way"), "done"),
    "refuse": (OPEN, "refused"),
    "withdraw": (OPEN, "withdrawn"),
}

#: How long after its limit an order still open is brought before the post above the one that issued it.
#: Source: our estimate, one round of telephone calls takes a quarter of an hour, 2026-11-22.
ESCALATE_AFTER = timedelta(minutes=15)

#: Roles from the lowest to the highest, as escalation climbs inside one organization.
LADDER = ("field_reporter", "duty_officer", "duty_chief", "commander")
#: The posts of the organization above that take an escalated order, in this order.
DESKS = ("duty_officer", "duty_chief", "commander")


class TaskRefusal(Refused):
    """`task_unknown`, `task_not_so_now`, `task_not_addressed`, `task_title_missing`, `receiver_missing`,

    `receiver_unknown`, `task_due_past`, `task_due_after_order`, `task_children_open`, `note_unknown`,
    `task_not_yours`, `note_struck`, `words_missing`, `reason_missing`, `changed_meanwhile`,
    `incident_unknown`.
    """


class Seat(msgspec.Struct, frozen=True):
    """A post as escalation weighs it."""

    code: str
    organization: str
    role: str


class Summary(msgspec.Struct, frozen=True):
    """What comes up from the orders below one: how many, and how they stand."""

    total: int = 0
    acknowledged: int = 0
    under_way: int = 0
    done: int = 0
    overdue: int = 0
    refused: int = 0
    withdrawn: int = 0

    @property
    def open(self) -> int:
        return self.total - self.done - self.refused - self.withdrawn


def may_step(state: str, step: str) -> bool:
    return state in STEPS[step][0]


def step_from(state: str, step: str) -> str:
    """The state the step leads to; refused where the order does not allow it now."""
    if not may_step(state, step):
        raise TaskRefusal("task_not_so_now", state=state, step=step)
    return STEPS[step][1]


def is_overdue(*, state: str, due_at: datetime | None, at: datetime) -> bool:
    """Still open after its limit; at the limit itself it is in time."""
    return due_at is not None and state in OPEN and at > due_at


def is_late(*, due_at: datetime | None, done_at: datetime | None) -> bool:
    """Done, but after its limit."""
    return due_at is not None and done_at is not None and done_at > due_at


def check_draft(*, title_zh: str, title_en: str, post: str | None, organization: str | None) -> None:
    """An order has words and exactly one receiver."""
    if not (title_zh.strip() or title_en.strip()):
        raise TaskRefusal("task_title_missing")
    if bool(post) == bool(organization):
        raise TaskRefusal("receiver_missing")


def check_due(due_at: datetime | None, *, at: datetime, order_due_at: datetime | None = None) -> None:
    """A limit lies ahead, and not after that of the order it passes on."""
    if due_at is not None and due_at <= at:
        raise TaskRefusal("task_due_past")
    if order_due_at is not None and due_at is not None and due_at > order_due_at:
        raise TaskRefusal("task_due_after_order", due=order_due_at.isoformat())


def check_version(*, held: int, current: int) -> None:
    """Two people on one order: the second is told what changed and decides again."""
    if held != current:
        raise TaskRefusal("changed_meanwhile", held=held, current=current)


def check_text(text: str, code: str) -> str:
    """Words that must not be empty, cut to what the record holds."""
    if not text.strip():
        raise TaskRefusal(code)
    return text.strip()[:MOST_WORDS]


#: Characters of a reason or a log line.
#: Source: our estimate, what one types in a minute or two, 2026-11-22.
MOST_WORDS = 1000


def common_beginning(places: Sequence[str]) -> str:
    """The longest beginning all places share: they lie within a place exactly when it does."""
    first, last = min(places), max(places)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:same]


def is_addressed(*, to_post: str, to_organization: str, post: str, organization: str) -> bool:
    """Whether the order is for this post: by name, or by its organization."""
    return to_post == post if to_post else to_organization == organization


def may_withdraw(*, from_post: str, from_organization: str, seat: Seat, below: Collection[str]) -> bool:
    """The post that issued the order may, a desk of its organization, or an organization above it.

    `below`: organizations that answer to the seat's.
    """
    if seat.code == from_post or from_organization in below:
        return True
    return seat.organization == from_organization and seat.role in LADDER[1:]


def find_higher(seat: Seat, own: Sequence[Seat], above: Sequence[Seat]) -> Seat | None:
    """The next higher post: a higher role in the same organization, else the desk of the one above."""
    rank = LADDER.index(seat.role) if seat.role in LADDER else 0
    higher = [s for s in own if s.role in LADDER and LADDER.index(s.role) > rank]
    if higher:
        return min(higher, key=lambda s: (LADDER.index(s.role), s.code))
    desks = [s for s in above if s.role in DESKS]
    return min(desks, key=lambda s: (DESKS.index(s.role), s.code), default=None)


def summarize(tasks: Iterable[tuple[str, datetime | None]], *, at: datetime) -> Summary:
    """The orders below one, by state and limit. Taken on counts what is under way or done too."""
    rows = list(tasks)

    def count(*states: str) -> int:
        return sum(state in states for state, _ in rows)

    return Summary(
        total=len(rows),
        acknowledged=count(*TAKEN),
        under_way=count("under_way"),
        done=count("done"),
        overdue=sum(is_overdue(state=s, due_at=d, at=at) for s, d in rows),
        refused=count("refused"),
        withdrawn=count("withdrawn"),
    )
