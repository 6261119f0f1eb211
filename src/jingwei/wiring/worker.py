"""The worker: one per node, it carries out what follows from the facts."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

from django.db import OperationalError, connection

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.journal.actions import Pace, react
from jingwei.doors.entry.moments import this_moment

from .reactions import TICKS

log = logging.getLogger(__name__)

#: How long the worker rests when nothing is due, seconds.
REST_S = 0.1
#: How often what follows from time alone is looked at, seconds.
TICK_S = 1.0
#: How long it waits when the database does not answer, seconds.
TROUBLE_S = 2.0


def work(stop: threading.Event, *, step: Callable[[], object] | None = None) -> None:
    """Carry out what is due until told to stop, or until the process that started us is gone."""
    parent, pace, last_tick = os.getppid(), Pace(), 0.0
    while not stop.is_set() and os.getppid() == parent:
        try:
            if step is not None:
                step()
            done = react(by=get_machine(), moment=this_moment, pace=pace)
            last_tick = _tick(last_tick)
        except OperationalError:
            log.exception("the database does not answer; trying again in %s s", TROUBLE_S)
            connection.close()
            stop.wait(TROUBLE_S)
            continue
        if not done:
            stop.wait(REST_S)


def _tick(last: float) -> float:
    """Once a second: what follows from the time alone. One that fails is logged and holds up nobody."""
    now = time.monotonic()
    if now - last < TICK_S:
        return last
    for one in TICKS:
        try:
            one(by=get_machine(), moment=this_moment())
        except OperationalError:
            raise
        except Exception:
            log.exception("tick %s failed", getattr(one, "__name__", one))
    return now


def settle(*, most_s: float = 60.0) -> int:
    """Carry out everything due now, in this process. For scratch runs and imports. Returns how many."""
    done, until = 0, time.monotonic() + most_s
    pace = Pace()
    while time.monotonic() < until:
        now = react(by=get_machine(), moment=this_moment, pace=pace)
        if not now:
            break
        done += now
    return done


def main(*, case: str = "") -> int:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    work(stop, step=_player(case) if case else None)
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
