"""Addresses under which calendar programs read the days of a register: made, and taken back."""

import secrets
import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from ..facts import CalendarShared
from ..models import CalendarFeed
from ..queries.calendars import address_digest
from ..queries.declared import get_register
from ..rules import RegisterRefused

#: Random bytes of an address: nobody finds one by trying. Source: RFC 4086 section 8.1, 128 bits; twice that.
_BYTES = 32
#: Longest name. Source: the column of the table, models.py.
_LONGEST_NAME = 60


@transaction.atomic
def share_calendar(register_code: str, name: str, *, by: By, moment: Moment) -> str:
    """Give the register's days an address for a calendar program. It is shown once, its digest is kept.

    Whoever has it sees what the maker's post sees, without what is masked, as long as the post is held.
    """
    register = get_register(register_code)
    own = agencies.require(by, "registers.share_calendar", at=moment.at)
    name = name.replace("\x00", "").strip()[:_LONGEST_NAME]
    if not name:
        raise RegisterRefused("calendar_name_missing")
    if not register.dues:
        raise RegisterRefused("calendar_without_days")
    plain = secrets.token_urlsafe(_BYTES)
    feed = CalendarFeed(
        register=register_code, organization=own.organization_code, name=name, sha256=address_digest(plain),
        by=by, at=moment.recorded_at,
    )  # fmt: skip
    feed.save(force_insert=True)
    fact = CalendarShared(register=register_code, feed_id=str(feed.pk), shared=True)
    record([(fact, feed)], by=by, moment=moment)
    return plain


@transaction.atomic
def revoke_calendar(feed_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Answer under this address no longer, at once."""
    own = agencies.require(by, "registers.revoke_calendar", at=moment.at)
    feed = CalendarFeed.objects.select_for_update().filter(pk=feed_id, revoked_at__isnull=True).first()
    if feed is None:
        raise RegisterRefused("calendar_unknown")
    if feed.organization != own.organization_code:
        raise NotAllowed("not_allowed", action="registers.revoke_calendar", reason="organization")
    feed.revoked_at = moment.recorded_at
    feed.save(update_fields=["revoked_at"])
    fact = CalendarShared(register=feed.register, feed_id=str(feed.pk), shared=False)
    record([(fact, feed)], by=by, moment=moment)
