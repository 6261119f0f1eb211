"""Rows of any register: added, changed, confirmed, struck through; one, or many with one act."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By, Moment

from ..facts import Cell, Register
from ..models import Change
from ..queries.declared import get_register
from ..queries.rows import get_row, state_of
from ..rules import RegisterRefused, check_reason, check_together
from .once import find_asked, keep_asked
from .writing import Act, Step, check_above, check_duplicate, empty_row, new_row, require_keeper, write


@transaction.atomic
def add_row(
    register_code: str, values: Mapping[str, Cell], *, key: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """Enter a row. Refused when one with the same duplicate key stands already.

    `key`: the caller's own; the same caller with the same key and values gets the row it entered before.
    """
    register = get_register(register_code)
    if register.kept and register.kept.add:
        check_complete(register, values)
        added: uuid.UUID = register.kept.add(values, by=by, moment=moment)
        return added
    place, owner = str(values.get("place") or ""), str(values.get("owner") or "")
    require_keeper(register, "registers.add_row", by=by, moment=moment, place=place, owner=owner)
    known = find_asked(register_code, key, values, by=by) if key else None
    if known is not None:
        return known
    check_complete(register, values)
    step = new_row(empty_row(register, Act(by, moment)), values)
    check_duplicate(register, step.row)
    check_above(register, step.row)
    write(register, [step], Act(by, moment))
    if key:
        keep_asked(register_code, key, values, step.row.pk, by=by, moment=moment)
    return step.row.pk


@transaction.atomic
def change_row(
    register_code: str, row_id: uuid.UUID, values: Mapping[str, Cell], *, version: int, by: By, moment: Moment
) -> uuid.UUID | None:
    """Change columns of a row as it was read at `version`. Returns the change; None when nothing differs."""
    register = get_register(register_code)
    row = _standing(register, row_id, "registers.change_row", by=by, moment=moment)
    if row.version != version:
        raise RegisterRefused("changed_meanwhile")
    step = _altered(register, row, values, "registers.change_row", by=by, moment=moment)
    changes = write(register, [step], Act(by, moment))
    return changes[0].pk if changes else None


@transaction.atomic
def confirm_row(register_code: str, row_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Say that the row is still true as it stands."""
    register = get_register(register_code)
    row = _standing(register, row_id, "registers.confirm_row", by=by, moment=moment)
    write(register, [Step(row, "confirmed", state_of(register, row))], Act(by, moment))


@transaction.atomic
def strike_row(
    register_code: str, row_id: uuid.UUID, *, reason: str, by: By, moment: Moment
) -> uuid.UUID | None:
    """Strike a row through: it stays to be seen, and can be brought back. Returns the change.

    None for a row that another app keeps: its own action ended it.
    """
    register = get_register(register_code)
    if register.kept and register.kept.strike:
        reason = check_reason(reason)
        register.kept.strike(row_id, by=by, moment=moment)
        _say(register_code, row_id, reason, by=by, moment=moment)
        return None
    row = _standing(register, row_id, "registers.strike_row", by=by, moment=moment)
    reason = check_reason(reason)
    step = Step(row, "struck", state_of(register, row))
    row.removed_at, row.removed_by = moment.at, by
    (change,) = write(register, [step], Act(by, moment))
    _say(register_code, row_id, reason, by=by, moment=moment)
    return change.pk


@transaction.atomic
def restore_row(register_code: str, row_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """Let a row stand again that was struck through. Returns the change.

    Of a row that another app keeps: the row that stands for it now.
    """
    register = get_register(register_code)
    row = get_row(register, row_id, lock=True)
    if register.kept and register.kept.restore:
        if row.removed_at is None:
            raise RegisterRefused("row_stands")
        stands: uuid.UUID = register.kept.restore(row_id, by=by, moment=moment)
        return stands
    require_keeper(register, "registers.restore_row", by=by, moment=moment, place=row.place, owner=row.owner)
    if row.removed_at is None:
        raise RegisterRefused("row_stands")
    step = Step(row, "undone", state_of(register, row), undoes=_striking(row_id))
    row.removed_at = row.removed_by = None
    check_duplicate(register, row)
    check_above(register, row)
    (change,) = write(register, [step], Act(by, moment))
    return change.pk


def _striking(row_id: uuid.UUID) -> Change | None:
    """The change that struck the row through last."""
    return next(
        (c for c in Change.objects.filter(row_id=row_id).order_by("-number") if c.after.get("struck")), None
    )


@transaction.atomic
def change_rows(
    register_code: str,
    rows: Sequence[tuple[uuid.UUID, int]],
    values: Mapping[str, Cell],
    *,
    by: By,
    moment: Moment,
) -> tuple[uuid.UUID, int]:
    """Give many rows the same values in some columns: all of them, or none.

    `rows`: each with the version that was shown. Returns the batch, and how many really changed.
    """  # fmt: skip
    register, batch = get_register(register_code), new_id()
    steps = []
    for row_id, version in sorted(rows):
        row = _standing(register, row_id, "registers.change_rows", by=by, moment=moment)
        if row.version != version:
            raise RegisterRefused("changed_meanwhile")
        steps.append(_altered(register, row, values, "registers.change_rows", by=by, moment=moment))
    if not steps:
        agencies.require(by, "registers.change_rows", at=moment.at)
        raise RegisterRefused("rows_missing")
    return batch, len(write(register, steps, Act(by, moment, batch)))


def check_complete(register: Register, values: Mapping[str, Cell]) -> None:
    """Refused where a required column is empty, or columns do not fit: the doors have told which."""
    if any(values.get(c.name) in ("", None) for c in register.given if c.required):
        raise RegisterRefused("row_incomplete")
    if check_together(register, values):
        raise RegisterRefused("row_at_odds")


def _standing(register: Register, row_id: uuid.UUID, action: str, *, by: By, moment: Moment) -> Any:
    row = get_row(register, row_id, lock=True)
    require_keeper(register, action, by=by, moment=moment, place=row.place, owner=row.owner)
    if row.removed_at is not None:
        raise RegisterRefused("row_struck")
    return row


def _altered(
    register: Register, row: Any, values: Mapping[str, Cell], action: str, *, by: By, moment: Moment
) -> Step:
    """The row with new values in memory; who moves it to another place or owner needs the right there too."""
    step = Step(row, "changed", state_of(register, row))
    for name, value in values.items():
        if register.column(name) is None:
            raise LookupError(f"{register.code} has no column {name}")
        setattr(row, name, value)
    check_complete(register, {column.name: getattr(row, column.name) for column in register.columns})
    if (row.place, row.owner) != (step.before["place"], step.before.get("owner", "")):
        require_keeper(register, action, by=by, moment=moment, place=row.place, owner=row.owner)
    check_duplicate(register, row)
    check_above(register, row)
    return step


def _say(register_code: str, row_id: uuid.UUID, words: str, *, by: By, moment: Moment) -> None:
    from .beside import leave_words

    leave_words(register_code, row_id, words, by=by, moment=moment)
