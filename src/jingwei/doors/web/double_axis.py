"""A double timeline as a drawing: what was told, what the rules say, what was recorded, over one axis.

Hours are drawn for the first days of both tracks, days for the rest; each linear, side by side in two panels.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from jingwei.apps.assessments.facts import Compared, Pair, RunLine

WIDTH, LEFT, RIGHT = 1380, 124, 32
#: Hours drawn from the first decision of either track on.
#: Source: our estimate, a day and a half holds a night, a day and the night after, 2026-11-22.
SPAN = timedelta(hours=30)
BEFORE = timedelta(hours=2)
EVERY = timedelta(hours=2)
#: What a diamond stands for: decided, or answered, by a person.
DECIDED = ("activated", "raised", "lowered", "ended", "published", "grade_confirmed", "sent")
WARNINGS = ("warning",)
#: Characters of a label, and how wide one is in the drawing.
MOST, WIDE = 18, 7


class Spot(msgspec.Struct):
    """A point of the drawing: which line, where, whether its words stand beside it."""

    line: RunLine
    x: float
    row: int = 0
    label: str = ""


class Tick(msgspec.Struct):
    x: float
    text: str
    day: str = ""


class Bar(msgspec.Struct):
    """From when on the highest level stood; `line` says by which fact."""

    x: float
    width: float
    level: int
    line: RunLine


class Gap(msgspec.Struct):
    """The area between the rule and the record, its length written in it; `rest` to the later source."""

    x: float
    width: float
    middle: float
    rest: float


class Day(msgspec.Struct):
    """One day of the second panel: how many continued reports the rules' track sent, and the record's."""

    x: float
    width: float
    text: str
    sent: RunLine | None
    told: RunLine | None
    silent: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


class Drawing(msgspec.Struct, kw_only=True):
    """Everything the template draws. `joins` tie the two points of a pair."""

    width: int = WIDTH
    left: int = LEFT
    ticks: list[Tick]
    told: list[Spot]
    said: list[Spot]
    recorded: list[Spot]
    said_bar: Bar | None
    recorded_bar: Bar | None
    gap: Gap | None
    joins: list[tuple[float, float]]
    days: list[Day]
    rows: int


class _Axis:
    def __init__(self, begin: datetime) -> None:
        self.begin, self.end = begin, begin + SPAN

    def holds(self, at: datetime) -> bool:
        return self.begin <= at <= self.end

    def x(self, at: datetime) -> float:
        part = (min(max(at, self.begin), self.end) - self.begin) / SPAN
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)


def draw(found: Compared, silent: Sequence[str], *, zone: tzinfo) -> Drawing | None:
    """The drawing of a comparison; None when there is no decision to draw. `silent`: days as ISO dates."""
    pairs = {p.key: p for p in found.pairs}
    by_id = {r.id: r for r in found.lines}
    decided = [r for r in found.lines if r.what in DECIDED or r.part == "answer"]
    decided = [r for r in decided if r.at >= found.from_at]
    if not decided:
        return None
    first = min(r.at for r in decided).astimezone(zone)
    axis = _Axis(first.replace(minute=0, second=0, microsecond=0) - BEFORE)
    said = [r for r in found.lines if r.track == "rules" and r.what in DECIDED and axis.holds(r.at)]
    answers = [r for r in found.lines if r.part == "answer" and axis.holds(r.at)]
    world = [r for r in found.lines if r.part == "world" and axis.holds(r.at)]
    level = pairs.get("level")
    told = _spots(world, axis, label=False)
    bars = (_bar(level, by_id, "rules", axis), _bar(level, by_id, "recorded", axis))
    spots, answered = _spots(said, axis), _spots(answers, axis)
    return Drawing(
        ticks=_ticks(axis, zone),
        told=told,
        said=spots,
        recorded=answered,
        said_bar=bars[0],
        recorded_bar=bars[1],
        gap=_gap(level, by_id, axis),
        joins=_joins(found.pairs, by_id, axis),
        days=_days(found, silent, axis, zone),
        rows=max((s.row for s in (*spots, *answered)), default=0) + 1,
    )


def _ticks(axis: _Axis, zone: tzinfo) -> list[Tick]:
    found: list[Tick] = []
    at = axis.begin
    while at <= axis.end:
        local = at.astimezone(zone)
        new = not found or local.hour < EVERY.total_seconds() / 3600
        found.append(Tick(axis.x(at), f"{local:%H:%M}", f"{local:%m-%d}" if new else ""))
        at += EVERY
    return found


def _spots(lines: Sequence[RunLine], axis: _Axis, *, label: bool = True) -> list[Spot]:
    """Points in as many rows as their labels need; one beyond the third row keeps only its mark."""
    ends: list[float] = [0.0, 0.0, 0.0]
    spots = []
    for line in sorted(lines, key=lambda r: r.at):
        spot = Spot(line, axis.x(line.at))
        if label:
            free = next((n for n, end in enumerate(ends) if end <= spot.x), None)
            spot.row = free if free is not None else len(ends) - 1
            spot.label = "" if free is None else "yes"
            ends[spot.row] = max(ends[spot.row], spot.x + 14 + (MOST * WIDE if free is not None else 0))
        spots.append(spot)
    return spots


def _bar(pair: Pair | None, by_id: dict[str, RunLine], track: str, axis: _Axis) -> Bar | None:
    line = _line_of(pair, by_id, track)
    if line is None or line.level is None or not axis.holds(line.at):
        return None
    x = axis.x(line.at)
    return Bar(x, round(WIDTH - RIGHT - x, 1), line.level, line)


def _line_of(pair: Pair | None, by_id: dict[str, RunLine], track: str) -> RunLine | None:
    """The earliest line of a pair in this track, where something was decided."""
    ids = (pair.rules_lines if track == "rules" else pair.recorded_lines) if pair else ()
    lines = [by_id[i] for i in ids if i in by_id and by_id[i].what not in ("nobody", "refused")]
    return min(lines, key=lambda r: r.at, default=None)


def _gap(pair: Pair | None, by_id: dict[str, RunLine], axis: _Axis) -> Gap | None:
    said, told = _line_of(pair, by_id, "rules"), _line_of(pair, by_id, "recorded")
    if pair is None or said is None or told is None or told.at <= said.at:
        return None
    last = max(by_id[i].at for i in pair.recorded_lines if i in by_id)
    x, end = axis.x(said.at), axis.x(told.at)
    return Gap(x, round(end - x, 1), round((x + end) / 2, 1), round(axis.x(last) - end, 1))


def _joins(pairs: Sequence[Pair], by_id: dict[str, RunLine], axis: _Axis) -> list[tuple[float, float]]:
    found = []
    for pair in pairs:
        said, told = _line_of(pair, by_id, "rules"), _line_of(pair, by_id, "recorded")
        if said and told and axis.holds(said.at) and axis.holds(told.at):
            found.append((axis.x(said.at), axis.x(told.at)))
    return found


def _days(found: Compared, silent: Sequence[str], axis: _Axis, zone: tzinfo) -> list[Day]:
    """A box a day from the end of the hours on, for as long as the rules' track goes."""
    first, last = axis.end.astimezone(zone).date(), found.until_at.astimezone(zone).date()
    count = (last - first).days
    if count <= 0:
        return []
    pair = next((p for p in found.pairs if p.key == "continued"), None)
    place = next((r.place for r in found.lines if pair and r.id in pair.rules_lines), "")
    sent = {
        r.at.astimezone(zone).date(): r
        for r in found.lines
        if r.what == "sent_continued" and r.place == place
    }
    told = {r.at.astimezone(zone).date(): r for r in found.lines
            if pair and r.id in pair.recorded_lines and r.what != "reporting_fault"}  # fmt: skip
    width = round((WIDTH - LEFT - RIGHT) / count, 1)
    return [
        Day(
            x=round(LEFT + n * width, 1),
            width=width,
            text=f"{day:%m-%d}",
            sent=sent.get(day),
            told=told.get(day),
            silent=day.isoformat() in silent,
        )
        for n in range(count)
        for day in (first + timedelta(days=n),)
    ]
