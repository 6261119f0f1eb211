"""What all tests share: databases, nodes, and the rules on what may be left out."""

import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import databases, nodes

ROOT = Path(__file__).resolve().parent.parent
#: Reference data that lies beside the project on some machines.
REFERENCE = ROOT.parent / "shared"
NO_REFERENCE = f"there is no ../{REFERENCE.name} beside the project"
# how long an example takes says how crowded the machine is, not whether the code is right
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")


# --- what runs -------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out: dict[str, list[pytest.Item]] = {}
    for item in items:
        if _flushes(item):
            raise pytest.UsageError(
                f"{item.nodeid}: the journal forbids DELETE, so nothing can be flushed; use live_db"
            )
        why = _why_not(config, item)
        if why:
            left_out.setdefault(why, []).append(item)
        elif "live_node" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live_node"))  # one node, one worker
    if left_out:
        gone = {id(item) for some in left_out.values() for item in some}
        items[:] = [item for item in items if id(item) not in gone]
        config.hook.pytest_deselected(items=[item for some in left_out.values() for item in some])
    config.stash[_LEFT_OUT] = {why: len(some) for why, some in left_out.items()}


_LEFT_OUT = pytest.StashKey[dict[str, int]]()


def _flushes(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and bool(marker.kwargs.get("transaction"))
    return asked or "transactional_db" in getattr(item, "fixturenames", ())


def _why_not(config: pytest.Config, item: pytest.Item) -> str:
    if item.get_closest_marker("shared") and not REFERENCE.is_dir():
        return NO_REFERENCE
    if config.getoption("--pure") and (_meets_database(item) or _is_slow(item)):
        return "not pure"
    if config.getoption("--database") == "postgres" and not _meets_database(item):
        return "the same on every database, run with SQLite"
    return ""


def _is_slow(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "slow"))


def _meets_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser"):
        return False
    needs = {"db", "live_db", "empty_db", "live_node", "client", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or needs & set(getattr(item, "fixturenames", ())))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With several workers only they know what they left out: they tell the one that prints."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash.get(_LEFT_OUT, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for why, count in config.stash.get(_LEFT_OUT, {}).items():
        terminalreporter.write_line(f"left out {count}: {why}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _absence_fails(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    report = yield
    return _absence_fails(report)


def _absence_fails(report: Any) -> Any:
    """In CI everything is there: a test that skips itself has a hole to hide."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language that a page was asked for ends with the test, as it ends with a request of a server."""
    yield
    if translation := sys.modules.get("django.utils.translation"):
        translation.deactivate()


# --- databases -------------------------------------------------------------------------------------------
# pytest-django's `transactional_db` empties every table after a test. The journal's triggers forbid just
# that. So: `db` rolls back, and `live_db` gives a whole new database.


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A clone of the template for this worker, instead of pytest-django's own database."""
    from django.db import connection

    from jingwei.wiring.reactions import declare

    declare()
    with django_db_blocker.unblock():
        databases.make_template()
        name = databases.clone()
        # else Django finds out by writing a table outside a transaction, which a node forbids
        connection.features.supports_transactions = True
        with databases.using(name):
            yield
        databases.drop(name)


@pytest.fixture
def live_db(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> Iterator[nodes.LiveDatabase]:
    """A database for this test alone, in which transactions really commit."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        raise pytest.UsageError("a test takes db, which rolls back, or live_db, which commits")
    name = databases.clone()
    with django_db_blocker.unblock(), databases.using(name):
        yield nodes.LiveDatabase(name=name, url=databases.url_of(name), home=tmp_path / "home")
    databases.drop(name)


@pytest.fixture
def empty_db(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[nodes.LiveDatabase]:
    """A database nobody has founded yet: tables and triggers, nothing in them. It commits."""
    name = databases.clone(databases.EMPTY)
    with django_db_blocker.unblock(), databases.using(name):
        yield nodes.LiveDatabase(name=name, url=databases.url_of(name), home=tmp_path / "home")
    databases.drop(name)


@pytest.fixture(scope="session")
def live_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[nodes.LiveNode]:
    """A node with the demo's case in it, standing still, in another process."""
    home = tmp_path_factory.mktemp("node")
    with nodes.demo_node_of_this_run(home, "--until", "2021-07-21T08:00:00+08:00", "--paused") as node:
        yield node


def chromium_path() -> str:
    """Where the browser lies that the tests drive."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("JINGWEI_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium: make setup names what is missing")
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = chromium_path()
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()
