"""What an area lays over a rule: its own value, from a day, under a basis of its own. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar, TypeVar

import msgspec

from jingwei.kernel.codes import place_within
from jingwei.kernel.facts import Fact

from .rows import DeadlineRule, DemandStandard, Ruled

R = TypeVar("R", bound=Ruled)


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's value in an area and below, from a day on; `valid_to` is excluded, None: until further notice.

    `weaker`: it asks less than the rule, and whoever wrote it said so. `id` is empty while it is only tried.
    """

    id: str = ""
    table: str
    rule_id: str
    place: str
    value: str
    valid_from: date
    valid_to: date | None = None
    reason: str = ""
    basis: str = ""
    weaker: bool = False

    def holds(self, place: str, on: date) -> bool:
        """Whether it holds for an event of that day at that place."""
        in_time = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        return in_time and place_within(place, self.place)


class Laid:
    """Overlays that stand: what holds at a place on a day. The narrowest area's goes before a wider one's."""

    def __init__(self, overlays: Iterable[Overlay]) -> None:
        self._by_rule: dict[str, list[Overlay]] = {}
        for one in sorted(overlays, key=lambda o: (-len(o.place), o.valid_from, o.id)):
            self._by_rule.setdefault(one.rule_id, []).append(one)

    def find(self, rule_id: str, place: str, on: date) -> Overlay | None:
        """What stands over the rule for an event of that day at that place."""
        return next((o for o in self._by_rule.get(rule_id, ()) if o.holds(place, on)), None)

    def over(self, rows: Iterable[R], place: str, on: date) -> list[R]:
        """The rows as they hold at the place on the day; an overlaid row names its overlay in `node`."""
        if not self._by_rule:
            return list(rows)
        return [
            laid_over(row, found) if (found := self.find(row.rule_id, place, on)) else row for row in rows
        ]

    def mark(self, place: str, on: date) -> str:
        """Differs where what holds differs; '' where nothing is laid over any rule."""
        held = sorted(o.id for rule in self._by_rule if (o := self.find(rule, place, on)))
        return " ".join(one[-8:] for one in held)[:60] if len(held) < 4 else f"{len(held)}:{hash_of(held)}"

    def without(self, id: str, *more: Overlay) -> "Laid":
        """The same without this overlay, and with others: what is tried before it is decided."""
        left = [o for rows in self._by_rule.values() for o in rows if o.id != id or not id]
        return Laid([*left, *more])


def hash_of(ids: Sequence[str]) -> str:
    """A short word for a list of ids."""
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12]


def laid_over(row: R, overlay: Overlay) -> R:
    """The rule with the area's value in place of its own."""
    node = overlay.id or "tried"
    if isinstance(row, DeadlineRule):
        return msgspec.structs.replace(row, limit_minutes=int(overlay.value), node=node)
    if isinstance(row, DemandStandard):
        return msgspec.structs.replace(row, quantity=float(overlay.value), node=node)
    return msgspec.structs.replace(row, value=overlay.value, node=node)


class OverlayProposed(Fact, frozen=True, kw_only=True):
    """A person proposed that a rule has another value in an area; it holds once another confirms it."""

    KIND: ClassVar[str] = "hazards.overlay_proposed/1"
    SUBJECT: ClassVar[str] = "overlay_id"

    overlay_id: str
    table: str
    rule_id: str
    place: str
    value: str
    instead_of: str
    valid_from: date
    valid_to: date | None
    weaker: bool


class OverlayConfirmed(Fact, frozen=True, kw_only=True):
    """A second person confirmed it: events of its days in its area are judged by it."""

    KIND: ClassVar[str] = "hazards.overlay_confirmed/1"
    SUBJECT: ClassVar[str] = "overlay_id"

    overlay_id: str
    table: str
    rule_id: str
    place: str


class OverlayWithdrawn(Fact, frozen=True, kw_only=True):
    """It was taken back, as if it had never been: the rule holds again. `stood`: it had been confirmed."""

    KIND: ClassVar[str] = "hazards.overlay_withdrawn/1"
    SUBJECT: ClassVar[str] = "overlay_id"

    overlay_id: str
    table: str
    rule_id: str
    place: str
    stood: bool
    reason: str


class OverlayEnded(Fact, frozen=True, kw_only=True):
    """It ends sooner than it was confirmed for: events from `valid_to` on are judged by the rule again."""

    KIND: ClassVar[str] = "hazards.overlay_ended/1"
    SUBJECT: ClassVar[str] = "overlay_id"

    overlay_id: str
    table: str
    rule_id: str
    place: str
    valid_to: date
    instead_of: date | None
    reason: str


class OverlayEndUndone(Fact, frozen=True, kw_only=True):
    """Its early end was taken back: it holds for the days it was confirmed for."""

    KIND: ClassVar[str] = "hazards.overlay_end_undone/1"
    SUBJECT: ClassVar[str] = "overlay_id"

    overlay_id: str
    table: str
    rule_id: str
    place: str
    valid_to: date | None
    reason: str


class OverlayRestored(Fact, frozen=True, kw_only=True):
    """A withdrawn overlay was put forward again; another person has to confirm it anew."""

    KIND: ClassVar[str] = "hazards.overlay_restored/1"
    SUBJECT: ClassVar[str] = "overlay_id"

    overlay_id: str
    reason: str
