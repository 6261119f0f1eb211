"""Imports: their columns, what their lines would become, how far they are, which lines are wrong."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.engines.sheets.safe import plain_again
from jingwei.kernel.moments import By, Moment

from ..facts import CellError, Kept, Looked, Register
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
    always: dict[str, str]
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
    state: str = ""
    became: uuid.UUID | None = None


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
    register: Register,
    matched: Mapping[str, str],
    lines: Sequence[Sequence[str]],
    *,
    always: Mapping[str, str] | None = None,
    within: str = "",
) -> list[Read]:
    """What lines hold. A masked cell as a file of ours has it says nothing; an empty one neither."""
    texts = [_given(register, texts_of(matched, cells, always)) for cells in lines]
    return read_rows(register, texts, within=within)


def look_at(
    register: Register, matched: Mapping[str, str], always: Mapping[str, str], lines: Sequence[LineCard],
    *, of: uuid.UUID | None = None, by: By, moment: Moment,
) -> list[Looked]:  # fmt: skip
    """What lines would become by another app's own reading, or why they cannot; which were taken in before.

    `of`: the import whose lines they are, where others of it came before these.
    """
    if register.kept is None:
        return []
    read = read_lines(register, matched, [line.cells for line in lines], always=always)
    look = register.kept.looks(by=by, moment=moment)
    looked: list[Looked] = [
        Looked(errors=tuple(errors)) if errors else look(values) for values, errors in read
    ]
    keys = {one.key for one in looked if not one.errors}
    known, before = find_numbers(of, keys) if of else {}, _list_taken_before(register, keys)
    found: list[Looked] = []
    for line, one in zip(lines, looked, strict=True):
        if not one.errors:
            number, known[one.key] = known.get(one.key), known.get(one.key, line.number)
            one = _known(register, register.kept, one, number, before.get(one.key))
        found.append(one)
    return found


def find_numbers(of: uuid.UUID, keys: Collection[str]) -> dict[str, int]:
    """The lines of an import that were taken under these keys."""
    lines = ImportLine.objects.filter(of=of, key__in=keys).exclude(key="")
    return dict(lines.values_list("key", "number"))


def _known(
    register: Register, kept: Kept, one: Looked, number: int | None, before: uuid.UUID | None
) -> Looked:
    """A line that came before: in this file, in an earlier one, or in one of which it is over meanwhile."""
    if number is not None:
        double = CellError(register.duplicate[-1], "cell_double", {"line": str(number)})
        return structs.replace(one, errors=(double,))
    if before is None:
        return one
    if kept.ended(before):
        return structs.replace(one, errors=(CellError(register.duplicate[-1], "line_over"),))
    return structs.replace(one, before=before, notes=(CellError(register.duplicate[-1], "line_taken"),))


def _list_taken_before(register: Register, keys: Collection[str]) -> dict[str, uuid.UUID]:
    """What these lines became when they were taken in before, in whichever file, the last time each; what was
    taken back is none.
    """
    of = Import.objects.filter(register=register.code).exclude(state="waiting")
    lines = ImportLine.objects.filter(of__in=of.values("pk"), key__in=keys, state__in=["added", "kept"])
    told = lines.exclude(key="").order_by("id").values_list("key", "change")
    return {key: change for key, change in told if change is not None}


def list_taken(import_id: uuid.UUID, *, limit: int) -> list[LineCard]:
    """The first lines that became something, or had before: what, by its id."""
    rows = ImportLine.objects.filter(of=import_id, state__in=["added", "same", "kept"]).exclude(change=None)
    return [LineCard(row.number, row.cells, (), row.state, row.change) for row in rows.order_by("id")[:limit]]


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
    if register.only_files:
        return {}
    rows = rows_of(register).filter(key__in=list(keys), removed_at__isnull=True)
    return {row.key: row for row in (rows if register.kept else rows.select_for_update())}


def get_import(import_id: uuid.UUID) -> Import:
    row = Import.objects.select_for_update().filter(pk=import_id).first()
    if row is None:
        raise RegisterRefused("import_unknown")
    return row
