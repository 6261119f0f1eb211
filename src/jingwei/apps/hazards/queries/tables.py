"""Reads of kinds, rules and sources. They need no right: law is public."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

import msgspec
from django.db import connection
from django.db.models import Model

from jingwei.apps.journal.queries import among, list_cards
from jingwei.kernel.codes import kind_prefix

from .. import models, rules
from ..facts import (
    DeadlineRule,
    DemandStandard,
    DispatchValue,
    GradeTable,
    GradingRule,
    GradingTableRow,
    KindRow,
    Laid,
    MetricRow,
    NeedClass,
    Overlay,
    ResponseTrigger,
    Ruled,
    SourceRow,
    WarningSignal,
)
from ..rules import RulesRefused

S = TypeVar("S", bound=msgspec.Struct)
R = TypeVar("R", bound=Ruled)
#: By what a table is chosen: kind, day and place of the event.
Event = tuple[str, date, str]

#: Which model holds the rows of which table.
MODELS: dict[str, type[Model]] = {
    "sources": models.Source,
    "event-codes": models.Kind,
    "metrics": models.Metric,
    "glossary": models.Term,
    "grading-tables": models.GradingTable,
    "grading-rules": models.GradingRule,
    "response-triggers": models.ResponseTrigger,
    "reporting-deadlines": models.DeadlineRule,
    "warning-signals": models.WarningSignal,
    "demand-standards": models.DemandStandard,
    "need-classes": models.NeedClass,
    "dispatch-values": models.DispatchValue,
}


# --- kinds -----------------------------------------------------------------------------------------------


def find_kind(code: str) -> KindRow | None:
    row = models.Kind.objects.filter(pk=code).first()
    return _read(KindRow, row) if row else None


def list_kinds_by_code(codes: Collection[str]) -> dict[str, KindRow]:
    """The kinds with these codes; unknown ones are left out."""
    return {card.code: card for card in list_cards(KindRow, "hazards_kind", "code", set(codes))}


def get_kind(code: str) -> KindRow:
    """The kind with this code. Refused when there is none."""
    found = find_kind(code)
    if found is None:
        raise RulesRefused("kind_unknown", kind=code)
    return found


def list_known_kinds(codes: Collection[str]) -> set[str]:
    """Which of these codes there are."""
    if not codes:
        return set()
    words, value = among(codes)
    with connection.cursor() as cursor:  # asked for every group of reports: its words are made once
        cursor.execute(f"SELECT code FROM hazards_kind WHERE code {words}", [value])  # noqa: S608 - marks only
        return {row[0] for row in cursor.fetchall()}


def list_kinds(*, within: str = "") -> list[KindRow]:
    """Every kind at or under a code, in order of codes."""
    rows = models.Kind.objects.order_by("code")
    if within:
        rows = rows.filter(code__startswith=kind_prefix(within))
    return [_read(KindRow, row) for row in rows]


def search_kinds(text: str, limit: int = 20) -> list[KindRow]:
    """Kinds by code or name in either language; the wider kind first, names that start so before others."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    hits = []
    for row in list_kinds():
        names = (row.code.lower(), row.name_zh.lower(), row.name_en.lower())
        if any(wanted in name for name in names):
            starts = any(name.startswith(wanted) for name in names)
            hits.append((not starts, row.level, row.code, row))
    return [hit[-1] for hit in sorted(hits, key=lambda hit: hit[:3])[:limit]]


def overlay_of(row: models.Overlay) -> Overlay:
    names = [n for n in Overlay.__struct_fields__ if n != "id"]
    return Overlay(id=str(row.id), **{n: getattr(row, n) for n in names})


def get_laid() -> Laid:
    """All overlays that stand. A node has few: they are read together."""
    return Laid(overlay_of(row) for row in models.Overlay.objects.filter(state="in_force"))


# --- rules -----------------------------------------------------------------------------------------------


def find_grading_table(kind: str, on: date, place: str = "") -> GradeTable | None:
    """The table by which an event of this kind on that day is graded there; None when no rule applies.

    The kind's own table, else that of the nearest wider kind. `on` is the local date of the event.
    """
    return list_grading_tables([(kind, on, place)], get_laid())[kind, on, place]


def list_grading_tables(events: Collection[Event], laid: Laid) -> dict[Event, GradeTable | None]:
    """The table of each of these kinds on its day at its place, read together; `laid`: over it."""
    codes = {code for kind, _, _ in events for code in rules.climb(kind)}
    heads = [
        _read(GradingTableRow, row)
        for row in models.GradingTable.objects.filter(kind__in=codes, part=False).order_by("table")
    ]
    wanted = {name for head in heads for name in (head.table, *head.adds.split())}
    found = list_grading_rules(tables=wanted) if wanted else []
    return {
        (kind, on, place): _nearest(kind, on, heads, laid.over(found, place, on))
        for kind, on, place in events
    }


def _nearest(
    kind: str, on: date, heads: Sequence[GradingTableRow], found: Sequence[GradingRule]
) -> GradeTable | None:
    for code in rules.climb(kind):
        tables = [rules.grade_table(head, found, on) for head in heads if head.kind == code]
        chosen = rules.choose_table(tables)
        if chosen is not None:
            return chosen
    return None


