"""The two times of an act, and intervals that end before their end."""

from datetime import UTC, datetime, timedelta

import pytest

from jingwei.kernel.moments import Moment, Span

AT = datetime(2021, 7, 20, tzinfo=UTC)


def test_naive_time_is_no_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        Moment(at=datetime(2021, 7, 20), recorded_at=AT)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match="aware"):
        Moment(at=AT, recorded_at=datetime(2021, 7, 20))  # noqa: DTZ001 - likewise


def test_a_span_holds_its_start_and_not_its_end() -> None:
    shift = Span(AT, AT + timedelta(hours=12))
    assert shift.holds(AT)
    assert not shift.holds(AT + timedelta(hours=12))
    assert not shift.holds(AT - timedelta(microseconds=1))
    assert Span(AT).holds(AT + timedelta(days=10_000))
