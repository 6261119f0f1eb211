"""The room's timeline as rows: reports, decisions, proposals; conflicting sources together."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace

import msgspec
from django.utils.translation import gettext as _

from jingwei.apps.incidents import facts
from jingwei.apps.incidents.queries import TimelineEntry
from jingwei.apps.papers.queries import SlipLine
from jingwei.apps.reports.queries import ReportLine
from jingwei.kernel.facts import Fact
from jingwei.kernel.grades import NUMERALS

from . import terms
from .names import Names

#: Marks of one filter tab.
TABS = {
    "fact": ("fact",),
    "decision": ("decision", "response", "system"),
    "action": ("action",),
    "figures": ("figures", "finding"),
    "warning": ("warning",),
}


#: Type of a row that tells of the response: levels, calls, orders, reports upward, releases.
STEP = "step"


class Row(msgspec.Struct, frozen=True):
    """One line of the timeline. `told` holds every source when several tell of it at different times."""

    at: datetime
    precision: str
    mark: str
    title: str
    words: str
    lang: str
    href: str
    kind_zh: str
    kind_en: str
    body_zh: str
    body_en: str
    level: int | None
    number: int | None
    type: str
    source: str
    evidence: str
    channel: str
    who: SimpleNamespace | None
    told: tuple["Row", ...] = ()
    first_of_day: bool = False
    slip: SlipLine | None = None  # it was entered later from paper


def rows(entries: Sequence[TimelineEntry], names: Names) -> list[Row]:
    """Newest first; entries of one conflict in one row, at the earliest time told."""
    groups: dict[int, list[TimelineEntry]] = {}
    for entry in entries:
        if entry.conflict is not None:
            groups.setdefault(entry.conflict, []).append(entry)
    done: set[int] = set()
    found = []
    for entry in sorted(entries, key=lambda e: e.at):
        if entry.conflict is None:
            found.append(_row(entry, names))
        elif entry.conflict not in done:
            done.add(entry.conflict)
            told = tuple(_row(e, names) for e in groups[entry.conflict])
            told = tuple(sorted(told, key=lambda r: r.at))
            found.append(msgspec.structs.replace(told[0], told=told))
    return list(reversed(found))


def woven(found: Sequence[Row], more: Sequence[Row]) -> list[Row]:
    """Two timelines as one, newest first; of the same minute, what stood first stays first."""
    return sorted([*more, *found], key=lambda row: row.at, reverse=True)


def chosen(found: Sequence[Row], tab: str) -> list[Row]:
    if tab == "conflict":
        return [r for r in found if r.told]
    if tab == "response":
        return [r for r in found if r.type == STEP]
    marks = TABS.get(tab)
    return [r for r in found if marks is None or r.mark in marks]


def count_tabs(found: Sequence[Row]) -> list[SimpleNamespace]:
    words = {
        "": _("All"),
        "fact": _("Facts"),
        "decision": _("Decisions"),
        "action": _("Actions"),
        "figures": _("Figures"),
        "warning": _("Warnings"),
        "response": _("Response"),
        "conflict": _("Two versions"),
    }
    tabs = [SimpleNamespace(key=k, word=w, n=len(chosen(found, k))) for k, w in words.items()]
    return [t for t in tabs if t.n or not t.key]


def _row(entry: TimelineEntry, names: Names) -> Row:
    if entry.report is not None:
        return _of_report(entry, entry.report, names)
    return _of_fact(entry, names)


def _of_report(entry: TimelineEntry, report: ReportLine, names: Names) -> Row:
    kind, body = names.kind(report.kind), names.organization(report.organization)
    return Row(
        at=entry.at,
        precision=entry.precision,
        mark=entry.mark,
        title=report.title,
        words=report.words,
        lang=report.lang or "zh",
        href=f"/reports/{report.id}",
        kind_zh=kind[0],
        kind_en=kind[1],
        body_zh=body[0],
        body_en=body[1],
        level=report.level,
        number=report.number,
        type=report.type,
        source=report.source,
        evidence=report.evidence,
        channel=report.channel,
        who=None,
    )


def _of_fact(entry: TimelineEntry, names: Names) -> Row:
    fact = entry.fact
    assert fact is not None  # noqa: S101 - an entry is a report or a fact
    grade = getattr(fact, "grade", None)
    return Row(
        at=entry.at,
        precision=entry.precision,
        mark=entry.mark,
        title=sentence(fact),
        words=getattr(fact, "reason", ""),
        lang="",
        href="",
        kind_zh="",
        kind_en="",
        body_zh="",
        body_en="",
        level=grade,
        number=None,
        type="grade_proposed" if isinstance(fact, facts.GradeProposed) else "grade" if grade else "act",
        source="",
        evidence="",
        channel="",
        who=names.person(entry.by),
    )


def sentence(fact: Fact) -> str:
    """What was decided or done, in one sentence."""
    grade = getattr(fact, "grade", None)
    named = f"{NUMERALS[grade]} {terms.say('grade', str(grade))}" if grade else ""
    if isinstance(fact, facts.GradeProposed):
        if grade:
            return _("The table gives grade {grade}; proposed").format(grade=named)
        missing = ", ".join(terms.measure(m) for m in fact.missing[:3])
        return _("Not gradable; missing: {what}").format(what=missing or "—")
    if isinstance(fact, facts.GradeConfirmed):
        return _("Grade confirmed: {grade}").format(grade=named)
    if isinstance(fact, facts.GradeJudged):
        return _("Preliminary grade: {grade}").format(grade=named)
    if isinstance(fact, facts.IncidentRenamed):
        return _("Renamed: {name}").format(name=fact.title_zh if terms.is_zh() else fact.title_en)
    if isinstance(fact, facts.IncidentsMerged | facts.IncidentSplit):
        moved = len(fact.report_ids)
        if isinstance(fact, facts.IncidentsMerged):
            return _("Other incidents were merged into this one; reports: {n}").format(n=moved)
        return _("A new incident was split off; reports: {n}").format(n=moved)
    if isinstance(fact, facts.ChangeUndone):
        return _("Undone: {what}").format(what=terms.say("change", fact.what))
    return {
        "incidents.closed/1": _("Incident closed"),
        "incidents.reopened/1": _("Incident reopened"),
        "incidents.report_separated/1": _("A report was separated from this incident"),
        "incidents.reports_moved/1": _("Looked at again: reports stand in another incident now"),
        "incidents.report_joined/1": _("A report was joined to this incident"),
    }.get(fact.KIND, fact.KIND)
