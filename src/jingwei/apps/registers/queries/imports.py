"""Imports: their columns, what their lines would become, how far they are, which lines are wrong."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.engines.sheets.safe import plain_again

from ..facts import CellError, Register
from ..models import Heading, Import, ImportLine
from ..rules import RegisterRefused
from ..rules.matching import heading_form, match_columns, texts_of
from .given import Read, read_rows
from .source import rows_of

#: Lines that a look beforehand judges. Source: our estimate, enough to see whether columns fit, 2026-11-29.
LOOKED_AT = 200


class ImportCard(msgspec.Struct, frozen=True):
    """An import as its page shows it. `done`: lines whose lot is known."""

    id: uuid.UUID
    file_name: str
    headings: list[str]
    notes: list[str]
    matched: dict[str, str]
    state: str
    total: int
    added: int
    updated: int
    same: int
    wrong: int
    kept: int
    by: uuid.UUID
    at: datetime
    ended_at: datetime | None

    @property
    def done(self) -> int:
        return self.added + self.updated + self.same + self.wrong


class LineCard(msgspec.Struct, frozen=True):
    """A line with what is wrong with it."""

    number: int
    cells: list[str]
    errors: tuple[CellError, ...]


def _card(row: Import) -> ImportCard:
    return ImportCard(**{name: getattr(row, name) for name in ImportCard.__struct_fields__})


def find_import(register: Register, import_id: uuid.UUID, *, authority: Authority) -> ImportCard | None:
    """An import of this register by one's own organization."""
    row = Import.objects.filter(pk=import_id, register=register.code).first()
    return _card(row) if row and is_own(row, authority) else None


def is_own(row: Import, authority: Authority) -> bool:
    found = agencies.list_authorities([row.by]).get(row.by)
    return found is not None and found.organization == authority.organization


def list_imports(register: Register, *, authority: Authority, limit: int = 20) -> list[ImportCard]:
    """The last imports of one's own organization."""
    rows = Import.objects.filter(register=register.code).order_by("-id")[: limit * 5]
    return [_card(row) for row in rows if is_own(row, authority)][:limit]


def propose_columns(register: Register, headings: Sequence[str]) -> dict[str, str]:
    """Which column each heading stands for, as far as names and earlier files say."""
    forms = [heading_form(heading) for heading in headings]
    known = dict(
        Heading.objects.filter(register=register.code, heading__in=forms).values_list("heading", "column")
    )
    return match_columns(register, headings, known)


def list_first_lines(import_id: uuid.UUID, *, limit: int = LOOKED_AT) -> list[LineCard]:
    rows = ImportLine.objects.filter(of=import_id).order_by("id")[:limit]
    return [LineCard(row.number, row.cells, ()) for row in rows]


def list_wrong(import_id: uuid.UUID, *, limit: int | None = None) -> Iterator[LineCard]:
    """The lines that were not taken, in order, with why."""
    rows = ImportLine.objects.filter(of=import_id, state="wrong").order_by("id")
    for row in rows[:limit].iterator() if limit is None else rows[:limit]:
        errors = tuple(msgspec.convert(one, CellError) for one in row.errors)
        yield LineCard(row.number, row.cells, errors)


def read_lines(
    register: Register, matched: Mapping[str, str], lines: Sequence[Sequence[str]], *, within: str = ""
) -> list[Read]:
    """What lines hold. A masked cell as a file of ours has it says nothing; an empty one neither."""
    texts = [_given(register, texts_of(matched, cells)) for cells in lines]
    return read_rows(register, texts, within=within)


def _given(register: Register, texts: dict[str, str]) -> dict[str, str]:
    masks = {column.name for column in register.columns if column.mask}
    required = {column.name for column in register.columns if column.required}
    found = {}
    for name, text in texts.items():
        if (name in masks and "*" in text) or (not text.strip() and name not in required):
            continue
        found[name] = plain_again(text)
    return found


def find_twins(register: Register, keys: Sequence[str]) -> dict[str, Any]:
    """Rows that stand under these duplicate keys."""
    rows = rows_of(register).filter(key__in=list(keys), removed_at__isnull=True)
    return {row.key: row for row in (rows if register.kept else rows.select_for_update())}


def get_import(import_id: uuid.UUID) -> Import:
    row = Import.objects.select_for_update().filter(pk=import_id).first()
    if row is None:
        raise RegisterRefused("import_unknown")
    return row
