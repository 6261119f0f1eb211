"""One incident with all that is known: reports and why they are joined, figures, timeline, grade history."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import Said
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Figure, ReportLine
from jingwei.engines.fusion import Link, place_report
from jingwei.kernel.facts import Fact

from .. import facts
from ..models import Apart, Incident, Membership
from .desk import IncidentLine, line_of, visible
from .seen import seen_of_incident, seen_of_report


class Joined(msgspec.Struct, frozen=True):
    """A report of the incident and why it is here: parts from 0 to 1, score, threshold, the next best."""

    report: ReportLine
    joined_at: datetime
    joined_by: uuid.UUID
    score: float | None
    threshold: float | None
    parts: tuple[dict, ...]
    next_best: dict


class Chain(msgspec.Struct, frozen=True):
    """Figures of one measure in one area, in order of the time they speak of. Never mixed with another."""

    measure: str
    area: str
    figures: tuple[Figure, ...]

    @property
    def newest(self) -> Figure:
        return self.figures[-1]


class TimelineEntry(msgspec.Struct, frozen=True):
    """One line of the room's timeline.

    `mark`: fact, action, decision, warning, response, finding, figures, system.
    Entries of one `conflict` number tell of the same thing at different times and stand side by side.
    """

    at: datetime
    precision: str
    mark: str
    report: ReportLine | None = None
    fact: Fact | None = None
    by: uuid.UUID | None = None
    entry_id: uuid.UUID | None = None
    conflict: int | None = None


class GradeStep(msgspec.Struct, frozen=True):
    """One step of the grade's history: proposed by the tables, judged or confirmed by a person."""

    at: datetime
    by: uuid.UUID | None
    what: str
    grade: int | None
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    reason: str
    entry_id: uuid.UUID


class Room(msgspec.Struct, frozen=True):
    incident: IncidentLine
    reports: tuple[Joined, ...]
    left: tuple[ReportLine, ...]
    channels: dict[str, int]
    chains: tuple[Chain, ...]
    timeline: tuple[TimelineEntry, ...]
    grades: tuple[GradeStep, ...]
    announcements: tuple[tuple, ...]


_MARKS = {
    "occurrence": "fact",
    "observation": "fact",
    "warning": "warning",
    "response": "decision",
    "figures": "figures",
    "action": "action",
    "finding": "finding",
}

#: Most reports a room shows at once; the rest is a page away.
ROOM_REPORTS = 300


def get_room(
    incident_id: uuid.UUID, *, authority: Authority, limit: int = ROOM_REPORTS, offset: int = 0
) -> Room | None:
    """All of one incident, newest first; None when there is none this post may see."""
    row = visible(Incident.objects.filter(pk=incident_id), authority).first()
    if row is None:
        return None
    members = Membership.objects.filter(incident=row, left_at=None)
    ids = members.values("report_id")  # asked for within the other questions
    shown = list(members.order_by("-report__occurred_at", "-pk")[offset : offset + limit])
    lines = {r.id: r for r in reports.list_reports_by_id([m.report_id for m in shown])}
    left = Membership.objects.filter(incident=row).exclude(left_at=None).values_list("report_id", flat=True)
    groups = reports.list_announcements(ids=ids)
    told = journal.list_entries(subjects=[str(row.id)], kinds=_TOLD)
    return Room(
        incident=line_of(row),
        reports=tuple(_joined(m, lines[m.report_id]) for m in shown if m.report_id in lines),
        left=tuple(reports.list_reports_by_id(list(left))),
        channels=dict(Counter(r.channel for r in lines.values())),
        chains=list_chains(ids),
        timeline=_timeline(told, list(lines.values()), groups),
        grades=_grade_steps(told),
        announcements=tuple(tuple(g) for g in groups),
    )


def _joined(member: Membership, line: ReportLine) -> Joined:
    return Joined(
        report=line,
        joined_at=member.joined_at,
        joined_by=member.joined_by,
        score=member.score,
        threshold=member.threshold,
        parts=tuple(member.why),
        next_best=member.next_best,
    )


def find_joined(report_id: uuid.UUID, *, authority: Authority) -> Joined | None:
    """Why a report stands in its incident now; None when it stands in none this post may see."""
    member = Membership.objects.filter(report_id=report_id, left_at=None).first()
    if member is None or not visible(Incident.objects.filter(pk=member.incident_id), authority).exists():
        return None
    lines = reports.list_reports_by_id([report_id])
    return _joined(member, lines[0]) if lines else None


