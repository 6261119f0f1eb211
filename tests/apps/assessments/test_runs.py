"""Marks of what a line rests on, words revised, and outcomes kept. Every figure here is made up."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.assessments import actions, queries, rules
from jingwei.apps.assessments.facts import (
    Basis,
    CaseCompared,
    CheckRule,
    Record,
    RunFact,
    RunLine,
    Term,
    Wording,
    Words,
)
from jingwei.apps.assessments.rules import marks
from jingwei.apps.hazards.facts import DeadlineRule, SourceRow
from jingwei.apps.journal import queries as journal
from jingwei.kernel.moments import Moment
from tests.apps.assessments.cases import nothing_found

DAY = date(2021, 7, 20)
AT = datetime(2030, 5, 4, tzinfo=UTC)


def a_rule(**fields: Any) -> DeadlineRule:
    told = {"rule_id": "X-1", "source": "SRC-X", "regime": "general", "event_scope": "all",
            "grade_scope": "all", "from_role": "a", "to_role": "b", "trigger": "occurred",
            "limit_minutes": 60, "mode": "any"}  # fmt: skip
    return DeadlineRule(**(told | fields))


# --- what must be said of a rule -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"validity_known": True, "valid_from": date(2021, 7, 20)}, ("in_force",)),
        ({"validity_known": True, "valid_from": date(2021, 7, 21)}, ("later",)),
        ({"title_year": 2022}, ("later",)),
        ({"title_year": 2021}, ("undated",)),
        ({}, ("undated",)),
        ({"evidence": "recalled, unverified"}, ("undated", "recalled")),
        ({"evidence": "our estimate"}, ("undated", "estimate")),
        ({"evidence": "generated"}, ("undated", "generated")),
    ],
)
def test_a_rule_says_whether_it_was_in_force_that_day(
    fields: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert marks.marks_of_rule(a_rule(**fields), on=DAY) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (SourceRow(id="S", title_zh="法", in_force=date(2024, 11, 1), evidence="verified"), ("later",)),
        (SourceRow(id="S", title_zh="法", in_force=date(2019, 4, 1), evidence="verified"), ("in_force",)),
        (SourceRow(id="S", title_zh="案", title_year=2025), ("later",)),
        (SourceRow(id="S", title_zh="案", title_year=2006, evidence="recalled"), ("undated", "recalled")),
        (None, ("undated",)),
    ],
)
def test_a_text_says_whether_it_was_in_force_that_day(
    source: SourceRow | None, expected: tuple[str, ...]
) -> None:
    assert marks.marks_of_source(source, on=DAY) == expected


def a_line(**fields: Any) -> RunLine:
    return RunLine(**({"id": "s1", "track": "rules", "at": AT, "what": "sent", "words": Words()} | fields))


def test_a_line_that_rests_on_an_unverified_rule_and_does_not_say_so_is_found() -> None:
    basis = Basis(label="X", marks=("undated", "recalled"))
    assert marks.list_unmarked([a_line(bases=(basis,), marks=("undated", "recalled"))]) == []
    assert marks.list_unmarked([a_line(bases=(basis,), marks=("undated",))]) == ["s1"]
    assert marks.list_unmarked([a_line(evidence="recalled, unverified")]) == ["s1"]
    assert marks.list_unmarked([a_line(evidence="generated")]) == ["s1"]
    assert marks.list_unmarked([a_line(evidence="seen")]) == []


# --- words revised ---------------------------------------------------------------------------------------

RULE = CheckRule(id="C8", title=Words("用词", "words"))
BREAK, OVER = Words("溃坝", "dam break"), Words("漫坝", "overtopping")
AGENCY, INQUIRY = Words("通讯社", "the agency"), Words("调查报告", "the report")
TERMS = (Term(BREAK, AGENCY, then=True), Term(OVER, INQUIRY, then=False))
TOLD = "通讯社报“溃坝”；调查报告定性“漫坝”"


def a_record(number: int, hours: float, words: str = "", type: str = "occurrence", title: str = "") -> Record:
    at = AT + timedelta(hours=hours)
    return Record(
        entry_id=f"e{number}", type=type, at=at, occurred_at=at, source=f"S{number}", evidence="seen",
        words=words, title=title,
    )  # fmt: skip


REPORTED = a_record(9, 100, "公布", "finding", "调查报告公布")


def test_both_words_are_kept_with_who_said_them_and_when() -> None:
    found = rules.check_wording(RULE, [a_record(1, 0, TOLD), REPORTED], TERMS, zone=UTC)
    (detail,) = found.details
    assert isinstance(detail, Wording)
    assert [(w.term.zh, w.speaker.zh, w.version.source, w.version.at) for w in detail.versions] == [
        ("溃坝", "通讯社", "S1", AT),
        ("漫坝", "调查报告", "S9", AT + timedelta(hours=100)),
    ]
    assert (found.state, found.actual.zh, found.difference.en) == ("met", "溃坝 → 漫坝", "100 h 00 min")
    assert set(found.entries) == {"e1", "e9"}


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([REPORTED], "not_assessable"),
        ([a_record(1, 0, TOLD)], "not_assessable"),
        ([a_record(1, 0, "通讯社报“溃坝”"), REPORTED], "not_assessable"),
        ([a_record(1, 0, "报“溃坝”；定性“漫坝”"), REPORTED], "not_assessable"),
        ([a_record(1, 100, TOLD), REPORTED], "conflict"),
        ([], "not_assessable"),
    ],
    ids=["not told", "no report", "one word", "nobody named", "at one time", "nothing"],
)
def test_another_record_says_otherwise(records: list[Record], state: str) -> None:
    found = rules.check_wording(RULE, records, TERMS, zone=UTC)
    assert found.state == state
    assert bool(found.missing) == (state == "not_assessable")


def test_a_case_that_asks_about_no_words_is_not_assessable() -> None:
    assert rules.check_wording(RULE, [a_record(1, 0, TOLD)], (), zone=UTC).state == "not_assessable"


# --- kept ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_kept_is_read_back_and_said_once() -> None:
    moment = Moment(at=AT, recorded_at=AT)
    by = agencies.get_operator(at=AT)
    fact = RunFact(id=str(uuid.uuid4()), kind="plans.activated/1", at=AT, body={"level": 1})
    line = a_line(facts=(fact.id,))
    found = msgspec.structs.replace(nothing_found(), lines=(line,), facts=(fact,))
    kept = actions.keep_comparison(found, by=by, moment=moment)
    (said,) = journal.list_entries(kinds=[CaseCompared])
    assert (said.subject, said.by, said.fact.lines) == (str(kept), by, 1)  # type: ignore[attr-defined]
    read = queries.find_comparison("a-case")
    assert read is not None
    assert (read.id, read.found.lines, read.found.facts) == (kept, (line,), ())
    known = queries.find_fact(uuid.UUID(fact.id))
    assert known is not None
    assert known[1] == fact
    assert queries.find_fact(uuid.uuid4()) is None
    assert queries.list_lines_of(read, fact.id) == [line]


@pytest.mark.django_db
def test_the_newest_of_a_case_is_shown() -> None:
    by = agencies.get_operator(at=AT)
    for hours in (0, 1):
        at = AT + timedelta(hours=hours)
        last = actions.keep_comparison(nothing_found(), by=by, moment=Moment(at=AT, recorded_at=at))
    found = queries.find_comparison("a-case")
    assert found is not None
    assert found.id == last
    assert queries.list_compared_cases() == ["a-case"]
