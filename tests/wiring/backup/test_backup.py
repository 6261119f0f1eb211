"""A backup made while the node works is whole, or it is not there; what was changed in it is named."""

import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jingwei.kernel.refusals import Refused
from tests.builders import holding_of, receive, told
from tests.nodes import LiveDatabase

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make(to: Path, **more: Any) -> Any:
    from jingwei.wiring.backup.make import backup

    return backup(to, at=AT, **more)


def checked(file: Path) -> Any:
    from jingwei.wiring.backup.make import check

    return check(file)


def a_report(number: int) -> None:
    receive(told(f"第{number}处进水", key=f"k-{number}"), by=holding_of("lisiyuan"))


def code_of(file: Path) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        checked(file)
    return refused.value.code, str(refused.value.facts.get("part", ""))


def test_a_backup_is_whole_and_counts_what_is_in_it(live_db: LiveDatabase, tmp_path: Path) -> None:
    a_report(1)
    made = make(tmp_path / "one.tar.gz")
    about = checked(made.file)
    assert about.counts["reports_report"] == 1
    assert about.counts["journal_entry"] == made.about.counts["journal_entry"] > 1
    assert about.node == "test"
    assert made.file.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [made.file]


def test_in_a_folder_it_gets_a_name_of_its_own(live_db: LiveDatabase, tmp_path: Path) -> None:
    assert make(tmp_path).file.name == "jingwei-test-20261122T120000Z.tar.gz"
    with pytest.raises(Refused, match="backup_exists"):
        make(tmp_path)


def test_writers_go_on_and_the_backup_is_one_instant(live_db: LiveDatabase, tmp_path: Path) -> None:
    """Every report in it has its entry in it, and the other way round, though both are written meanwhile."""
    from django.db import connections

    stop, written = threading.Event(), [0]

    def write() -> None:
        try:
            while not stop.is_set():
                written[0] += 1
                a_report(written[0])
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written[0] < 5:
            time.sleep(0.01)
        before = written[0]
        about = make(tmp_path / "busy.tar.gz").about
        after = written[0]
    finally:
        stop.set()
        writer.join()
    assert before - 1 <= about.counts["reports_report"] <= after
    assert kinds_in(tmp_path / "busy.tar.gz", tmp_path) == about.counts["reports_report"]


def kinds_in(file: Path, folder: Path) -> int:
    """How many `reports.received` entries the backup holds, read by other means."""
    with tarfile.open(file) as tar:
        names = tar.getnames()
        if "database.sqlite3" in names:
            import sqlite3

            whole = tar.extractfile("database.sqlite3")
            assert whole is not None
            (folder / "database.sqlite3").write_bytes(whole.read())
            one = sqlite3.connect(folder / "database.sqlite3")
            rows = one.execute("SELECT count(*) FROM journal_entry WHERE kind = 'reports.received/1'")
            return int(rows.fetchone()[0])
        part = tar.extractfile("tables/journal_entry.copy")
        assert part is not None
        return part.read().count(b"\treports.received/1\t")


def test_photos_are_in_it_keys_and_sessions_are_not(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from django.contrib.sessions.models import Session
    from django.db import transaction

    settings.HOME = tmp_path / "home"
    (settings.HOME / "photos").mkdir(parents=True)
    (settings.HOME / "photos" / "0193").write_bytes(b"picture")
    (settings.HOME / "keys").mkdir()
    (settings.HOME / "keys" / "node").write_bytes(b"PRIVATE")
    (settings.HOME / "secret").write_text("SECRET")
    with transaction.atomic():
        Session.objects.create(session_key="opens-the-door", session_data="x", expire_date=AT)
    file = make(tmp_path / "one.tar.gz").file
    with tarfile.open(file) as tar:
        assert "home/photos/0193" in tar.getnames()
        content = b"".join(part.read() for m in tar if (part := tar.extractfile(m)))
    for closed in (b"PRIVATE", b"SECRET", b"opens-the-door"):
        assert closed not in content


def test_keys_go_in_only_behind_a_passphrase(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    from jingwei.wiring.backup.keys import unseal

    settings.HOME = tmp_path / "home"
    (settings.HOME / "keys").mkdir(parents=True)
    (settings.HOME / "keys" / "node").write_bytes(b"PRIVATE")
    with pytest.raises(Refused, match="backup_passphrase_short"):
        make(tmp_path / "short.tar.gz", passphrase="short")
    file = make(tmp_path / "one.tar.gz", passphrase="a river runs through it").file
    with tarfile.open(file) as tar:
        part = tar.extractfile("keys.sealed")
        assert part is not None
        sealed = part.read()
    assert b"PRIVATE" not in sealed
    opened = unseal(sealed, "a river runs through it")
    assert opened["keys/node"] == b"PRIVATE"
    assert opened["secret"]
    with pytest.raises(Refused, match="backup_passphrase_wrong"):
        unseal(sealed, "another river altogether")
    assert not (tmp_path / "short.tar.gz").exists()


# --- what was done to a file afterwards ----------------------------------------------------------------


def rewritten(file: Path, to: Path, change: dict[str, bytes], leave: str = "") -> Path:
    """The same tar with parts changed, left out or added."""
    with tarfile.open(file) as old, tarfile.open(to, "w:gz") as new:
        for member in old:
            part = old.extractfile(member)
            assert part is not None
            data = change.pop(member.name, None) or part.read()
            if member.name != leave:
                info = tarfile.TarInfo(member.name)
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))
        for name, data in change.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))
    return to


