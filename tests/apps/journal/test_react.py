"""Reactions run in lists, once, durably; one bad entry never holds up the others."""

import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from jingwei.apps.journal import actions, queries, rules
from jingwei.apps.journal.actions import Following, Pace, follow, react, record
from jingwei.apps.journal.facts import ReactionRetried
from jingwei.apps.journal.models import Due, Entry, Failure, Receipt
from jingwei.kernel.moments import Moment

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Moment:
        return Moment(at=self.now, recorded_at=self.now)


class Reader:
    """A reaction that notes the lists it is handed, and chokes on the entries it is told to."""

    def __init__(self, bad: set[str] = frozenset()) -> None:
        self.bad, self.lists, self.done = set(bad), [], []

    def __call__(self, entries, *, by, moment) -> None:
        self.lists.append(len(entries))
        for entry in entries:
            if entry.subject in self.bad:
                raise ValueError(f"cannot digest {entry.subject}")
        self.done += [e.subject for e in entries]


@pytest.fixture(autouse=True)
def story_restored(django_db_setup):
    before = {k: list(v) for k, v in actions._following.items()}
    yield
    actions._following.clear()
    actions._following.update(before)


def say(count: int, *, start: int = 0, clock: Clock) -> list[str]:
    subjects = [str(uuid.UUID(int=start + i)) for i in range(count)]
    with transaction.atomic():
        record([(ReactionRetried(entry_id=s, reaction="r"), None) for s in subjects], by=None, moment=clock())
    return subjects


def run(reader: Reader, clock: Clock, rounds: int = 60, pace: Pace | None = None) -> None:
    pace = pace or Pace()
    for _ in range(rounds):
        react(by=uuid.UUID(int=0), moment=clock, pace=pace)


def listen(reader: Reader, *, since: datetime | None = None, name: str = "reader") -> None:
    follow({ReactionRetried: [Following(name=name, call=reader, since=since)]})


def test_entries_are_handed_in_order_and_in_lists_once_each(live_db):
    reader, clock = Reader(), Clock()
    listen(reader)
    subjects = say(90, clock=clock)
    run(reader, clock)
    assert reader.done == subjects
    assert max(reader.lists) > 1, "in lists, not one by one"
    assert Due.objects.filter(reaction="reader").count() == 0
    assert Receipt.objects.filter(reaction="reader").count() == 90
    run(reader, clock)
    assert reader.done == subjects, "nothing runs twice"


def test_one_failing_entry_stays_due_and_is_shown_while_the_others_go_on(live_db):
    clock = Clock()
    reader = Reader()
    listen(reader)
    subjects = say(30, clock=clock)
    reader.bad = {subjects[3]}
    run(reader, clock)
    assert reader.done == [s for s in subjects if s != subjects[3]]
    (failed,) = queries.list_failures()
    assert (failed.subject, failed.reaction, failed.attempts >= 1) == (subjects[3], "reader", True)
    assert "cannot digest" in failed.error
    assert Due.objects.filter(reaction="reader").count() == 1
    reader.bad = set()
    clock.now += timedelta(seconds=rules.LONGEST_DELAY_S)
    run(reader, clock, 2)
    assert reader.done[-1] == subjects[3] and Failure.objects.count() == 0


def test_two_hundred_bad_entries_ahead_do_not_starve_good_ones(live_db):
    clock, reader = Clock(), Reader()
    listen(reader)
    bad = say(200, clock=clock)
    reader.bad = set(bad)
    good = say(20, start=1000, clock=clock)
    run(reader, clock, 40)
    assert reader.done == good
    assert queries.count_failures() == 200


def test_a_failure_waits_longer_each_time():
    waits = [rules.next_try_at(n, NOW) - NOW for n in range(1, 12)]
    assert waits[0] == timedelta(seconds=rules.FIRST_DELAY_S)
    assert waits == sorted(waits) and waits[-1] == timedelta(seconds=rules.LONGEST_DELAY_S)


def test_a_new_reaction_leaves_history_alone(live_db):
    clock, old, new = Clock(), Reader(), Reader()
    listen(old)
    say(5, clock=clock)
    clock.now += timedelta(hours=1)
    follow(
        {
            ReactionRetried: [
                Following(name="reader", call=old),
                Following(name="newcomer", call=new, since=clock.now),
            ]
        }
    )
    later = say(3, start=100, clock=clock)
    run(old, clock, 5)
    assert new.done == later
    assert len(old.done) == 8


def test_effects_and_receipt_are_one_transaction(live_db):
    """A reaction that writes and then fails leaves no trace but its failure."""
    clock = Clock()

    def writes_then_fails(entries, *, by, moment):
        record([(ReactionRetried(entry_id="effect", reaction="x"), None)], by=None, moment=moment)
        raise RuntimeError("after the write")

    follow({ReactionRetried: [Following(name="half", call=writes_then_fails)]})
    say(1, clock=clock)
    react(by=uuid.UUID(int=0), moment=clock)
    assert not Entry.objects.filter(subject="effect").exists()
    assert not Receipt.objects.filter(reaction="half").exists()
    assert Due.objects.filter(reaction="half").count() == 1


def test_what_is_due_survives_a_process_that_never_reacted(live_db):
    """Due stands in the database, not in memory: another process, with its own start, carries it out."""
    clock, reader = Clock(), Reader()
    listen(reader)
    subjects = say(4, clock=clock)
    from django.db import connection

    connection.close()
    fresh = Reader()
    listen(fresh)
    run(fresh, clock, 2)
    assert fresh.done == subjects


def test_the_list_grows_while_work_is_quick_and_shrinks_when_it_is_slow():
    size = 20
    for _ in range(10):
        size = rules.next_size(size, 0.001)
    assert size == rules.MOST
    for _ in range(12):
        size = rules.next_size(size, 5.0)
    assert size == 1
    assert rules.next_size(size, 0.150) == rules.LEAST, "a list of one that is not far too long grows again"


def held_up(entries, *, by, moment) -> None:
    time.sleep(0.3)


def heavy(entries, *, by, moment) -> None:
    until = time.thread_time() + 0.25
    while time.thread_time() < until:
        pass


@pytest.mark.parametrize(("call", "kept"), [(held_up, True), (heavy, False)])
def test_a_worker_held_up_by_others_keeps_its_lists(live_db, call, kept):
    """Waiting for the turn, the disk or a core is no reason for shorter lists; the worker's own time is."""
    clock, pace = Clock(), Pace()
    follow({ReactionRetried: [Following(name="t.read", call=call)]})
    say(rules.LEAST, clock=clock)
    pace.sizes["t.read"] = rules.LEAST
    react(by=uuid.UUID(int=0), moment=clock, pace=pace)
    assert (pace.size("t.read") >= rules.LEAST) is kept


def test_a_failure_set_aside_by_a_clock_that_was_ahead_is_tried_at_once(live_db):
    """Moved back by an hour, the clock must not make it wait an hour: no failure waits that long."""
    clock = Clock()
    (bad,) = say(1, clock=clock)
    reader = Reader(bad={bad})
    follow({ReactionRetried: [Following(name="t.read", call=reader)]})
    with transaction.atomic():
        Due.objects.create(
            entry=Entry.objects.order_by("-seq")[0], kind=ReactionRetried.KIND, reaction="t.read"
        )
    run(reader, clock, rounds=1)
    run(reader, clock, rounds=1)
    assert Failure.objects.get().attempts == 1
    clock.now -= timedelta(hours=1)
    run(reader, clock, rounds=1)
    assert Failure.objects.get().attempts == 2
