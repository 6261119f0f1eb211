"""A node made again on an empty machine: the same rows, new epoch, closed doors, and a gap to see to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jingwei.kernel.refusals import Refused
from tests import databases
from tests.builders import a_moment, holding_of, receive, told
from tests.nodes import LiveDatabase

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def backed_up(to: Path) -> Path:
    from jingwei.wiring.backup.make import backup

    return backup(to, at=AT).file


@contextmanager
def empty_machine(folder: Path, settings: Any) -> Iterator[None]:
    """A home and a database in which nothing is, for as long as the block runs."""
    name, before = databases.create(), settings.HOME
    settings.HOME = folder
    try:
        with databases.using(name):
            yield
    finally:
        settings.HOME = before
        databases.drop(name)


def restored(file: Path, **more: Any) -> Any:
    from jingwei.wiring.backup.restore import restore

    return restore(file, **more)


def content() -> dict[str, list[Any]]:
    """Every row that a restore must bring back, in its order."""
    from jingwei.apps.incidents.models import Incident
    from jingwei.apps.journal.models import Entry
    from jingwei.apps.places.models import Division
    from jingwei.apps.reports.models import Report

    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Report, Incident, Entry, Division)
    }


def test_the_same_rows_come_back_and_the_node_goes_on(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from jingwei.apps.journal import queries as journal
    from tests.builders import settle

    receive(told(), told("京广路隧道有人被困", key="2"), by=holding_of("lisiyuan"))
    settle()
    before = content()
    file = backed_up(tmp_path / "one.tar.gz")
    with empty_machine(tmp_path / "elsewhere", settings):
        done = restored(file)
        after = content()
        new = after["Entry"][len(before["Entry"]) :]
        after["Entry"] = after["Entry"][: len(before["Entry"])]
        assert after == before
        assert [e["kind"] for e in new] == ["seals.epoch_begun/1", "journal.node_restored/1"]
        assert done.last_recorded_at == before["Entry"][-1]["recorded_at"]
        receive(told("又一处", key="3"), by=holding_of("lisiyuan"))
        assert settle() > 0
        assert journal.count_failures() == 0


def test_the_journal_stays_append_only(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    from django.db import DatabaseError, transaction

    from jingwei.apps.journal.models import Entry

    file = backed_up(tmp_path / "one.tar.gz")
    with empty_machine(tmp_path / "elsewhere", settings):
        restored(file)
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.all().delete()


def test_sessions_and_tokens_end(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    from jingwei.apps.agencies import actions as agencies_do
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.models import SignedInSession, Token

    by = agencies.get_operator(at=AT)
    program = agencies.find_holding_of_post("4101-zbs-feeds", at=AT)
    assert program is not None
    plain = agencies_do.issue_token(program, "feed", by=by, moment=a_moment())
    file = backed_up(tmp_path / "one.tar.gz")
    assert agencies.find_token(plain, at_real=AT) == program
    with empty_machine(tmp_path / "elsewhere", settings):
        assert restored(file).tokens == 1
        assert agencies.find_token(plain, at_real=AT) is None
        assert not SignedInSession.objects.exists()
        assert not Token.objects.filter(revoked_at__isnull=True).exists()


def test_the_gap_is_told_until_somebody_saw_to_it(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from jingwei.apps.agencies import actions as agencies_do
    from jingwei.apps.journal import queries as journal
    from jingwei.apps.journal.facts import NodeRestored

    assert journal.find_restore() is None
    file = backed_up(tmp_path / "one.tar.gz")
    with empty_machine(tmp_path / "elsewhere", settings):
        restored(file)
        gap = journal.find_restore()
        assert gap is not None
        fact = gap.fact
        assert isinstance(fact, NodeRestored)
        assert fact.made_at == AT
        with pytest.raises(Refused, match="not_allowed"):
            agencies_do.acknowledge_restore(gap.id, by=holding_of("baishuyan"), moment=a_moment())
        agencies_do.acknowledge_restore(gap.id, by=holding_of("hejing"), moment=a_moment())
        assert journal.find_restore() is None
        with pytest.raises(Refused, match="restore_unknown"):
            agencies_do.acknowledge_restore(gap.id, by=holding_of("hejing"), moment=a_moment())


def test_a_machine_that_has_a_node_is_left_alone(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path / "home"
    file = backed_up(tmp_path / "one.tar.gz")
    before = content()
    with pytest.raises(Refused, match="restore_not_empty"):
        restored(file)
    assert content() == before
    with empty_machine(tmp_path / "elsewhere", settings):
        (tmp_path / "elsewhere" / "photos").mkdir(parents=True)
        (tmp_path / "elsewhere" / "photos" / "x").write_bytes(b"somebody's")
        with pytest.raises(Refused, match="restore_home_not_empty"):
            restored(file)


def test_photos_come_back_and_keys_with_the_passphrase(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from jingwei.wiring.backup.make import backup

    settings.HOME = tmp_path / "home"
    for folder, data in (("photos", b"picture"), ("keys", b"PRIVATE")):
        (settings.HOME / folder).mkdir(parents=True)
        (settings.HOME / folder / "one").write_bytes(data)
    file = backup(tmp_path / "one.tar.gz", at=AT, passphrase="a river runs through it").file
    with empty_machine(tmp_path / "plain", settings):
        restored(file)
        assert (tmp_path / "plain" / "photos" / "one").read_bytes() == b"picture"
        assert not (tmp_path / "plain" / "keys" / "one").exists()
    with empty_machine(tmp_path / "keyed", settings):
        restored(file, passphrase="a river runs through it")
        assert (tmp_path / "keyed" / "keys" / "one").read_bytes() == b"PRIVATE"


def test_a_damaged_file_makes_no_node(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    """And the half restore is not taken for a node, but can be begun again."""
    from jingwei.wiring.backup.restore import is_unfinished
    from jingwei.wiring.release import check_release

    file = backed_up(tmp_path / "one.tar.gz")
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(file.read_bytes()[:-200])
    with empty_machine(tmp_path / "elsewhere", settings):
        with pytest.raises(Refused, match="backup_cut_short"):
            restored(cut)
        assert is_unfinished()
        with pytest.raises(Refused, match="restore_unfinished"):
            check_release()
        restored(file)
        assert not is_unfinished()
        check_release()


def test_another_node_s_backup_is_refused(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    file = backed_up(tmp_path / "one.tar.gz")
    with empty_machine(tmp_path / "elsewhere", settings):
        settings.JINGWEI_NODE = "another"
        with pytest.raises(Refused, match="restore_other_node"):
            restored(file)


def test_postgresql_s_backup_does_not_go_into_sqlite(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    """Said at once, from the first part of the file; the other way round is what an upgrade's test does."""
    from django.db import connection

    from jingwei.wiring.backup import archive

    said = archive.about(backed_up(tmp_path / "one.tar.gz"))
    with archive.write(tmp_path / "other.tar.gz") as (writer, _work):
        writer.add_json(archive.ABOUT, msgspec.structs.replace(said, database="postgresql"))
    with empty_machine(tmp_path / "elsewhere", settings):
        if connection.vendor == "sqlite":
            with pytest.raises(Refused, match="restore_not_into_sqlite"):
                restored(tmp_path / "other.tar.gz")


