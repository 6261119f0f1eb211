"""A node of a size: a storm played by its own actions, then written again and again in bulk.

    python -m bench.pages.fill 50 1000000

The first 2,000 reports of 120 incidents, and all that follows from them, are played (play.py). The others are
that storm again, bulk-written through the models: the same rows under ids and times of their own, each copy
37 s earlier, and the journal's entries with them. What is still missing to the wanted number of entries are
looks at callers. Not written again are plans and what they propose, receipts of reactions, and digests:
those in a copy's entries are those of the original, so `jingwei verify` finds them.
"""

import json
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

#: What is written again, so that each comes after what it points to.
COPIED = (
    "reports.Report", "reports.Caller", "reports.ReportedFigure", "incidents.Incident",
    "incidents.Membership", "incidents.Unplaced", "incidents.Change", "incidents.Change_touched",
    "sitreps.Sitrep", "sitreps.SitrepVersion", "sitreps.Obligation", "sitreps.Computed", "tasks.Task",
    "tasks.TaskNote", "releases.Release", "releases.Edition", "people.Count", "journal.Entry",
)  # fmt: skip
#: Between one copy and the next. Ids carry their time, so they move by it too.
APART = timedelta(seconds=37)
#: More orders than one body numbers in the storm.
NUMBERS = 10_000
#: Rows of one statement.
BATCH = 500

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What must differ from copy to copy beside ids and times.
_OWN: dict[tuple[str, str], Callable[[Any, int], Any]] = {
    ("reports.Report", "key"): lambda key, copy: f"{key}-{copy}" if key else "",
    ("tasks.Task", "number"): lambda number, copy: number + copy * NUMBERS if number else None,
}


