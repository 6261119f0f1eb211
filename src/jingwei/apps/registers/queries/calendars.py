"""The days of a register by which something must be done, and the addresses they are read under."""

import hashlib
import uuid
from datetime import date, datetime, timedelta

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority

from ..facts import Column, Register, Sought
from ..models import CalendarFeed
from .declared import get_register
from .lists import RowLine, list_standing

#: Rows that a calendar holds at most. Source: our estimate, two megabytes, nobody reads more, 2026-11-29.
MOST_DUE = 3000
#: How long a day that has passed stays. Source: our estimate, after a quarter everybody knows, 2026-11-29.
STAYS = timedelta(days=92)


class DueDay(msgspec.Struct, frozen=True):
    """A day by which something must be done for a row."""

    row: RowLine
    column: Column
    day: date


class CalendarCard(msgspec.Struct, frozen=True):
    """An address that was given out, without the address."""

    id: uuid.UUID
    name: str
    by: uuid.UUID
    at: datetime


def address_digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def list_due(register: Register, *, authority: Authority, today: date) -> list[DueDay]:
    """What is still to be done, from a quarter ago on, by day. Masked columns stay masked."""
    since = today - STAYS
    sought = Sought(due_from=since.isoformat())
    found = []
    for line in list_standing(register, sought, authority=authority, most=MOST_DUE):
        for column in register.dues:
            day = line.values[column.name]
            if isinstance(day, date) and day >= since and not line.values.get(column.done_by):
                found.append(DueDay(row=line, column=column, day=day))
    return sorted(found, key=lambda due: (due.day, due.row.id))


def find_calendar(plain: str, *, at: datetime) -> tuple[Register, Authority] | None:
    """The register behind an address, and the post it is read as; None when it was taken back."""
    feed = CalendarFeed.objects.filter(sha256=address_digest(plain), revoked_at__isnull=True).first()
    authority = agencies.find_authority(feed.by, at=at) if feed else None
    return (get_register(feed.register), authority) if feed and authority else None


def list_calendars(register: Register, *, authority: Authority) -> list[CalendarCard]:
    """The addresses that posts of one's own organization gave out and did not take back."""
    rows = CalendarFeed.objects.filter(
        register=register.code, organization=authority.organization_code, revoked_at__isnull=True
    )
    return [CalendarCard(f.pk, f.name, f.by, f.at) for f in rows.order_by("-id")[:100]]
