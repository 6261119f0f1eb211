"""The checker on records one can read: it complains of each kind of loss, and of nothing else."""

from typing import Any

import pytest

from bench.faults.checker import check
from bench.faults.load import Told

MARKS = ("mark-1-000000", "mark-1-000001", "mark-1-000002")


class Record:
    """What the doors would list."""

    def __init__(self) -> None:
        self.reports: list[dict[str, Any]] = [
            {"id": f"r{n}", "words": f"隧道进水 {mark}", "incident_id": "i", "state": "accepted"}
            for n, mark in enumerate(MARKS)
        ]
        self.incidents: list[dict[str, Any]] = [{"id": "i", "report_count": 3}]

    def all(self, what: str, query: str = "") -> list[dict[str, Any]]:
        return {"reports": self.reports, "incidents": self.incidents}[what]


def told() -> Told:
    return Told(acked={mark: f"r{n}" for n, mark in enumerate(MARKS)})


@pytest.fixture
def record() -> Record:
    return Record()


def complaints(record: Record, one: Told | None = None) -> list[str]:
    return check(record, [one or told()])  # type: ignore[arg-type]


def test_a_whole_record_has_nothing_wrong(record: Record) -> None:
    assert complaints(record) == []


def test_an_acknowledged_report_that_is_missing_is_named(record: Record) -> None:
    record.reports.pop()
    record.incidents[0]["report_count"] = 2
    assert complaints(record) == [f"{MARKS[2]} was acknowledged as r2 and is not there"]


def test_a_report_that_is_there_twice_is_named(record: Record) -> None:
    record.reports.append(record.reports[0] | {"id": "again"})
    record.incidents[0]["report_count"] = 4
    assert complaints(record) == [f"{MARKS[0]} is there 2 times"]


def test_a_report_counted_twice_is_named(record: Record) -> None:
    record.incidents[0]["report_count"] = 4
    assert complaints(record) == ["incident i counts 4 reports and has 3"]


def test_a_report_that_was_never_fused_is_named(record: Record) -> None:
    record.reports[0]["incident_id"], record.incidents[0]["report_count"] = None, 2
    assert complaints(record) == ["report r0 was never fused"]


def test_another_reports_words_under_the_acknowledged_id_are_named(record: Record) -> None:
    record.reports[0]["words"], record.reports[1]["words"] = record.reports[1]["words"], "other words"
    assert f"{MARKS[0]} was acknowledged as r0, which says something else" in complaints(record)


def test_what_was_sent_and_never_taken_is_named(record: Record) -> None:
    one = told()
    one.open.add("mark-1-000009")
    assert complaints(record, one) == ["mark-1-000009 was never taken"]


def test_a_refusal_that_is_no_refusal_is_passed_on(record: Record) -> None:
    one = told()
    one.wrong.append("503 without Retry-After")
    assert complaints(record, one) == ["503 without Retry-After"]