class Copying:
    """The rows of the storm as they were played, and how one copy of them differs."""

    def __init__(self) -> None:
        from django.apps import apps
        from django.db.models import JSONField

        self.models = [apps.get_model(label) for label in COPIED]
        self.rows = {m: list(m._default_manager.order_by("pk").values()) for m in self.models}
        self.known = {
            v for rows in self.rows.values() for row in rows for n, v in row.items()
            if n in ("id", "entry_id") and isinstance(v, uuid.UUID)
        }  # fmt: skip
        self.texts = {str(one) for one in self.known}
        self.spans = {
            m: self.rows[m][-1][m._meta.pk.attname] + 1
            for m in self.models
            if self.rows[m] and isinstance(self.rows[m][-1][m._meta.pk.attname], int)
        }
        self.json = {
            m: {f.attname for f in m._meta.concrete_fields if isinstance(f, JSONField)} for m in self.models
        }

    def write(self, copy: int) -> None:
        for model in self.models:
            self._write(model, copy)

    def _write(self, model: Any, copy: int) -> None:
        shifts = self._shifts(model)
        rows = (
            model(**{n: self._value(model, n, v, copy, shifts) for n, v in row.items()})
            for row in self.rows[model]
        )
        model._default_manager.bulk_create(rows, batch_size=BATCH)

    def _shifts(self, model: Any) -> dict[str, int]:
        """By how much the numbers of rows move from copy to copy, by column."""
        found = {}
        for field in model._meta.concrete_fields:
            target = field.remote_field.model if field.remote_field else model if field.primary_key else None
            if target in self.spans:
                found[field.attname] = self.spans[target]
        return found

    def _value(self, model: Any, name: str, value: Any, copy: int, shifts: dict[str, int]) -> Any:
        own = _OWN.get((model._meta.label, name))
        if own is not None:
            return own(value, copy)
        if name in shifts:
            return None if value is None else value + copy * shifts[name]
        if isinstance(value, uuid.UUID):
            return self._id(value, copy) if value in self.known else value
        if isinstance(value, datetime):
            return value - copy * APART
        if isinstance(value, memoryview):
            return bytes(value)
        if name in self.json[model]:
            return self._json(value, copy)
        return self._text(value, copy) if isinstance(value, str) else value

    def _id(self, one: uuid.UUID, copy: int) -> uuid.UUID:
        return uuid.UUID(int=one.int - (copy * (APART // timedelta(milliseconds=1)) << 80))

    def _text(self, text: str, copy: int) -> str:
        if len(text) < 36:
            return text
        return _UUID.sub(lambda m: str(self._id(uuid.UUID(m[0]), copy)) if m[0] in self.texts else m[0], text)

    def _json(self, value: Any, copy: int) -> Any:
        if isinstance(value, dict):
            return {self._text(k, copy): self._json(v, copy) for k, v in value.items()}
        if isinstance(value, list):
            return [self._json(one, copy) for one in value]
        return self._text(value, copy) if isinstance(value, str) else value


def main(copies: int, entries: int) -> None:
    from jingwei.wiring.start import start

    start()
    from django.db import transaction

    from .play import SIZES, Storm

    Storm(datetime.now(UTC).replace(microsecond=0), SIZES).play()
    _say("played")
    copying = Copying()
    for copy in range(1, copies):
        with transaction.atomic():
            copying.write(copy)
        if copy % 10 == 0:
            _say(f"{copy + 1} of {copies} written")
    with transaction.atomic():
        _end(copying, copies)
    _look(entries)
    print(json.dumps(_size()))


def _end(copying: Copying, copies: int) -> None:
    """Numbers go on behind those that were given here."""
    from django.core.management.color import no_style
    from django.db import connection

    from jingwei.apps.tasks.models import OrderBook

    for book in OrderBook.objects.all():
        book.last += copies * NUMBERS
        book.save()
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), list(copying.spans)):
            cursor.execute(line)


def _look(entries: int) -> None:
    """Looks at callers, until there are so many entries."""
    from django.db import transaction

    from jingwei.apps.journal.models import Entry

    missing = entries - Entry.objects.count()
    looks = _looks()
    while missing > 0:
        with transaction.atomic():
            some = [next(looks) for _ in range(min(missing, 20_000))]
            Entry.objects.bulk_create(some, batch_size=BATCH)
        missing -= len(some)


def _looks() -> Iterator[Any]:
    from jingwei.apps.agencies.models import Holding
    from jingwei.apps.journal.models import Entry
    from jingwei.apps.journal.queries import get_node
    from jingwei.apps.reports.facts import CallerRevealed
    from jingwei.apps.reports.models import Caller
    from jingwei.kernel.facts import body_of

    by = Holding.objects.filter(person__user__username="lisiyuan").values_list("pk", flat=True)[0]
    seen = list(Caller.objects.order_by("pk").values_list("pk", "report__received_at"))
    while True:
        for report_id, at in seen:
            fact = CallerRevealed(report_id=str(report_id), reason="回访")
            yield Entry(
                node=get_node(), kind=fact.KIND, subject=fact.subject, body=body_of(fact), by=by,
                at=at, recorded_at=at,
            )  # fmt: skip


def _size() -> dict[str, Any]:
    """How much there is, and where to look: the incident with the most reports, others of usual size."""
    from django.apps import apps

    from jingwei.apps.incidents.models import Incident
    from jingwei.apps.reports.models import Report
    from jingwei.apps.tasks.models import Task

    counted = ("reports.Report", "incidents.Incident", "journal.Entry", "tasks.Task", "sitreps.Obligation",
               "sitreps.Sitrep", "releases.Release")  # fmt: skip
    rows = Incident.objects.filter(state="open")
    usual = rows.filter(report_count__lt=60).order_by("pk").values_list("pk", flat=True)
    return {
        "size": {
            label.split(".")[1].lower(): apps.get_model(label)._default_manager.count() for label in counted
        },
        "biggest": str(rows.order_by("-report_count", "pk")[0].pk),
        "biggest_reports": rows.order_by("-report_count")[0].report_count,
        "usual": [str(pk) for pk in usual[:: max(1, len(usual) // 20)]][:20],
        "reports": [str(pk) for pk in Report.objects.order_by("pk").values_list("pk", flat=True)[:2_000:100]],
        "tasks": [str(pk) for pk in Task.objects.order_by("pk").values_list("pk", flat=True)[:2_000:100]],
    }


def _say(what: str) -> None:
    print(f"  {datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
