"""What is not to be brought: said by a post that may, with the reason, until a day."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import AdviceEnded, AdvisedAgainst, NewAdvice
from ..models import Advice
from ..rules import NeedRefused


@transaction.atomic
def advise_against(new: NewAdvice, *, by: By, moment: Moment) -> uuid.UUID:
    """Ask the public not to bring something to a place until then. Returns the advice's id."""
    place, _ = writes.place_of(new.place, "")
    agencies.require(by, "needs.advise_against", at=moment.at, place=place)
    item = writes.item_of(new.supply_id, new.words_zh, new.words_en, "")
    zh = rules.check_reason(new.reason_zh.strip() or new.reason_en)
    if new.valid_until <= moment.at:
        raise NeedRefused("advice_until_missing")
    row = Advice(
        supply_id=item["supply_id"],
        item_zh=item["item_zh"],
        item_en=item["item_en"],
        place=place,
        reason_zh=zh,
        reason_en=new.reason_en.strip()[:300],
        valid_until=new.valid_until,
        by=by,
        at=moment.at,
    )
    row.save(force_insert=True)
    fact = AdvisedAgainst(
        advice_id=str(row.pk), item=item["item_key"], place=place, valid_until=row.valid_until
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def end_advice(advice_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """It may be brought again; the advice stays to be seen by the post, not by the public."""
    row = Advice.objects.select_for_update().filter(pk=advice_id).first()
    if row is None:
        raise NeedRefused("advice_unknown")
    agencies.require(by, "needs.end_advice", at=moment.at, place=row.place)
    if row.ended_at is not None:
        raise NeedRefused("advice_over")
    row.ended_by, row.ended_at, row.ended_reason = by, moment.at, rules.check_reason(reason)
    row.save(update_fields=["ended_by", "ended_at", "ended_reason"])
    record([(AdviceEnded(advice_id=str(row.pk), reason=row.ended_reason), row)], by=by, moment=moment)
