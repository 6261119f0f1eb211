"""What time it is: the only door that reads the clock on the wall."""

from datetime import UTC, datetime

from jingwei.apps.clock.queries import get_clock
from jingwei.kernel.moments import Moment


def real_now() -> datetime:
    """Real time, for what never follows a scenario: sessions, tokens, limits."""
    return datetime.now(UTC)


def this_moment() -> Moment:
    """Now, by the node's clock and in real time."""
    now = real_now()
    return Moment(at=get_clock().at(now), recorded_at=now)
