"""Which rules apply on a day, and what a table of rules must look like. Decides, never fetches."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from jingwei.engines.conditions import OPS
from jingwei.engines.grading import Clause, GradeRow, GradeTable
from jingwei.kernel.canonical import canonical_json
from jingwei.kernel.codes import is_kind_code
from jingwei.kernel.grades import NUMERALS, Grade
from jingwei.kernel.refusals import Refused

from ..facts import (
    DeadlineRule,
    DemandStandard,
    DispatchValue,
    GlossaryRow,
    GradingRule,
    GradingTableRow,
    KindRow,
    MetricRow,
    NeedClass,
    ResponseTrigger,
    Ruled,
    SourceRow,
    WarningSignal,
)

Row = (
    KindRow
    | SourceRow
    | MetricRow
    | GlossaryRow
    | GradingTableRow
    | GradingRule
    | ResponseTrigger
    | DeadlineRule
    | WarningSignal
    | DemandStandard
    | NeedClass
    | DispatchValue
)

#: The tables by name, in the order in which they are loaded: sources first, for the others name them.
TABLES: Mapping[str, type[Row]] = {
    "sources": SourceRow,
    "event-codes": KindRow,
    "metrics": MetricRow,
    "glossary": GlossaryRow,
    "grading-tables": GradingTableRow,
    "grading-rules": GradingRule,
    "response-triggers": ResponseTrigger,
    "reporting-deadlines": DeadlineRule,
    "warning-signals": WarningSignal,
    "demand-standards": DemandStandard,
    "need-classes": NeedClass,
    "dispatch-values": DispatchValue,
}

#: The tables whose rows are rules with a number of their own.
RULED = (
    "warning-signals", "response-triggers", "reporting-deadlines", "grading-rules", "demand-standards",
    "need-classes", "dispatch-values",
)  # fmt: skip

#: Words of comparison that no figure decides; a person does.
JUDGED_OPS = ("judged", "approaching")


class RulesRefused(Refused):
    """`kind_unknown`, `source_unknown`, `rules_table_unknown`, `rules_table_bad`, and of overlays:

    `overlay_unknown`, `overlay_fixed`, `overlay_value_missing`, `overlay_same_value`, `overlay_days_missing`,
    `overlay_reason_missing`, `overlay_basis_missing`, `overlay_weaker_missing`, `overlay_stands_already`,
    `overlay_own`, `overlay_not_waiting`, `overlay_not_withdrawn`, `overlay_withdrawn_already`,
    `overlay_changed_meanwhile`.
    """


class Dated(Protocol):
    """What is known of a rule's time in force."""

    @property
    def title_year(self) -> int | None: ...
    @property
    def until_year(self) -> int | None: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def validity_known(self) -> bool: ...


def is_applied(rule: Dated, on: date) -> bool:
    """Whether the rule is applied to an event of that day.

    Known dates hold, the last one excluded. Where they are not known the rule is applied and marked,
    but never to an event before the year in its source's title, nor after the year in the title of the
    source that replaced it.
    """
    if rule.valid_from is not None and on < rule.valid_from:
        return False
    if rule.valid_to is not None and on >= rule.valid_to:
        return False
    if rule.validity_known:
        return True
    if rule.title_year is not None and on.year < rule.title_year:
        return False
    return rule.until_year is None or on.year <= rule.until_year


def known_how(evidence: str) -> str:
    """full: checked against the original; half: seen in a source; recalled: from memory; else empty."""
    if "recalled" in evidence:
        return "recalled"
    tag = evidence.split("(")[0].split(",")[0].strip()
    return {"verified": "full", "checked": "full", "seen": "half"}.get(tag, "empty")


def climb(kind: str) -> list[str]:
    """The kind's code and those above it, itself first: 11B03, 11B00, 11000, 10000."""
    codes = [kind, kind[:3] + "00", kind[:2] + "000", kind[:1] + "0000"]
    return list(dict.fromkeys(codes)) if len(kind) == 5 else [kind]


def choose_table(tables: Sequence[GradeTable]) -> GradeTable | None:
    """Of several tables for one kind and day: one known to be in force, else that of the newest source."""

    def key(table: GradeTable) -> tuple[bool, int]:
        return table.validity == "known", max((r.clause.title_year or 0 for r in table.rows), default=0)

    return max((t for t in tables if t.rows), key=key, default=None)


