"""Stock promised for a need: the promise is the stock's, the need says which it is."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Wanted
from jingwei.kernel.moments import By, Moment

from .. import writes
from ..facts import NeedServed
from ..models import Serving
from ..queries.lines import lines_of
from ..rules import NeedRefused


@transaction.atomic
def serve_need(
    need_id: uuid.UUID,
    store_id: uuid.UUID,
    wanted: Wanted,
    *,
    beyond: bool = True,
    asked_by: By | None = None,
    by: By,
    moment: Moment,
) -> uuid.UUID:
    """Promise stock of a store for the need; the stock asks for its own right too.

    Only of the supply that is needed, for units of another are no units of this. A person may promise
    `beyond` what is still open; without it that is refused, for a plan that others overtook. `asked_by`:
    who speaks for the need where `by`, who keeps the stock, has no say about it. Returns the promise's id.
    """
    row = writes.standing(writes.need_for(need_id, "needs.serve_need", by=asked_by or by, moment=moment))
    if row.supply_id is None or row.supply_id != wanted.supply_id:
        raise NeedRefused("need_without_supply")
    promise_id = stock.promise_stock(store_id, wanted, by=by, moment=moment)
    known = Serving.objects.filter(promise_id=promise_id).first()
    if known is not None:  # the form sent twice, or another need's promise under the same key
        if known.need_id != row.pk:
            raise NeedRefused("need_key_reused")
        return promise_id
    open_ = lines_of([row])[0].still_open
    if not beyond and open_ is not None and wanted.quantity > open_:
        raise NeedRefused("need_served_meanwhile", open=open_)
    serving = Serving(need=row, promise_id=promise_id, by=by, at=moment.at)
    serving.save(force_insert=True)
    fact = NeedServed(
        need_id=str(row.pk),
        promise_id=str(promise_id),
        store_id=str(store_id),
        quantity=wanted.quantity,
    )
    record([(fact, serving)], by=by, moment=moment)
    return promise_id
