"""Files of reports: kept as they came, matched by a person, taken in by the worker in that person's name."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from ..facts import ReportFileBegun, ReportFileEnded, ReportFileHandedIn, Told
from ..models import ReportFile, ReportFilePart
from ..rules import ReportRefused
from .receiving import receive_reports

#: Lines of one part: one transaction of the worker. Source: our estimate, a tenth of a second, 2026-11-29.
PART = 500
#: Parts taken in one go; the others follow a second later. Source: our estimate, 2,000 reports/s, 2026-11-29.
AT_ONCE = 4


@transaction.atomic
def begin_file(
    file_name: str, headings: Sequence[str], lines: Sequence[Sequence[str]], notes: Sequence[str],
    *, by: By, moment: Moment,
) -> uuid.UUID:  # fmt: skip
    """Keep a file of reports until its columns are matched; nothing is taken in yet. Returns its id."""
    agencies.require(by, "reports.begin_file", at=moment.at)
    content = msgspec.json.encode([headings, lines])
    row = ReportFile(
        file_name=file_name[:200],
        content_digest=hashlib.sha256(content).hexdigest(),
        headings=list(headings),
        notes=list(notes),
        total=len(lines),
        by=by,
        at=moment.at,
    )
    row.save(force_insert=True)
    ReportFilePart.objects.bulk_create(
        ReportFilePart(of=row, number=start, lines=[list(line) for line in lines[start : start + PART]])
        for start in range(0, len(lines), PART)
    )
    record([(ReportFileHandedIn(file_id=str(row.pk), lines=row.total), row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def take_file(
    file_id: uuid.UUID, columns: Mapping[str, str], told: Sequence[Told], *, by: By, moment: Moment
) -> None:
    """Let the worker take in what the lines say, in order. `columns`: field to heading.

    Each report has the file's digest and its line as its key, so that the same file again is known.
    """
    agencies.require(by, "reports.take_file", at=moment.at)
    row = ReportFile.objects.select_for_update().filter(pk=file_id).first()
    if row is None:
        raise ReportRefused("file_unknown")
    if row.state != "waiting":
        raise ReportRefused("file_begun")
    if len(told) != row.total or not columns:
        raise ReportRefused("file_columns_missing")
    start = f"file:{row.content_digest[:24]}:"
    ReportFilePart.objects.filter(of=row).delete()
    ReportFilePart.objects.bulk_create(
        ReportFilePart(
            of=row,
            number=first,
            lines=[
                msgspec.to_builtins(msgspec.structs.replace(one, key=f"{start}{first + n}"))
                for n, one in enumerate(told[first : first + PART])
            ],
        )
        for first in range(0, len(told), PART)
    )
    row.state = "running"
    row.save(update_fields=["state"])
    fact = ReportFileBegun(file_id=str(row.pk), lines=row.total, columns=dict(columns))
    record([(fact, row)], by=by, moment=moment)


def take_in_files(*, by: By, moment: Moment) -> int:
    """Take in the next parts of the files that run, the oldest first. Returns how many parts.

    A part is one transaction: taken in and gone, or still there.
    """
    if not ReportFile.objects.filter(state="running").exists():
        return 0
    agencies.require(by, "reports.take_in_files", at=moment.at)
    for done in range(AT_ONCE):
        if not _take_part(moment):
            return done
    return AT_ONCE


@transaction.atomic
def _take_part(moment: Moment) -> bool:
    row = ReportFile.objects.select_for_update().filter(state="running").order_by("at", "pk").first()
    if row is None:
        return False
    part = row.parts.order_by("number").first()
    if part is None:
        _end(row, stopped=False, moment=moment)
        return True
    told = [msgspec.convert(one, Told) for one in part.lines]
    try:
        with transaction.atomic():
            answers = receive_reports(told, by=row.by, moment=moment)
    except NotAllowed:  # who handed it in holds the post no more: nobody takes it in in that name
        row.parts.all().delete()
        _end(row, stopped=True, moment=moment)
        return True
    row.taken += sum(one.status == "accepted" for one in answers)
    row.known += sum(one.status == "known" for one in answers)
    row.quarantined += sum(one.status == "quarantined" for one in answers)
    part.delete()
    row.save(update_fields=["taken", "known", "quarantined"])
    return True


def _end(row: ReportFile, *, stopped: bool, moment: Moment) -> None:
    row.state, row.ended_at = "stopped" if stopped else "done", moment.at
    row.save(update_fields=["state", "ended_at"])
    fact = ReportFileEnded(
        file_id=str(row.pk), taken=row.taken, known=row.known, quarantined=row.quarantined, stopped=stopped
    )
    record([(fact, row)], by=row.by, moment=moment)
