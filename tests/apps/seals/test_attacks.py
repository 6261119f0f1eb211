"""Twelve attacks by somebody with database and files in hand, each found and named; as plain as can be, and
by one who makes hashes, seals and checkpoints again but does not have the key.
"""

import hashlib
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as node_settings
from django.db import connection

from jingwei.apps.seals import actions as seals
from jingwei.apps.seals import queries
from jingwei.apps.seals.queries import Verified
from jingwei.engines.checkpoints import Ed25519Signer
from jingwei.kernel.moments import Reading
from tests import databases
from tests.apps.seals.intruder import (
    AT,
    as_kept,
    cover_traces,
    make_record,
    photo_path,
    raw,
    seal_numbers,
    take_over_key,
)
from tests.builders import holding_of, receive, told
from tests.nodes import LiveDatabase


@pytest.fixture
def node(live_db: LiveDatabase, settings, tmp_path: Path) -> LiveDatabase:
    settings.HOME = tmp_path / "home"
    make_record()
    return live_db


def first(found: Verified) -> str:
    return found.findings[0].what if found.findings else "green"


def test_an_untouched_record_is_green(node):
    found = queries.verify()
    assert found.findings == [] and found.unsealed == 0 and found.own_key
    assert (found.photos, found.seals) == (1, 5) and found.receipts > 10 and found.kept == 5


# --- 1. flipped ------------------------------------------------------------------------------------------


def flip(do) -> int:
    number = seal_numbers(do, 3)[0]
    text = "CAST(? AS jsonb)" if databases.on_postgres() else "?"
    do(f"UPDATE journal_entry SET body = {text} WHERE seq = ?", '{"report_id": "another"}', number)
    return number


def test_an_entry_that_was_changed_is_named(node):
    with raw(node.name) as do:
        number = flip(do)
    found = queries.verify()
    assert (first(found), found.findings[0].entry, found.findings[0].seal) == ("flipped", number, 3)


def test_a_changed_entry_is_found_though_every_hash_was_made_again(node):
    with raw(node.name) as do:
        flip(do)
        cover_traces(do)
    found = queries.verify()
    assert (first(found), found.findings[0].seal) == ("flipped", 3)


def test_a_changed_entry_is_found_though_the_kept_checkpoints_were_rewritten_too(node):
    with raw(node.name) as do:
        flip(do)
        cover_traces(do, files=True)
    assert first(queries.verify()) == "seal_broken"  # nothing true is left beside it to say where


def test_only_the_kept_hashes_were_changed(node):
    with raw(node.name) as do:
        do("UPDATE seals_seal SET leaves = ? WHERE number = 3", bytes(64))
    assert first(queries.verify()) == "seal_broken"


# --- 2. dropped ------------------------------------------------------------------------------------------


def drop(do) -> int:
    number = seal_numbers(do, 3)[1]
    for table in ("journal_due", "journal_receipt", "journal_failure"):
        do(f"DELETE FROM {table} WHERE entry_id = ?", number)
    do("DELETE FROM journal_entry WHERE seq = ?", number)
    return number


def test_an_entry_that_was_taken_away_is_named(node):
    with raw(node.name) as do:
        number = drop(do)
    found = queries.verify()
    assert (first(found), found.findings[0].entry) == ("dropped", number)


def test_an_entry_taken_away_is_found_though_the_seals_were_made_again(node):
    with raw(node.name) as do:
        drop(do)
        cover_traces(do)
    found = queries.verify()
    assert (first(found), found.findings[0].seal) == ("dropped", 3)


def test_an_entry_taken_away_before_its_seal_is_named(node):
    receive(told("还没有封存"), by=holding_of("lisiyuan"))
    with raw(node.name) as do:
        ((number,),) = do("SELECT max(entry) FROM seals_unsealedentry")
        do("DELETE FROM journal_due WHERE entry_id = ?", number)
        do("DELETE FROM journal_entry WHERE seq = ?", number)
    assert first(queries.verify()) == "dropped"


# --- 3. inserted -----------------------------------------------------------------------------------------


def insert(do, **changes: object) -> int:
    columns = ("id", "node", "kind", "subject", "body", "rows", "by", "at", "recorded_at")
    ((number,),) = do("SELECT max(seq) + 1 FROM journal_entry")
    values = ", ".join("?" if c in changes else c if c != "id" else "?" for c in columns)
    given = [as_kept("01935b1e-0000-7000-8000-0000000000ff"), *(changes[c] for c in columns if c in changes)]
    do(
        f"INSERT INTO journal_entry (seq, {', '.join(columns)}) "
        f"SELECT {number}, {values} FROM journal_entry WHERE seq = {seal_numbers(do, 3)[0]}",
        *given,
    )
    return number


