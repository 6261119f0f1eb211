"""Lists of rows: by place and name, a page at a time, as fast at the millionth row as at the first.

A page begins behind the last row of the one before. Behind means: the same place and name with a later
id, then the same place with a later name, then later places; each is one walk along the list's index.
"""

import base64
import binascii
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority

from ..facts import Cell, Register, Sought
from ..rules import masked
from ..rules.searching import search_form
from .areas import Area, list_areas
from .found import (
    Asked,
    Key,
    count_found,
    find_asked,
    find_page,
    is_answered_alone,
    list_few,
)
from .source import entered_at, find_by_words, rows_of

#: Rows that a list counts at most: beyond, it says "more than". Source: our estimate, nobody counts on,
#: and ten thousand are counted in some milliseconds, 2026-11-29.
MOST_COUNTED = 10_000


class RowLine(msgspec.Struct, frozen=True):
    """A row as read. Masked columns are masked already: what they hold is told by `reveal_row` alone."""

    id: uuid.UUID
    values: dict[str, Cell]
    version: int
    created_at: datetime
    changed_at: datetime
    changed_by: uuid.UUID | None
    confirmed_at: datetime
    removed_at: datetime | None


class RowPage(msgspec.Struct, frozen=True):
    """Rows of one page, and from where the next goes on; '' when this is the last.

    `count`: how many there are in all, as `count_rows` says it, where looking for the page has told.
    """

    rows: list[RowLine]
    next: str
    count: int | None = None


def line_of(register: Register, row: Any) -> RowLine:
    if register.kept:
        at = entered_at(row)
        return RowLine(
            row.pk, {c.name: masked(c.mask, getattr(row, c.name)) for c in register.columns}, 1, at, at, None,
            at, row.removed_at,
        )  # fmt: skip
    return RowLine(
        id=row.pk,
        values={c.name: masked(c.mask, getattr(row, c.name)) for c in register.columns},
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        confirmed_at=row.confirmed_at,
        removed_at=row.removed_at,
    )


def list_rows(
    register: Register, sought: Sought, *, authority: Authority, after: str = "", limit: int = 50
) -> RowPage:
    """One page of what the post sees, by place and name, or what was confirmed longest ago first."""
    asked, areas, behind = find_asked(register, sought), list_areas(sought, authority), _read_cursor(after)
    if asked is not None and is_answered_alone(register, sought):
        return _page_by_pieces(asked, sought, areas, behind, limit)
    found: list[Any] = []
    for rows in _walks(register, sought, areas, behind, _few(asked, areas)):
        found += rows[: limit + 1 - len(found)]
        if len(found) > limit:
            break
    shown = found[:limit]
    onward = _write_cursor(shown[-1], sought) if len(found) > limit else ""
    return RowPage(rows=[line_of(register, row) for row in shown], next=onward)


def _few(asked: Asked | None, areas: Sequence[Area]) -> Q:
    """What the index says of rows that something else is asked of as well."""
    few = list_few(asked, areas) if asked is not None else None
    return Q() if few is None else Q(pk__in=few)


def _page_by_pieces(
    asked: Asked, sought: Sought, areas: Sequence[Area], behind: list[str], limit: int
) -> RowPage:
    """The page by the index; what stands no longer so is passed over."""
    register = asked.register
    after = Key(behind[0], behind[1], uuid.UUID(behind[2])) if behind else None
    hits = find_page(asked, areas, after=after, limit=limit + 1)
    rows = _standing(register, sought.equal) if register.kept else _sought(register, sought)
    keys = hits.keys[:limit]
    held = {row.pk: row for row in rows.filter(pk__in=[key.id for key in keys])} if keys else {}
    return RowPage(
        rows=[line_of(register, held[key.id]) for key in keys if key.id in held],
        next=_cursor([keys[-1].place, keys[-1].name, str(keys[-1].id)]) if len(hits.keys) > limit else "",
        count=None if hits.total is None else min(hits.total, MOST_COUNTED + 1),
    )


def _standing(register: Register, equal: Mapping[str, str]) -> QuerySet[Any]:
    """Rows that another app keeps, without their words: the index has compared those."""
    return _equal(register, rows_of(register).filter(removed_at__isnull=True), equal)


def list_standing(
    register: Register, sought: Sought, *, authority: Authority, most: int, step: int = 500
) -> Iterator[RowLine]:
    """All that the post sees and seeks, at most so many: for files and for changes of many rows."""
    after, left = "", most
    while left > 0:
        page = list_rows(register, sought, authority=authority, after=after, limit=min(step, left))
        yield from page.rows
        left -= len(page.rows)
        after = page.next
        if not after:
            return


