"""Rows of an older release are adopted beside others that write; what those say of themselves stands."""

import threading
from collections.abc import Callable

import pytest

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.models import Incident
from jingwei.apps.journal.models import Entry
from jingwei.apps.seals import actions as seals
from jingwei.apps.seals import queries
from jingwei.apps.seals.actions import epochs
from jingwei.apps.seals.queries import spoken
from tests import databases
from tests.apps.seals.intruder import AT, moment
from tests.builders import a_moment, an_incident, holding_of, receive, settle, told
from tests.nodes import LiveDatabase

#: How long the other writer is waited for, seconds: where writers wait their turn it writes afterwards.
A_WHILE = 3


@pytest.fixture
def node(live_db: LiveDatabase, settings) -> LiveDatabase:
    settings.HOME = live_db.home
    return live_db


def beside(act: Callable[[], object]) -> threading.Thread:
    """The act in a thread with a connection of its own."""
    from django.db import connection

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(A_WHILE)
    return thread


def between_its_reads(monkeypatch, act: Callable[[], object]) -> list[threading.Thread]:
    """Has `act` done once the journal was read the first time."""
    read, begun = spoken.list_rows_said, []

    def reading():
        yield from read()
        if not begun:
            begun.append(beside(act))

    monkeypatch.setattr(spoken, "list_rows_said", reading)
    return begun


def begin() -> None:
    seals.begin_epoch("first_start", by=get_machine(), moment=moment())


def adopted() -> list[str]:
    rows = Entry.objects.filter(kind="seals.rows_adopted/1").values_list("rows", flat=True)
    return [one["model"] for some in rows for one in some]


def rename(incident: Incident, title: str) -> None:
    by, moment = holding_of("hejing"), a_moment()
    incidents.rename_incident(incident.pk, title_zh=title, title_en="", version=1, by=by, moment=moment)


def open_one() -> None:
    receive(told(), by=holding_of("lisiyuan"))
    settle()


def is_green() -> bool:
    seals.seal_all(at=AT)
    return queries.verify().is_green


def test_what_is_opened_meanwhile_is_not_adopted(node, monkeypatch):
    begun = between_its_reads(monkeypatch, open_one)
    begin()
    begun[0].join()
    assert Incident.objects.count() == 1 and adopted() == [] and is_green()


def test_a_row_without_a_fact_that_is_changed_meanwhile_stands_as_it_was_said_last(node, monkeypatch):
    incident = an_incident()
    begun = between_its_reads(monkeypatch, lambda: rename(incident, "人民路隧道积水"))
    begin()
    begun[0].join()
    assert Incident.objects.get().title_zh == "人民路隧道积水" and is_green()
    # where writers wait their turn, the name is given after the row was adopted
    assert adopted() == ([] if databases.on_postgres() else ["incidents.Incident"])


def test_a_row_without_a_fact_is_adopted(node):
    an_incident()
    begin()
    assert adopted() == ["incidents.Incident"] and is_green()


def test_rows_read_before_and_facts_after_are_told_apart_by_the_check(node, monkeypatch):
    """A canary: adopted as they stood before a change that was said, the check names the row."""
    incident = an_incident()
    row = Incident.objects.get(pk=incident.pk)
    monkeypatch.setattr(epochs.queries, "list_unspoken", lambda: {Incident: [row.pk]})
    monkeypatch.setattr(epochs.queries, "list_still_unspoken", lambda unspoken: iter([[row]]))
    rename(incident, "京广路隧道积水")
    begin()
    seals.seal_all(at=AT)
    assert "row_changed" in queries.verify().counts