def test_an_entry_that_was_put_in_is_named(node):
    with raw(node.name) as do:
        number = insert(do)
    found = queries.verify()
    assert (first(found), found.findings[0].entry) == ("inserted", number)


def test_an_entry_put_in_is_found_though_the_seals_were_made_again(node):
    with raw(node.name) as do:
        insert(do)
        cover_traces(do)
    found = queries.verify()
    assert (first(found), found.findings[0].seal) == ("inserted", 5)


# --- 4. reordered ----------------------------------------------------------------------------------------


def swap(do) -> set[int]:
    one, other = seal_numbers(do, 3)[:2]
    for number, to in ((one, -1), (other, one), (-1, other)):
        do("UPDATE journal_entry SET seq = ? WHERE seq = ?", to, number)
    return {one, other}


def test_entries_that_changed_places_are_named(node):
    with raw(node.name) as do:
        both = swap(do)
    found = queries.verify()
    named = {one.entry for one in found.findings if one.what == "reordered"}
    assert (first(found), named) == ("reordered", both)


def test_entries_that_changed_places_are_found_though_the_seals_were_made_again(node):
    with raw(node.name) as do:
        swap(do)
        cover_traces(do)
    found = queries.verify()
    assert (first(found), found.findings[0].seal) == ("reordered", 3)


# --- 5. backdated ----------------------------------------------------------------------------------------


def test_an_entry_written_now_under_yesterday_is_named(node):
    receive(told("昨天就报告了"), by=holding_of("lisiyuan"), recorded_at=AT - timedelta(days=1))
    seals.seal_all(at=AT + timedelta(minutes=1))
    found = queries.verify()
    assert first(found) == "backdated"


def test_a_clock_that_was_set_back_makes_no_false_alarm(node):
    back = AT - timedelta(hours=3)
    receive(told("钟拨回去以后"), by=holding_of("lisiyuan"), recorded_at=back)
    seals.seal_all(at=back + timedelta(seconds=1))
    receive(told("钟拨回来以后"), by=holding_of("lisiyuan"), recorded_at=AT + timedelta(minutes=2))
    seals.seal_all(at=AT + timedelta(minutes=2, seconds=1))
    assert queries.verify().is_green


def step_the_clock(*, sealer_knows: bool, sealer_ends: bool) -> None:
    """An hour forth between a report's beginning and its end, and home again, as a sealer sees it."""
    boot = "a-start" if sealer_knows else ""
    sealer = seals.Sealer()

    def seal(up_s: float, moved: timedelta) -> None:
        nonlocal sealer
        wall = AT + timedelta(minutes=1, seconds=up_s) + moved
        up = up_s if sealer_knows else None
        seals.seal_entries(sealer, clock=lambda: Reading(wall=wall, up_s=up, boot=boot))
        sealer = seals.Sealer() if sealer_ends else sealer

    for up_s, begun, moved in ((0, 0, 0), (60, 0, 1), (61, 1, 1), (62, 1, 0), (63, 0, 0)):
        told_at = AT + timedelta(minutes=1, seconds=up_s - 1, hours=begun)
        receive(told(f"第{up_s}秒"), by=holding_of("lisiyuan"), recorded_at=told_at)
        seal(up_s, timedelta(hours=moved))
    receive(told("又过一小时"), by=holding_of("lisiyuan"), recorded_at=AT + timedelta(minutes=2))
    seal(64, timedelta(0))


@pytest.mark.parametrize("sealer_ends", [False, True])
def test_a_clock_that_was_moved_under_the_sealers_eyes_makes_no_false_alarm(node, sealer_ends):
    step_the_clock(sealer_knows=True, sealer_ends=sealer_ends)
    assert queries.verify().is_green


def test_canary_without_what_the_sealer_saw_it_would_be_one(node):
    step_the_clock(sealer_knows=False, sealer_ends=False)
    receive(told("跨过拨钟"), by=holding_of("lisiyuan"), recorded_at=AT + timedelta(minutes=1))
    seals.seal_all(at=AT + timedelta(hours=1, minutes=2))
    receive(told("跨过拨钟"), by=holding_of("lisiyuan"), recorded_at=AT + timedelta(minutes=1))
    seals.seal_all(at=AT + timedelta(hours=1, minutes=2))
    assert "backdated" in queries.verify().counts


