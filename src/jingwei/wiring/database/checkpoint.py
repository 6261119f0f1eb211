"""The log of SQLite goes into its file about once a second, beside all writers and by none of them.

Whoever commits and finds the log long would do it while the others queue behind: a call waited a tenth of a
second for it. Here it holds up nobody. If this thread is gone, the log is emptied by a writer after all, at
`LONGEST` pages (`address.py`).
"""

import logging
import threading

from django.db import Error, connection

log = logging.getLogger(__name__)

#: Between two looks, seconds. Source: our estimate, a second of a storm is 1,000 pages or 4 MiB, 2026-11-29.
EVERY_S = 1.0


def start(stop: threading.Event) -> threading.Thread | None:
    """Empty the log in a thread of its own until told to stop; nothing to do on PostgreSQL."""
    if connection.vendor != "sqlite":
        return None
    thread = threading.Thread(target=_run, args=(stop,), name="checkpoint", daemon=True)
    thread.start()
    return thread


def _run(stop: threading.Event) -> None:
    try:
        while not stop.wait(EVERY_S):
            empty()
    finally:
        connection.close()


def empty() -> bool:
    """Write what the log holds into the file, as far as readers let it. False: there was no answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except Error as error:  # the worker says what is wrong; here nothing is lost
        log.info("the log was not emptied: %s", error)
        connection.close()
        return False
    return True
