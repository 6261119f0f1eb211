"""People put right what the machine joined: separate, join, open. Nothing is lost by it."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.places import queries as places
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import ReportLine
from jingwei.kernel.codes import normal_place
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import ReportJoined, ReportSeparated
from ..models import Incident, Membership
from ..queries.seen import seen_of_report
from ..rules import IncidentRefused
from .fuse import fused, opened


@transaction.atomic
def separate_report(report_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> uuid.UUID | None:
    """Take the report out of its incident; the two stay apart.

    The report opens an incident of its own where it may, else it waits for a person.
    Returns the new incident's id, or None.
    """
    member, row = _membership(report_id)
    agencies.require(by, "incidents.separate_report", at=moment.at, place=row.place, hazard=row.kind)
    rules.check_reason(reason)
    line = _line(report_id)
    changing = writes.Changing("separated", row)
    _leave(member, row, by=by, moment=moment)
    changing.part(report_id, row.id)
    fact = ReportSeparated(incident_id=str(row.id), report_id=str(report_id), reason=reason.strip()[:300])
    said: list[tuple[Fact, Recorded | None]] = [(fact, row)]
    own = _open_own(line, by=by, moment=moment, said=said)
    if own is not None:
        changing.touch(own, out_of=row)
    changing.move(report_id, row, own, waits="separated")
    entry = record(said, by=by, moment=moment)[0]
    changing.keep(entry, row, reason=reason, by=by, moment=moment)
    return own.id if own else None


@transaction.atomic
def join_report(
    report_id: uuid.UUID, incident_id: uuid.UUID, *, reason: str = "", by: By, moment: Moment
) -> None:
    """Say that the report speaks of this incident, wherever the machine had put it."""
    target = writes.locked(incident_id)
    agencies.require(by, "incidents.join_report", at=moment.at, place=target.place, hazard=target.kind)
    rules.check_open(target.state)
    line = _line(report_id)
    changing, source = writes.Changing("joined", target), None
    said: list[tuple[Fact, Recorded | None]] = []
    member = Membership.objects.select_for_update().filter(report_id=report_id, left_at=None).first()
    if member is not None:
        if member.incident_id == target.id:
            raise IncidentRefused("report_elsewhere")
        source = writes.locked(member.incident_id)
        agencies.require(by, "incidents.join_report", at=moment.at, place=source.place, hazard=source.kind)
        changing.touch(source)
        _leave(member, source, by=by, moment=moment)
        changing.part(report_id, source.id)
        gone = ReportSeparated(incident_id=str(source.id), report_id=str(report_id), reason=reason[:300])
        said.append((gone, source))
    changing.unpart([report_id], target.id)
    waits = writes.placed(report_id)
    changing.move(report_id, source, target, waits=waits or "separated")
    writes.join(target, line, None, by=by, moment=moment).save()
    target.version += 1
    target.save()
    fact = ReportJoined(incident_id=str(target.id), report_id=str(report_id), reason=reason.strip()[:300])
    entry = record([*said, (fact, target)], by=by, moment=moment)[-1]
    changing.keep(entry, target, reason=reason, by=by, moment=moment)


@transaction.atomic
def open_incident(report_id: uuid.UUID, *, kind: str, place: str, by: By, moment: Moment) -> uuid.UUID:
    """Open an incident from a report that waited for a person, with kind and place as the person has them."""
    place = normal_place(place)
    agencies.require(by, "incidents.open_incident", at=moment.at, place=place or None, hazard=kind or None)
    line = _line(report_id)
    if Membership.objects.filter(report_id=report_id, left_at=None).exists():
        raise IncidentRefused("report_elsewhere")
    if hazards.find_kind(kind) is None:
        raise IncidentRefused("kind_missing")
    if places.find_division(place) is None:
        raise IncidentRefused("place_missing")
    row = writes.new_incident(line, kind=kind, place=place)
    member = writes.join(row, line, None, by=by, moment=moment)
    row.save(force_insert=True)
    member.save()
    writes.placed(report_id)
    record([(opened(row, line), row), (fused(row, line, None), row)], by=by, moment=moment)
    return row.id


def _membership(report_id: uuid.UUID) -> tuple[Membership, Incident]:
    member = Membership.objects.select_for_update().filter(report_id=report_id, left_at=None).first()
    if member is None:
        raise IncidentRefused("report_not_in_incident")
    return member, writes.locked(member.incident_id)


def _line(report_id: uuid.UUID) -> ReportLine:
    lines = reports.list_reports_by_id([report_id])
    if not lines:
        raise IncidentRefused("report_unknown")
    return lines[0]


def _leave(member: Membership, row: Incident, *, by: By, moment: Moment) -> None:
    writes.leave(member, by=by, moment=moment)
    row.report_count -= 1
    row.version += 1
    row.save()


def _open_own(
    line: ReportLine, *, by: By, moment: Moment, said: list[tuple[Fact, Recorded | None]]
) -> Incident | None:
    reason, around = writes.why_not_open(line, seen_of_report(line))
    if reason:
        writes.wait_for_person(line.id, "separated", moment=moment)
        return None
    row = writes.new_incident(line, place=around.code if around else "")
    member = writes.join(row, line, None, around=around, by=by, moment=moment)
    row.save(force_insert=True)
    member.save()
    said += [(opened(row, line), row), (fused(row, line, None), row)]
    return row
