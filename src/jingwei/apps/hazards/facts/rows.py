"""Kinds of events and the tables of rules, as rows; and what can be said of them. Pure.

A row's fields are the columns of the shipped table of the same name in data/rules and data/sources.
"""

from datetime import date
from typing import ClassVar, Literal

import msgspec

from jingwei.engines.grading import Clause, Graded, GradeRow, GradeTable
from jingwei.kernel.facts import Fact

__all__ = [
    "Clause",
    "DeadlineRule",
    "DemandStandard",
    "DispatchValue",
    "GlossaryRow",
    "GradeRow",
    "GradeTable",
    "Graded",
    "GradingRule",
    "GradingTableRow",
    "KindRow",
    "MetricRow",
    "NeedClass",
    "ResponseTrigger",
    "Ruled",
    "RulesLoaded",
    "SourceRow",
    "WarningSignal",
]


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """What every rule carries: where it stands, how well we know it, when it is in force.

    `title_year`: the year in its source's title. `until_year`: the year in the title of the source that
    replaced it. `validity_known`: both ends are known, `valid_to` None then meaning still in force.
    `node` is empty for a shipped rule, else the node that laid it over.
    """

    rule_id: str
    text_zh: str = ""
    source: str
    article: str = ""
    also: str = ""
    source_note: str = ""
    evidence: str = ""
    title_year: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    until_year: int | None = None
    validity_known: bool = False
    node: str = ""

    @property
    def validity(self) -> Literal["known", "unknown"]:
        return "known" if self.validity_known else "unknown"


class GradingRule(Ruled, frozen=True, kw_only=True):
    """One condition of one grade. Rows of one `alt_group` must all hold; one group is enough."""

    table: str
    kind: str
    grade: int
    alt_group: str
    metric: str
    op: str
    value: str
    unit: str = ""


class ResponseTrigger(Ruled, frozen=True, kw_only=True):
    """One condition of one response level of a plan."""

    plan: str
    level: int
    alt_group: str
    metric: str
    op: str
    value: str = ""
    unit: str = ""


class DeadlineRule(Ruled, frozen=True, kw_only=True):
    """Who reports to whom, from when, within how many minutes; 0 means at once."""

    regime: str
    event_scope: str
    grade_scope: str
    from_role: str
    to_role: str
    trigger: str
    limit_minutes: int
    mode: str


class WarningSignal(Ruled, frozen=True, kw_only=True):
    """When a warning of a color is given; the alternative counts as well."""

    kind: str
    name_zh: str
    color: str
    level: int
    lead_hours: float | None = None
    metric: str
    op: str
    value: str
    unit: str = ""
    alt_metric: str = ""
    alt_op: str = ""
    alt_value: str = ""
    alt_unit: str = ""


class DemandStandard(Ruled, frozen=True, kw_only=True):
    """What people need by a published standard: so much per head, day or month, or so many people to one.

    `quantity_to`: the other end of a range. `days`: for how many days it is estimated, our estimate.
    `measures`: by which counts of people, the first that stands; '' is never estimated, only shown.
    """

    code: str
    name_zh: str
    name_en: str
    item_class: str
    quantity: float
    quantity_to: float | None = None
    per: str
    basis: str
    unit_zh: str
    unit_en: str
    days: int | None = None
    measures: str = ""


class NeedClass(Ruled, frozen=True, kw_only=True):
    """A class of what is needed: how urgent (1 saves lives), after how many hours a need of it is stale.

    `read_in_reports`: whether the words of a report that ask for it make a proposed need.
    """

    item_class: str
    name_zh: str
    name_en: str
    priority: int
    fresh_hours: int
    read_in_reports: bool = False


class DispatchValue(Ruled, frozen=True, kw_only=True):
    """A number that dispatch counts with: how far a way bends, how soon an order is answered."""

    code: str
    name_zh: str
    name_en: str
    value: float
    unit: str = ""


class KindRow(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of event by its code of five characters."""

    code: str
    parent: str = ""
    level: int
    name_zh: str
    name_en: str
    event_class: str
    source: str
    evidence: str = ""
    note: str = ""


class GradingTableRow(msgspec.Struct, frozen=True, kw_only=True):
    """One grading table. A `part` is never used alone; `adds` names the tables whose rows are joined."""

    table: str
    kind: str
    name_zh: str
    name_en: str
    part: bool = False
    adds: str = ""
    note: str = ""


class MetricRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the tables measure, in both languages."""

    metric: str
    unit: str = ""
    name_zh: str
    name_en: str


class GlossaryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the field in both languages, and the law that fixes it, where one does."""

    term: str
    zh: str
    en: str
    abbr: str = ""
    field: str = ""
    source: str = ""
    article: str = ""
    evidence: str = ""


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A law, plan, standard or report: what it is, whether it is in force, where and how it was read."""

    id: str
    title_zh: str
    adopted: date | None = None
    in_force: date | None = None
    status: str = ""
    repealed_on: date | None = None
    superseded_by: str = ""
    title_year: int | None = None
    evidence: str = ""
    where: str = ""
    note: str = ""


class RulesLoaded(Fact, frozen=True, kw_only=True):
    """A table of rules, kinds or sources was taken in, in place of the shipped rows of before."""

    KIND: ClassVar[str] = "hazards.rules_loaded/1"
    SUBJECT: ClassVar[str] = "table"

    table: str
    rows: int
    file_digest: str
    rows_digest: str
