"""How grave an event is, by which clause, and what is still unknown."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from jingwei.kernel.grades import Grade

from .conditions import Condition, Known, Verdict, evaluate, is_number

#: Asked for before any other figure. Source: [SRC-REG493] art. 3 and [SRC-GRADING2006] name deaths first.
ASKED_FIRST = ("deaths", "dead_or_missing")


class Clause(msgspec.Struct, frozen=True):
    """Where a rule stands, how well we know its words, and whether we know when it was in force.

    `overlay`: what an area laid over it, whose value stands here; else empty.
    """

    rule_id: str
    source: str
    article: str = ""
    evidence: str = ""
    text_zh: str = ""
    metric: str = ""
    op: str = ""
    value: str = ""
    unit: str = ""
    validity: Literal["known", "unknown"] = "unknown"
    title_year: int | None = None
    overlay: str = ""


class GradeRow(msgspec.Struct, frozen=True):
    """One condition of one grade. `group` is unique within the table, also where tables were joined."""

    grade: Grade
    group: str
    clause: Clause

    @property
    def metric(self) -> str:
        return self.clause.metric

    @property
    def unit(self) -> str:
        return self.clause.unit

    @property
    def condition(self) -> Condition:
        c = self.clause
        return Condition(id=c.rule_id, group=self.group, metric=c.metric, op=c.op, value=c.value)


class GradeTable(msgspec.Struct, frozen=True):
    """The conditions by which a kind of event is graded on a day. Not every table has four grades."""

    name: str
    kind: str
    name_zh: str
    name_en: str
    rows: tuple[GradeRow, ...]

    @property
    def validity(self) -> Literal["known", "unknown"]:
        """Known only if it is known of every row."""
        return "known" if all(r.clause.validity == "known" for r in self.rows) else "unknown"


class Graded(msgspec.Struct, frozen=True):
    """What can be said of the grade. Never a decision: a person confirms it.

    `clauses`: the rows that make the grade. `missing`: figures that could still make it graver, or,
    without a grade, could give one. `judgement`: rows with the same effect that await a person.
    `could_be`: the gravest grade not ruled out; None when no grade of the table can come any more.
    """

    state: Literal["graded", "not_gradable", "no_table"]
    grade: Grade | None = None
    clauses: tuple[Clause, ...] = ()
    missing: tuple[str, ...] = ()
    judgement: tuple[Clause, ...] = ()
    could_be: Grade | None = None
    table: str = ""


def grade(
    figures: Mapping[str, Known], table: GradeTable | None, *, judged: Mapping[str, bool] | None = None
) -> Graded:
    """The gravest grade whose conditions hold, its clauses, and what leaves a graver one open.

    `figures` by metric; absent or None is unknown. `judged`: what a person found, by rule id.
    Source: [SRC-GRADING2006] and [SRC-REG493] art. 3: any one of the criteria suffices for a grade.
    """
    if table is None or not table.rows:
        return Graded(state="no_table")
    verdicts = {
        level: evaluate([r.condition for r in table.rows if r.grade == level], figures, judged)
        for level in sorted({r.grade for r in table.rows})
    }
    found = next((level for level, verdict in verdicts.items() if verdict.holds), None)
    undecided = [
        level for level, v in verdicts.items() if v.holds is None and (found is None or level < found)
    ]
    clauses = {r.clause.rule_id: r.clause for r in table.rows}
    waiting = [verdicts[level] for level in undecided]
    return Graded(
        state="not_gradable" if found is None else "graded",
        grade=found,
        clauses=tuple(clauses[i] for i in verdicts[found].because) if found else (),
        missing=_in_asking_order(waiting),
        judgement=tuple(clauses[i] for v in waiting for i in v.judgement),
        could_be=min(undecided, default=found),
        table=table.name,
    )


def list_metrics(table: GradeTable) -> list[str]:
    """The figures the table asks for, in the order in which they are asked."""
    rows = [r.condition for r in table.rows]
    return _first(dict.fromkeys(r.metric for r in rows if is_number(r)))


def _in_asking_order(waiting: Sequence[Verdict]) -> tuple[str, ...]:
    return tuple(_first(dict.fromkeys(m for v in waiting for m in v.missing)))


def _first(metrics: Mapping[str, None]) -> list[str]:
    return sorted(metrics, key=lambda m: ASKED_FIRST.index(m) if m in ASKED_FIRST else len(ASKED_FIRST))
