"""What a request asks for again is asked for once; the next request asks anew."""

from jingwei.doors.entry.once import a_request, once


def counting():
    seen = []

    def find():
        seen.append(1)
        return len(seen)

    return find


def test_within_a_request_once_and_in_the_next_anew():
    find = counting()
    with a_request():
        assert [once(find), once(find)] == [1, 1]
    with a_request():
        assert once(find) == 2


def test_what_is_asked_otherwise_is_asked_anew():
    seen = []
    with a_request():
        assert [once(seen.append, one) for one in (1, 2, 1)] == [None] * 3
        assert once(dict, a=1) is once(dict, a=1) is not once(dict, a=2)
    assert seen == [1, 2]


def test_outside_a_request_nothing_is_remembered():
    find = counting()
    assert [once(find), once(find)] == [1, 2]


def test_two_functions_are_two():
    with a_request():
        assert [once(counting()), once(counting())] == [1, 1]
