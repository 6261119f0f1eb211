"""A restored node's desk tells what may be missing until somebody saw to it."""

from datetime import timedelta

import pytest

from jingwei.apps.agencies import actions as agencies
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.facts import Backed
from tests.builders import a_moment, holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def restored() -> None:
    at = a_moment().recorded_at
    backed = Backed(made_at=at, last_entry="", last_recorded_at=at - timedelta(hours=2), release="0")
    agencies.note_restore(backed, epoch=2, by=holding_of("zhongyu"), moment=a_moment())


def test_a_node_that_was_never_restored_says_nothing_of_it() -> None:
    client = signed_in("hejing")
    assert "由备份恢复" not in client.get("/").content.decode()
    assert client.get("/restored").status_code == 302


def test_the_desk_asks_until_somebody_saw_to_the_gap() -> None:
    restored()
    client = signed_in("hejing")
    desk = client.get("/").content.decode()
    assert "2026-11-22 14:00 至 2026-11-22 16:00 之间的记录可能缺失" in desk
    page = client.get("/restored").content.decode()
    assert "向谁核实" in page
    gap = journal.find_restore()
    assert gap is not None
    assert client.post("/restored", {"entry": str(gap.id)}).status_code == 302
    assert "可能缺失" not in client.get("/").content.decode()


def test_who_may_not_acknowledge_sees_the_gap_without_the_button() -> None:
    restored()
    client = signed_in("lisiyuan")
    assert "可能缺失" in client.get("/").content.decode()
    assert "能补录的都已补录" not in client.get("/restored").content.decode()
