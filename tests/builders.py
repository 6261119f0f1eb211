"""Rows for tests, one builder per noun."""

from datetime import UTC, datetime
from typing import Any

from jingwei.kernel.moments import By, Moment

#: The afternoon of the storm, in the scenario.
STORM = datetime(2021, 7, 20, 8, 0, tzinfo=UTC)


def a_moment(at: datetime = STORM) -> Moment:
    return Moment(at=at, recorded_at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


def an_incident(**changes: Any) -> Any:
    from django.db import transaction

    from jingwei.apps.incidents.models import Incident

    fields: dict[str, Any] = {
        "home": "test",
        "kind": "11B03",
        "place": "4101",
        "title_zh": "郑州市 暴雨",
        "title_en": "Rainstorm, Zhengzhou",
        "opened_at": STORM,
        "precision": "minute",
        "last_at": STORM,
    }
    row = Incident(**(fields | changes))
    with transaction.atomic():
        row.save(force_insert=True)
    return row


def told(words: str = "隧道里水在往上涨", **changes: Any) -> Any:
    from jingwei.apps.reports.facts import Told

    fields: dict[str, Any] = {
        "words": words,
        "kind": "12P04",
        "place": "410105",
        "channel": "110",
        "occurred_at": STORM,
        "lang": "zh",
    }
    return Told(**(fields | changes))


def receive(*reports: Any, by: By, at: datetime = STORM, recorded_at: datetime | None = None) -> list[Any]:
    from jingwei.apps.reports.actions import receive_reports

    moment = Moment(at=at, recorded_at=recorded_at) if recorded_at else a_moment(at)
    return receive_reports(list(reports), by=by, moment=moment)


def holding_of(username: str) -> By:
    """The first holding of a fictional person of the cast."""
    from jingwei.apps.agencies.models import Holding

    rows = Holding.objects.filter(person__user__username=username).order_by("pk")
    return rows.values_list("pk", flat=True)[0]


def authority_of(username: str, at: datetime = STORM) -> Any:
    from jingwei.apps.agencies.queries import get_authority

    return get_authority(holding_of(username), at=at)


def settle(at: datetime = STORM) -> int:
    """Carry out everything due, as the worker would, at one time of the scenario."""
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.journal.actions import react

    done = 0
    while now := react(by=get_machine(), moment=lambda: a_moment(at)):
        done += now
    return done


def unseen_once(monkeypatch: Any, module: Any, name: str) -> None:
    """The first look finds nothing: the same form arrives twice at one moment."""
    real, looks = getattr(module, name), list[Any]()

    def look(*args: Any, **given: Any) -> Any:
        looks.append(args)
        return None if len(looks) == 1 else real(*args, **given)

    monkeypatch.setattr(module, name, look)