def grade_table(head: GradingTableRow, rules: Iterable[GradingRule], on: date) -> GradeTable:
    """The table's rows, and those of the tables it adds, that apply on the day.

    Without a row of its own the table is empty: what others add is not enough to grade by.
    """
    order = {name: n for n, name in enumerate([head.table, *head.adds.split()])}
    applied = [rule for rule in rules if rule.table in order and is_applied(rule, on)]
    if not any(rule.table == head.table for rule in applied):
        applied = []
    rows = [
        GradeRow(grade=Grade(rule.grade), group=f"{rule.table}.{rule.alt_group}", clause=clause_of(rule))
        for rule in sorted(applied, key=lambda rule: (order[rule.table], rule.rule_id))
    ]
    return GradeTable(
        name=head.table, kind=head.kind, name_zh=head.name_zh, name_en=head.name_en, rows=tuple(rows)
    )


def clause_of(rule: GradingRule | ResponseTrigger) -> Clause:
    return Clause(
        rule_id=rule.rule_id,
        source=rule.source,
        article=rule.article,
        evidence=rule.evidence,
        text_zh=rule.text_zh,
        overlay=rule.node,
        metric=rule.metric,
        op=rule.op,
        value=rule.value,
        unit=rule.unit,
        validity=rule.validity,
        title_year=rule.title_year,
    )


# --- reading a table -------------------------------------------------------------------------------------


def read_table(name: str, content: bytes) -> list[Row]:
    """A CSV table's rows. Refused with table and line when a row is not what it should be."""
    if name not in TABLES:
        raise RulesRefused("rules_table_unknown", table=name)
    rows: list[Row] = []
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RulesRefused("rules_table_bad", table=name, line=0, what=str(error)[:120]) from error
    for number, line in enumerate(lines, start=2):
        try:
            rows.append(_row(TABLES[name], line))
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            raise RulesRefused("rules_table_bad", table=name, line=number, what=str(error)[:120]) from error
    keys = [key_of(row) for row in rows]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise RulesRefused("rules_table_bad", table=name, line=0, what=f"twice: {twice}")
    return rows


def key_of(row: Row) -> str:
    """What identifies a row within its table: the first column."""
    return str(getattr(row, _KEYS[type(row)]))


_KEYS: Mapping[type, str] = {
    SourceRow: "id",
    KindRow: "code",
    MetricRow: "metric",
    GlossaryRow: "term",
    GradingTableRow: "table",
    GradingRule: "rule_id",
    ResponseTrigger: "rule_id",
    DeadlineRule: "rule_id",
    WarningSignal: "rule_id",
    DemandStandard: "rule_id",
    NeedClass: "rule_id",
    DispatchValue: "rule_id",
}


def _row(kind: type[Row], line: Mapping[str, str]) -> Row:
    unknown = set(line) - set(kind.__struct_fields__)
    if unknown:
        raise ValueError(f"columns not known: {sorted(map(str, unknown))}")
    filled = {name: value for name, value in line.items() if value not in ("", None)}
    row = msgspec.convert(filled, kind, strict=False)
    _check(row)
    return row


def _check(row: Row) -> None:
    if isinstance(row, GradingRule):
        Grade(row.grade)
    if isinstance(row, ResponseTrigger | WarningSignal) and row.level not in NUMERALS:
        raise ValueError(f"level {row.level}")
    if isinstance(row, GradingRule | ResponseTrigger | WarningSignal) and row.op not in (*OPS, *JUDGED_OPS):
        raise ValueError(f"no such comparison: {row.op}")
    if isinstance(row, GradingRule | WarningSignal) and not is_kind_code(row.kind):
        raise ValueError(f"no such kind: {row.kind}")
    if isinstance(row, KindRow) and not is_kind_code(row.code):
        raise ValueError(f"no such kind: {row.code}")


def missing_sources(rows: Iterable[Row], known: set[str]) -> set[str]:
    """Sources the rows name and nobody knows."""
    named = {row.source for row in rows if isinstance(row, KindRow | Ruled | GlossaryRow)}
    return named - known - {""}


def rows_digest(rows: Iterable[Row]) -> str:
    """SHA-256 over the rows in the order of their keys: equal for equal content, whatever the file."""
    content = [msgspec.structs.asdict(row) for row in sorted(rows, key=key_of)]
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
