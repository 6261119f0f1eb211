"""How figures changed: each measure and each area a chain by itself. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from jingwei.apps.assessments.facts import Chain, Checked, CheckRule, Claimed, Measure, Point, Record, Words

from .words import checked, lacking, once

#: Groups of measures of data/measures.csv whose chains are followed.
CASUALTY, FOLLOWED = "casualty", ("casualty", "people", "loss")
#: Groups of figures an investigation found withheld: whole, and parts of the whole.
WITHHELD, WITHHELD_PART = "withheld", "withheld_part"


def check_chains(rule: CheckRule, records: Sequence[Record], *, measures: Mapping[str, Measure]) -> Checked:
    """How the figures changed, each measure and area by itself; whether figures were found withheld."""
    chains = chains_of(records, measures=measures, of=FOLLOWED)
    casualties = [c for c in chains if c.group == CASUALTY]
    if not casualties:
        return lacking(rule, Words("没有伤亡数的记录", "no casualty figure on record"))
    withheld = chains_of(records, measures=measures, of=(WITHHELD, WITHHELD_PART))
    lowered = sum(p.lowered for c in chains for p in c.points)
    return checked(
        rule,
        "differs" if withheld else "met",
        actual=Words(f"{len(casualties)} 条伤亡数链", f"{len(casualties)} chains of casualties"),
        difference=_withheld_words(withheld, measures),
        explanation=(Words(f"{lowered} 处数字调低", f"{lowered} figures were lowered"),) if lowered else (),
        details=chains + withheld,
        entries=once(e for c in chains + withheld for p in c.points for e in p.entries),
    )


def _withheld_words(chains: Sequence[Chain], measures: Mapping[str, Measure]) -> Words:
    found = [(measures[c.measure].title, f"{c.points[-1].value:g}") for c in chains if c.group == WITHHELD]
    if not found:
        return Words("无", "none")
    return Words("；".join(f"{t.zh} {n}" for t, n in found), "; ".join(f"{t.en}: {n}" for t, n in found))


def chains_of(
    records: Sequence[Record], *, measures: Mapping[str, Measure], of: Sequence[str]
) -> tuple[Chain, ...]:
    """The figures of these groups as chains, one for each measure and area, in order of time.

    The same figure of the same source and time told twice is one point that rests on both entries.
    """
    found: dict[tuple[str, str], list[tuple[Record, Claimed]]] = {}
    for record in sorted(records, key=lambda r: r.occurred_at):
        for claim in record.claims:
            if claim.measure in measures and measures[claim.measure].group in of:
                found.setdefault((claim.measure, claim.area), []).append((record, claim))
    return tuple(
        Chain(measure=m, area=a, unit=told[0][1].unit, group=measures[m].group, points=_points(told))
        for (m, a), told in sorted(found.items(), key=lambda item: (item[0][1], item[0][0]))
    )


def _points(told: Sequence[tuple[Record, Claimed]]) -> tuple[Point, ...]:
    points: list[Point] = []
    for record, claim in told:
        same = (record.occurred_at, claim.value, record.source)
        if points and (points[-1].at, points[-1].value, points[-1].source) == same:
            merged = once((*points[-1].entries, record.entry_id))
            points[-1] = msgspec.structs.replace(points[-1], entries=merged)
            continue
        points.append(
            Point(
                at=record.occurred_at,
                precision=record.precision,
                value=claim.value,
                source=record.source,
                evidence=record.evidence,
                words=claim.words,
                lowered=bool(points) and claim.value < points[-1].value,
                entries=(record.entry_id,),
            )
        )
    return tuple(points)
