"""Reads of files of reports, by who handed them in."""

import uuid
from datetime import datetime

import msgspec

from jingwei.kernel.moments import By

from ..models import ReportFile


class FileCard(msgspec.Struct, frozen=True):
    """A file of reports, and how far it is."""

    id: uuid.UUID
    file_name: str
    headings: tuple[str, ...]
    notes: tuple[str, ...]
    state: str
    total: int
    taken: int
    known: int
    quarantined: int
    at: datetime
    ended_at: datetime | None

    @property
    def done(self) -> int:
        return self.taken + self.known + self.quarantined


def find_file(file_id: uuid.UUID, *, by: By) -> FileCard | None:
    """A file, for who handed it in; nobody else sees what stands in it."""
    row = ReportFile.objects.filter(pk=file_id, by=by).first()
    return _card(row) if row else None


def list_files(*, by: By, limit: int = 20) -> list[FileCard]:
    """The last files of who handed them in."""
    return [_card(row) for row in ReportFile.objects.filter(by=by).order_by("-at", "-pk")[:limit]]


def list_lines(file_id: uuid.UUID, *, by: By, limit: int | None = None) -> list[list[str]]:
    """The cells of a file that waits for its columns."""
    row = ReportFile.objects.filter(pk=file_id, by=by, state="waiting").first()
    found: list[list[str]] = []
    for part in row.parts.order_by("number").iterator(chunk_size=1) if row else ():
        found += part.lines
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found


def _card(row: ReportFile) -> FileCard:
    return FileCard(
        id=row.pk,
        file_name=row.file_name,
        headings=tuple(row.headings),
        notes=tuple(row.notes),
        state=row.state,
        total=row.total,
        taken=row.taken,
        known=row.known,
        quarantined=row.quarantined,
        at=row.at,
        ended_at=row.ended_at,
    )
