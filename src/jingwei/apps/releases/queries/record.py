"""What the record holds about an incident, as far as the public may be told."""

import csv
import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import Chain, IncidentLine
from jingwei.apps.people import queries as people
from jingwei.apps.places import queries as places
from jingwei.apps.reports import queries as reports

from ..rules import FigureTold, Pair, Record, ReleaseRefused, Response

_SOURCE = re.compile(r"(SRC-[A-Z0-9]+)(?:.*?art\. ?(\d+))?")
#: Words of a source that is none: somebody's memory.
_NO_SOURCE = {"", "recalled", "ours"}
_UNITS = {
    "person": Pair("人", "people"),
    "household": Pair("户", "households"),
    "house": Pair("间", "houses"),
    "10k_CNY": Pair("万元", "x 10,000 yuan"),
    "100m_CNY": Pair("亿元", "x 100 million yuan"),
    "vehicle": Pair("辆", "vehicles"),
    "hectare": Pair("公顷", "hectares"),
}
#: Measures the public is told: people and losses, not readings of stations.
_GROUPS = {"casualty", "people", "loss"}


def get_record(incident_id: uuid.UUID, *, authority: Authority, at: datetime) -> Record:
    """The incident's own words, the grade a person confirmed, levels and figures with their sources."""
    room = incidents.get_room(incident_id, authority=authority)
    if room is None:
        raise ReleaseRefused("incident_unknown")
    line = room.incident
    kind = hazards.find_kind(line.kind)
    return Record(
        title=Pair(line.title_zh, line.title_en or line.title_zh),
        kind=Pair(kind.name_zh, kind.name_en or kind.name_zh) if kind else Pair(line.title_zh, line.title_en),
        place=_place(line.site or line.place),
        time=_time(line.opened_at, line.precision),
        grade=line.confirmed_grade,
        responses=_responses(line, at=at),
        figures=_figures(incident_id, room.chains, at=at),
    )


def _place(code: str) -> Pair:
    return Pair(places.name_of(code), places.name_of(code, "en")) if code else Pair("", "")


def _time(at: datetime, precision: str) -> str:
    return localtime(at).strftime("%Y-%m-%d" if precision == "day" else "%Y-%m-%d %H:%M")


def _responses(line: IncidentLine, *, at: datetime) -> tuple[Response, ...]:
    """The level each body announced last for this family of hazards, if it has one in force."""
    newest = {}
    for group in reports.list_announcements(type="response", place=line.place, until=at):
        if not group[0].kind or group[0].kind[:2] == line.kind[:2]:
            newest[group[0].organization] = group[0]
    in_force = sorted((a for a in newest.values() if a.level), key=lambda a: (-len(a.place), a.level))
    return tuple(
        Response(
            organization=_organization(a.organization),
            level=a.level,
            source=_source(a.source, a.organization),
        )
        for a in in_force
        if a.organization
    )


def _figures(incident_id: uuid.UUID, chains: Iterable[Chain], *, at: datetime) -> tuple[FigureTold, ...]:
    """One figure a measure and area: the count a person adopted, else the newest that was told."""
    found: dict[tuple[str, str], FigureTold] = {}
    for chain in chains:
        told = [f for f in chain.figures if f.as_of_at <= at]
        if told and chain.measure in _measures():
            last, key = told[-1], (chain.measure, chain.area)
            source = _source(last.source, last.organization)
            as_of = _time(last.as_of_at, last.precision)
            found[key] = _figure(key, last.value, last.unit, as_of=as_of, source=source)
    for measure, area, count in people.list_counts(incident_id):
        if measure in _measures() and count.as_of_at <= at:
            key, as_of = (measure, area), _time(count.as_of_at, "minute")
            source = _source(count.source, "")
            found[key] = _figure(key, count.value, count.unit, as_of=as_of, source=source)
    return tuple(found[key] for key in sorted(found))


def _figure(key: tuple[str, str], value: float, unit: str, *, as_of: str, source: Pair) -> FigureTold:
    return FigureTold(
        measure=_measures()[key[0]],
        area=_place(key[1]),
        value=f"{value:,.4f}".rstrip("0").rstrip("."),
        unit=_UNITS.get(unit, Pair(unit, unit)),
        as_of=as_of,
        source=source,
    )


def _source(source: str, organization: str) -> Pair:
    """Who tells it: the title and article of a source, what stands there, or the body that spoke."""
    if source.strip() in _NO_SOURCE:
        return _organization(organization)
    found = _SOURCE.match(source)
    row = hazards.find_source(found[1]) if found else None
    if found is None or row is None:
        return Pair(source, source)
    article = found[2]
    zh = f"《{row.title_zh}》第{article}条" if article else f"《{row.title_zh}》"
    return Pair(zh, f"{row.title_zh}, art. {article}" if article else row.title_zh)


def _organization(code: str) -> Pair:
    found = agencies.find_organization(code) if code else None
    return Pair(found.name_zh, found.name_en or found.name_zh) if found else Pair("", "")


@cache
def _measures() -> dict[str, Pair]:
    with (Path(settings.JINGWEI_DATA) / "measures.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: Pair(row["zh"], row["en"]) for row in csv.DictReader(file) if row["group"] in _GROUPS
        }