def test_a_clock_moved_by_an_hour_is_no_leave_to_date_back_by_a_day(node):
    step_the_clock(sealer_knows=True, sealer_ends=False)
    receive(told("昨天就报告了"), by=holding_of("lisiyuan"), recorded_at=AT - timedelta(days=1))
    at = Reading(wall=AT + timedelta(minutes=3), up_s=120, boot="a-start")
    seals.seal_entries(seals.Sealer(), clock=lambda: at)
    assert first(queries.verify()) == "backdated"


def test_an_hour_later_the_leave_is_over(node):
    step_the_clock(sealer_knows=True, sealer_ends=False)
    for up_s in (3600, 3601):
        told_at = AT + timedelta(minutes=1, seconds=up_s) - timedelta(minutes=30) * (up_s - 3600)
        receive(told("半小时前就报告了"), by=holding_of("lisiyuan"), recorded_at=told_at)
        now = Reading(wall=AT + timedelta(minutes=1, seconds=up_s), up_s=up_s, boot="a-start")
        seals.seal_entries(seals.Sealer(), clock=lambda now=now: now)
    assert first(queries.verify()) == "backdated"


def test_a_night_without_a_sealer_makes_no_false_alarm(node, monkeypatch):
    for hour in range(4):
        receive(
            told(f"夜里 {hour}"), by=holding_of("lisiyuan"), recorded_at=AT + timedelta(hours=hour, seconds=9)
        )
    monkeypatch.setattr(seals.seal.rules, "MOST_ENTRIES", 1)  # catching up takes several seals
    seals.seal_all(at=AT + timedelta(hours=9))
    assert queries.verify().is_green


# --- 6. truncated tail -----------------------------------------------------------------------------------


def cut_entries(do) -> None:
    numbers = seal_numbers(do, 5)
    for table in ("journal_due", "journal_receipt"):
        do(f"DELETE FROM {table} WHERE entry_id >= ?", numbers[0])
    do("DELETE FROM journal_entry WHERE seq >= ?", numbers[0])


def test_an_end_that_was_cut_off_is_named(node):
    with raw(node.name) as do:
        cut_entries(do)
    assert first(queries.verify()) == "truncated"


def test_an_end_cut_off_with_its_seals_is_named(node):
    with raw(node.name) as do:
        cut_entries(do)
        do("DELETE FROM seals_seal WHERE number = 5")
    assert first(queries.verify()) == "truncated"


def test_an_end_cut_off_with_its_kept_checkpoint_is_found_against_one_kept_elsewhere(node):
    kept = queries.find_last_note(1)
    with raw(node.name) as do:
        cut_entries(do)
        do("DELETE FROM seals_seal WHERE number = 5")
    path = queries.path_of_notes(1)
    path.write_text(path.read_text().replace(kept, "").rstrip("\n") + "\n\n")
    assert first(queries.verify(against=[kept])) == "truncated"


# --- 7. rolled back --------------------------------------------------------------------------------------


def older(node: LiveDatabase) -> str:
    """Go on for a seal, then the database of before is put back. Returns the checkpoint that is gone."""
    connection.close()
    copy = databases.clone(node.name)
    receive(told("之后的报告"), by=holding_of("lisiyuan"))
    seals.seal_all(at=AT + timedelta(seconds=30))
    gone = queries.find_last_note(1)
    connection.close()
    connection.settings_dict["NAME"] = databases._name_in_settings(copy)
    return gone


def test_an_older_database_put_back_is_named(node):
    older(node)
    assert first(queries.verify()) == "rolled_back"
    with pytest.raises(seals.CannotSeal, match="database_older"):
        seals.seal_all(at=AT + timedelta(seconds=31))


def test_an_older_database_and_home_are_found_against_a_checkpoint_kept_elsewhere(node):
    home, copy = Path(node_settings.HOME), Path(node_settings.HOME).with_name("copy")
    shutil.copytree(home, copy)
    gone = older(node)
    node_settings.HOME = copy
    assert queries.verify().is_green  # nothing here can tell
    assert first(queries.verify(against=[gone])) == "rolled_back"


# --- 8. forked -------------------------------------------------------------------------------------------


