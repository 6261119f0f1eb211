"""What time it is: the only door that reads the clock on the wall."""

import time
import uuid
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jingwei.apps.clock.queries import get_clock
from jingwei.kernel.moments import Moment, Reading


def real_now() -> datetime:
    """Real time, for what never follows a scenario: sessions, tokens, limits."""
    return datetime.now(UTC)


#: Counts on while the machine sleeps, where there is such a clock: sleep is no step of the clock.
_UP = getattr(time, "CLOCK_BOOTTIME", None)


def read_clocks() -> Reading:
    """Real time, and the time since the machine started."""
    up_s = time.monotonic() if _UP is None else time.clock_gettime(_UP)
    return Reading(wall=real_now(), up_s=up_s, boot=_boot())


@cache
def _boot() -> str:
    """Names this start of the machine; where it has no name, this start of the process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return str(uuid.uuid4())


def this_moment() -> Moment:
    """Now, by the node's clock and in real time."""
    now = real_now()
    return Moment(at=get_clock().at(now), recorded_at=now)
