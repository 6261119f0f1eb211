"""Who is in a party: shown to one who needs it, and the look recorded."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import PartyRevealed


@transaction.atomic
def reveal_party(watch_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> str:
    """The names of the people of a party, as they were written down."""
    row = writes.watch_for(watch_id, "checkins.reveal_party", by=by, moment=moment)
    said = rules.check_reason(reason)
    record([(PartyRevealed(watch_id=str(row.pk), reason=said), None)], by=by, moment=moment)
    names: str = row.names
    return names
