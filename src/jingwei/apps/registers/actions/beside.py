"""What is done beside a row: words left, masked data looked at, views kept."""

import uuid
from datetime import datetime

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from ..facts import Cell, RowCommented, RowRevealed, ViewSaved
from ..models import Comment, SavedView
from ..queries.declared import get_register
from ..queries.rows import get_row
from ..rules import RegisterRefused, check_reason, check_words
from .writing import require_keeper

#: Longest name of a view, and longest question kept. Source: the columns of the table, models.py.
_LONGEST_NAME, _LONGEST_ASKED = 60, 1000


@transaction.atomic
def comment_row(register_code: str, row_id: uuid.UUID, words: str, *, by: By, moment: Moment) -> uuid.UUID:
    """Leave a word beside a row, for whoever keeps it next. It stays."""
    row = get_row(get_register(register_code), row_id)
    agencies.require(by, "registers.comment_row", at=moment.at, place=row.place)
    return leave_words(register_code, row_id, words, by=by, moment=moment)


def leave_words(register_code: str, row_id: uuid.UUID, words: str, *, by: By, moment: Moment) -> uuid.UUID:
    kept = Comment(register=register_code, row_id=row_id, words=check_words(words), by=by, at=moment.at)
    kept.save(force_insert=True)
    fact = RowCommented(register=register_code, row_id=str(row_id), comment_id=str(kept.pk))
    record([(fact, kept)], by=by, moment=moment)
    return kept.pk


@transaction.atomic
def reveal_row(
    register_code: str, row_id: uuid.UUID, *, reason: str, by: By, moment: Moment
) -> dict[str, Cell]:
    """Show what is masked in a row to one who needs it; the look is recorded with its reason."""
    register = get_register(register_code)
    row = get_row(register, row_id)
    require_keeper(register, "registers.reveal_row", by=by, moment=moment, place=row.place, owner=row.owner)
    names = [column.name for column in register.columns if column.mask]
    fact = RowRevealed(register=register_code, row_id=str(row_id), columns=names, reason=check_reason(reason))
    record([(fact, None)], by=by, moment=moment)
    return {name: getattr(row, name) for name in names}


@transaction.atomic
def save_view(register_code: str, name: str, asked: str, *, by: By, moment: Moment) -> uuid.UUID:
    """Keep what is sought under a name, for the posts of one's own organization; the same name anew."""
    get_register(register_code)
    own = agencies.require(by, "registers.save_view", at=moment.at)
    name = name.replace("\x00", "").strip()[:_LONGEST_NAME]
    if not name:
        raise RegisterRefused("view_name_missing")
    for old in SavedView.objects.select_for_update().filter(
        register=register_code, organization=own.organization_code, name=name, removed_at__isnull=True
    ):
        _forget(old, moment.at, by=by, moment=moment)
    kept = SavedView(
        register=register_code, organization=own.organization_code, name=name,
        asked=asked.replace("\x00", "")[:_LONGEST_ASKED], by=by, at=moment.at,
    )  # fmt: skip
    kept.save(force_insert=True)
    fact = ViewSaved(register=register_code, view_id=str(kept.pk), kept=True)
    record([(fact, kept)], by=by, moment=moment)
    return kept.pk


@transaction.atomic
def forget_view(view_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Keep a view no longer."""
    own = agencies.require(by, "registers.forget_view", at=moment.at)
    row = SavedView.objects.select_for_update().filter(pk=view_id, removed_at__isnull=True).first()
    if row is None:
        raise RegisterRefused("view_unknown")
    if row.organization != own.organization_code:
        raise NotAllowed("not_allowed", action="registers.forget_view", reason="organization")
    _forget(row, moment.at, by=by, moment=moment)


def _forget(row: SavedView, at: datetime, *, by: By, moment: Moment) -> None:
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    fact = ViewSaved(register=row.register, view_id=str(row.pk), kept=False)
    record([(fact, row)], by=by, moment=moment)
