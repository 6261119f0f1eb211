"""What was sealed before the backup is proved after the restore, with the old key or a new one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import STORM, a_moment, holding_of, receive, settle, told
from tests.nodes import LiveDatabase
from tests.wiring.backup.test_restore import AT, empty_machine, restored

PASSPHRASE = "a river runs through it"


def sealed() -> None:
    from jingwei.apps.seals.actions import seal_all

    seal_all(at=AT)


def live(settings: Any, home: Path) -> None:
    """A node that has sealed something."""
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.seals.actions import begin_epoch

    settings.HOME = home
    begin_epoch("first_start", by=get_machine(), moment=a_moment())
    receive(told(), told("又一处", key="2"), by=holding_of("lisiyuan"))
    settle()
    an_activation()
    sealed()


def an_activation() -> None:
    """Orders, a call-out, draft notices: rows of several apps in one transaction."""
    from jingwei.apps.plans.actions import activate_plan
    from jingwei.apps.plans.facts import Order
    from jingwei.apps.plans.models import Plan

    plan = Plan.objects.get()
    until = STORM + timedelta(hours=24)
    order = Order(place="4101", level=3, matter="防汛", expected_until=until, measures=("underpass",))
    activate_plan(plan.id, order, version=plan.version, by=holding_of("hejing"), moment=a_moment())


def verified(**more: Any) -> Any:
    from jingwei.apps.seals import queries

    return queries.verify(**more)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_the_record_is_proved_after_a_restore(
    passphrase: str, live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from jingwei.apps.reports.actions import receive_reports
    from jingwei.apps.seals.queries import list_epochs
    from jingwei.doors.entry.moments import this_moment
    from jingwei.wiring.backup.make import backup

    live(settings, tmp_path / "home")
    assert verified().is_green
    file = backup(tmp_path / "one.tar.gz", at=AT, passphrase=passphrase).file
    with empty_machine(tmp_path / "elsewhere", settings):
        restored(file, passphrase=passphrase)
        sealed()
        receive_reports([told("恢复之后", key="3")], by=holding_of("lisiyuan"), moment=this_moment())
        sealed()
        result = verified()
        assert result.is_green, result.findings
        before, after = list_epochs()
        assert (before.number, after.number) == (1, 2)
        same_key = before.key.split("+", 2)[2] == after.key.split("+", 2)[2]
        assert same_key is bool(passphrase)


def test_a_row_changed_in_the_restored_node_is_found(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    from django.db import transaction

    from jingwei.apps.reports.models import Report
    from jingwei.wiring.backup.make import backup

    live(settings, tmp_path / "home")
    file = backup(tmp_path / "one.tar.gz", at=AT).file
    with empty_machine(tmp_path / "elsewhere", settings):
        restored(file)
        sealed()
        with transaction.atomic():
            Report.objects.filter(key="2").update(words="别的话")
        assert not verified().is_green


def test_what_the_lost_machine_sealed_later_is_not_taken_for_ours(
    live_db: LiveDatabase, tmp_path: Path, settings: Any
) -> None:
    """Somebody kept the lost machine's last checkpoint: the restored node does not claim to hold it."""
    from jingwei.apps.seals.queries import find_last_note
    from jingwei.wiring.backup.make import backup

    live(settings, tmp_path / "home")
    file = backup(tmp_path / "one.tar.gz", at=AT).file
    known = find_last_note(1)
    receive(told("备份之后", key="4"), by=holding_of("lisiyuan"))
    sealed()
    later = find_last_note(1)
    assert later != known
    with empty_machine(tmp_path / "elsewhere", settings):
        restored(file)
        sealed()
        assert verified(against=[known]).is_green
        lost = verified(against=[later])
        assert not lost.is_green
        assert lost.findings
