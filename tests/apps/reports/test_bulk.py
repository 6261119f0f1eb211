"""Reports are written in bulk, beside the models: the tables hold what a model would put there."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.apps.journal import actions as journal
from jingwei.apps.journal import writes as journal_writes
from jingwei.apps.journal.models import Due, Entry
from jingwei.apps.reports import queries, writes
from jingwei.apps.reports.facts import Claim
from jingwei.apps.reports.models import Caller, Report, ReportedFigure
from tests.builders import STORM, holding_of, receive, told

#: Every field there is, some of them beyond what their column takes.
FULL = {
    "key": "k" * 250, "source": "电话", "evidence": "recalled", "title": "题" * 300, "precision": "hour",
    "occurred_at": datetime(2021, 7, 20, 16, 5, 9, 120_000, tzinfo=timezone(timedelta(hours=8))),
    "sent_at": STORM, "place": "410100", "place_words": "京广路", "site": "jingguang", "lon": 113.642_137_25,
    "lat": 34.7, "datum": "gcj02", "caller_name": "张三", "caller_phone": "13900000000", "organization": "x",
    "event_ref": "e1", "level": 10**30, "from_level": 2, "number": -1, "rescue": True, "flags": ("odd",),
    "figures": (Claim("deaths", 3.0, "人", "", "三人"), Claim("trapped", 2.5, "人", "410105")), "raw": "…",
}  # fmt: skip


def columns(model: type) -> set[str]:
    return {field.column for field in model._meta.concrete_fields}  # type: ignore[attr-defined]


def test_every_column_is_written():
    assert set(writes._REPORT) == columns(Report) - {"transcribed_as_id"}
    assert set(writes._CALLER) == columns(Caller)
    assert set(writes._FIGURE) == columns(ReportedFigure) - {"id"}
    assert set(journal._ENTRY) == columns(Entry)
    assert set(journal._DUE) == columns(Due) - {"id"}


@pytest.mark.django_db
def test_what_is_read_back_is_what_was_told_and_its_digest_holds():
    by = holding_of("lisiyuan")
    (answer,) = receive(told(**FULL), by=by, recorded_at=datetime(2026, 11, 29, 8, 0, 0, 7, tzinfo=UTC))
    row = Report.objects.get(pk=answer.id)
    assert (row.key, row.place, row.by, row.home) == ("k" * 200, "4101", by, "test")
    assert row.occurred_at == FULL["occurred_at"] and row.received_at == STORM
    assert row.recorded_at == datetime(2026, 11, 29, 8, 0, 0, 7, tzinfo=UTC)
    assert (row.level, row.from_level, row.number, row.rescue) == (None, 2, None, True)
    assert row.told["level"] == 10**30 and "caller_name" not in row.told
    assert row.flags == sorted(answer.flags) and "odd" in row.flags
    assert (row.caller.name, row.caller.phone) == ("张三", "13900000000")
    assert [(f.measure, f.area, f.value) for f in row.figures.order_by("pk")] == [
        ("deaths", "jingguang", 3.0), ("trapped", "410105", 2.5),
    ]  # fmt: skip
    entry = Entry.objects.get(subject=str(answer.id))
    version, digest = row.digest()
    said = {"model": "reports.Report", "id": str(row.pk), "v": version, "digest": digest}
    assert entry.rows == [said]
    row.words += "!"
    assert row.digest()[1] != digest, "canary: the digest would notice another word"


@pytest.mark.django_db
def test_entries_and_what_is_due_keep_the_order_of_the_list():
    answers = receive(*[told(f"水 {n}") for n in range(150)], by=holding_of("lisiyuan"))
    entries = list(Entry.objects.filter(kind="reports.received/1").order_by("seq"))
    assert [e.subject for e in entries] == [str(a.id) for a in answers]
    assert [e.id for e in entries] == sorted(e.id for e in entries), "ids are sortable by time of making"
    due = Due.objects.filter(entry__in=entries).order_by("entry_id", "reaction")
    reactions = sorted(one.name for one in journal._following["reports.received/1"])
    assert [(d.entry_id, d.reaction) for d in due] == [(e.seq, r) for e in entries for r in reactions]


@pytest.mark.django_db
def test_a_row_that_breaks_a_constraint_is_an_error_of_the_database():
    rows = [("0" * 64, "2026-11-29 08:00:00"), (None, "2026-11-29 08:00:00")]
    with pytest.raises(IntegrityError), transaction.atomic():
        journal_writes.insert_rows("reports_publicsending", ("origin", "sent_at"), rows)
    assert not connection.needs_rollback, "the transaction around it goes on"


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 63, 64, 65, 200])
def test_steps_cover_the_list_once(count):
    steps = list(journal_writes._steps(count))
    assert sum(steps) == count and set(steps) <= set(journal_writes._STEPS)


def plan_of(statement: str) -> str:
    """How the database would answer; PostgreSQL is kept from walking a table that is small."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + statement)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + statement)
        return " ".join(str(row) for row in cursor.fetchall())


@pytest.mark.django_db
def test_keys_are_found_by_the_index_that_keeps_a_report_once():
    """With the canary: a question that does not leave empty keys out is not answered by it."""
    by = holding_of("lisiyuan")
    with CaptureQueriesContext(connection) as asked:
        queries.list_keys(["a"], by=by)
        queries.find_keys(["a"], by=by)
    statements = [one["sql"] for one in asked.captured_queries]
    assert len(statements) == 2
    assert all("report_once" in plan_of(one) for one in statements), statements
    left = [re.sub(r"AND NOT \(\S+ = ''\)", "", one) for one in statements]
    assert all(a != b for a, b in zip(statements, left, strict=True))
    if connection.vendor == "sqlite":  # PostgreSQL sees that such a key is not empty
        assert all("report_once" not in plan_of(one) for one in left), left
