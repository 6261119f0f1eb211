"""How a check's result is put together and said in both languages. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from jingwei.apps.assessments.facts import Checked, CheckRule, State, Words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def checked(rule: CheckRule, state: State, **found: object) -> Checked:
    expected = found.pop("expected", None)
    merged = both(rule.expected, expected) if isinstance(expected, Words) else rule.expected
    return Checked(
        id=rule.id,
        title=rule.title,
        state=state,
        expected=merged,
        rule=rule.rule,
        source=rule.source,
        evidence=rule.evidence,
        needs=rule.needs,
        **found,  # type: ignore[arg-type]
    )


def lacking(rule: CheckRule, *lacks: Words, **found: object) -> Checked:
    return checked(rule, "not_assessable", missing=lacks, **found)


def both(one: Words, other: Words) -> Words:
    return Words("；".join(t for t in (other.zh, one.zh) if t), "; ".join(t for t in (other.en, one.en) if t))


def either(words: Sequence[Words]) -> Words:
    told = list(dict.fromkeys(words))
    return Words(" 或 ".join(w.zh for w in told), " or ".join(w.en for w in told))


def since(at: datetime, zone: tzinfo) -> Words:
    text = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    return Words(f"{text} 起", f"from {text}")


def moment(at: datetime, zone: tzinfo) -> Words:
    text = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    return Words(text, text)


def short(at: datetime, zone: tzinfo) -> Words:
    """Day and minute without the year, for where the year is said already."""
    at = at.astimezone(zone)
    return Words(f"{at.month}月{at.day}日 {at:%H:%M}", f"{at.day} {_MONTHS[at.month - 1]} {at:%H:%M}")


def duration(minutes: int) -> Words:
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    if not hours:
        return Words(f"{sign}{rest} 分", f"{sign}{rest} min")
    return Words(f"{sign}{hours} 小时 {rest:02d} 分", f"{sign}{hours} h {rest:02d} min")


def once(entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entries))


def check_later(rule: CheckRule) -> Checked:
    """A check that needs a capability this node does not have yet."""
    return checked(rule, "not_yet")
