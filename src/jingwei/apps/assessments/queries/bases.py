"""The rules and clauses that facts name, with what must be said of them on that day."""

from datetime import date

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DeadlineRule, GradingRule, ResponseTrigger, WarningSignal
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.facts import PlanBody, PlanClause

from ..facts import Basis, Mark
from ..rules import marks

_TABLES: dict[type, str] = {
    DeadlineRule: "reporting-deadlines",
    GradingRule: "grading-rules",
    ResponseTrigger: "response-triggers",
    WarningSignal: "warning-signals",
}
#: What the table of plans calls how a clause stands, as a mark.
_STANDINGS: dict[str, tuple[Mark, ...]] = {
    "in_force": ("in_force",), "later": ("later",), "over": ("undated",), "unknown": ("undated",),
    "unverified": (),
}  # fmt: skip


def basis_of_rule(rule_id: str, *, on: date) -> Basis:
    """A row of the tables of rules; one that is not there any more is said to be undated."""
    rule = hazards.find_rule(rule_id)
    if rule is None:
        return Basis(label=rule_id, marks=("undated",))
    return Basis(
        label=rule_id,
        table=_TABLES[type(rule)],
        row=rule_id,
        source=rule.source,
        article=rule.article,
        evidence=rule.evidence,
        marks=marks.in_order(marks.marks_of_rule(rule, on=on)),
    )


def basis_of_clause(clause: PlanClause, *, row: str, illustration: bool, on: date) -> Basis:
    """A clause of a plan; `row` names it as code:scope:id."""
    own: tuple[Mark, ...] = ("illustration",) if illustration else ()
    standing = _STANDINGS[plans.standing_of(clause, on=on)]
    evidence = marks.marks_of_evidence(clause.evidence)
    return Basis(
        label=clause.label,
        table="plans",
        row=row,
        source=clause.source,
        article=clause.article,
        evidence=clause.evidence,
        marks=marks.in_order([*standing, *evidence, *own]),
    )


def basis_of_text(clause: str, *, on: date) -> Basis:
    """A clause named by its source and article alone: its id, then art. 7."""
    source, _, article = clause.partition(" ")
    row = hazards.find_source(source)
    return Basis(
        label=clause,
        table="sources" if row else "",
        row=source,
        source=source,
        article=article.strip(),
        evidence=row.evidence if row else "",
        marks=marks.in_order(marks.marks_of_source(row, on=on)),
    )


def bases_of_level(
    body: PlanBody, *, place: str, level: int, illustration: bool, on: date
) -> tuple[Basis, ...]:
    """What an order of this level rests on: who may give it, and each text its measures and tasks cite."""
    scope = next((a.scope for a in body.areas if a.place == place), "")
    found: list[Basis] = []
    competent = next((c for c in body.competences if (c.scope, c.level) == (scope, level)), None)
    if competent is not None:
        row = f"{body.code}:{scope}:competence-{level}"
        found.append(basis_of_clause(competent.clause, row=row, illustration=illustration, on=on))
    known: set[str] = set()
    for part, rows in (("measure", body.measures), ("task", body.tasks)):
        for one in rows:
            if one.scope == scope and one.level >= level and one.clause.label not in known:
                known.add(one.clause.label)
                row = f"{body.code}:{scope}:{part}-{one.id}"
                found.append(basis_of_clause(one.clause, row=row, illustration=illustration, on=on))
    return tuple(found)
