"""What is sought in the tables: rows by words, kind, level, area, evidence and day; where a source stands."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from jingwei.kernel.codes import kind_within

from .. import models, rules
from ..facts import LOCAL, NATIONAL, SCOPES, SHEETS, DeadlineRule, GradingRule, Sheet, Sought
from ..rules import Row, RulesRefused
from .tables import get_laid, list_metrics, list_rules


class Found(msgspec.Struct, frozen=True):
    """How a table stands: rows, sources it names, rows recalled and not read, rows no longer in force."""

    table: str
    sheet: Sheet
    rows: int
    sources: int
    recalled: int
    superseded: int


def list_sheets() -> list[Found]:
    """Every table in the order in which they are shown."""
    gone = _superseded()
    found = []
    for name, sheet in SHEETS.items():
        rows = _shipped(name)
        sources = {s for row in rows if (s := getattr(row, "source", ""))}
        found.append(
            Found(
                table=name,
                sheet=sheet,
                rows=len(rows),
                sources=len(sources) if name != "sources" else len(rows),
                recalled=sum(is_recalled(row) for row in rows),
                superseded=sum(rules.key_of(row) in gone or _source_of(row) in gone for row in rows),
            )
        )
    return found


def _shipped(table: str, on: date | None = None) -> list[Row]:
    return [row for row in list_rules(table, on=on) if not getattr(row, "node", "")]


def is_recalled(row: Row) -> bool:
    """Whether somebody wrote it from memory and nobody has read it in its source since."""
    return "recalled" in getattr(row, "evidence", "")


def _superseded() -> set[str]:
    rows = models.Source.objects.exclude(status="", superseded_by="", repealed_on=None)
    return set(rows.values_list("pk", flat=True))


def _source_of(row: Row) -> str:
    return getattr(row, "source", "") or ""


def seek(table: str, sought: Sought, *, today: date) -> list[Row]:
    """The rows of a table that fit, in the order of the table.

    Of an area: as they hold there for an event of the day sought, else of today; overlaid rows say so.
    """
    _sheet(table)
    rows = _shipped(table, sought.on)
    named = _Named() if sought.text.strip() else None
    fit = [row for row in rows if _fits(table, row, sought, named)]
    if not sought.place:
        return fit
    laid, on = get_laid(), sought.on or today
    return [
        laid.over([row], sought.place, on)[0] if isinstance(row, GradingRule | DeadlineRule) else row
        for row in fit
    ]


def _fits(table: str, row: Row, sought: Sought, named: "_Named | None") -> bool:
    if named is not None and not all(w in named.said(row) for w in sought.text.lower().split()):
        return False
    if sought.kind and not _is_of_kind(row, sought.kind):
        return False
    level = SHEETS[table].level
    if sought.level is not None and (not level or getattr(row, level) != sought.level):
        return False
    if sought.evidence and rules.known_how(getattr(row, "evidence", "")) != sought.evidence:
        return False
    return not sought.place or _holds_in(row, sought.place)


def _is_of_kind(row: Row, kind: str) -> bool:
    if isinstance(row, DeadlineRule):
        return any(kind_within(kind, prefix) for prefix in SCOPES.get(row.event_scope, ()))
    own = getattr(row, "kind", "") or getattr(row, "code", "")
    return bool(own) and kind_within(own, kind)


def _holds_in(row: Row, place: str) -> bool:
    """Deadlines of another province and examples from elsewhere do not hold in an area; all else does."""
    if not isinstance(row, DeadlineRule) or row.regime in NATIONAL:
        return True
    return place.startswith(LOCAL.get(row.regime, "-"))


class _Named:
    """What a row says in both languages: its cells, and the names its codes stand for."""

    def __init__(self) -> None:
        self._metrics = {m.metric: f"{m.name_zh} {m.name_en}" for m in list_metrics().values()}
        self._sources = dict(models.Source.objects.values_list("pk", "title_zh"))
        self._kinds = {k.pk: f"{k.name_zh} {k.name_en}" for k in models.Kind.objects.all()}
        self._words: dict[str, list[str]] = {}
        for (_, code), pair in words_of(settings.JINGWEI_DATA).items():
            self._words.setdefault(code, []).extend(pair)

    def said(self, row: Row) -> str:
        cells = [str(v) for v in msgspec.structs.asdict(row).values() if v not in (None, "")]
        named = [*self._named(cells)]
        return " ".join([*cells, *named]).lower()

    def _named(self, cells: Sequence[str]) -> list[str]:
        books: Sequence[Mapping[str, str]] = (self._metrics, self._sources, self._kinds)
        found = [book[cell] for cell in cells for book in books if cell in book]
        return found + [word for cell in cells for word in self._words.get(cell, ())]


@cache
def words_of(data: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """The field's words for the codes of the tables, by group and code: package data."""
    with (data / "rules" / "words.csv").open(encoding="utf-8") as file:
        return {(row["group"], row["code"]): (row["zh"], row["en"]) for row in csv.DictReader(file)}


def fields_of(table: str) -> tuple[str, ...]:
    """The columns of a table, in order."""
    _sheet(table)
    return rules.TABLES[table].__struct_fields__


def find_row(table: str, key: str) -> Row | None:
    """A row by its key within its table."""
    _sheet(table)
    return next((row for row in _shipped(table) if rules.key_of(row) == key), None)


def count_of_source(source: str) -> dict[str, int]:
    """How many rows of each table stand under a source."""
    found = {
        name: sum(_source_of(row) == source or source in getattr(row, "also", "") for row in _shipped(name))
        for name in SHEETS
        if name != "sources"
    }
    return {name: n for name, n in found.items() if n}


def _sheet(table: str) -> Sheet:
    if table not in SHEETS:
        raise RulesRefused("rules_table_unknown", table=table)
    return SHEETS[table]
