"""How much may wait: counts, bytes, the part kept for those who go first, and one caller's share."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.doors.entry.room import Limits, Room
from jingwei.kernel.refusals import Unavailable

LIMITS = Limits(count=100, size=1000, kept=0.25, one=0.5)


def fits(room: Room, caller: str = "a", **wanted: object) -> bool:
    try:
        room.take(caller, **wanted)  # type: ignore[arg-type]
    except Unavailable:
        return False
    return True


def test_others_never_fill_what_is_kept_and_those_who_go_first_may():
    room = Room("x", Limits(count=100, size=1000, kept=0.25, one=1.0))
    assert fits(room, count=75) and not fits(room, "b", count=1)
    assert fits(room, "calls", count=25, first=True) and not fits(room, "calls", count=1, first=True)
    room.give("a", count=75)
    assert fits(room, "b", count=50) and not fits(room, "b", count=1)


def test_bytes_are_a_limit_of_their_own():
    room = Room("x", LIMITS)
    assert fits(room, size=375) and not fits(room, size=1)
    assert fits(room, "b", size=375) and not fits(room, "c", size=1)
    assert fits(room, "calls", size=250, first=True)


def test_one_caller_leaves_room_for_another():
    room = Room("x", LIMITS)
    assert fits(room, count=37) and not fits(room, count=1)
    assert fits(room, "b", count=37)


def test_canary_without_a_kept_part_those_who_go_first_are_refused_too():
    room = Room("x", Limits(count=100, size=1000, kept=0.0, one=1.0))
    assert fits(room, count=100)
    assert not fits(room, "calls", count=1, first=True)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60), st.integers(0, 600), st.booleans())))
def test_it_is_never_fuller_than_its_limits_and_empty_in_the_end(wishes):
    room, held = Room("x", LIMITS), []
    for caller, count, size, first in wishes:
        if fits(room, caller, count=count, size=size, first=first):
            held.append((caller, count, size))
        assert room.held()[0] <= 100 and room.held()[1] <= 1000
    for caller, count, size in held:
        room.give(caller, count=count, size=size)
    assert room.held() == (0, 0) and not room._of and not room._size_of


def test_many_threads_take_and_give_without_losing_count():
    room = Room("x", Limits(count=50, size=10**9, kept=0.0, one=1.0))

    def work() -> None:
        for _ in range(500):
            if fits(room, count=3, size=7):
                assert room.held()[0] <= 50
                room.give("a", count=3, size=7)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert room.held() == (0, 0)


def test_the_block_gives_back_also_when_it_fails():
    room = Room("x", LIMITS)
    with pytest.raises(KeyError), room.taken("a", count=5, size=9):
        raise KeyError
    assert room.held() == (0, 0)
