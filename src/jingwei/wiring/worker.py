"""The worker: one per node, it carries out what follows from the facts."""

import logging
import signal
import threading
import time
from collections.abc import Callable

from django.db import Error, close_old_connections, connection

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.journal.actions import Pace, react
from jingwei.apps.journal.queries import is_anything_due
from jingwei.doors.entry.board import get_board
from jingwei.doors.entry.moments import real_now, this_moment
from jingwei.doors.entry.troubles import is_database_in_trouble, look_at_photos, note_error

from . import sealer
from .database import checkpoint
from .database.memory import stay_light
from .database.order import go_last
from .database.proof import look_again
from .reactions import TICKS
from .start import is_kept

log = logging.getLogger(__name__)

#: How long the worker rests when nothing is due, seconds.
REST_S = 0.1
#: A round that found work is followed by the next no sooner than this after its beginning, seconds, so that
#: entries gather: a list costs much the same for one as for ten.
#: Source: our estimate, an eighth of the two seconds in which a report reaches grade, clock and person,
#: 2026-11-29.
GATHER_S = 0.25
#: How often what follows from time alone is looked at, seconds.
TICK_S = 1.0
#: How long it waits when the database does not answer, seconds.
TROUBLE_S = 2.0
#: The clock on the wall was moved when it gained or lost this much within a tick, seconds.
#: Source: our estimate, time services slew below 0.5 s, statutory limits count minutes, 2026-11-22.
STEP_S = 2.0


def work(
    stop: threading.Event,
    *,
    step: Callable[[], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Carry out what is due until told to stop, or until the process that started us is gone."""
    kept, pace, ticking = is_kept(), Pace(), Ticking()
    while not stop.is_set() and kept():
        began = clock()
        get_board().beat()
        try:
            if step is not None:
                step()
            done = react(by=get_machine(), moment=this_moment, pace=pace) if is_anything_due() else 0
            ticking.tick()
        except Error as error:
            _wait_for_database(error, stop)
            continue
        stop.wait(pause_s(done, behind=pace.behind, took_s=clock() - began))


def pause_s(done: int, *, behind: bool, took_s: float) -> float:
    """How long to rest after a round: with more waiting than it could take, not at all."""
    if not done:
        return REST_S
    return 0.0 if behind else max(0.0, GATHER_S - took_s)


def _wait_for_database(error: Error, stop: threading.Event) -> None:
    """Say what is wrong, and look again until the database takes writes."""
    known = note_error(error)
    log.error(
        "the database fails (%s: %s); trying again in %s s", known, error, TROUBLE_S, exc_info=known is None
    )
    connection.close()
    stop.wait(TROUBLE_S)


class Ticking:
    """Once a second: what follows from the time alone, and whether what was wrong is over."""

    def __init__(self) -> None:
        self._last = 0.0
        self._ahead: float | None = None

    def tick(self) -> None:
        now = time.monotonic()
        if now - self._last < TICK_S:
            return
        self._last = now
        self._watch_clock(now)
        close_old_connections()
        if is_database_in_trouble():
            look_again()
        look_at_photos()
        _run_ticks()

    def _watch_clock(self, now: float) -> None:
        """Real time must gain on monotonic time by nothing; a jump is said on the desk."""
        ahead = real_now().timestamp() - now
        if self._ahead is not None and abs(ahead - self._ahead) > STEP_S:
            log.error("the clock of this machine was moved by %+.1f s", ahead - self._ahead)
            get_board().note("clock_stepped", amount=ahead - self._ahead)
        self._ahead = ahead


def _run_ticks() -> None:
    """One that fails is logged and holds up nobody; a database that fails holds up all."""
    by = get_machine()
    for one in TICKS:
        try:
            one(by=by, moment=this_moment())
        except Error:
            raise
        except Exception:  # isolation point: what one clock brings about must not stop the others
            log.exception("tick %s failed", getattr(one, "__name__", one))


def settle(*, most_s: float = 60.0) -> int:
    """Carry out everything due now, in this process. For scratch runs and imports. Returns how many."""
    done, until = 0, time.monotonic() + most_s
    pace = Pace()
    while time.monotonic() < until:
        now = react(by=get_machine(), moment=this_moment, pace=pace)
        if not now:
            break
        done += now
        get_board().beat()
    return done


def main(*, case: str = "") -> int:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    stay_light()
    go_last()
    sealing, _ = sealer.start(stop), checkpoint.start(stop)
    try:
        work(stop, step=_player(case) if case else None)
    finally:
        stop.set()
        sealing.join(sealer.LAST_SEAL_S)
    return 0


def _player(case: str) -> Callable[[], object]:
    """Plays the case's rows as the scenario clock reaches them."""
    from jingwei.apps.clock.queries import get_clock
    from jingwei.doors.replay.case import read_case
    from jingwei.doors.replay.player import LivePlayer

    player = LivePlayer(read_case(case))

    def step() -> None:
        if get_clock().scenario:
            player.step(settle=settle)

    return step
