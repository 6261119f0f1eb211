"""The sealer: a thread of the worker that seals what was written, about once a second, in real time."""

import logging
import threading
import time

from django.db import Error, connection

from jingwei.apps.agencies.queries import get_machine, is_founded
from jingwei.apps.seals import actions as seals
from jingwei.apps.seals.queries import find_epoch
from jingwei.doors.entry.board import get_board
from jingwei.doors.entry.moments import read_clocks, this_moment
from jingwei.doors.entry.troubles import note_error

log = logging.getLogger(__name__)

#: Between two seals, seconds. Source: house style section 4, about once a second.
EVERY_S = 1.0
#: Between two looks at the machine's clock, seconds. Source: our estimate, so that one moved forth and back
#: within a second is seen; a look takes 2 µs, 2026-11-22.
LOOK_S = 0.1
#: How long it waits when it cannot seal, seconds. Source: our estimate, as long as the worker, 2026-11-22.
TROUBLE_S = 2.0
#: How long the last seal may take when the worker ends, seconds. Source: our estimate, a full seal takes
#: 0.3 s; what is left is sealed at the next start, 2026-11-22.
LAST_SEAL_S = 5.0
#: A seal with so many leaves was full, or nearly: the next one follows at once.
#: Source: our estimate, half of what one seal takes, 2026-11-22.
MANY = 5_000


def start(stop: threading.Event) -> threading.Thread:
    """Seal in a thread of its own until told to stop, and once more then."""
    thread = threading.Thread(target=_run, args=(stop,), name="sealer", daemon=True)
    thread.start()
    return thread


def _run(stop: threading.Event) -> None:
    sealer, said = seals.Sealer(), ""
    try:
        while True:
            last = stop.is_set()
            trouble, behind = _step(sealer)
            if trouble and trouble != said:
                log.error("nothing is sealed: %s", trouble)
            if trouble:
                get_board().note("seals_stopped")
            elif said:
                get_board().clear("seals_stopped")
            said = trouble
            if last:
                return
            if not behind:
                _wait(stop, sealer, TROUBLE_S if trouble else EVERY_S)
    finally:
        connection.close()


def _wait(stop: threading.Event, sealer: seals.Sealer, for_s: float) -> None:
    """Until told to stop, or so long, with an eye on the clock."""
    until = time.monotonic() + for_s
    while (left := until - time.monotonic()) > 0 and not stop.wait(min(LOOK_S, left)):
        sealer.watch.look(read_clocks())


def _step(sealer: seals.Sealer) -> tuple[str, bool]:
    """Seal once. Returns what is wrong, if anything, and whether there may be more at once."""
    try:
        if find_epoch() is None:
            if not is_founded():
                return "", False
            seals.begin_epoch("first_start", by=get_machine(), moment=this_moment())
        done = seals.seal_entries(sealer, clock=read_clocks)
        return "", done > MANY
    except seals.CannotSeal as error:
        return error.what, False
    except Error as error:
        note_error(error)
        connection.close()
        return f"the database fails ({type(error).__name__})", False
    except Exception as error:
        log.exception("the sealer failed")
        return type(error).__name__, False
