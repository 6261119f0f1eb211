"""The worker lets entries gather, never as long as two seconds, and catches up without a pause."""

import threading
import uuid

import pytest
from django.db import transaction

from jingwei.apps.journal import actions
from jingwei.apps.journal.actions import Following, follow, record
from jingwei.apps.journal.facts import ReactionRetried
from jingwei.wiring import worker
from jingwei.wiring.worker import GATHER_S, REST_S, pause_s
from tests.builders import a_moment
from tests.nodes import LiveDatabase

#: From a report to grade, clock and person, seconds. Source: what the product promises, 2026-11-22.
PROMISED_S = 2.0


@pytest.mark.parametrize(
    ("done", "behind", "took_s", "rests_s"),
    [
        (0, False, 0.01, REST_S),
        (0, True, 0.01, REST_S),
        (3, False, 0.05, GATHER_S - 0.05),
        (3, False, GATHER_S, 0.0),
        (3, False, 9.0, 0.0),
        (200, True, 0.05, 0.0),
    ],
)
def test_a_round_that_found_work_is_followed_after_a_while_and_one_that_found_too_much_at_once(
    done, behind, took_s, rests_s
):
    assert pause_s(done, behind=behind, took_s=took_s) == pytest.approx(rests_s)


def test_what_comes_during_a_round_is_begun_well_within_the_promise():
    assert REST_S + GATHER_S <= PROMISED_S / 4


class Turning(threading.Event):
    """Time that passes only while the worker rests; what is told at which second is told then."""

    def __init__(self, told_at: dict[float, int], until_s: float) -> None:
        super().__init__()
        self.now, self.told, self.until_s = 0.0, dict(told_at), until_s
        self.rests: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        self.rests.append(timeout or 0.0)
        for at in [one for one in self.told if one <= self.now]:
            say(self.told.pop(at))
        if self.now >= self.until_s:
            self.set()
        return self.is_set()


def say(number: int) -> None:
    with transaction.atomic():
        facts = [ReactionRetried(entry_id=str(uuid.uuid4()), reaction="r") for _ in range(number)]
        record([(one, None) for one in facts], by=None, moment=a_moment())


@pytest.fixture
def lists(django_db_setup):
    """The lists a reaction is handed, each with the second at which it was."""
    before = {k: list(v) for k, v in actions._following.items()}
    found: list[int] = []

    def note(entries, *, by, moment):
        found.append(len(entries))

    follow({ReactionRetried: [Following(name="t.read", call=note)]})
    yield found
    actions._following.clear()
    actions._following.update(before)


def at_work(turning: Turning) -> None:
    worker.work(turning, clock=turning)


def test_five_reports_a_second_are_taken_in_few_lists(live_db: LiveDatabase, lists: list[int]) -> None:
    at_work(Turning({n / 20: 1 for n in range(1, 41)}, until_s=4.0))
    assert sum(lists) == 40
    assert len(lists) <= 2.0 / GATHER_S + 2, "two seconds of them, a list each time they had gathered"


def test_without_gathering_there_are_more_lists(
    live_db: LiveDatabase, lists: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GATHER_S", 0.05)
    at_work(Turning({n / 20: 1 for n in range(1, 41)}, until_s=4.0))
    assert len(lists) > 2.0 / GATHER_S + 2


def test_a_backlog_is_worked_off_without_a_pause(live_db: LiveDatabase, lists: list[int]) -> None:
    turning = Turning({0.1: 300}, until_s=1.0)
    at_work(turning)
    assert sum(lists) == 300
    assert turning.rests.count(0.0) >= len(lists) - 1 > 0, "only the last list may not have been full"
