"""Questions put to both tracks: what was recorded, what the rules say, and how far apart. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

from jingwei.apps.assessments.facts import (
    Assessment,
    CaseInfo,
    Claimed,
    Delay,
    Detail,
    Mark,
    Otherwise,
    Pair,
    RunLine,
    Silence,
    Words,
)

from . import marks
from .responses import HIGHEST_LEVEL
from .words import duration, once, short

D = TypeVar("D", bound=Detail)

#: What the timeline calls a message of the command body to the public.
TO_THE_PUBLIC = "public_message"
#: The measure that tells how many leaders were at one place; data/measures.csv.
LEADERS = "leaders_present"
_NONE = Words("没有", "none")
_NOT_SAID = Words("记录没有写", "not on record")


def list_pairs(
    case: CaseInfo,
    recorded: Sequence[RunLine],
    said: Sequence[RunLine],
    *,
    found: Assessment,
    claims: Mapping[str, Sequence[Claimed]],
    zone: tzinfo,
) -> list[Pair]:
    """The pairs a reader sees first. `claims`: the figures each row tells, by the row's number."""
    return [
        _level(case, recorded, said, found, zone),
        _continued(case, recorded, said, found, zone),
        _command(case, recorded, said, claims, zone),
        _public(case, recorded, said, zone),
    ]


def _level(
    case: CaseInfo, recorded: Sequence[RunLine], said: Sequence[RunLine], found: Assessment, zone: tzinfo
) -> Pair:
    """When the highest level was ordered, by every source."""
    delays: list[Delay] = _details(found, Delay)
    delays.sort(key=lambda d: d.actual_at)
    lines = {d.actual_at: [r for r in recorded if set(d.entries[1:]) & set(r.facts)] for d in delays}
    ordered = _first(said, case.prefecture, ("activated", "raised"), level=HIGHEST_LEVEL)
    nobody = _nobody(said, "plans.") if ordered is None else None
    times = list(lines)
    return Pair(
        key="level",
        title=Words("最高级（I级）响应", "Highest response level (I)"),
        recorded=short(times[0], zone) if times else _NOT_SAID,
        rules=short(ordered.at, zone) if ordered else (nobody.words if nobody else _NONE),
        difference=_earlier(ordered, times[0] if times else None),
        recorded_lines=_ids(*(r for found in lines.values() for r in found)),
        rules_lines=_ids(ordered or nobody),
        marks=_marks(said, ordered or nobody, case.prefecture),
        note=ordered.by if ordered else Words(),
        otherwise=tuple(
            Otherwise(recorded=short(at, zone), difference=_earlier(ordered, at), line=r.id)
            for at in times[1:]
            for r in lines[at]
        ),
    )


def _continued(
    case: CaseInfo, recorded: Sequence[RunLine], said: Sequence[RunLine], found: Assessment, zone: tzinfo
) -> Pair:
    """On how many days of the same window the city sent no continued report."""
    silence = next(iter(_details(found, Silence)), None)
    title = Words("灾情续报中断", "Days without a continued report")
    if silence is None:
        return Pair(key="continued", title=title, recorded=_NOT_SAID, rules=Words("—", "—"),
                    difference=Words("—", "—"))  # fmt: skip
    window = [silence.from_on + timedelta(days=n) for n in range((silence.until_on - silence.from_on).days)]
    sent = [r for r in said if r.what == "sent_continued" and r.place == case.prefecture]
    sent = [r for r in sent if r.at.astimezone(zone).date() in window]
    told_on = {r.at.astimezone(zone).date() for r in sent}
    missed = [d for d in window if d not in told_on]
    ids = set(silence.entries)
    return Pair(
        key="continued",
        title=title,
        recorded=_days(len(silence.days)),
        rules=_days(len(missed)),
        difference=_fewer(len(silence.days) - len(missed)),
        recorded_lines=tuple(r.id for r in recorded if ids & set(r.facts)),
        rules_lines=tuple(r.id for r in sent),
        marks=marks.in_order(m for r in sent for m in r.marks),
        note=Words(
            f"{silence.from_on:%m-%d} 至 {window[-1]:%m-%d}" if window else "",
            f"{silence.from_on:%m-%d} to {window[-1]:%m-%d}" if window else "",
        ),
    )


