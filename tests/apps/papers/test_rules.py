"""Which slips may be entered: serials as people write them, times that have come, the own office."""

from datetime import UTC, datetime, timedelta

import pytest

from jingwei.apps.papers import rules
from jingwei.kernel.refusals import Refused

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("PH-260720-7KQ4X", "PH-260720-7KQ4X"),
        ("ph2607207kq4x", "PH-260720-7KQ4X"),
        (" PH - 260720 — 7KQ4X ", "PH-260720-7KQ4X"),
        ("TK-26O72O-OIL11", "TK-260720-01111"),
        ("AC－260720－AAAAA", "AC-260720-AAAAA"),
    ],
)
def test_a_serial_is_read_as_people_write_it(written: str, read: str) -> None:
    assert rules.normal_serial(written) == read


@pytest.mark.parametrize(
    "written", ["", "PH-260720", "XX-260720-7KQ4X", "PH-260720-7KQ4U", "PH-26072-7KQ4X4"]
)
def test_what_is_no_serial_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="slip_serial_unreadable"):
        rules.normal_serial(written)


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        (NOW, ""),
        (NOW + timedelta(seconds=1), "slip_in_future"),
        (NOW - rules.OLDEST, ""),
        (NOW - rules.OLDEST - timedelta(seconds=1), "slip_too_old"),
    ],
)
def test_a_paper_s_time_has_come_and_is_not_too_long_ago(taken: datetime, code: str) -> None:
    if not code:
        rules.check_time(taken, now=NOW)
        return
    with pytest.raises(Refused, match=code):
        rules.check_time(taken, now=NOW)


def test_a_form_carries_its_own_serial() -> None:
    rules.check_form("PH-260720-7KQ4X", "report")
    rules.check_form("CN-260720-7KQ4X", "report")
    with pytest.raises(Refused, match="slip_other_form"):
        rules.check_form("TK-260720-7KQ4X", "report")


def test_no_reason_no_entry() -> None:
    assert rules.check_reason(" 停电 ") == "停电"
    with pytest.raises(Refused, match="slip_reason_missing"):
        rules.check_reason("  ")
