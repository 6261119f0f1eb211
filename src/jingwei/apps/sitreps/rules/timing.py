"""When a report is due, when that is about to run out, and when it is late. Pure."""

import re
from datetime import datetime, time, timedelta, tzinfo

#: Triggers that the record itself times: what happened, what reached us, what a person judged.
OCCURRED = ("event_occurred", "occurred", "imminent_or_occurred")
RECEIVED = ("report_received", "report_received_each_level", "discovered", "disaster info received")
JUDGED = ("judged_likely_grade_1_2",)
#: A report each so many minutes, counted from the event.
DAILY = ("daily",)
#: A report before fixed hours of the day, local time, as the row itself names them: "daily HH:MM and HH:MM".
_SLOTS = re.compile(r"daily \d\d:\d\d( and \d\d:\d\d)*")

#: The last part of a limit: five minutes, or the last quarter if that is longer.
#: Source: our estimate, the duty desk's clocks warn so, 2026-11-22.
WARN_LEAST = timedelta(minutes=5)
#: Source: our estimate, a quarter of the limit, 2026-11-22.
WARN_PART = 4


def slots_of(trigger: str) -> tuple[time, ...]:
    """The hours of the day before which a row wants its report; none when it names no hours."""
    if not _SLOTS.fullmatch(trigger):
        return ()
    return tuple(time(int(h), int(m)) for h, m in re.findall(r"(\d\d):(\d\d)", trigger))


def is_timed(trigger: str) -> bool:
    """Whether the record can say when this trigger was; else only a person can."""
    return trigger in (*OCCURRED, *RECEIVED, *JUDGED, *DAILY) or bool(slots_of(trigger))


def is_immediate(trigger: str, limit_minutes: int) -> bool:
    """The law says at once and names no minutes: no limit passes, the time taken is shown and kept."""
    return limit_minutes == 0 and not slots_of(trigger)


def due_after(trigger: str, limit_minutes: int, at: datetime, *, zone: tzinfo) -> datetime | None:
    """When the report is due that a trigger at this time calls for; None: at once."""
    if slots_of(trigger):
        return _next_slot(slots_of(trigger), at, zone)
    return None if is_immediate(trigger, limit_minutes) else at + timedelta(minutes=limit_minutes)


def next_due(trigger: str, limit_minutes: int, due_at: datetime, *, zone: tzinfo) -> datetime | None:
    """When the next report is due after this one; None when there is only one."""
    if slots_of(trigger):
        return _next_slot(slots_of(trigger), due_at, zone)
    return due_at + timedelta(minutes=limit_minutes) if trigger in DAILY else None


def _next_slot(hours: tuple[time, ...], after: datetime, zone: tzinfo) -> datetime:
    local = after.astimezone(zone)
    days = (local.date(), local.date() + timedelta(days=1))
    slots = [datetime.combine(day, hour, zone) for day in days for hour in hours]
    return min(slot for slot in slots if slot > local)


def warn_at(since: datetime, due_at: datetime) -> datetime:
    """From when on the limit is about to run out."""
    return max(since, due_at - max(WARN_LEAST, (due_at - since) / WARN_PART))


def state_at(now: datetime, *, since: datetime, due_at: datetime | None) -> str:
    """'ahead', 'immediately', 'running', 'soon' or 'late'. At the limit itself it is still in time."""
    if now < since:
        return "ahead"
    if due_at is None:
        return "immediately"
    if now > due_at:
        return "late"
    return "soon" if now >= warn_at(since, due_at) else "running"
