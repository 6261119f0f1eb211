"""One row with its history and the words beside it."""

import uuid
from datetime import datetime
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal

from .. import rules
from ..facts import Kept, Register
from ..models import Change, Comment
from ..rules import RegisterRefused
from .lists import RowLine, line_of
from .source import rows_of

#: What a row's own app does by actions of its own, or not at all.
KEPT_ELSEWHERE = frozenset(
    f"registers.{what}"
    for what in (
        "add_row", "change_row", "change_rows", "confirm_row", "strike_row", "restore_row", "undo_change",
    )
)  # fmt: skip


class ChangeLine(msgspec.Struct, frozen=True):
    """One change as the history shows it. `can_undo`: what it left behind still stands so."""

    id: uuid.UUID
    number: int
    what: str
    before: dict[str, Any]
    after: dict[str, Any]
    undoes: uuid.UUID | None
    undone: bool
    batch: uuid.UUID | None
    by: uuid.UUID
    at: datetime
    can_undo: bool


class CommentLine(msgspec.Struct, frozen=True):
    """A word beside a row."""

    id: uuid.UUID
    words: str
    by: uuid.UUID
    at: datetime


def find_row(register: Register, row_id: uuid.UUID, *, authority: Authority) -> RowLine | None:
    """The row, struck through or not, if the post sees its place."""
    row = rows_of(register).filter(pk=row_id).first()
    if row is None or not agencies.sees(authority, row.place):
        return None
    return line_of(register, row)


def get_row(register: Register, row_id: uuid.UUID, *, lock: bool = False) -> Any:
    """The row itself, for an action of the kit. Refused as `row_unknown`."""
    rows = rows_of(register)
    row = (rows.select_for_update() if lock and not register.kept else rows).filter(pk=row_id).first()
    if row is None:
        raise RegisterRefused("row_unknown")
    return row


def state_of(register: Register, row: Any) -> dict[str, Any]:
    """The row as the history keeps it: every declared column, and whether it is struck through."""
    kept = {column.name: rules.plain(getattr(row, column.name)) for column in register.columns}
    return kept | {"struck": row.removed_at is not None}


def still_holds(change: Change, state: dict[str, Any]) -> bool:
    """Whether what a change left behind stands so: nothing newer would be lost by taking it back."""
    return bool(change.after) and all(state.get(name) == value for name, value in change.after.items())


def list_changes(register: Register, row_id: uuid.UUID, *, limit: int = 100) -> list[ChangeLine]:
    """What was done to the row, newest first; masked columns stay masked."""
    row = get_row(register, row_id)
    if register.kept:
        return _said(register, register.kept, row)
    state = state_of(register, row)
    rows = Change.objects.filter(row_id=row_id).order_by("-number").prefetch_related("undone_by")[:limit]
    return [
        ChangeLine(
            id=c.pk,
            number=c.number,
            what=c.what,
            before=_masked(register, c.before),
            after=_masked(register, c.after),
            undoes=c.undoes_id,
            undone=bool(c.undone_by.all()),
            batch=c.batch,
            by=c.by,
            at=c.at,
            can_undo=still_holds(c, state),
        )
        for c in rows
    ]


def _said(register: Register, kept: Kept, row: Any) -> list[ChangeLine]:
    """What the record says of a row that another app keeps, newest first: what was done, by whom.

    The last of it can be undone where that app has an act against it.
    """
    kinds = dict(kept.said)
    found = journal.list_entries(subjects=[str(row.pk)], kinds=list(kinds))
    against = _against(register, kept, row)
    return [
        ChangeLine(
            id=one.id, number=one.seq, what=kinds[type(one.fact)], before={}, after={}, undoes=None,
            undone=False, batch=None, by=one.by or row.pk, at=one.at,
            can_undo=one is found[-1] and kinds[type(one.fact)] == against,
        )
        for one in reversed(found)
    ]  # fmt: skip


def _against(register: Register, kept: Kept, row: Any) -> str:
    """What was done to a row last that its app has an act against: 'added', 'struck', or '' for nothing."""
    if row.removed_at is None:
        return "added" if kept.strike else ""
    again = rows_of(register).filter(key=row.key, removed_at__isnull=True)
    return "struck" if kept.restore and not again.exists() else ""


def _masked(register: Register, kept: dict[str, Any]) -> dict[str, Any]:
    masks = {column.name: column.mask for column in register.columns}
    return {name: rules.masked(masks.get(name, ""), value) for name, value in kept.items()}


def list_comments(row_id: uuid.UUID) -> list[CommentLine]:
    rows = Comment.objects.filter(row_id=row_id).order_by("id")
    return [CommentLine(c.pk, c.words, c.by, c.at) for c in rows]


def may_keep(register: Register, authority: Authority, action: str, *, place: str | None, owner: str) -> bool:
    """Whether the post may do this to such a row: for what a page offers. Actions ask again."""
    if register.kept and action in KEPT_ELSEWHERE:
        right = {
            "registers.add_row": register.kept.add_right,
            "registers.strike_row": register.kept.strike_right,
            "registers.undo_change": register.kept.strike_right,
            "registers.restore_row": register.kept.restore_right,
        }
        return bool(right.get(action)) and agencies.may_with(authority, right[action], place=place)
    if not agencies.may_with(authority, action, place=place):
        return False
    return not missing_to_keep(register, authority, action, owner=owner)


def missing_to_keep(register: Register, authority: Authority, action: str, *, owner: str) -> str:
    """What the post lacks to keep rows of this owner; '' when nothing."""
    code = authority.organization_code
    below = agencies.list_below(code) if authority.role in register.owners and owner not in ("", code) else ()
    return rules.check_keeper(
        register, action=action, role=authority.role, organization=code, below=below, owner=owner
    )
