"""Rows that stand, written by one statement: what it writes, and that it is in the caller's transaction."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from jingwei.apps.incidents.models import Incident
from jingwei.apps.incidents.writes import JOINED
from jingwei.apps.journal.writes import update_rows

pytestmark = pytest.mark.django_db

AT = datetime(2021, 7, 20, 8, tzinfo=UTC)


def incidents(count: int) -> list[Incident]:
    rows = [
        Incident(
            home="n", kind="12P04", place="410105", title_zh=f"第{n}", title_en=f"{n}", opened_at=AT,
            precision="minute", last_at=AT,
        )
        for n in range(count)
    ]  # fmt: skip
    return Incident.objects.bulk_create(rows)


def test_it_writes_the_fields_named_of_each_row_and_no_other() -> None:
    rows = incidents(3)
    for n, row in enumerate(rows):
        row.report_count, row.place, row.last_at = n + 5, "4101", AT.replace(hour=9 + n)
        row.proposed_clauses, row.title_zh = ["a", "二"], "not this one"
    with transaction.atomic():
        update_rows(rows[:2], (*JOINED, "proposed_clauses"))
        update_rows([], JOINED)
    kept = list(Incident.objects.order_by("title_en"))
    assert [(k.report_count, k.place, k.last_at.hour) for k in kept] == [
        (5, "4101", 9),
        (6, "4101", 10),
        (0, "410105", 8),
    ]
    assert [k.proposed_clauses for k in kept] == [["a", "二"], ["a", "二"], []]
    assert [k.title_zh for k in kept] == ["第0", "第1", "第2"]


def test_what_join_changes_is_what_is_written() -> None:
    """The list beside `join` is all of it: a field it forgets would be lost without a word."""
    from jingwei.apps.incidents.writes import join
    from jingwei.apps.reports.queries import ReportLine
    from jingwei.kernel.ids import new_id
    from jingwei.kernel.moments import Moment

    (row,) = incidents(1)
    row.kind, row.place, row.event_ref = "11B03", "410105", ""
    before = dict(vars(row))
    told = dict.fromkeys(ReportLine.__struct_fields__, "") | {
        "id": new_id(), "occurred_at": AT.replace(hour=1), "precision": "hour", "place": "410203",
        "event_ref": "ref-9", "figures": (), "flags": (), "lon": None, "lat": None,
    }  # fmt: skip
    join(row, ReportLine(**told), None, by=new_id(), moment=Moment(at=AT, recorded_at=AT))
    changed = {n for n, v in vars(row).items() if n != "_state" and before.get(n) != v}
    assert changed <= set(JOINED)
    assert changed >= set(JOINED) - {"last_at"}
