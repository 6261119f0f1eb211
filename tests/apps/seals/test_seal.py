"""Sealing: every entry once, in an order of its own, with a checkpoint that holds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.facts import ReactionRetried
from jingwei.apps.journal.models import Entry
from jingwei.apps.seals import actions as seals
from jingwei.apps.seals import queries
from jingwei.apps.seals.models import Seal, UnsealedEntry, UnsealedReceipt
from jingwei.engines.checkpoints import unseal
from jingwei.engines.merkle import root_at
from jingwei.engines.merkle.notes import read_key
from jingwei.kernel.moments import Moment, Reading
from tests.nodes import LiveDatabase

AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def moment(at: datetime = AT) -> Moment:
    return Moment(at=at, recorded_at=at)


@pytest.fixture
def node(live_db: LiveDatabase, settings, tmp_path: Path) -> LiveDatabase:
    settings.HOME = tmp_path / "home"
    seals.begin_epoch("first_start", by=get_machine(), moment=moment())
    return live_db


def say(count: int = 1) -> None:
    with transaction.atomic():
        facts = [(ReactionRetried(entry_id=str(n), reaction="x"), None) for n in range(count)]
        record(facts, by=None, moment=moment())


def test_every_entry_is_sealed_once_and_the_checkpoint_holds(node):
    before = Entry.objects.count()
    assert UnsealedEntry.objects.count() == before
    leaves = seals.seal_all(at=AT)
    say(600)
    leaves += seals.seal_all(at=AT)
    assert Entry.objects.count() == before + 600
    assert (UnsealedEntry.objects.count(), UnsealedReceipt.objects.count()) == (0, 0)
    assert leaves == before + 600 + Seal.objects.count()
    epoch, last = queries.find_epoch(), queries.find_last_seal()
    sealed = unseal(last.note, node=[read_key(epoch.key)])
    assert sealed.checkpoint.size == last.size == leaves
    assert root_at(queries.get_hashes(1), last.size) == sealed.checkpoint.root
    assert queries.list_notes(1) == list(Seal.objects.order_by("number").values_list("note", flat=True))


def test_nothing_new_is_no_seal(node):
    seals.seal_all(at=AT)
    count = Seal.objects.count()
    assert seals.seal_all(at=AT) == 0
    assert Seal.objects.count() == count


def test_a_sealer_that_remembers_nothing_goes_on_with_the_same_tree(node):
    for _ in range(3):
        say(300)
        seals.seal_entries(seals.Sealer(), clock=lambda: Reading(wall=AT))
    last = queries.find_last_seal()
    sealed = unseal(last.note, node=[read_key(queries.find_epoch().key)])
    assert root_at(queries.get_hashes(1), last.size) == sealed.checkpoint.root


def test_seals_cannot_be_changed(node):
    seals.seal_all(at=AT)
    for statement in (
        "UPDATE seals_seal SET note = 'x'",
        "DELETE FROM seals_seal",
        "DELETE FROM seals_epoch",
    ):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_an_untouched_node_is_green(node):
    say(30)
    seals.seal_all(at=AT)
    found = queries.verify()
    assert found.findings == []
    assert found.entries == Entry.objects.count() and found.rows > 100 and found.unsealed == 0
