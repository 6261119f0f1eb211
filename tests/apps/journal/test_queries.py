"""Reads of the journal that every page makes: along the right index, and counted no oftener than of use."""

import pytest
from django.db import connection

from jingwei.apps.hazards.facts import KindRow
from jingwei.apps.hazards.models import Kind
from jingwei.apps.incidents.facts import GradeProposed, IncidentOpened
from jingwei.apps.journal import counting, queries
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Entry
from jingwei.apps.journal.queries import count_many, list_cards
from jingwei.kernel.moments import Moment
from tests.builders import STORM, an_incident

pytestmark = pytest.mark.django_db


def test_entries_of_a_subject_are_chosen_by_kind_and_found_along_its_own_index():
    one, other = an_incident(), an_incident()
    moment = Moment(at=STORM, recorded_at=STORM)
    facts = [
        IncidentOpened(
            incident_id=str(row.pk), report_id="", kind=row.kind, place=row.place, site="", occurred_at=STORM
        )
        for row in (one, other)
    ]
    record([(fact, None) for fact in facts], by=None, moment=moment)
    found = queries.list_entries(subjects=[str(one.pk)], kinds=[IncidentOpened, GradeProposed])
    assert [entry.subject for entry in found] == [str(one.pk)] and isinstance(found[0].fact, IncidentOpened)
    both = queries.list_entries(subjects=[str(one.pk), str(other.pk)], kinds=[IncidentOpened])
    assert {entry.subject for entry in both} == {str(one.pk), str(other.pk)}
    rows = queries._of_kinds(Entry.objects.filter(subject__in=[str(one.pk)]), [IncidentOpened.KIND])
    assert connection.vendor != "sqlite" or "entry_subject" in rows.explain()


def test_canary_asked_for_plainly_all_of_a_kind_would_be_read():
    rows = Entry.objects.filter(subject__in=["x"], kind__in=[IncidentOpened.KIND])
    assert connection.vendor != "sqlite" or "entry_kind" in rows.explain()


def test_cards_hold_what_the_table_holds():
    rows = {row.code: row for row in Kind.objects.all()[:20]}
    cards = list_cards(KindRow, "hazards_kind", "code", [*rows, "no such kind"])
    assert {card.code for card in cards} == set(rows) and cards
    for card in cards:
        assert all(getattr(card, n) == getattr(rows[card.code], n) for n in KindRow.__struct_fields__)
    assert list_cards(KindRow, "hazards_kind", "code", []) == []


@pytest.fixture
def asked(monkeypatch):
    """Counts so many as are in the list, and how often it was asked."""
    monkeypatch.setattr(counting, "_counted", {})
    monkeypatch.setattr(counting, "WORTH", 3)
    there: list[int] = []
    calls: list[int] = []

    def count() -> int:
        calls.append(1)
        return len(there)

    return there, calls, count


def test_few_are_counted_each_time_and_many_hold_for_a_moment(asked, monkeypatch):
    there, calls, count = asked
    for n in (0, 1, 2):
        there[:] = range(n)
        assert count_many(count, "x", "41") == n
    there[:] = range(5)
    assert count_many(count, "x", "41") == 5
    there[:] = range(6)
    assert count_many(count, "x", "41") == 5 and len(calls) == 4
    assert count_many(count, "x", "4101") == 6, "another place is another count"
    monkeypatch.setattr(counting, "HOLDS_S", 0.0)
    assert count_many(count, "x", "41") == 6


@pytest.mark.usefixtures("asked")
def test_several_counts_hold_together_once_their_sum_is_worth_it():
    several = {"a": 1, "b": 1}
    assert count_many(lambda: dict(several), "s") == {"a": 1, "b": 1}
    several["b"] = 4
    assert count_many(lambda: dict(several), "s") == {"a": 1, "b": 4}
    several["b"] = 0
    assert count_many(lambda: dict(several), "s") == {"a": 1, "b": 4}