def test_data_newer_than_the_program_are_refused(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from django.db import connection, transaction
    from django.db.migrations.recorder import MigrationRecorder

    from jingwei.wiring.release import check_not_newer, check_release

    check_release()
    with transaction.atomic():
        MigrationRecorder(connection).record_applied("journal", "9999_from_the_future")
    with pytest.raises(Refused, match="node_newer") as refused:
        check_not_newer()
    assert refused.value.facts["migration"] == "journal.9999_from_the_future"
    file = backed_up(tmp_path / "newer.tar.gz")
    with empty_machine(tmp_path / "elsewhere", settings), pytest.raises(Refused, match="restore_newer"):
        restored(file)


@pytest.mark.slow
def test_the_verbs_do_it_and_a_newer_node_does_not_start(live_db: LiveDatabase, tmp_path: Path) -> None:
    from django.db import connection, transaction
    from django.db.migrations.recorder import MigrationRecorder

    env = {**live_db.env, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}

    def run(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, "-m", "jingwei.wiring", *words]
        return subprocess.run(line, env=env | more, capture_output=True, text=True, check=False)

    file = tmp_path / "one.tar.gz"
    assert run("backup", str(file)).returncode == 0
    assert "whole" in run("backup", str(file), "--check").stdout
    name = databases.create()
    elsewhere = {"JINGWEI_DATABASE": databases.url_of(name), "JINGWEI_HOME": str(tmp_path / "there")}
    try:
        done = run("restore", str(file), **elsewhere)
        assert done.returncode == 0, done.stderr
        assert run("status", **elsewhere).returncode == 0
        assert run("restore", str(file), **elsewhere).returncode == 2
    finally:
        databases.drop(name)
    with transaction.atomic():
        MigrationRecorder(connection).record_applied("journal", "9999_from_the_future")
    told_so = run("serve", "--port", "0")
    assert told_so.returncode == 2
    assert "journal.9999_from_the_future" in told_so.stderr
