"""A change taken back, and the taking back taken back: nothing is ever overwritten unseen."""

import uuid
from typing import Any

from django.db import transaction

from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import Register
from ..models import Change
from ..queries.declared import get_register
from ..queries.rows import get_row, state_of, still_holds
from ..rules import RegisterRefused
from .writing import Act, Step, check_above, check_duplicate, require_keeper, write


@transaction.atomic
def undo_change(change_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """Give the columns of one change what they held before it; undoing that brings the change back.

    Refused when something newer stands on it.
    """
    change = Change.objects.filter(pk=change_id).first()
    if change is None:
        raise RegisterRefused("change_unknown")
    register = get_register(change.register)
    row = get_row(register, change.row_id, lock=True)
    require_keeper(register, "registers.undo_change", by=by, moment=moment, place=row.place, owner=row.owner)
    step = taken_back(register, row, change, by=by, moment=moment)
    (undone,) = write(register, [step], Act(by, moment))
    return undone.pk


def taken_back(register: Register, row: Any, change: Change, *, by: By, moment: Moment) -> Step:
    """The row in memory as it was before the change. A row that was added is struck through."""
    state = state_of(register, row)
    if not still_holds(change, state):
        raise RegisterRefused("undo_overtaken")
    before = change.before if change.what != "added" else {"struck": True}
    step = Step(row, "undone", state, undoes=change)
    for name, value in before.items():
        column = register.column(name)
        if column is not None:
            setattr(row, name, rules.typed(column, value))
    if "struck" in before:
        row.removed_at, row.removed_by = (moment.at, by) if before["struck"] else (None, None)
    if (row.place, getattr(row, "owner", "")) != (state["place"], state.get("owner", "")):
        require_keeper(
            register, "registers.undo_change", by=by, moment=moment, place=row.place, owner=row.owner
        )
    if row.removed_at is None:
        check_duplicate(register, row)
        check_above(register, row)
    return step