def count_rows(register: Register, sought: Sought, *, authority: Authority) -> int:
    """How many there are; `MOST_COUNTED` + 1 stands for more than that."""
    asked, areas = find_asked(register, sought), list_areas(sought, authority)
    if asked is not None and is_answered_alone(register, sought):
        return count_found(asked, areas, most=MOST_COUNTED + 1)
    count, few = 0, _few(asked, areas)
    for area in areas:
        rows = _sought(register, sought).filter(few, area.where()).order_by().values("pk")
        count += rows[: MOST_COUNTED + 1 - count].count()
        if count > MOST_COUNTED:
            break
    return count


def _sought(register: Register, sought: Sought) -> QuerySet[Any]:
    rows = rows_of(register).filter(removed_at__isnull=not sought.struck)
    words = sought.text.replace("\x00", "").split()
    if words and register.kept:
        rows = rows.filter(find_by_words(register, rows, words))
    for word in () if register.kept else words:
        rows = rows.filter(found_by__contains=search_form(word))
    rows = _equal(register, rows, sought.equal)
    if register.kept:  # its rows keep no times
        return rows
    if sought.stale_before:
        rows = rows.filter(confirmed_at__lt=datetime.fromisoformat(sought.stale_before))
    if sought.changed_from:
        rows = rows.filter(changed_at__gte=datetime.fromisoformat(sought.changed_from))
    if sought.changed_until:
        rows = rows.filter(changed_at__lte=datetime.fromisoformat(sought.changed_until))
    if sought.due_from:
        rows = rows.filter(_due(register, sought.due_from))
    return rows.filter(_boxed(register, sought.box)) if sought.box and register.has_points else rows


def _equal(register: Register, rows: QuerySet[Any], equal: Mapping[str, str]) -> QuerySet[Any]:
    for name, value in equal.items():
        column = register.column(name)
        if column is not None and column.filtered:
            rows = rows.filter(**{name: value == "1" if column.kind == "flag" else value})
    return rows


def _due(register: Register, since: str) -> Q:
    found = Q(pk__in=())
    for column in register.dues:
        undone = Q(**{f"{column.done_by}__isnull": True}) if column.done_by else Q()
        found |= Q(**{f"{column.name}__gte": since}) & undone
    return found


def _boxed(register: Register, box: tuple[float, float, float, float]) -> Q:
    west, south, east, north = box
    if register.meets:  # over the 180th meridian there are two boxes
        parts = [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]
        found = Q(pk__in=())
        for part in parts:
            found |= register.meets(part)
        return found
    across = Q(lon__gte=west) | Q(lon__lte=east)
    between = Q(lon__gte=west, lon__lte=east) if west <= east else across
    return Q(lat__gte=south, lat__lte=north) & between


def _walks(
    register: Register, sought: Sought, areas: Sequence[Area], after: list[str], few: Q
) -> Iterator[QuerySet[Any]]:
    """The list in parts, each along one index, the first of them right behind `after`."""
    rows = _sought(register, sought).filter(few)
    if sought.order == "stale" and not register.kept:
        yield from _by_age(rows, [area.where() for area in areas], after)
        return
    ordered = rows.order_by("place", "name", "id")
    for area in areas:
        inside = ordered.filter(area.where())
        if after:
            place, name, last = after
            same = inside.filter(place=place)
            yield same.filter(name=name, id__gt=last)
            yield same.filter(name__gt=name)
            yield inside.filter(place__gt=place)
        else:
            yield inside


def _by_age(rows: QuerySet[Any], areas: list[Q], after: list[str]) -> Iterator[QuerySet[Any]]:
    if not areas:
        return
    where = Q()
    for area in areas:
        where |= area
    if not all(areas):  # the whole: nothing to narrow
        where = Q()
    ordered = rows.filter(where).order_by("confirmed_at", "id")
    if after:
        at, _, last = after
        yield ordered.filter(confirmed_at=at, id__gt=last)
        yield ordered.filter(confirmed_at__gt=at)
    else:
        yield ordered


def _write_cursor(row: Any, sought: Sought) -> str:
    parts = [row.place, row.name, str(row.pk)]
    if sought.order == "stale" and hasattr(row, "confirmed_at"):
        parts = [row.confirmed_at.isoformat(), "", str(row.pk)]
    return _cursor(parts)


def _cursor(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def _read_cursor(text: str) -> list[str]:
    """Where to go on; from the beginning when the address was changed by hand."""
    try:
        parts = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=list[str])
        uuid.UUID(parts[2])
    except (binascii.Error, ValueError, IndexError, msgspec.MsgspecError):
        return []
    return [one.replace("\x00", "") for one in parts] if len(parts) == 3 else []
