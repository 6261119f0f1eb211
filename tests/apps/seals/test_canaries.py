"""With a check switched off, the attack it finds is not found: each check is really the one that sees it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jingwei.apps.seals import actions as seals
from jingwei.apps.seals import queries
from jingwei.apps.seals.queries import checking
from jingwei.apps.seals.queries.checking import trees
from jingwei.apps.seals.queries.checking.crew import PARTS
from jingwei.apps.seals.queries.checking.receipts import Checked as ReceiptsChecked
from jingwei.apps.seals.queries.checking.rows import Checked as RowsChecked
from tests.apps.seals import test_attacks as attacks
from tests.apps.seals.intruder import AT, make_record, photo_path, raw
from tests.builders import holding_of, receive, told
from tests.nodes import LiveDatabase


@pytest.fixture
def node(live_db: LiveDatabase, settings, tmp_path: Path) -> LiveDatabase:
    settings.HOME = tmp_path / "home"
    make_record()
    return live_db


def off(*_: Any, **__: Any) -> None:
    """A check that does not look."""


def test_without_the_leaves_a_changed_entry_is_not_found(node, monkeypatch):
    with raw(node.name) as do:
        attacks.flip(do)
    assert "flipped" in queries.verify().counts
    monkeypatch.setattr(trees.Walk, "_name", off)
    assert "flipped" not in queries.verify().counts


def test_without_the_cover_an_entry_put_in_is_not_found(node, monkeypatch):
    with raw(node.name) as do:
        attacks.insert(do)
    monkeypatch.setattr(checking, "check_cover", lambda *_: 0)
    assert "inserted" not in queries.verify().counts


def test_without_the_times_an_entry_dated_back_is_not_found(node, monkeypatch):
    receive(told("昨天就报告了"), by=holding_of("lisiyuan"), recorded_at=AT - timedelta(days=1))
    seals.seal_all(at=AT + timedelta(minutes=1))
    assert "backdated" in queries.verify().counts
    monkeypatch.setattr(trees.Walk, "_check_times", off)
    assert queries.verify().is_green


def test_without_the_kept_checkpoints_an_older_database_is_not_found(node, monkeypatch):
    attacks.older(node)
    assert "rolled_back" in queries.verify().counts
    monkeypatch.setattr(checking, "compare", off)
    assert queries.verify().is_green


def test_without_the_signatures_a_record_made_again_is_not_found(node, monkeypatch):
    with raw(node.name) as do:
        attacks.flip(do)
        attacks.cover_traces(do, files=True)
    assert not queries.verify().is_green
    monkeypatch.setattr(checking, "check_signatures", lambda *_: set())
    assert queries.verify().is_green


def test_without_the_key_a_replaced_one_is_not_found(node, monkeypatch):
    queries.path_of_key().unlink()
    seals.epochs._make_key()
    assert "key_replaced" in queries.verify().counts
    monkeypatch.setattr(checking.keeping, "_check_own", lambda *_: True)
    assert queries.verify().is_green


def test_without_the_receipts_one_taken_away_is_not_found(node, monkeypatch):
    with raw(node.name) as do:
        do("DELETE FROM journal_receipt WHERE id = (SELECT max(id) FROM journal_receipt)")
    assert "receipt_removed" in queries.verify().counts
    monkeypatch.setitem(PARTS, "receipts", lambda *_: ReceiptsChecked())
    assert queries.verify().is_green


def test_without_the_files_a_replaced_photo_is_not_found(node, monkeypatch):
    photo_path().write_bytes(b"another river")
    assert "photo_swapped" in queries.verify().counts
    monkeypatch.setattr(checking, "check_files", lambda *_: 0)
    assert queries.verify().is_green


def test_without_the_rows_a_changed_row_is_not_found(node, monkeypatch):
    with raw(node.name) as do:
        do("UPDATE reports_report SET words = 'nothing happened'")
    assert "row_changed" in queries.verify().counts
    monkeypatch.setitem(PARTS, "rows", lambda *_: RowsChecked())
    assert queries.verify().is_green
