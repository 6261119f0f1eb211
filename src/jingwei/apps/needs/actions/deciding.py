"""A person says that a need holds, is met, is none, or is one after all."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import STANDING, NeedConfirmed, NeedMet, NeedRestored, NeedWithdrawn
from ..models import Need
from ..rules import NeedRefused


@transaction.atomic
def confirm_need(need_id: uuid.UUID, *, version: int | None = None, by: By, moment: Moment) -> None:
    """Say that it is needed, for the first time or anew: it is fresh again for its class's hours."""
    row = writes.standing(
        writes.need_for(need_id, "needs.confirm_need", by=by, moment=moment, version=version)
    )
    of, again = writes.class_on(row.item_class, moment=moment), row.state == "confirmed"
    writes.save(
        row, state="confirmed", confirmed_by=by, confirmed_at=moment.at, held_by=by,
        fresh_until_at=rules.fresh_until(moment.at, of), fresh_rule=of.rule_id,
    )  # fmt: skip
    fact = NeedConfirmed(
        need_id=str(row.pk),
        again=again,
        quantity=row.quantity,
        fresh_until_at=row.fresh_until_at,
        rule_id=of.rule_id,
    )
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def meet_need(need_id: uuid.UUID, *, reason: str, version: int | None = None, by: By, moment: Moment) -> None:
    """Say that what was needed is there, and how one knows. What was joined into it is met with it."""
    row = writes.standing(writes.need_for(need_id, "needs.meet_need", by=by, moment=moment, version=version))
    said = _end(row, "met", reason, by=by)
    record([(NeedMet(need_id=str(row.pk), reason=said), row)], by=by, moment=moment)


@transaction.atomic
def withdraw_need(
    need_id: uuid.UUID, *, reason: str, version: int | None = None, unserved: bool = False, by: By,
    moment: Moment,
) -> None:  # fmt: skip
    """Say that it is not needed. What others asked for too is taken apart first: they may need it still.

    `unserved`: only as long as no stock was promised for it.
    """
    row = writes.standing(
        writes.need_for(need_id, "needs.withdraw_need", by=by, moment=moment, version=version)
    )
    if row.joined.exists():
        raise NeedRefused("need_has_joined")
    if unserved and row.servings.exists():
        raise NeedRefused("need_changed_meanwhile")
    said = _end(row, "withdrawn", reason, by=by)
    record([(NeedWithdrawn(need_id=str(row.pk), reason=said), row)], by=by, moment=moment)


def _end(row: Need, state: str, reason: str, *, by: By) -> str:
    said = rules.check_reason(reason)
    writes.save(row, state=state, before_state=row.state, reason=said, held_by=by)
    return said


@transaction.atomic
def restore_need(need_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """It was met or withdrawn by mistake: it is needed as it was before."""
    row = writes.need_for(need_id, "needs.restore_need", by=by, moment=moment)
    if row.state in STANDING:
        raise NeedRefused("need_not_over")
    said, gone = rules.check_reason(reason), row.state
    back = row.before_state or "open"
    writes.save(row, state=back, before_state="", reason=said, held_by=by)
    fact = NeedRestored(need_id=str(row.pk), from_state=gone, to_state=back, reason=said)
    record([(fact, row)], by=by, moment=moment)
