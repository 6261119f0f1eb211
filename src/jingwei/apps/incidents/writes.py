"""Steps that several actions share: opening an incident, letting a report join or leave it."""

import uuid
from collections.abc import Mapping

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.queries import get_node
from jingwei.apps.places import queries as places
from jingwei.apps.reports.queries import ReportLine
from jingwei.engines.fusion import Link, is_regional
from jingwei.kernel.moments import By, Moment

from . import rules
from .models import Incident, Membership, Unplaced
from .rules import IncidentRefused


def locked(incident_id: uuid.UUID) -> Incident:
    """The incident, locked for this transaction, so that its facts are in order."""
    row = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None:
        raise IncidentRefused("incident_unknown")
    return row


def new_incident(report: ReportLine, *, kind: str = "", place: str = "") -> Incident:
    """An incident as this report has it; its title is made of place and kind until a person names it."""
    kind, place = kind or report.kind, place or report.place
    lon, lat, exact_site = report.lon, report.lat, report.site
    if lon is None:
        point = places.point_of(exact_site or place)
        lon, lat = (point.lon, point.lat) if point else (None, None)
    title_zh, title_en = made_title(kind, place, exact_site)
    return Incident(
        home=get_node(),
        kind=kind,
        place=place,
        site=exact_site,
        lon=lon,
        lat=lat,
        title_zh=title_zh,
        title_en=title_en,
        event_ref=report.event_ref,
        opened_at=report.occurred_at,
        precision=report.precision,
        last_at=report.occurred_at,
    )


def made_title(kind: str, place: str, site: str) -> tuple[str, str]:
    found = hazards.find_kind(kind)
    kind_zh, kind_en = (found.name_zh, found.name_en) if found else (kind, kind)
    where_zh, where_en = places.name_of(site or place, "zh"), places.name_of(site or place, "en")
    return f"{where_zh} {kind_zh}"[:200], f"{kind_en}, {where_en}"[:200]


def join(incident: Incident, report: ReportLine, link: Link | None, *, by: By, moment: Moment) -> Membership:
    """Let the report belong to the incident and carry on its times, area and count. Saves neither."""
    member = Membership(
        report_id=report.id,
        incident=incident,
        joined_at=moment.at,
        joined_by=by,
        score=link.score if link else None,
        threshold=link.threshold if link else None,
        why=[{"name": p.name, "value": p.value, "detail": p.detail} for p in link.parts] if link else [],
        next_best=_next_best(link),
    )
    incident.report_count += 1
    incident.last_at = max(incident.last_at, report.occurred_at)
    if report.occurred_at < incident.opened_at:
        incident.opened_at, incident.precision = report.occurred_at, report.precision
    if is_regional(incident.kind) and report.place:
        incident.place = rules.common_place(incident.place, report.place) or incident.place
    incident.event_ref = incident.event_ref or report.event_ref
    return member


def _next_best(link: Link | None) -> Mapping[str, object]:
    if link is None or not link.next_best_id:
        return {}
    return {"id": link.next_best_id, "score": link.next_best_score}


def placed(report_id: uuid.UUID) -> None:
    """The report no longer waits for a person."""
    Unplaced.objects.filter(report_id=report_id).delete()


def wait_for_person(report_id: uuid.UUID, reason: str, *, moment: Moment) -> None:
    """Put the report on the list of those that wait for a person."""
    Unplaced.objects.get_or_create(report_id=report_id, defaults={"reason": reason, "since_at": moment.at})