def test_two_histories_under_one_name_are_found_against_a_checkpoint_kept_elsewhere(node):
    home, copy = Path(node_settings.HOME), Path(node_settings.HOME).with_name("copy")
    connection.close()
    twin = databases.clone(node.name)
    shutil.copytree(home, copy)
    receive(told("上级看到的"), by=holding_of("lisiyuan"))
    seals.seal_all(at=AT + timedelta(seconds=30))
    shown = queries.find_last_note(1)
    connection.close()
    connection.settings_dict["NAME"], node_settings.HOME = databases._name_in_settings(twin), copy
    receive(told("后来改写的"), by=holding_of("lisiyuan"))
    seals.seal_all(at=AT + timedelta(seconds=30))
    assert queries.verify().is_green
    assert first(queries.verify(against=[shown])) == "forked"


# --- 9. rows ---------------------------------------------------------------------------------------------


def test_a_row_changed_without_a_fact_is_named(node):
    with raw(node.name) as do:
        ((row,),) = do("SELECT id FROM reports_report ORDER BY id LIMIT 1")
        do("UPDATE reports_report SET words = 'nothing happened' WHERE id = ?", row)
    found = queries.verify()
    assert first(found) == "row_changed" and str(row).replace("-", "") in found.findings[0].of.replace(
        "-", ""
    )


def test_a_row_that_is_gone_is_named(node):
    with raw(node.name) as do:
        do("DELETE FROM reports_report WHERE id = (SELECT id FROM reports_report LIMIT 1)")
    assert first(queries.verify()) == "row_missing"


def test_a_row_nobody_spoke_of_is_named(node):
    with raw(node.name) as do:
        do(
            "UPDATE reports_report SET id = ? WHERE id = (SELECT id FROM reports_report LIMIT 1)",
            as_kept("01935b1e-0000-7000-8000-0000000000fe"),
        )
    found = queries.verify()
    assert {one.what for one in found.findings} >= {"row_unspoken", "row_missing"}


# --- 10. photos ------------------------------------------------------------------------------------------


def test_a_photo_that_was_replaced_is_named(node):
    photo_path().write_bytes(b"another river")
    found = queries.verify()
    assert first(found) == "photo_swapped" and photo_path().name in found.findings[0].of


def test_a_replaced_photo_is_found_though_its_row_says_the_same(node):
    photo_path().write_bytes(b"another river")
    with raw(node.name) as do:
        do("UPDATE reports_reportphoto SET content_digest = ?", hashlib.sha256(b"another river").hexdigest())
    found = queries.verify()
    assert first(found) == "photo_swapped" and "row_changed" in found.counts


def test_a_photo_that_is_gone_is_named(node):
    photo_path().unlink()
    assert first(queries.verify()) == "photo_missing"


# --- 11. the key -----------------------------------------------------------------------------------------


def test_a_replaced_key_is_named_and_nothing_is_sealed_with_it(node):
    path = queries.path_of_key()
    path.unlink()
    seals.epochs._make_key()
    assert first(queries.verify()) == "key_replaced"
    receive(told("之后"), by=holding_of("lisiyuan"))
    with pytest.raises(seals.CannotSeal, match="key_changed"):
        seals.seal_all(at=AT + timedelta(seconds=30))


def test_a_record_signed_again_with_another_key_is_found_by_the_published_one(node):
    published, kept = queries.find_epoch().key, queries.find_last_note(1)
    seed = secrets.token_bytes(32)
    signer = Ed25519Signer("test/1", seed)
    with raw(node.name) as do:
        take_over_key(do, signer, seed)
        cover_traces(do, signer=signer, files=True)
    found = queries.verify()
    assert first(found) == "row_changed"  # the epoch's own row still has its salted digest in the fact
    assert first(queries.verify(published=[published])) == "key_replaced"
    assert first(queries.verify(against=[kept])) == "key_replaced"


# --- 12. receipts ----------------------------------------------------------------------------------------


def test_a_receipt_that_was_taken_away_is_named(node):
    with raw(node.name) as do:
        ((number,),) = do("SELECT max(id) FROM journal_receipt")
        do("DELETE FROM journal_receipt WHERE id = ?", number)
    found = queries.verify()
    assert (first(found), found.findings[0].of) == ("receipt_removed", str(number))


def test_a_receipt_that_was_changed_or_put_in_is_named(node):
    with raw(node.name) as do:
        do("UPDATE journal_receipt SET reaction = 'plans.x' WHERE id = (SELECT min(id) FROM journal_receipt)")
    assert first(queries.verify()) == "receipt_changed"
    with raw(node.name) as do:
        do(
            "INSERT INTO journal_receipt (id, entry_id, reaction, recorded_at) "
            "SELECT 99999, entry_id, 'plans.y', recorded_at FROM journal_receipt WHERE id = "
            "(SELECT min(id) FROM journal_receipt)"
        )
    assert "receipt_inserted" in queries.verify().counts
