"""What a line rests on that its reader must know: marks of a rule, of a plan's clause, of a source. Pure."""

from collections.abc import Iterable
from datetime import date

from jingwei.apps.assessments.facts import Basis, Mark, RunLine
from jingwei.apps.hazards.facts import Ruled, SourceRow

#: In the order in which a line shows them.
MARKS: tuple[Mark, ...] = (
    "in_force", "later", "undated", "recalled", "illustration", "estimate", "generated"
)  # fmt: skip


def marks_of_evidence(evidence: str) -> tuple[Mark, ...]:
    """What the evidence of a rule or a report says of it by itself."""
    found: list[Mark] = []
    if "recalled" in evidence:
        found.append("recalled")
    if "estimate" in evidence:
        found.append("estimate")
    if "generated" in evidence:
        found.append("generated")
    return tuple(found)


def marks_of_rule(rule: Ruled, *, on: date) -> tuple[Mark, ...]:
    """Whether the rule was in force on the day, as far as its row knows."""
    evidence = marks_of_evidence(rule.evidence)
    before = rule.valid_from is not None and on < rule.valid_from
    early = not rule.validity_known and rule.title_year is not None and on.year < rule.title_year
    if before or early:
        return ("later", *evidence)
    return ("in_force" if rule.validity_known else "undated", *evidence)


def marks_of_source(source: SourceRow | None, *, on: date) -> tuple[Mark, ...]:
    """The same of a text as a whole, by the day it came into force or the year in its title."""
    if source is None:
        return ("undated",)
    evidence = marks_of_evidence(source.evidence)
    if source.in_force is not None:
        return ("later" if on < source.in_force else "in_force", *evidence)
    if source.title_year is not None and on.year < source.title_year:
        return ("later", *evidence)
    return ("undated", *evidence)


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Each mark once, in the order of `MARKS`."""
    found = set(marks)
    return tuple(m for m in MARKS if m in found)


def marks_of(bases: Iterable[Basis], *more: Mark) -> tuple[Mark, ...]:
    """All marks of what a line rests on."""
    return in_order([*(m for b in bases for m in b.marks), *more])


def list_unmarked(lines: Iterable[RunLine]) -> list[str]:
    """Lines that rest on something they do not say: their ids. Empty is what must be."""
    return [
        line.id
        for line in lines
        if not {*(m for b in line.bases for m in b.marks), *marks_of_evidence(line.evidence)}
        <= set(line.marks)
    ]
