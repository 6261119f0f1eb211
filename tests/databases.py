"""Which database a run of the tests uses, and how every test gets a clean one.

    pytest                        SQLite
    pytest --database postgres    PostgreSQL, brought up here

Once per run two templates are made: an empty database (tables and the journal's triggers), and a node
with reference data and the demo's cast. Each worker gets a clone of the node, in which `db` tests roll
back; `live_db` tests get a clone each.
Loaded as a plugin (pyproject.toml), because the settings are read before any conftest.
"""

import fcntl
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Server

RUN = "JINGWEI_TEST_RUN"
TEMPLATE = "template"
EMPTY = "empty"
#: Password of every fictional person in the tests' databases.
PASSWORD = "river-town-2021"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgres"], default="sqlite", help="which database the tests use"
    )
    parser.addoption(
        "--pure", action="store_true", help="only tests without a database, a server or a browser"
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Before Django's settings are read: a home of the run's own, never the developer's node."""
    if RUN not in os.environ:  # in xdist's workers it is there
        folder = Path(tempfile.mkdtemp(prefix="jw-", dir=_open_to_all()))
        folder.chmod(0o711)
        os.environ[RUN] = str(folder)
        os.environ["JINGWEI_HOME"] = str(folder / "home")
        os.environ["JINGWEI_NODE"] = "test"
        os.environ["JINGWEI_SECRET"] = "only for tests"
        os.environ["JINGWEI_TEST_DATABASE"] = early_config.known_args_namespace.database
        os.environ["JINGWEI_DATABASE"] = url_of("none")
        # Playwright's loop runs in the thread of the tests; their own queries are no mistake
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        early_config.add_cleanup(_clean_up)
    return (yield)


def _open_to_all() -> str:
    """A temporary folder that a server running as another user can reach."""
    wanted = Path(tempfile.gettempdir()).resolve()
    reachable = all(p.stat().st_mode & stat.S_IXOTH for p in [wanted, *wanted.parents])
    return str(wanted) if reachable and len(str(wanted)) < 60 else "/tmp"  # noqa: S108


def _clean_up() -> None:
    server().stop()
    shutil.rmtree(run_folder(), ignore_errors=True)
    del os.environ[RUN]


def run_folder() -> Path:
    return Path(os.environ[RUN])


def on_postgres() -> bool:
    return os.environ["JINGWEI_TEST_DATABASE"] == "postgres"


def server() -> Server:
    return Server(run_folder() / "pg")


def url_of(name: str) -> str:
    """The address of a database of this run, as JINGWEI_DATABASE takes it."""
    return server().url(name) if on_postgres() else f"sqlite:///{run_folder() / name}.sqlite3"


def _name_in_settings(name: str) -> str:
    return name if on_postgres() else str(run_folder() / f"{name}.sqlite3")


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let Django's connection, in this thread and in new ones, go to a database of this run."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = _name_in_settings(name)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def make_template() -> None:
    """Migrate and load once per run, whichever worker comes first."""
    done = run_folder() / "template.done"
    with (run_folder() / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            return
        if on_postgres():
            server().start()
        create(EMPTY)
        with using(EMPTY):
            _migrate()
        _copy(EMPTY, TEMPLATE)
        with using(TEMPLATE):
            _settle_in()
        done.touch()


def _migrate() -> None:
    from jingwei.wiring.migrate import migrate

    migrate()


def _settle_in() -> None:
    from jingwei.wiring.prepare import make_demo_node

    make_demo_node(PASSWORD)


def _copy(source: str, target: str) -> None:
    if on_postgres():
        _administer(f"CREATE DATABASE {target} TEMPLATE {source}")
    else:
        shutil.copyfile(_name_in_settings(source), _name_in_settings(target))


def clone(template: str = TEMPLATE) -> str:
    """A new database like the template. Returns its name."""
    name = f"t{uuid.uuid4().hex}"
    _copy(template, name)
    return name


def create(name: str | None = None) -> str:
    """A new empty database. Returns its name."""
    name = name or f"t{uuid.uuid4().hex}"
    if on_postgres():
        _administer(f"CREATE DATABASE {name} TEMPLATE template0")
    return name


def drop(name: str) -> None:
    if on_postgres():
        _administer(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        for ending in ("", "-wal", "-shm", ".turn", ".first"):
            Path(_name_in_settings(name) + ending).unlink(missing_ok=True)


def _administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(
        host=str(server().folder), user="postgres", dbname="postgres", autocommit=True
    ) as link:
        link.execute(statement.encode())
