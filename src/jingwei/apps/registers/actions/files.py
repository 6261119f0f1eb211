"""Files kept with a row: taken in, taken off, put back, looked into."""

import hashlib
import uuid
from typing import Any

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.files import store_file
from jingwei.kernel.moments import By, Moment

from ..facts import Document, FileAttached, FileOpened, FileTakenOff
from ..models import RowFile
from ..queries.declared import get_register
from ..queries.files import get_file, path_of_file
from ..queries.rows import get_row
from ..rules import RegisterRefused
from .writing import require_keeper

#: Files that stand with one row. Source: our estimate, a handful of papers and pictures, 2026-11-29.
MOST_FILES = 20
#: Longest name kept. Source: the column of the table, models.py.
_LONGEST_NAME = 200


@transaction.atomic
def attach_file(
    register_code: str, row_id: uuid.UUID, document: Document, *, by: By, moment: Moment
) -> uuid.UUID:
    """Keep a file with a row; the same content again is known. Returns the file's id."""
    _keeper(register_code, row_id, "registers.attach_file", by=by, moment=moment, standing=True)
    digest = hashlib.sha256(document.content).hexdigest()
    standing = RowFile.objects.filter(row_id=row_id, removed_at__isnull=True)
    known = standing.filter(content_digest=digest).values_list("pk", flat=True).first()
    if known is not None:
        return known
    if standing.count() >= MOST_FILES:
        raise RegisterRefused("files_too_many", most=MOST_FILES)
    kept = RowFile(
        register=register_code, row_id=row_id, name=document.name[:_LONGEST_NAME], mime=document.mime,
        bytes=len(document.content), content_digest=digest, by=by, at=moment.at,
    )  # fmt: skip
    # the file before the row: a file without a row is harmless, a row without its file is a loss
    store_file(path_of_file(kept.id), document.content, what="attachments")
    kept.save(force_insert=True)
    fact = FileAttached(
        register=register_code, row_id=str(row_id), file_id=str(kept.id), digest=digest, mime=kept.mime,
        bytes=kept.bytes,
    )  # fmt: skip
    record([(fact, kept)], by=by, moment=moment)
    return kept.id


@transaction.atomic
def take_file_off(
    register_code: str, row_id: uuid.UUID, file_id: uuid.UUID, *, by: By, moment: Moment
) -> None:
    """Take a file off its row; it can be put back."""
    _keeper(register_code, row_id, "registers.take_file_off", by=by, moment=moment)
    kept = get_file(row_id, file_id)
    if kept.removed_at is not None:
        raise RegisterRefused("file_unknown")
    kept.removed_at, kept.removed_by = moment.at, by
    _turn(kept, by=by, moment=moment)


@transaction.atomic
def put_file_back(
    register_code: str, row_id: uuid.UUID, file_id: uuid.UUID, *, by: By, moment: Moment
) -> None:
    """Undo that a file was taken off."""
    _keeper(register_code, row_id, "registers.put_file_back", by=by, moment=moment)
    kept = get_file(row_id, file_id)
    standing = RowFile.objects.filter(row_id=row_id, removed_at__isnull=True)
    if kept.removed_at is None or standing.filter(content_digest=kept.content_digest).exists():
        raise RegisterRefused("file_stands")
    if standing.count() >= MOST_FILES:
        raise RegisterRefused("files_too_many", most=MOST_FILES)
    kept.removed_at = kept.removed_by = None
    _turn(kept, by=by, moment=moment)


@transaction.atomic
def open_file(
    register_code: str, row_id: uuid.UUID, file_id: uuid.UUID, *, by: By, moment: Moment
) -> Document:
    """Look into a file; the look is recorded. Refused as `file_lost` when it is not what was kept.

    A program looks into files of the rows it keeps, no others.
    """
    register = get_register(register_code)
    row = get_row(register, row_id)
    own = agencies.require(by, "registers.open_file", at=moment.at, place=row.place)
    if own.person_kind != "human":
        require_keeper(
            register, "registers.open_file", by=by, moment=moment, place=row.place, owner=row.owner
        )
    kept = get_file(row_id, file_id)
    try:
        content = path_of_file(file_id).read_bytes()
    except OSError as error:
        raise RegisterRefused("file_lost") from error
    if hashlib.sha256(content).hexdigest() != kept.content_digest:
        raise RegisterRefused("file_lost")
    fact = FileOpened(register=register_code, row_id=str(row_id), file_id=str(file_id))
    record([(fact, None)], by=by, moment=moment)
    return Document(name=kept.name, mime=kept.mime, content=content)


def _keeper(
    register_code: str, row_id: uuid.UUID, action: str, *, by: By, moment: Moment, standing: bool = False
) -> Any:
    register = get_register(register_code)
    row = get_row(register, row_id, lock=True)
    require_keeper(register, action, by=by, moment=moment, place=row.place, owner=row.owner)
    if standing and row.removed_at is not None:
        raise RegisterRefused("row_struck")
    return row


def _turn(kept: RowFile, *, by: By, moment: Moment) -> None:
    kept.save(update_fields=["removed_at", "removed_by"])
    fact = FileTakenOff(
        register=kept.register, row_id=str(kept.row_id), file_id=str(kept.pk),
        taken_off=kept.removed_at is not None,
    )  # fmt: skip
    record([(fact, kept)], by=by, moment=moment)
