"""A worker at rest costs next to nothing; woken, it is quick."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from jingwei.apps.incidents.models import Membership
from jingwei.apps.journal.queries import is_anything_due
from jingwei.apps.registers.models import Indexed
from jingwei.apps.reports.actions import receive_reports
from jingwei.doors.entry.moments import this_moment
from jingwei.wiring import worker
from tests.builders import holding_of, told
from tests.nodes import LiveDatabase

#: From a report to its incident, seconds. Source: our estimate, what a person at a desk takes for at once,
#: 2026-11-22.
SEEN_WITHIN_S = 0.5
#: Statements of a second at rest: one look each tenth of a second, and the ticks.
#: Source: our measurement, 26, 2026-11-22.
MOST_A_SECOND = 45


@contextmanager
def at_work(step: Callable[[], object] | None = None) -> Iterator[list[str]]:
    """A worker in a thread; the statements it sends."""
    stop, sent = threading.Event(), list[str]()

    def note(execute: object, sql: str, *more: object) -> object:
        sent.append(sql)
        return execute(sql, *more)  # type: ignore[operator]

    def run() -> None:
        with connection.execute_wrapper(note):
            worker.work(stop, step=step)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield sent
    finally:
        stop.set()
        thread.join(10)


def is_at_rest() -> bool:
    return not is_anything_due() and not Indexed.objects.filter(done=False).exists()


def test_at_rest_it_asks_one_short_question_and_begins_no_transaction(live_db: LiveDatabase) -> None:
    with at_work() as sent:
        while len(sent) < 20 or not is_at_rest():  # a new node's roster is made found first
            time.sleep(0.05)
        before, began = len(sent), time.monotonic()
        time.sleep(2)
        asked = sent[before:]
        took = time.monotonic() - began
    assert len(asked) / took <= MOST_A_SECOND
    assert not [sql for sql in asked if sql.startswith(("BEGIN", "SAVEPOINT", "SELECT pg_advisory"))]


def test_woken_it_joins_a_report_in_its_next_rounds(live_db: LiveDatabase) -> None:
    """Counted in rounds, not by the clock of a machine that has other things to do."""
    by, rounds, told_in = holding_of("lisiyuan"), [0], dict[uuid.UUID, int]()
    joined_in: dict[uuid.UUID, int] = {}

    def step() -> None:
        rounds[0] += 1
        for one in Membership.objects.filter(report__in=set(told_in) - set(joined_in)).values_list(
            "report", flat=True
        ):
            joined_in[one] = rounds[0]

    with at_work(step):
        for n in range(5):
            before = rounds[0]
            (one,) = receive_reports([told(f"山洪 {n}", kind="11A51")], by=by, moment=this_moment())
            told_in[one.id] = before
            until = time.monotonic() + 30
            while one.id not in joined_in and time.monotonic() < until:
                time.sleep(0.01)
    took = sorted(joined_in[one] - told_in[one] for one in told_in)
    assert took[2] * worker.REST_S <= SEEN_WITHIN_S
