"""What a situation report says, drafted from the record: sections, gaps, sources, share. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

#: First 初报, continued 续报, final 核报.
STAGES = ("first", "continued", "final")

#: Figures a report must state or mark as still to be checked.
#: Source: [SRC-REG493] art. 12: casualties with those missing; the loss, as a first estimate.
REQUIRED = {
    "first": ("deaths", "missing", "injured"),
    "continued": ("deaths", "missing", "injured"),
    "final": ("deaths", "missing", "injured", "direct_loss"),
}

#: Ways of reporting that a written report meets; a telephone call or a release is recorded by itself.
MODES_MET_BY_A_SITREP = ("any", "written", "system", "follow_up", "supplement", "verified", "level by level")

#: Who is told by a release, and the duties that one meets; the second only at a press conference.
PUBLIC = "public"
MODES_MET_BY_A_RELEASE = ("initial_release", "press_conference")

#: Pieces that a person writes.
PIECES = ("summary", "measures", "next")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line taken from the record: words as told, or a decision by its kind. `source_no` from 1."""

    at: datetime
    what: str
    precision: str = "minute"
    words: str = ""
    lang: str = ""
    organization: str = ""
    level: int | None = None
    by: str = ""
    report_id: str = ""
    source: str = ""
    evidence: str = ""
    source_no: int = 0


class FigureLine(msgspec.Struct, frozen=True, kw_only=True):
    """The figure of one measure in one area: the count we stand by, `count_id`, else what was told last.

    `before` and `reason`: a count that was lowered says from what and why. `from_list`: of our own list.
    """

    measure: str
    area: str
    value: float
    unit: str
    as_of_at: datetime
    precision: str
    report_id: str
    source: str
    evidence: str
    source_no: int = 0
    count_id: str = ""
    from_list: bool = False
    before: float | None = None
    reason: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it stands. `texts` are what a person wrote, by piece; all else comes from the record."""

    occurred_at: datetime
    precision: str
    place: str
    site: str
    kind: str
    grade: int | None
    grade_state: str
    clauses: tuple[str, ...] = ()
    happened: tuple[Line, ...] = ()
    figures: tuple[FigureLine, ...] = ()
    gaps: tuple[str, ...] = ()
    measures: tuple[Line, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    texts: dict[str, str] = {}


class Change(msgspec.Struct, frozen=True):
    """A difference from the report before: a figure, with both values, or a line that is new."""

    what: str
    measure: str = ""
    area: str = ""
    before: float | None = None
    after: float | None = None
    unit: str = ""
    line: Line | None = None
    reason: str = ""


def tells(mode: str, owed_at: str, *, place: str | None, conference: bool) -> bool:
    """Whether a release meets a duty to inform the public: its body's own, or one whose area holds that.

    `owed_at`: place of the body that owes it; `place`: of the body that told, None for an unknown one.
    Source: our estimate, a higher body that speaks for the event speaks for those below, 2026-11-22.
    """
    if place is None or not owed_at.startswith(place):
        return False
    return conference or mode != "press_conference"


def find_gaps(stage: str, figures: Sequence[FigureLine], *, area: str) -> tuple[str, ...]:
    """Measures this report must state and the record does not hold for the incident's own area."""
    known = {figure.measure for figure in figures if figure.area == area}
    return tuple(measure for measure in REQUIRED[stage] if measure not in known)


def numbered(content: Content) -> Content:
    """The content with its sources listed once and each line carrying its source's number."""
    order: list[tuple[str, str]] = []

    def number(source: str, evidence: str) -> int:
        if not source:
            return 0
        if (source, evidence) not in order:
            order.append((source, evidence))
        return order.index((source, evidence)) + 1

    def lines(rows: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(msgspec.structs.replace(r, source_no=number(r.source, r.evidence)) for r in rows)

    figures = tuple(
        msgspec.structs.replace(f, source_no=number(f.source, f.evidence)) for f in content.figures
    )
    happened, measures = lines(content.happened), lines(content.measures)
    return msgspec.structs.replace(
        content, happened=happened, figures=figures, measures=measures, sources=tuple(order)
    )


def find_machine_share(content: Content) -> tuple[int, int]:
    """(entries filled from the record, all entries): gaps and a person's pieces count as not filled by it."""
    facts = 3 + (content.grade is not None)  # time, place, kind, grade
    filled = facts + len(content.happened) + len(content.figures) + len(content.measures)
    written = sum(1 for text in content.texts.values() if text.strip())
    return filled, filled + len(content.gaps) + written


def compare(before: Content, after: Content) -> tuple[Change, ...]:
    """What this report says that the one before did not, and figures that changed."""
    old = {(f.measure, f.area): f for f in before.figures}
    changes = []
    if before.grade != after.grade:
        changes.append(Change("grade", before=before.grade, after=after.grade))
    for figure in after.figures:
        was = old.pop((figure.measure, figure.area), None)
        if was is None or was.value != figure.value:
            first = was.value if was else None
            changes.append(Change("figure", figure.measure, figure.area, first, figure.value, figure.unit,
                                  reason=figure.reason))  # fmt: skip
    changes += [Change("figure_gone", f.measure, f.area, f.value, None, f.unit) for f in old.values()]
    for what in ("happened", "measures"):
        known = {(line.at, line.what, line.words, line.report_id) for line in getattr(before, what)}
        changes += [
            Change(what, line=line)
            for line in getattr(after, what)
            if (line.at, line.what, line.words, line.report_id) not in known
        ]
    return tuple(changes)