def _command(
    case: CaseInfo,
    recorded: Sequence[RunLine],
    said: Sequence[RunLine],
    claims: Mapping[str, Sequence[Claimed]],
    zone: tzinfo,
) -> Pair:
    """Who commanded: what the record says of leaders, and the command body of the plan."""
    told = next(((r, c) for r in recorded for c in claims.get(r.row, ()) if c.measure == LEADERS), None)
    ordered = _first(said, case.prefecture, ("activated", "raised"))
    note = ordered.words if ordered else Words()
    if told is not None:
        at, n = short(told[0].at, zone), f"{told[1].value:g}"
        note = Words(
            f"记录：{at.zh}，{n} 位市领导同在一处险情现场。{note.zh}",
            f"On record: {n} leaders of the city at one site, {at.en}. {note.en}".rstrip(),
        )
    since = short(ordered.at, zone) if ordered else _NONE
    return Pair(
        key="command",
        title=Words("谁在指挥", "Who commands"),
        recorded=_NOT_SAID,
        rules=Words(f"{since.zh} 起：{ordered.by.zh}", f"from {since.en}: {ordered.by.en}")
        if ordered
        else _NONE,
        difference=Words("有岗可查", "a named post") if ordered else Words("—", "—"),
        recorded_lines=_ids(told[0] if told else None),
        rules_lines=_ids(ordered),
        marks=ordered.marks if ordered else (),
        note=note,
    )


def _public(case: CaseInfo, recorded: Sequence[RunLine], said: Sequence[RunLine], zone: tzinfo) -> Pair:
    """When the city's command first spoke to the public itself."""
    told = next((r for r in recorded if r.what == TO_THE_PUBLIC and r.place == case.prefecture), None)
    out = _first(said, case.prefecture, ("published",))
    nobody = _nobody(said, "releases.") if out is None else None
    return Pair(
        key="public",
        title=Words("指挥部首次向社会发布", "The command first tells the public"),
        recorded=short(told.at, zone) if told else _NOT_SAID,
        rules=short(out.at, zone) if out else (nobody.words if nobody else _NONE),
        difference=_earlier(out, told.at if told else None),
        recorded_lines=_ids(told),
        rules_lines=_ids(out or nobody),
        marks=out.marks if out else (nobody.marks if nobody else ()),
        note=out.words if out else Words(),
    )


def _details(found: Assessment, kind: type[D]) -> list[D]:
    details: list[Detail] = [d for c in found.checks for d in c.details]
    return [d for d in details if isinstance(d, kind)]


def _first(
    said: Sequence[RunLine], place: str, what: Sequence[str], *, level: int | None = None
) -> RunLine | None:
    """The first such line of exactly this place."""
    found = [r for r in said if r.what in what and r.place == place and level in (None, r.level)]
    return min(found, key=lambda r: r.at, default=None)


def _nobody(said: Sequence[RunLine], app: str) -> RunLine | None:
    return next((r for r in said if r.what == "nobody" and r.action.startswith(app)), None)


def _marks(said: Sequence[RunLine], line: RunLine | None, place: str) -> tuple[Mark, ...]:
    """Those of the order, and of the proposal it follows: its clause is why there was one."""
    proposed = _first(said, place, ("proposed",))
    return marks.in_order(m for r in (proposed, line) if r is not None for m in r.marks)


def _ids(*lines: RunLine | None) -> tuple[str, ...]:
    return once(r.id for r in lines if r is not None)


def _days(count: int) -> Words:
    return Words(f"{count} 天", f"{count} days" if count != 1 else "1 day")


def _fewer(count: int) -> Words:
    said = _days(abs(count))
    if count < 0:
        return Words(f"多 {said.zh}", f"{said.en} more")
    return Words(f"少 {said.zh}", f"{said.en} fewer")


def _earlier(ordered: RunLine | None, than: datetime | None) -> Words:
    """How much earlier than this time; a later one says so."""
    if ordered is None or than is None:
        return Words("—", "—")
    minutes = round((than - ordered.at) / timedelta(minutes=1))
    span = duration(abs(minutes))
    if minutes < 0:
        return Words(f"晚 {span.zh}", f"{span.en} later")
    return Words(f"早 {span.zh}", f"{span.en} earlier")