def list_chains(report_ids: Sequence[uuid.UUID] | QuerySet[Any]) -> tuple[Chain, ...]:
    """The figures of these reports, chained by measure and area."""
    found: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in reports.list_figures(ids=report_ids):
        found[figure.measure, figure.area].append(figure)
    return tuple(Chain(measure=m, area=a, figures=tuple(f)) for (m, a), f in sorted(found.items()))


def list_figure_chains(incident_id: uuid.UUID) -> tuple[Chain, ...]:
    """The figures told by the reports that stand in the incident, chained by measure and area."""
    members = Membership.objects.filter(incident_id=incident_id, left_at=None)
    return list_chains(members.values("report_id"))


#: How the grade came about.
_GRADED = (facts.GradeProposed, facts.GradeConfirmed, facts.GradeJudged)
#: What of an incident's facts stands in its timeline.
_TOLD = (
    *_GRADED,
    facts.IncidentRenamed,
    facts.IncidentClosed,
    facts.IncidentReopened,
    facts.ReportSeparated,
    facts.ReportJoined,
    facts.IncidentsMerged,
    facts.IncidentSplit,
    facts.ChangeUndone,
)


def _timeline(
    told: Sequence[Said], lines: list[ReportLine], groups: Sequence[Sequence]
) -> tuple[TimelineEntry, ...]:
    conflict = {
        one.report_id: number for number, group in enumerate(groups, 1) if len(group) > 1 for one in group
    }
    entries = [
        TimelineEntry(
            at=line.occurred_at,
            precision=line.precision,
            mark=_MARKS.get(line.type, "fact"),
            report=line,
            conflict=conflict.get(str(line.id)),
        )
        for line in lines
    ]
    for said in told:
        mark = "system" if isinstance(said.fact, facts.GradeProposed) else "decision"
        entries.append(
            TimelineEntry(
                at=said.at, precision="minute", mark=mark, fact=said.fact, by=said.by, entry_id=said.id
            )
        )
    return tuple(sorted(entries, key=lambda e: e.at, reverse=True))


def list_grade_steps(incident_id: uuid.UUID) -> tuple[GradeStep, ...]:
    """How the grade came about, oldest first."""
    return _grade_steps(journal.list_entries(subjects=[str(incident_id)], kinds=_GRADED))


def _grade_steps(told: Sequence[Said]) -> tuple[GradeStep, ...]:
    steps = []
    for said in told:
        fact = said.fact
        if not isinstance(fact, _GRADED):
            continue
        what = {facts.GradeProposed: "proposed", facts.GradeConfirmed: "confirmed"}.get(type(fact), "judged")
        steps.append(
            GradeStep(
                at=said.at,
                by=said.by,
                what=what,
                grade=getattr(fact, "grade", None),
                clauses=tuple(getattr(fact, "clauses", ())),
                missing=tuple(getattr(fact, "missing", ())),
                reason=getattr(fact, "reason", ""),
                entry_id=said.id,
            )
        )
    return tuple(steps)


class Candidate(msgspec.Struct, frozen=True):
    """An open incident a person may join a report to, with what the matcher thinks of it."""

    incident: IncidentLine
    link: Link
    apart: bool


def list_candidates_for(
    report_id: uuid.UUID, *, authority: Authority, search: str = "", limit: int = 8
) -> list[Candidate]:
    """Open incidents for a report to join, best match first."""
    lines = reports.list_reports_by_id([report_id])
    if not lines:
        return []
    seen = seen_of_report(lines[0])
    apart = set(Apart.objects.filter(report_id=report_id).values_list("incident_id", flat=True))
    rows = visible(Incident.objects.filter(state="open"), authority)
    if search:
        rows = rows.filter(title_zh__icontains=search) | rows.filter(title_en__icontains=search)
    found = [
        Candidate(incident=line_of(r), link=place_report(seen, [seen_of_incident(r)]), apart=r.id in apart)
        for r in rows.order_by("-last_at")[:200]
    ]
    return sorted(found, key=lambda c: (-c.link.score, c.incident.title_zh))[:limit]
