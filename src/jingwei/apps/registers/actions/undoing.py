"""A change taken back, and the taking back taken back: nothing is ever overwritten unseen."""

import uuid
from typing import Any

from django.db import transaction

from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import Said
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import Register
from ..models import Change
from ..queries.declared import get_register, list_registers
from ..queries.rows import get_row, list_changes, state_of, still_holds
from ..rules import RegisterRefused
from .writing import Act, Step, check_above, check_duplicate, require_keeper, write


@transaction.atomic
def undo_change(change_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """Give the columns of one change what they held before it; undoing that brings the change back.

    Refused when something newer stands on it. Of a row that another app keeps, that app's own act against it
    is done, under its rights. Returns the change; of such a row, the row that speaks of it then.
    """
    change = Change.objects.filter(pk=change_id).first()
    if change is None:
        return _undo_elsewhere(change_id, by=by, moment=moment)
    register = get_register(change.register)
    row = get_row(register, change.row_id, lock=True)
    require_keeper(register, "registers.undo_change", by=by, moment=moment, place=row.place, owner=row.owner)
    step = taken_back(register, row, change, by=by, moment=moment)
    (undone,) = write(register, [step], Act(by, moment))
    return undone.pk


def _undo_elsewhere(entry_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    entry = journal.find_entry(entry_id)
    register = _speaks_of(entry)
    if entry is None or register is None or register.kept is None:
        raise RegisterRefused("change_unknown")
    row_id = uuid.UUID(entry.subject)
    line = next(one for one in list_changes(register, row_id) if one.id == entry_id)
    act = {"added": register.kept.strike, "struck": register.kept.restore}.get(line.what)
    if act is None:
        raise RegisterRefused("register_kept_elsewhere")
    if not line.can_undo:
        raise RegisterRefused("undo_overtaken")
    return act(row_id, by=by, moment=moment) or row_id


def _speaks_of(entry: Said | None) -> Register | None:
    """The register whose rows another app keeps and whose history has this entry."""
    for one in list_registers():
        if one.kept and entry is not None and type(entry.fact) in dict(one.kept.said):
            return one
    return None


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