def test_a_file_cut_short_is_not_taken_for_whole(live_db: LiveDatabase, tmp_path: Path) -> None:
    file = make(tmp_path / "one.tar.gz").file
    data = file.read_bytes()
    for share in (0.2, 0.5, 0.9, 0.999):
        cut = tmp_path / f"cut-{share}.tar.gz"
        cut.write_bytes(data[: int(len(data) * share)])
        assert code_of(cut)[0] == "backup_cut_short"
    plain = gzip.decompress(data)
    at = plain.rindex(b"manifest.json")
    (tmp_path / "no-end.tar.gz").write_bytes(gzip.compress(plain[:at], 1))
    assert code_of(tmp_path / "no-end.tar.gz")[0] == "backup_cut_short"


def test_a_changed_part_is_named(live_db: LiveDatabase, tmp_path: Path) -> None:
    file = make(tmp_path / "one.tar.gz").file
    name = "tables/journal_entry.copy" if live_db.url.startswith("postgres") else "database.sqlite3"
    with tarfile.open(file) as tar:
        part = tar.extractfile(name)
        assert part is not None
        data = bytearray(part.read())
    data[-20] ^= 1
    changed = rewritten(file, tmp_path / "changed.tar.gz", {name: bytes(data)})
    assert code_of(changed)[0] == "backup_damaged"
    left_out = rewritten(file, tmp_path / "left-out.tar.gz", {}, leave=name)
    assert code_of(left_out) == ("backup_damaged", name)
    lying = json.loads(_part(file, "about.json"))
    lying["counts"]["journal_entry"] += 1
    assert code_of(
        rewritten(file, tmp_path / "lying.tar.gz", {"about.json": json.dumps(lying).encode()})
    ) == (
        "backup_damaged",
        "about.json",
    )


def _part(file: Path, name: str) -> bytes:
    with tarfile.open(file) as tar:
        part = tar.extractfile(name)
        assert part is not None
        return part.read()


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "home/photos/../../x", "home/keys/a/b"])
def test_a_path_that_leads_out_is_refused(name: str, live_db: LiveDatabase, tmp_path: Path) -> None:
    file = make(tmp_path / "one.tar.gz").file
    with tarfile.open(file) as old, tarfile.open(tmp_path / "trick.tar.gz", "w:gz") as new:
        for member in old:
            if member.name == "manifest.json":
                info = tarfile.TarInfo(name)
                info.size = 1
                new.addfile(info, io.BytesIO(b"x"))
            new.addfile(member, old.extractfile(member))
    assert code_of(tmp_path / "trick.tar.gz")[0] == "backup_not_ours"


def test_something_else_is_no_backup(live_db: LiveDatabase, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear all " * 200)
    assert code_of(tmp_path / "letter")[0] == "backup_not_ours"
    assert code_of(tmp_path / "nothing")[0] == "backup_missing"


# --- real processes: ended in the middle, a full disk -----------------------------------------------------


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "jingwei.wiring", *words]


def environment(live_db: LiveDatabase) -> dict[str, str]:
    return {**live_db.env, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


@pytest.mark.slow
def test_killed_in_the_middle_it_leaves_no_file(live_db: LiveDatabase, tmp_path: Path) -> None:
    to = tmp_path / "one.tar.gz"
    process = subprocess.Popen(
        command("backup", str(to)), env=environment(live_db), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    process.stderr.readline()  # it has begun
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert not to.exists()
    done = subprocess.run(command("backup", str(to)), env=environment(live_db), check=False)
    assert done.returncode == 0
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []
    checked(to)


@pytest.mark.slow
def test_a_full_disk_is_said_and_nothing_is_left(live_db: LiveDatabase, tmp_path: Path) -> None:
    """The system refuses to write on, as a full disk does: here after 300 kB."""

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    to = tmp_path / "room" / "one.tar.gz"
    to.parent.mkdir()
    done = subprocess.run(
        command("backup", str(to)),
        env=environment(live_db),
        capture_output=True,
        text=True,
        preexec_fn=little_room,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "磁盘" in done.stderr or "disk is full" in done.stderr
    assert list(to.parent.iterdir()) == []
