"""Files kept with rows, for pages that have checked who may see the row."""

import uuid
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings

from ..models import RowFile
from ..rules import RegisterRefused


class FileLine(msgspec.Struct, frozen=True):
    """A file kept with a row, without its content. `removed`: taken off, and could be put back."""

    id: uuid.UUID
    name: str
    mime: str
    bytes: int
    sha256: str
    by: uuid.UUID
    at: datetime
    removed: bool


def path_of_file(file_id: uuid.UUID) -> Path:
    return Path(settings.HOME) / "attachments" / str(file_id)


def list_files(row_id: uuid.UUID) -> list[FileLine]:
    """Those that stand, then those taken off; the newest first."""
    rows = sorted(
        RowFile.objects.filter(row_id=row_id).order_by("-id"), key=lambda f: f.removed_at is not None
    )
    return [
        FileLine(f.pk, f.name, f.mime, f.bytes, f.content_digest, f.by, f.at, f.removed_at is not None)
        for f in rows
    ]


def get_file(row_id: uuid.UUID, file_id: uuid.UUID) -> RowFile:
    """The file of this row, locked, for an action. Refused as `file_unknown`."""
    row = RowFile.objects.select_for_update().filter(pk=file_id, row_id=row_id).first()
    if row is None:
        raise RegisterRefused("file_unknown")
    return row
