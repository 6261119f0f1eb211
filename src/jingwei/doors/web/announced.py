"""Warnings and response levels as announced: which are in force, with every source that tells of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Announced

from .names import Names

#: A warning without a lifting leaves the desk after this long.
#: Source: our estimate, red rainstorm signals speak of the next 3 hours and are renewed, 2026-11-22.
WARNING_SHOWN = timedelta(hours=24)


class Source(msgspec.Struct, frozen=True):
    """One source that tells of it, with the time it gives."""

    at: datetime
    precision: str
    source: str
    evidence: str
    words: str


class Announcement(msgspec.Struct, frozen=True):
    """One level announced by one body; several `sources` with different times stand side by side."""

    report_id: str
    type: str
    organization_zh: str
    organization_en: str
    kind_zh: str
    kind_en: str
    place: str
    level: int
    from_level: int | None
    number: int | None
    at: datetime
    precision: str
    words: str
    source: str
    evidence: str
    sources: tuple[Source, ...]
    earlier: tuple[Source, ...] = ()


def _source(one: Announced) -> Source:
    return Source(one.at, one.precision, one.source, one.evidence, one.words)


def announcement(group: Sequence[Announced], names: Names, earlier: Sequence[Announced] = ()) -> Announcement:
    first = group[0]
    body, kind = names.organization(first.organization), names.kind(first.kind)
    return Announcement(
        report_id=first.report_id,
        type=first.type,
        organization_zh=body[0],
        organization_en=body[1],
        kind_zh=kind[0],
        kind_en=kind[1],
        place=first.place,
        level=first.level,
        from_level=first.from_level,
        number=first.number,
        at=first.at,
        precision=first.precision,
        words=first.words,
        source=first.source,
        evidence=first.evidence,
        sources=tuple(_source(one) for one in group),
        earlier=tuple(_source(one) for one in earlier),
    )


def know(groups: Sequence[Sequence[Announced]], names: Names) -> None:
    """Bodies and kinds of these, asked for together."""
    names.know(bodies=[g[0].organization for g in groups], kinds=[g[0].kind for g in groups])


def list_current(place: str, now: datetime, names: Names) -> tuple[list[Announcement], list[Announcement]]:
    """Warnings and response levels that stand, each as below."""
    since = now - 2 * WARNING_SHOWN
    warned = reports.list_announcements(type="warning", place=place, since=since, until=now)
    responded = reports.list_announcements(type="response", place=place, until=now)
    know([*warned, *responded], names)
    return _warnings(warned, now, names), _responses(responded, names)


def _responses(groups: Sequence[Sequence[Announced]], names: Names) -> list[Announcement]:
    """The level each body announced last, gravest first; a body that ended its response is left out."""
    newest: dict[tuple[str, str], Sequence[Announced]] = {}
    for group in groups:
        newest[group[0].organization, group[0].kind] = group
    found = [announcement(g, names) for g in newest.values() if g[0].level]
    # the body of one's own place before that of the province or the nation, then the gravest
    return sorted(found, key=lambda a: (-len(a.place), a.level, a.at))


def _warnings(told: Sequence[Sequence[Announced]], now: datetime, names: Names) -> list[Announcement]:
    """The newest warning of each body and hazard, gravest first, with the times shortly before it."""
    series: dict[tuple[str, str], list[Sequence[Announced]]] = {}
    for group in told:
        series.setdefault((group[0].organization, group[0].kind), []).append(group)
    found = [
        announcement(groups[-1], names, [g[0] for g in groups[:-1] if g[0].level == groups[-1][0].level][-6:])
        for groups in series.values()
        if groups[-1][0].level and now - groups[-1][0].at <= WARNING_SHOWN
    ]
    return sorted(found, key=lambda a: (a.level, -a.at.timestamp()))
