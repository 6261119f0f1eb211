"""Reads of slips: what was entered from paper, and which entries of a timeline came so."""

import uuid
from collections.abc import Iterable
from datetime import datetime

import msgspec

from jingwei.apps.agencies.queries import Authority

from .models import PaperSlip, SlipEntry


class SlipLine(msgspec.Struct, frozen=True):
    """A slip as lists show it."""

    id: uuid.UUID
    serial: str
    form: str
    taken_at: datetime
    entered_at: datetime
    entered_by: uuid.UUID
    decided_by: uuid.UUID
    subject: str
    reason: str


def line_of(row: PaperSlip) -> SlipLine:
    return SlipLine(**{name: getattr(row, name) for name in SlipLine.__struct_fields__})


def list_slips(*, authority: Authority, limit: int = 50) -> list[SlipLine]:
    """What the own office entered from paper, newest first."""
    rows = PaperSlip.objects.filter(organization=authority.organization_code)
    return [line_of(row) for row in rows.order_by("-entered_at")[:limit]]


def find_slip(serial: str, *, authority: Authority) -> SlipLine | None:
    row = PaperSlip.objects.filter(serial=serial, organization=authority.organization_code).first()
    return line_of(row) if row else None


def get_slips_of(entries: Iterable[uuid.UUID]) -> dict[uuid.UUID, SlipLine]:
    """Which of these entries came from paper, and from which slip."""
    rows = SlipEntry.objects.filter(entry__in=list(entries)).select_related("slip")
    return {row.entry: line_of(row.slip) for row in rows}


def get_slips_about(subjects: Iterable[str]) -> dict[str, SlipLine]:
    """Slips by what came of them: a report, a response, an order."""
    rows = PaperSlip.objects.filter(subject__in=list(subjects))
    return {row.subject: line_of(row) for row in rows}
