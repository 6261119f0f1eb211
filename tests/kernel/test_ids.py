"""Identifiers sort by the time of their making and look like UUIDs of version 7."""

import threading
import time
import uuid

import pytest

from jingwei.kernel import ids
from jingwei.kernel.ids import new_id


def test_version_and_variant_bits() -> None:
    made = new_id()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_ids_of_one_process_are_in_order() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_first_48_bits_are_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id().int >> 80
    after = time.time_ns() // 1_000_000
    # a burst in the tests above may have run a few steps ahead of the clock
    assert before <= made <= after + 20


def test_clock_stepping_back_keeps_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000)
    later = [new_id() for _ in range(5000)]  # more than the 4096 steps of one millisecond
    assert [first, *later] == sorted([first, *later])


def test_threads_never_share_an_id() -> None:
    made: list[uuid.UUID] = []

    def work() -> None:
        some = [new_id() for _ in range(2000)]
        assert some == sorted(some)
        made.extend(some)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(made)) == 8000
