"""One row with its history and the words beside it."""

import uuid
from datetime import datetime
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority

from .. import rules
from ..facts import Register
from ..models import Change, Comment
from ..rules import RegisterRefused
from .lists import RowLine, line_of


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
    row = register.model.objects.filter(pk=row_id).first()
    if row is None or not agencies.sees(authority, row.place):
        return None
    return line_of(register, row)


def get_row(register: Register, row_id: uuid.UUID, *, lock: bool = False) -> Any:
    """The row itself, for an action of the kit. Refused as `row_unknown`."""
    rows = register.model.objects.select_for_update() if lock else register.model.objects.all()
    row = rows.filter(pk=row_id).first()
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


def _masked(register: Register, kept: dict[str, Any]) -> dict[str, Any]:
    masks = {column.name: column.mask for column in register.columns}
    return {name: rules.masked(masks.get(name, ""), value) for name, value in kept.items()}


def list_comments(row_id: uuid.UUID) -> list[CommentLine]:
    rows = Comment.objects.filter(row_id=row_id).order_by("id")
    return [CommentLine(c.pk, c.words, c.by, c.at) for c in rows]


def may_keep(register: Register, authority: Authority, action: str, *, place: str | None, owner: str) -> bool:
    """Whether the post may do this to such a row: for what a page offers. Actions ask again."""
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
