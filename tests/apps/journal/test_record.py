"""The journal is append-only, speaks only inside the write's transaction, and its digests hold."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from jingwei.apps.journal import actions, queries, writes
from jingwei.apps.journal.actions import NotInTransaction, record
from jingwei.apps.journal.facts import ReactionRetried
from jingwei.apps.journal.models import Due, Entry, Receipt
from jingwei.kernel.canonical import salted_digest
from jingwei.kernel.moments import Moment

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MOMENT = Moment(at=NOW, recorded_at=NOW)


def a_fact(n: int = 0) -> ReactionRetried:
    return ReactionRetried(entry_id=str(uuid.UUID(int=n)), reaction="test")


@pytest.mark.django_db
def test_a_fact_is_read_back_as_it_was_said():
    (entry_id,) = record([(a_fact(7), None)], by=None, moment=MOMENT)
    (said,) = queries.list_entries(subjects=[str(uuid.UUID(int=7))])
    assert (said.id, said.fact, said.at, said.node) == (entry_id, a_fact(7), NOW, "test")


ODD = 'tab\tline\nback\\slash \\N \\. "quoted" 暴雨 \U0001f30a'


@pytest.mark.django_db
def test_many_facts_stand_as_few_do(monkeypatch):
    """PostgreSQL takes many by another way: no sign, no missing value and no time comes out otherwise."""
    facts = [
        (ReactionRetried(entry_id=str(uuid.UUID(int=n)), reaction=f"{ODD}{n}"), None) for n in range(300)
    ]
    by = uuid.uuid4()
    many = record(facts, by=by, moment=MOMENT) + record(facts[:150], by=None, moment=MOMENT)
    monkeypatch.setattr(writes, "MANY", 10**9)
    few = record(facts, by=by, moment=MOMENT) + record(facts[:150], by=None, moment=MOMENT)
    kept = {
        entry.id: (entry.kind, entry.subject, entry.body, entry.rows, entry.by, entry.at, entry.recorded_at)
        for entry in Entry.objects.filter(id__in=[*many, *few])
    }
    assert [kept[one] for one in many] == [kept[one] for one in few]
    assert kept[many[0]][2]["reaction"] == f"{ODD}0"
    numbers = Entry.objects.filter(id__in=many).order_by("seq").values_list("id", flat=True)
    assert list(numbers) == many, "in the order in which they were said"


def test_record_refuses_outside_a_transaction(live_db):
    before = Entry.objects.count()
    with pytest.raises(NotInTransaction):
        record([(a_fact(), None)], by=None, moment=MOMENT)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("model", [Entry, Receipt])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_entries_and_receipts_cannot_be_changed_or_removed(live_db, model, verb):
    with transaction.atomic():
        record([(a_fact(), None)], by=None, moment=MOMENT)
        entry = Entry.objects.order_by("-seq").first()
        Receipt.objects.create(entry=entry, reaction="t", recorded_at=NOW)
    count = model.objects.count()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows = model.objects.filter(pk=model.objects.order_by("-pk").first().pk)
        rows.update(
            **({"node": "x"} if model is Entry else {"reaction": "x"})
        ) if verb == "update" else rows._raw_delete(rows.db)
    assert model.objects.count() == count


def test_without_its_triggers_an_entry_could_be_changed(live_db):
    """The canary: it is the trigger that forbids, and installing it again mends it."""
    with transaction.atomic():
        record([(a_fact(), None)], by=None, moment=MOMENT)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER journal_entry_no_update")
            else:
                cursor.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")
        assert Entry.objects.order_by("-seq")[:1].get().pk
        assert Entry.objects.filter(node="test").update(node="bent") > 0
    with transaction.atomic():
        writes.install_triggers()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(node="bent again")


def test_a_write_outside_a_transaction_fails_on_sqlite(live_db):
    if connection.vendor != "sqlite":
        with transaction.atomic():
            record([(a_fact(), None)], by=None, moment=MOMENT)
        return
    with pytest.raises(DatabaseError, match="readonly"):
        Due.objects.create(entry_id=1, reaction="x")
    with transaction.atomic():
        record([(a_fact(), None)], by=None, moment=MOMENT)


@pytest.mark.django_db
def test_a_row_digest_covers_its_fields_and_an_added_column_breaks_none(monkeypatch):
    from tests.builders import an_incident

    row = an_incident()
    version, before = row.digest()
    row.title_zh = "另一个名字"
    assert row.digest()[1] != before, "canary: a changed field changes the digest"
    row.title_zh = "郑州市 暴雨"
    newest = max(type(row).DIGESTED)
    wider = {**type(row).DIGESTED, newest + 1: (*type(row).DIGESTED[newest], "named")}
    monkeypatch.setattr(type(row), "DIGESTED", wider)
    row.refresh_from_db()
    assert row.digest(version)[1] == before, "the old version is still computed as it was"
    assert row.digest()[0] == newest + 1


@pytest.mark.django_db
def test_a_fact_carries_the_digest_of_its_row_as_stored():
    from tests.builders import an_incident

    row = an_incident()
    record([(a_fact(), row)], by=None, moment=MOMENT)
    entry = Entry.objects.order_by("-seq").first()
    row.refresh_from_db()
    version = max(row.DIGESTED)
    content = {name: getattr(row, name) for name in row.DIGESTED[version]}
    assert entry.rows == [
        {
            "model": "incidents.Incident",
            "id": str(row.pk),
            "v": version,
            "digest": salted_digest(content, bytes(row.salt)),
        }
    ]


def test_a_reaction_may_not_be_declared_twice():
    one = actions.Following(name="a", call=lambda *_, **__: None)
    with pytest.raises(ValueError, match="twice"):
        actions.follow({ReactionRetried: [one, one]})


@pytest.mark.django_db
def test_among_is_the_same_words_for_any_number_of_values():
    (words, value), (again, more) = queries.among(["a"]), queries.among(["a", "b", "a", "'"])
    assert words == again
    for given, found in ((value, {"a"}), (more, {"a", "b", "'"}), (queries.among([])[1], set())):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT w FROM (SELECT 'a' AS w UNION SELECT 'b' UNION SELECT '''' UNION SELECT 'c') t "
                f"WHERE w {words}",
                [given],
            )
            assert {row[0] for row in cursor.fetchall()} == found
