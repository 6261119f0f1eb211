"""When a check-in is due, how far a missed one is escalated, which taps are one. Pure."""

from datetime import datetime, timedelta

from jingwei.kernel.refusals import Refused

#: Fewest and most minutes between check-ins.
#: Source: our estimate, from fire attack inside a building to a patrol of half a day, 2026-11-30.
LEAST_MIN, MOST_MIN = 1, 720
#: Most heads in one party. Source: our estimate, a battalion; larger ones are watched in parts, 2026-11-30.
MOST_HEADS = 999
#: Taps this close together, without words, are one check-in, seconds.
#: Source: our estimate, two people of one party tapping at once, a form sent twice, 2026-11-30.
SAME_S = 20
#: Longest words of a check-in or a reason, characters. Source: our estimate, a radio message, 2026-11-30.
MOST_WORDS = 300


class CheckInRefused(Refused):
    """`watch_unknown`, `watch_over`, `watch_not_over`, `watch_changed_meanwhile`, `watch_party_missing`,

    `watch_heads_impossible`, `watch_interval_impossible`, `watch_until_past`, `watch_place_unknown`,
    `watch_post_unknown`, `watch_incident_unknown`, `watch_task_unknown`, `watch_key_reused`,
    `watch_channel_unknown`, `watch_reason_missing`, `watch_difference_missing`, `watch_unchanged`.
    """


def check_numbers(*, heads: int, every_min: int) -> None:
    if not 1 <= heads <= MOST_HEADS:
        raise CheckInRefused("watch_heads_impossible", most=MOST_HEADS)
    if not LEAST_MIN <= every_min <= MOST_MIN:
        raise CheckInRefused("watch_interval_impossible", least=LEAST_MIN, most=MOST_MIN)


def check_out(*, heads: int, heads_out: int, words: str) -> str:
    """Who came out, compared with who went in: a difference is written down with words, never swallowed."""
    if not 0 <= heads_out <= MOST_HEADS:
        raise CheckInRefused("watch_heads_impossible", most=MOST_HEADS)
    if heads_out != heads and not words.strip():
        raise CheckInRefused("watch_difference_missing", went=heads, out=heads_out)
    return words.strip()[:MOST_WORDS]


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise CheckInRefused("watch_reason_missing")
    return reason.strip()[:MOST_WORDS]


def next_due(*, heard_at: datetime, every_min: int, until_at: datetime | None) -> datetime:
    """An interval after they were heard last, or when they were to be out, if that comes first."""
    due = heard_at + timedelta(minutes=every_min)
    return until_at if until_at is not None and heard_at < until_at < due else due


def turns_at(*, level: int, due_at: datetime, every_min: int) -> datetime | None:
    """After which moment the next level is reached; None: both were."""
    if level >= 2:
        return None
    return due_at + timedelta(minutes=every_min if level else 0)


def levels_missed(*, level: int, due_at: datetime, every_min: int, at: datetime) -> list[int]:
    """The levels reached by now that were not reached before. A clock that jumps back takes none away."""
    found: list[int] = []
    turn = turns_at(level=level, due_at=due_at, every_min=every_min)
    while turn is not None and at > turn:
        level += 1
        found.append(level)
        turn = turns_at(level=level, due_at=due_at, every_min=every_min)
    return found


def is_same(*, before: datetime | None, at: datetime, words: str, level: int) -> bool:
    """Whether a tap says what the one before said: close in time, no words of its own, nothing missed."""
    return (
        before is not None and not words.strip() and not level and abs((at - before).total_seconds()) < SAME_S
    )


def is_missed(*, level: int, due_at: datetime, at: datetime) -> bool:
    """To be shown inverted: at once when the time is over, and until they are heard."""
    return level > 0 or at > due_at
