"""The table an incident is graded by, grade by grade, in words, with what is known of each condition."""

from collections.abc import Sequence

import msgspec
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import GradeRow
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.kernel.grades import Grade

from . import terms

_SIGNS = {"<=": "≤", ">": ">", "==": ":", "between": ""}


class Line(msgspec.Struct, frozen=True):
    """One condition: its words, the rules that say so, the figure known, whether it makes the grade.

    `overlay`: what the incident's area laid over it.
    """

    text: str
    ids: str
    evidence: str
    known: float | None
    holds: bool
    overlay: str


class Step(msgspec.Struct, frozen=True):
    level: int
    rows: tuple[Line, ...]


class Explained(msgspec.Struct, frozen=True):
    name_zh: str
    name_en: str
    validity: str
    grades: tuple[Step, ...]


def explain(line: IncidentLine) -> Explained | None:
    """The table of the event's own day; None when no rule applies to its kind."""
    table = hazards.find_grading_table(line.kind, localtime(line.opened_at).date(), line.place)
    if table is None:
        return None
    steps = []
    for grade in Grade:
        pairs: dict[tuple[str, str], list[GradeRow]] = {}
        for row in table.rows:
            if row.grade == grade:
                pairs.setdefault((row.group, row.metric), []).append(row)
        if pairs:
            steps.append(Step(grade.value, tuple(_line(rows, line) for rows in pairs.values())))
    return Explained(table.name_zh, table.name_en, table.validity, tuple(steps))


def _line(rows: Sequence[GradeRow], incident: IncidentLine) -> Line:
    clauses = [r.clause for r in rows]
    return Line(
        text=condition(rows),
        ids=" ".join(c.rule_id for c in clauses),
        evidence=clauses[0].evidence,
        overlay=next((c.overlay for c in clauses if c.overlay), ""),
        known=incident.figures.get(rows[0].metric),
        holds=incident.proposed_grade == rows[0].grade
        and all(c.rule_id in incident.clauses for c in clauses),
    )


def condition(rows: Sequence[GradeRow]) -> str:
    """The bounds of one measure in the law's words: 10 or more, under 30."""
    name, unit = terms.measure(rows[0].metric), terms.unit(rows[0].unit)
    bounds = {r.clause.op: r.clause.value for r in rows}
    least, under = bounds.get(">="), bounds.get("<")
    if least and under:
        text = _("{name} {least} or more, under {under} {unit}")
    elif least:
        text = _("{name} {least} {unit} or more")
    elif under:
        text = _("{name} under {under} {unit}")
    else:
        signs = ", ".join(
            f"{_SIGNS.get(op, '')} {_number(value)}".strip()
            for op, value in bounds.items()
            if value != "true"
        )
        return f"{name} {signs} {unit}".strip()
    return text.format(name=name, least=_number(least), under=_number(under), unit=unit).strip()


def _number(value: str | None) -> str:
    try:
        return f"{float(value or ''):,.10g}"
    except ValueError:
        return terms.say("level", (value or "").replace("-", "–"))
