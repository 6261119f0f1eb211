"""A named person takes a figure as the count we stand by, and revises it in the open."""

import uuid
from datetime import datetime

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.journal.actions import record
from jingwei.apps.places import queries as places
from jingwei.kernel.codes import normal_place
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import FigureAdopted, FigureRevised, Given
from ..models import Count, ListedPerson
from ..queries import person_of
from ..rules import PeopleRefused


class _Figure(msgspec.Struct, frozen=True):
    """A value with where it is from: a report, somebody's words, or our own list."""

    value: int
    as_of_at: datetime
    report_id: uuid.UUID | None = None
    source: str = ""
    from_list: bool = False


def incident_for(incident_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> IncidentLine:
    """The incident, once the right is asked for."""
    line = incidents.find_line(incident_id)
    if line is None:
        raise PeopleRefused("incident_unknown")
    agencies.require(by, right, at=moment.at, place=line.place, hazard=line.kind)
    if line.state == "merged":
        raise PeopleRefused("incident_merged")
    return line


@transaction.atomic
def adopt_figure(
    incident_id: uuid.UUID,
    given: Given,
    *,
    measure: str,
    area: str = "",
    by: By,
    moment: Moment,
) -> uuid.UUID:
    """Take a figure as the count we stand by: from a report that tells it, or by hand with its source.

    The first of its measure and area; later ones revise it. An empty area is the incident's own.
    """
    line = incident_for(incident_id, "people.adopt_figure", by=by, moment=moment)
    rules.check_measure(measure)
    area = _area(area, line)
    figure = _figure(given, incident_id, measure, area, moment=moment)
    return _adopt(incident_id, measure, area, figure, by=by, moment=moment)


@transaction.atomic
def revise_figure(
    count_id: uuid.UUID, given: Given, *, reason: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """Put another value in the place of a standing count; measure and area stay what they are.

    Fewer dead, missing or injured need the reason. The old count stays to be seen.
    """
    row = Count.objects.select_for_update().filter(pk=count_id).first()
    if row is None:
        raise PeopleRefused("count_unknown")
    incident_for(row.incident_id, "people.revise_figure", by=by, moment=moment)
    figure = _figure(given, row.incident_id, row.measure, row.area, moment=moment)
    return _revise(row, figure, reason=reason, by=by, moment=moment)


@transaction.atomic
def count_list(
    incident_id: uuid.UUID, *, measure: str, reason: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """Stand by the number of people on our own list, those struck through left out."""
    line = incident_for(incident_id, "people.count_list", by=by, moment=moment)
    rules.check_measure(measure)
    listed = ListedPerson.objects.filter(incident_id=incident_id, measure=measure)
    if not listed.exists():
        raise PeopleRefused("list_empty")
    number = rules.count_distinct([person_of(r) for r in listed.filter(struck_at=None)])
    figure = _Figure(value=number, as_of_at=moment.at, from_list=True)
    area = line.site or line.place
    standing = Count.objects.select_for_update().filter(
        incident_id=incident_id, measure=measure, area=area, state="stands"
    )
    row = standing.first()
    if row is not None:
        return _revise(row, figure, reason=reason, by=by, moment=moment)
    return _adopt(incident_id, measure, area, figure, by=by, moment=moment)


def _area(area: str, line: IncidentLine) -> str:
    if not area:
        return line.site or line.place
    if places.find_division(normal_place(area)) is not None:
        return normal_place(area)
    if places.find_site(area) is None:
        raise PeopleRefused("area_missing")
    return area


def _told(incident_id: uuid.UUID, report_id: uuid.UUID, measure: str, area: str) -> _Figure:
    """What the report tells in exactly this chain; another measure or area is never taken for it."""
    for chain in incidents.list_figure_chains(incident_id):
        if (chain.measure, chain.area) != (measure, area):
            continue
        for one in chain.figures:
            if one.report_id == report_id:
                value = rules.check_value(rules.in_persons(one.value, one.unit))
                return _Figure(value=value, as_of_at=one.as_of_at, report_id=report_id, source=one.source)
    raise PeopleRefused("figure_not_told")


def _figure(given: Given, incident_id: uuid.UUID, measure: str, area: str, *, moment: Moment) -> _Figure:
    """The report's figure of exactly this chain, or the value by hand with its source."""
    if given.report_id is not None:
        return _told(incident_id, given.report_id, measure, area)
    number = rules.check_value(given.value)
    if not given.source.strip():
        raise PeopleRefused("count_source_missing")
    return _Figure(value=number, as_of_at=given.as_of_at or moment.at, source=given.source.strip()[:200])


def _adopt(
    incident_id: uuid.UUID, measure: str, area: str, figure: _Figure, *, by: By, moment: Moment
) -> uuid.UUID:
    if Count.objects.filter(incident_id=incident_id, measure=measure, area=area, state="stands").exists():
        raise PeopleRefused("count_stands")
    row = Count(incident_id=incident_id, measure=measure, area=area, by=by, at=moment.at,
                **msgspec.structs.asdict(figure))  # fmt: skip
    row.save(force_insert=True)
    fact = FigureAdopted(
        incident_id=str(incident_id),
        count_id=str(row.pk),
        measure=measure,
        area=area,
        value=row.value,
        unit=row.unit,
        as_of_at=row.as_of_at,
        report_id=str(row.report_id) if row.report_id else None,
        from_list=row.from_list,
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


def _revise(row: Count, figure: _Figure, *, reason: str, by: By, moment: Moment) -> uuid.UUID:
    if row.state != "stands":
        raise PeopleRefused("count_revised_meanwhile")
    rules.check_lowering(measure=row.measure, before=row.value, value=figure.value, reason=reason)
    row.state = "revised"
    row.save(update_fields=["state"])
    new = Count(incident_id=row.incident_id, measure=row.measure, area=row.area, unit=row.unit, by=by,
                at=moment.at, replaces=row, reason=reason.strip()[:300],
                **msgspec.structs.asdict(figure))  # fmt: skip
    new.save(force_insert=True)
    fact = FigureRevised(
        incident_id=str(row.incident_id),
        count_id=str(new.pk),
        replaces=str(row.pk),
        measure=row.measure,
        area=row.area,
        value=new.value,
        before=row.value,
        unit=new.unit,
        as_of_at=new.as_of_at,
        report_id=str(new.report_id) if new.report_id else None,
        from_list=new.from_list,
        reason=new.reason,
    )
    record([(fact, [row, new])], by=by, moment=moment)
    return new.pk
