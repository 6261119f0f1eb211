"""Warnings and response levels: how late, and by which source. Pure."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from jingwei.apps.assessments.facts import Checked, CheckRule, Conflict, Delay, Record, State, Version, Words
from jingwei.kernel.grades import NUMERALS, WarningLevel

from .words import checked, duration, either, lacking, moment, once, since

#: The highest response level. Source: [SRC-ERL2024] art. 71, four levels; plans number them from one down.
HIGHEST_LEVEL = 1


def check_delay(
    rule: CheckRule, records: Sequence[Record], announcements: Sequence[Sequence[Record]], *, zone: tzinfo
) -> Checked:
    """How long after the first red warning the highest response level came, by every source."""
    red = [r for r in records if r.type == "warning" and r.level == WarningLevel.RED]
    if not red:
        return lacking(rule, Words("没有红色预警的记录", "no red warning on record"))
    first = min(red, key=lambda r: r.occurred_at)
    raised = [g for g in announcements if _is_highest_response(g[0]) and g[0].place == first.place]
    if not raised:
        lack = Words(
            "没有该地最高级响应的记录", "no highest response level on record for the place of the warning"
        )
        return lacking(rule, lack, expected=since(first.occurred_at, zone), entries=(first.entry_id,))
    versions = min(raised, key=lambda g: min(r.occurred_at for r in g))
    delays = _delays(first, versions)
    late = [d for d in delays if d.minutes > 0]
    state: State = "met" if not late else "differs" if len(late) == len(delays) else "conflict"
    return checked(
        rule,
        state,
        expected=since(first.occurred_at, zone),
        actual=either([moment(d.actual_at, zone) for d in delays]),
        difference=either([duration(d.minutes) for d in delays]),
        explanation=tuple(_delay_words(d, zone) for d in delays),
        details=delays,
        entries=once(e for d in delays for e in d.entries),
    )


def _is_highest_response(record: Record) -> bool:
    raised = record.from_level is None or record.from_level > HIGHEST_LEVEL
    return record.type == "response" and record.level == HIGHEST_LEVEL and raised


def _delays(first: Record, versions: Sequence[Record]) -> tuple[Delay, ...]:
    return tuple(
        Delay(
            expected_at=first.occurred_at,
            actual_at=one.occurred_at,
            minutes=round((one.occurred_at - first.occurred_at) / timedelta(minutes=1)),
            precision=one.precision if first.precision == "minute" else first.precision,
            source=one.source,
            evidence=one.evidence,
            entries=(first.entry_id, one.entry_id),
        )
        for one in sorted(versions, key=lambda r: r.occurred_at)
    )


def check_conflicts(rule: CheckRule, announcements: Sequence[Sequence[Record]], *, zone: tzinfo) -> Checked:
    """Announcements that different sources put at different times: all kept, with how far they lie apart."""
    if not announcements:
        return lacking(rule, Words("没有预警或响应的记录", "no warning or response on record"))
    conflicts = [_conflict(g) for g in announcements if len({r.occurred_at for r in g}) > 1]
    if not conflicts:
        return checked(rule, "met", actual=Words("各来源一致", "sources agree"))
    return checked(
        rule,
        "conflict",
        actual=either([moment(v.at, zone) for c in conflicts for v in c.versions]),
        difference=either([duration(c.spread_min) for c in conflicts]),
        explanation=tuple(_version_words(c, v, zone) for c in conflicts for v in c.versions),
        details=tuple(conflicts),
        entries=once(e for c in conflicts for e in c.entries),
    )


def _conflict(group: Sequence[Record]) -> Conflict:
    told = sorted(group, key=lambda r: r.occurred_at)
    first, last = told[0], told[-1]
    return Conflict(
        type=first.type,
        organization=first.organization,
        place=first.place,
        level=first.level,
        from_level=first.from_level,
        spread_min=round((last.occurred_at - first.occurred_at) / timedelta(minutes=1)),
        versions=tuple(
            Version(
                at=r.occurred_at,
                precision=r.precision,
                source=r.source,
                evidence=r.evidence,
                words=r.words,
                entry_id=r.entry_id,
            )
            for r in told
        ),
        entries=tuple(r.entry_id for r in told),
    )


def _delay_words(delay: Delay, zone: tzinfo) -> Words:
    span, at = duration(delay.minutes), moment(delay.actual_at, zone)
    return Words(
        f"{delay.source}：{at.zh}，迟 {span.zh}（{delay.evidence}）",
        f"{delay.source}: {at.en}, {span.en} late ({delay.evidence})",
    )


def _version_words(conflict: Conflict, version: Version, zone: tzinfo) -> Words:
    level = NUMERALS.get(conflict.level or 0, "?")
    at = moment(version.at, zone).zh
    return Words(
        f"{level} 级，{version.source}：{at}（{version.evidence}）",
        f"level {level}, {version.source}: {at} ({version.evidence})",
    )