def list_grading_rules(*, tables: Collection[str]) -> list[GradingRule]:
    rows = models.GradingRule.objects.filter(table__in=list(tables), node="").order_by("rule_id")
    return [_read(GradingRule, row) for row in rows]


def list_deadlines(*, on: date | None = None, regime: str = "") -> list[DeadlineRule]:
    """Deadlines that apply on a day; all of them when no day is given."""
    return _ruled(DeadlineRule, models.DeadlineRule, on, {"regime": regime})


def list_triggers(*, on: date | None = None, plan: str = "") -> list[ResponseTrigger]:
    """Conditions of response levels that apply on a day; all of them when no day is given."""
    return _ruled(ResponseTrigger, models.ResponseTrigger, on, {"plan": plan})


def list_signals(*, on: date | None = None, kind: str = "") -> list[WarningSignal]:
    """Warning signals that apply on a day; all of them when no day is given."""
    return _ruled(WarningSignal, models.WarningSignal, on, {"kind": kind})


def list_standards(*, on: date) -> list[DemandStandard]:
    """What people need by the standards that apply on a day."""
    return _ruled(DemandStandard, models.DemandStandard, on, {})


def list_need_classes(*, on: date) -> dict[str, NeedClass]:
    """How urgent each class of needs is on a day, and when it is stale, by the class."""
    return {row.item_class: row for row in _ruled(NeedClass, models.NeedClass, on, {})}


def list_dispatch_values(*, on: date) -> dict[str, DispatchValue]:
    """The numbers that dispatch counts with on a day, by their code."""
    return {row.code: row for row in _ruled(DispatchValue, models.DispatchValue, on, {})}


def list_rules(table: str, *, on: date | None = None) -> list[rules.Row]:
    """The rows of a table by its name; rules only as far as they apply on the day, if one is given."""
    rows = [_read(rules.TABLES[table], row) for row in _model(table)._default_manager.order_by("pk")]
    return [row for row in rows if on is None or not isinstance(row, Ruled) or rules.is_applied(row, on)]


def find_rule(rule_id: str) -> Ruled | None:
    """A rule by its id, whichever table holds it."""
    return list_rules_by_id([rule_id]).get(rule_id)


def list_rules_by_id(ids: Collection[str]) -> dict[str, Ruled]:
    """The rules with these ids, whichever tables hold them; unknown ones are left out."""
    found: dict[str, Ruled] = {}
    left = set(ids)
    for name in _SPOKEN_OF_FIRST:
        if not left:
            break
        for row in _model(name)._default_manager.filter(rule_id__in=left, node=""):
            one = _read(rules.TABLES[name], row)
            if isinstance(one, Ruled):
                found[one.rule_id] = one
        left -= found.keys()
    return found


#: Tables of rules, those that most pages speak of first. No two tables share an id.
_SPOKEN_OF_FIRST = sorted(rules.RULED, key=lambda name: name not in ("reporting-deadlines", "grading-rules"))


def _ruled(struct: type[R], model: type[Model], on: date | None, wanted: dict[str, str]) -> list[R]:
    given = {name: value for name, value in wanted.items() if value}
    rows = [_read(struct, row) for row in model._default_manager.filter(node="", **given).order_by("rule_id")]
    return [row for row in rows if on is None or rules.is_applied(row, on)]


# --- words and sources -----------------------------------------------------------------------------------


def list_metrics() -> dict[str, MetricRow]:
    """What the tables measure, by metric."""
    return {row.pk: _read(MetricRow, row) for row in models.Metric.objects.all()}


def find_source(id: str) -> SourceRow | None:
    row = models.Source.objects.filter(pk=id).first()
    return _read(SourceRow, row) if row else None


def list_sources_by_id(ids: Collection[str]) -> dict[str, SourceRow]:
    """The sources with these ids; unknown ones are left out."""
    return {row.pk: _read(SourceRow, row) for row in models.Source.objects.filter(pk__in=set(ids))}


def get_source(id: str) -> SourceRow:
    """The source with this id. Refused when there is none."""
    found = find_source(id)
    if found is None:
        raise RulesRefused("source_unknown", source=id)
    return found


def list_sources() -> list[SourceRow]:
    return [_read(SourceRow, row) for row in models.Source.objects.order_by("pk")]


def list_source_titles() -> dict[str, str]:
    """The Chinese title of every source, by its id: for the chips of a page."""
    return dict(models.Source.objects.values_list("pk", "title_zh"))


# --- tables ----------------------------------------------------------------------------------------------


class LoadedTable(msgspec.Struct, frozen=True):
    """Which table was loaded, and whether the rows in the database are still those of the load."""

    table: str
    rows: int
    file_digest: str
    rows_digest: str
    unchanged: bool


def list_loaded_tables() -> list[LoadedTable]:
    """Every loaded table, its rows digested again: a row changed without a fact shows here."""
    return [
        LoadedTable(
            table=row.table,
            rows=row.rows,
            file_digest=row.file_digest,
            rows_digest=row.rows_digest,
            unchanged=rules.rows_digest(list_rules(row.table)) == row.rows_digest,
        )
        for row in models.RuleTable.objects.order_by("table")
    ]


def _model(table: str) -> type[Model]:
    if table not in MODELS:
        raise RulesRefused("rules_table_unknown", table=table)
    return MODELS[table]


def _read(struct: type[S], row: Model) -> S:
    return struct(**{name: getattr(row, name) for name in struct.__struct_fields__})
