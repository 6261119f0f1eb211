"""What a sealer saw of the machine's clock: how far it was moved since the seal before."""

from datetime import datetime

import msgspec

from jingwei.kernel.moments import Reading

#: The clock counts as moved from here on, seconds. Source: our estimate, time servers that steer a clock
#: gain or lose half a millisecond a second and never this much between two looks, 2026-11-22.
STEP_S = 1.0


class Clock(msgspec.Struct, frozen=True):
    """What a seal says of the clock: milliseconds since the machine's start `boot`, and by how many
    milliseconds the clock on the wall was moved since the seal before, forth and back added up."""

    boot: str
    up_ms: int
    stepped_ms: int


class ClockWatch:
    """Adds up how far the clock on the wall was moved against the time since the machine's start."""

    def __init__(self) -> None:
        self._boot = ""
        self._ahead: float | None = None
        self._stepped_s = 0.0

    def look(self, now: Reading) -> None:
        if now.up_s is None:
            return
        ahead = now.wall.timestamp() - now.up_s
        if self._ahead is None or now.boot != self._boot:
            self._boot, self._ahead = now.boot, ahead
        elif abs(ahead - self._ahead) >= STEP_S:
            self._stepped_s += abs(ahead - self._ahead)
            self._ahead = ahead

    def resume(self, clock: Clock, sealed_at: datetime) -> None:
        """Go on from what the last seal said, when another sealer made it."""
        self.look(Reading(wall=sealed_at, up_s=clock.up_ms / 1000, boot=clock.boot))

    def tell(self, now: Reading) -> Clock | None:
        """What a seal made now says; None when the time since the start is not known."""
        if now.up_s is None:
            return None
        return Clock(boot=now.boot, up_ms=round(now.up_s * 1000), stepped_ms=round(self._stepped_s * 1000))

    def told(self) -> None:
        """It was sealed: from here on it is counted anew."""
        self._stepped_s = 0.0


class ClockTrust:
    """Goes over what seals say of the clock, and tells how far an honest time may be off."""

    def __init__(self, within_ms: int) -> None:
        self._within_ms = within_ms
        self._steps: list[tuple[int, int]] = []
        self._boot = ""
        self._complete_ms: int | None = None

    def take(self, clock: Clock | None) -> None:
        if clock is None or clock.boot != self._boot:
            self._steps, self._complete_ms = [], None
        if clock is None:
            self._boot = ""
            return
        self._boot = clock.boot
        if clock.stepped_ms:
            self._steps.append((clock.up_ms, clock.stepped_ms))

    def moved_us(self) -> int:
        """By how much the clock was moved since so long before the last seal that took all there was."""
        if self._complete_ms is not None:
            since = self._complete_ms - self._within_ms
            self._steps = [step for step in self._steps if step[0] >= since]
        return sum(stepped for _, stepped in self._steps) * 1000

    def complete(self, clock: Clock | None) -> None:
        """This seal took all there was."""
        if clock is not None:
            self._complete_ms = clock.up_ms
