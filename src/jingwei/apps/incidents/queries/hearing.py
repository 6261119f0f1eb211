"""How the matcher hears a report: its words, and what was filed with it, in the values of the engine."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from jingwei.apps.places import queries as places
from jingwei.apps.places.facts import SiteRow
from jingwei.apps.reports.queries import Heard
from jingwei.engines.fusion import Seen, is_regional
from jingwei.engines.matching import Report
from jingwei.engines.reading import read_kinds
from jingwei.engines.reading.kinds import language_of
from jingwei.engines.reading.places import Gazetteer, Site

#: A report entered so much later or earlier than it says it happened counts for the time it tells.
#: Source: our estimate, callers speak within a quarter of an hour of what they see, 2026-11-29.
OTHER_TIME = timedelta(minutes=15)
#: Channels whose callers are located by mast where at all.
#: Source: our estimate, emergency numbers are dialled by telephone, 2026-11-29.
CALLS = ("110", "119", "120", "122")
#: Digits of a county's code. Source: [SRC-GB2260] two digits a level to the county.
COUNTY = 6


def kind_told(heard: Heard) -> str:
    """The kind that was filed, '' where none was or none that the tables have."""
    return "" if {"kind_unknown", "kind_missing"} & set(heard.flags) else heard.kind


def place_told(heard: Heard) -> str:
    return "" if "place_unknown" in heard.flags else heard.place


def is_for_plain_rule(heard: Heard) -> bool:
    """Whether the report speaks of a region or an area: no words or points decide which event it means."""
    if is_regional(kind_told(heard)):
        return True
    pointed = heard.site or heard.lon is not None
    return heard.type != "occurrence" and not pointed and len(place_told(heard)) <= COUNTY


def is_idle(heard: Heard) -> bool:
    """Whether the words themselves are thanks or chatter; words nobody knows are not."""
    return read_kinds(heard.words, language_of(heard.words)).idle


def seen_of_heard(heard: Heard, sites: Mapping[str, SiteRow]) -> Seen:
    """The report as the plain rule compares it."""
    lon, lat, exact = heard.lon, heard.lat, heard.lon is not None
    if lon is None and heard.site in sites:
        lon, lat = sites[heard.site].lon, sites[heard.site].lat
    return Seen(
        id=str(heard.id),
        kind=kind_told(heard),
        place=place_told(heard),
        site=heard.site,
        lon=lon,
        lat=lat,
        from_at=heard.occurred_at,
        event_ref=heard.event_ref,
        exact=exact,
    )


def time_told(heard: Heard) -> datetime:
    """The time that counts: when it came in, or what it says where that is another time altogether."""
    if "time_assumed" in heard.flags or abs(heard.received_at - heard.occurred_at) < OTHER_TIME:
        return heard.received_at
    return heard.occurred_at


def report_of(heard: Heard, sites: Mapping[str, SiteRow], names: Mapping[str, str]) -> Report:
    """`names`: of townships and villages by code, said where the report has no other words for its place."""
    at, site = time_told(heard), sites.get(heard.site)
    assumed = "time_assumed" in heard.flags or at == heard.occurred_at != heard.received_at
    where = heard.place_words or (site.name_zh if site else names.get(place_told(heard), ""))
    return Report(
        id=str(heard.id),
        words=heard.words or heard.title,
        # the engine takes off what it takes to speak; a time that is told needs nothing taken off
        arrived_s=at.timestamp() + 8.0,
        occurred_s=None if assumed or heard.precision != "minute" else heard.occurred_at.timestamp(),
        channel=heard.channel,
        kind=kind_told(heard),
        place_words=where,
        lon=heard.lon,
        lat=heard.lat,
        marked=bool(heard.datum),
        voice=heard.channel in CALLS,
        device=heard.type == "observation",
        caller="" if heard.organization else heard.caller,
        area=place_told(heard),
        site=heard.site,
    )


def gazetteer_of(sites: Iterable[SiteRow]) -> Gazetteer:
    """The registered places with the names of the counties that hold them."""
    rows = list(sites)
    counties = places.list_divisions_by_code({row.place[:COUNTY] for row in rows})
    return Gazetteer(Site((r.name_zh, r.name_en), r.lon, r.lat, _names(counties.get(r.place[:COUNTY])))
                     for r in rows)  # fmt: skip


def _names(county: places.DivisionCard | None) -> tuple[str, ...]:
    return tuple(n for n in (county.name, county.name_en) if n) if county else ()


def names_of_places(heard: Iterable[Heard]) -> dict[str, str]:
    """Names of the townships and villages that these reports were filed under."""
    codes = {place_told(h) for h in heard if not h.site and not h.place_words}
    return {
        c: d.name for c, d in places.list_divisions_by_code({c for c in codes if len(c) > COUNTY}).items()
    }
