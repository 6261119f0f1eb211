"""Reads of the photos sent with reports, for pages that have checked or check who may see the report."""

import hashlib
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.kernel.moments import By

from ..facts import PhotoSeen
from ..models import ReportPhoto
from .lines import visible_reports


class PhotoLine(msgspec.Struct, frozen=True):
    """A photo of a report, without its content."""

    id: uuid.UUID
    mime: str
    width: int
    height: int
    bytes: int


def path_of_photo(photo_id: uuid.UUID) -> Path:
    return Path(settings.HOME) / "photos" / str(photo_id)


def list_photos(report_id: uuid.UUID) -> list[PhotoLine]:
    """The photos of a report, for a page that has checked who may see it."""
    rows = ReportPhoto.objects.filter(report_id=report_id).order_by("pk")
    return [_photo(row) for row in rows]


#: How long one look at a photo lasts; the next one is recorded anew.
#: Source: our estimate, as long as one reads a report, 2026-11-22.
LOOK_HOLDS = timedelta(minutes=10)


def list_looked_at(report_id: uuid.UUID, *, by: By, now: datetime) -> set[uuid.UUID]:
    """Photos of the report that this holder is looking at: real time, `now` is that of the clock."""
    looks = journal.list_entries(subjects=[str(report_id)], kinds=[PhotoSeen])
    return {
        uuid.UUID(s.fact.photo_id)
        for s in looks
        if isinstance(s.fact, PhotoSeen) and s.by == by and now - s.recorded_at <= LOOK_HOLDS
    }


def find_photo(
    report_id: uuid.UUID, photo_id: uuid.UUID, *, authority: Authority
) -> tuple[PhotoLine, bytes] | None:
    """A photo with its content; None when the post may not see the report, or the file is another now."""
    if not visible_reports(authority).filter(pk=report_id).exists():
        return None
    row = ReportPhoto.objects.filter(pk=photo_id, report_id=report_id).first()
    path = path_of_photo(photo_id)
    if row is None or not path.is_file():
        return None
    content = path.read_bytes()
    return (_photo(row), content) if hashlib.sha256(content).hexdigest() == row.content_digest else None


def _photo(row: ReportPhoto) -> PhotoLine:
    return PhotoLine(id=row.pk, mime=row.mime, width=row.width, height=row.height, bytes=row.bytes)
