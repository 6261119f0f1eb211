"""Days on which a report was due and none came. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from jingwei.apps.assessments.facts import Checked, CheckRule, Claimed, Measure, Record, Silence, Words

from .chains import CASUALTY
from .words import checked, lacking, once

#: Channels by which a continued report enters the reporting system: one program to another, or its file.
#: A public announcement is not such a report. Source: [SRC-RELIEFREG] art. 17, reports level by level.
SYSTEM_CHANNELS = ("api", "file")
#: The measure by which a finding attests that reporting was interrupted; data/measures.csv.
INTERRUPTION = "days_without_report"


def check_silence(
    rule: CheckRule, records: Sequence[Record], *, measures: Mapping[str, Measure], zone: tzinfo
) -> Checked:
    """On how many days of the interruption the body did not report its own area's casualties.

    The window opens on the day the record attests an interruption and closes on the day of the body's
    last continued report. Without either there is nothing to count.
    """
    found = _find_interruption(records)
    if found is None:
        return lacking(rule, Words("没有认定续报中断的记录", "no finding that attests an interruption"))
    finding, claim = found
    from_on = _day(finding.occurred_at, zone)
    reports = [r for r in records if _is_continued_report(r, finding.organization, claim.area, measures)]
    later = [r for r in reports if _day(r.at, zone) >= from_on]
    if not later:
        lack = Words(
            "没有该单位恢复续报的记录", "no later continued report by that body, so the window has no end"
        )
        return lacking(rule, lack, entries=(finding.entry_id,))
    until_on = max(_day(r.at, zone) for r in later)
    told_on = {_day(r.at, zone) for r in later}
    days = tuple(d for d in _days(from_on, until_on) if d not in told_on)
    silence = Silence(
        organization=finding.organization,
        area=claim.area,
        from_on=from_on,
        until_on=until_on,
        days=days,
        attested=claim.value,
        entries=(finding.entry_id, *once(r.entry_id for r in later)),
    )
    return checked(
        rule,
        "differs" if days else "met",
        actual=_days_words(days),
        difference=Words(f"缺 {len(days)} 天", f"{len(days)} days missing") if days else Words("无", "none"),
        explanation=(
            Words(f"自 {from_on} 起中断，{until_on} 恢复", f"interrupted from {from_on}, resumed {until_on}"),
            Words(f"记录自述 {claim.value:g} 天", f"the record itself states {claim.value:g} days"),
        ),
        details=(silence,),
        entries=silence.entries,
    )


def _find_interruption(records: Sequence[Record]) -> tuple[Record, Claimed] | None:
    found = [(r, c) for r in records if r.type == "finding" for c in r.claims if c.measure == INTERRUPTION]
    return min(found, key=lambda rc: rc[0].occurred_at, default=None)


def _is_continued_report(
    record: Record, organization: str, area: str, measures: Mapping[str, Measure]
) -> bool:
    casualty = {m.code for m in measures.values() if m.group == CASUALTY}
    return (
        record.type == "figures"
        and record.channel in SYSTEM_CHANNELS
        and record.organization == organization
        and any(c.area == area and c.measure in casualty for c in record.claims)
    )


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _days(from_on: date, until_on: date) -> list[date]:
    return [from_on + timedelta(days=n) for n in range((until_on - from_on).days)]


def _days_words(days: Sequence[date]) -> Words:
    if not days:
        return Words("每日有续报", "a report every day")
    text = "、".join(f"{d:%m-%d}" for d in days)
    return Words(f"{text} 未报", "no report on " + text.replace("、", ", "))
