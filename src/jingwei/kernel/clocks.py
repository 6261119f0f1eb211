"""The node's clock: real, or a scenario that runs at its own speed and can stand still."""

from datetime import datetime, timedelta

import msgspec


class ClockState(msgspec.Struct, frozen=True):
    """How scenario time follows from real time. `scenario` False: it is real time.

    At `base_real` the scenario read `base_scenario`; since then it runs `speed` times as fast,
    or not at all while `paused`.
    """

    scenario: bool = False
    base_real: datetime | None = None
    base_scenario: datetime | None = None
    speed: float = 1.0
    paused: bool = False
    name: str = ""

    def at(self, real: datetime) -> datetime:
        """The node's time at the real time given."""
        if not self.scenario or self.base_real is None or self.base_scenario is None:
            return real
        if self.paused:
            return self.base_scenario
        # a real clock that steps back does not turn scenario time back
        elapsed = max(real - self.base_real, timedelta(0))
        return self.base_scenario + elapsed * self.speed

    def rebased(self, real: datetime, **changes: object) -> "ClockState":
        """The same clock from now on with other settings: no jump in scenario time."""
        return msgspec.structs.replace(
            self, **({"base_real": real, "base_scenario": self.at(real)} | changes)
        )
