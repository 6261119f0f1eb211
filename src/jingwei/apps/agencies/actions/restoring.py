"""After a node was made again from a backup: doors closed, written down, and the gap seen to."""

import uuid

from django.contrib.sessions.models import Session
from django.db import transaction

from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.facts import Backed, NodeRestored, RestoreAcknowledged
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries
from ..facts import TokenRevoked
from ..models import SignedInSession, Token


@transaction.atomic
def note_restore(backed: Backed, *, epoch: int, by: By, moment: Moment) -> int:
    """Say from which backup this node was made again; nobody stays signed in, no token opens any more.

    Returns how many tokens ended.
    """
    queries.require(by, "agencies.note_restore", at=moment.at)
    Session.objects.all().delete()
    SignedInSession.objects.all().delete()
    tokens = list(Token.objects.select_for_update().filter(revoked_at__isnull=True).order_by("from_at", "id"))
    ended: list[tuple[Fact, Token]] = []
    for token in tokens:
        token.revoked_at = moment.recorded_at
        token.save(update_fields=["revoked_at"])
        ended.append((TokenRevoked(token=str(token.pk), holding=str(token.holding_id)), token))
    fact = NodeRestored(
        epoch=epoch,
        made_at=backed.made_at,
        last_entry=backed.last_entry,
        last_recorded_at=backed.last_recorded_at,
        release=backed.release,
        tokens=len(tokens),
    )
    record([(fact, None), *ended], by=by, moment=moment)
    return len(tokens)


@transaction.atomic
def acknowledge_restore(entry_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Say that what could be entered again after the restore was entered; the desk stops asking."""
    queries.require(by, "agencies.acknowledge_restore", at=moment.at)
    open_one = journal.find_restore()
    if open_one is None or open_one.id != entry_id:
        raise Refused("restore_unknown")
    record([(RestoreAcknowledged(entry_id=str(entry_id)), None)], by=by, moment=moment)
