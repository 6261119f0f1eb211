"""The days of a register as iCalendar (RFC 5545), for calendar programs."""

from datetime import timedelta

from django.utils.translation import get_language
from icalendar import Calendar, Event

from jingwei.apps.journal.queries import get_node
from jingwei.apps.places import queries as places
from jingwei.apps.registers.facts import Register
from jingwei.apps.registers.queries import DueDay

TYPE = "text/calendar; charset=utf-8"
#: How often a program should come again. Source: our estimate, a day is known the day before, 2026-11-29.
EVERY = timedelta(hours=12)


def write_calendar(register: Register, days: list[DueDay], *, base: str) -> bytes:
    """One event for each day, all day long. Names of people and telephones are not in it."""
    zh = (get_language() or "").startswith("zh")
    title = register.zh if zh else register.en
    found = Calendar()
    found.add("prodid", "-//Jingwei//registers//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("name", title)
    found.add("x-wr-calname", title)
    found.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    found.add("x-published-ttl", EVERY, parameters={"value": "DURATION"})
    divisions = places.list_divisions_by_code({str(due.row.values["place"]) for due in days})
    for due in days:
        division = divisions.get(str(due.row.values["place"]))
        where = (division.name if zh else division.name_en or division.name) if division else ""
        found.add_component(_event(register, due, where, base=base, zh=zh))
    return found.to_ical()


def _event(register: Register, due: DueDay, where: str, *, base: str, zh: bool) -> Event:
    row, column = due.row, due.column
    what = column.zh if zh else column.en
    event = Event()
    event.add("uid", f"{row.id}-{column.name}@{get_node()}")
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("sequence", row.version)
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    event.add("summary", f"{what}{'：' if zh else ': '}{row.values['name']}")
    event.add("categories", [register.zh if zh else register.en])
    if where:
        event.add("location", where)
    event.add("url", f"{base}/registers/{register.code}/{row.id}")
    event.add("transp", "TRANSPARENT")
    return event
