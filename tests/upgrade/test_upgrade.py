"""A node of the release before, with its data, brought to this one: all of it reads, and it goes on.

The data were made by that release's own program; tests/upgrade/make.py says how.
"""

import lzma
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.builders import told
from tests.nodes import LiveDatabase

HERE = Path(__file__).resolve().parent
BEFORE = "304fde7"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
#: Time in which a node of this size must be at the new release, seconds.
#: Source: our estimate, an office waits no longer than for a restart; measured 1 to 3, 2026-11-22.
MOST_S = 60.0
#: Pages that show what the old node held.
PAGES = ("/", "/incidents", "/reports", "/plans", "/tasks", "/clocks", "/releases", "/search?q=郑州")


def old_node(to: Path) -> Path:
    """The old node's database, as a file."""
    with closing(sqlite3.connect(to)) as one:
        one.executescript(lzma.decompress((HERE / f"{BEFORE}.sql.xz").read_bytes()).decode())
    return to


@contextmanager
def brought_up(tmp_path: Path, settings: Any) -> Iterator[float]:
    """The old node at this release, in the database this run is about. Yields the seconds it took.

    Into PostgreSQL it goes as people would bring it there: a backup of the old file, restored.
    """
    from django.db import connection

    from jingwei.wiring.backup.upgrade import upgrade

    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    name = databases.create()
    try:
        with databases.using(name):
            if databases.on_postgres():
                file = _backup_of_old(tmp_path)
                began = time.monotonic()
                _restore(file)
            else:
                old_node(Path(str(connection.settings_dict["NAME"])))
                began = time.monotonic()
                assert upgrade() == 0
            yield time.monotonic() - began
    finally:
        databases.drop(name)


def _backup_of_old(tmp_path: Path) -> Path:
    """A backup of the old file, made by today's program, which need not understand its rows for that."""
    from jingwei.wiring.backup import archive, make, sqlite

    file = old_node(tmp_path / "old.sqlite3")
    with archive.write(tmp_path / "old.tar.gz") as (writer, _work):
        with sqlite.reading(file) as one:
            counts = sqlite.count_rows(one)
            about = make.describe(sqlite, one, database="sqlite", at=AT, keyed=False, counts=counts)
        writer.add_json(archive.ABOUT, about)
        writer.add_file(archive.DATABASE, file)
    return tmp_path / "old.tar.gz"


def _restore(file: Path) -> None:
    from jingwei.wiring.backup.restore import restore

    restore(file)


def test_everything_reads_and_the_node_goes_on(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    from django.test import Client

    import jingwei.wiring.urls  # noqa: F401 - a server knows every kind of fact
    from jingwei.apps.agencies.models import User
    from jingwei.apps.incidents.models import Incident
    from jingwei.apps.journal import queries as journal
    from jingwei.doors.entry.moments import this_moment
    from jingwei.wiring.release import check_release
    from jingwei.wiring.worker import settle
    from tests.builders import holding_of

    with brought_up(tmp_path, settings) as took:
        assert took < MOST_S
        check_release()
        entries = journal.list_entries()  # every fact of the old release is still read
        assert {"plans.activated/1", "tasks.acknowledged/1", "incidents.opened/1"} <= {
            e.kind for e in entries
        }
        assert unreadable_rows() == []
        assert proved().is_green
        # the release before left its call lines unsaid: they are adopted as they stood, and it is said
        assert [e.kind for e in journal.list_entries()].count("seals.rows_adopted/1") == 1
        client = Client()
        sign_in(client)
        for page in (*PAGES, *(f"/incidents/{i.pk}" for i in Incident.objects.all())):
            answer = client.get(page)
            assert answer.status_code == 200, page
        from jingwei.apps.reports.actions import receive_reports

        before = journal.count_entries()
        by = holding_of("lisiyuan")
        receive_reports([told(key="after", occurred_at=this_moment().at)], by=by, moment=this_moment())
        assert settle() > 0
        assert journal.count_failures() == 0
        assert journal.count_entries() > before + 1
        assert User.objects.count() > 50


def proved() -> Any:
    """The whole record, sealed here for the first time, and checked."""
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.seals import actions as seals
    from jingwei.apps.seals import queries
    from jingwei.wiring.prepare import real_moment

    moment = real_moment()
    if queries.find_epoch() is None:
        seals.begin_epoch("first_start", by=get_machine(), moment=moment)
    seals.seal_all(at=moment.recorded_at)
    return queries.verify()


def sign_in(client: Any) -> None:
    answer = client.post("/sign-in", {"username": "hejing", "password": databases.PASSWORD})
    assert answer.status_code == 302


def unreadable_rows() -> list[str]:
    """Rows whose digest is no longer what the last fact about them says."""
    from django.apps import apps

    from jingwei.apps.journal.models import Entry

    last: dict[tuple[str, str], dict[str, Any]] = {}
    for rows in Entry.objects.order_by("seq").values_list("rows", flat=True):
        last |= {(one["model"], one["id"]): one for one in rows}
    found = []
    for (label, pk), said in last.items():
        row = apps.get_model(label).objects.get(pk=pk)
        if row.digest(said["v"])[1] != said["digest"]:
            found.append(f"{label} {pk}")
    return found


def test_a_row_changed_on_the_way_is_noticed(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    """The check above can fail: one letter of one report is changed, without a fact."""
    from django.db import transaction

    from jingwei.apps.reports.models import Report

    with brought_up(tmp_path, settings):
        row = Report.objects.order_by("pk").first()
        assert row is not None
        with transaction.atomic():
            Report.objects.filter(pk=row.pk).update(words=row.words + "。")
        assert unreadable_rows() == [f"reports.Report {row.pk}"]


def test_migrate_keeps_the_node_as_it_was_first(live_db: LiveDatabase, tmp_path: Path, settings: Any) -> None:
    from jingwei.wiring.backup.make import check
    from jingwei.wiring.backup.upgrade import upgrade

    with brought_up(tmp_path, settings):
        kept = sorted((tmp_path / "home" / "backups").glob("*.tar.gz"))
        if databases.on_postgres():
            assert kept == []  # it came by a backup
        else:
            assert len(kept) == 1
            assert "tasks_task" in check(kept[0]).counts
        assert upgrade() == 0
        assert sorted((tmp_path / "home" / "backups").glob("*.tar.gz")) == kept  # nothing was pending


@pytest.fixture(autouse=True)
def _one_node(settings: Any) -> None:
    settings.JINGWEI_NODE = "test"
