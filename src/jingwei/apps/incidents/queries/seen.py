"""What of a report and of an incident the matcher compares."""

from jingwei.apps.places import queries as places
from jingwei.apps.reports.queries import ReportLine
from jingwei.engines.fusion import Seen, is_regional

from ..models import Incident


def seen_of_report(report: ReportLine) -> Seen:
    lon, lat, exact = report.lon, report.lat, report.lon is not None
    if lon is None and report.site:
        point = places.point_of(report.site)
        lon, lat = (point.lon, point.lat) if point else (None, None)
    return Seen(
        id=str(report.id),
        kind=report.kind if "kind_unknown" not in report.flags else "",
        place=report.place if "place_unknown" not in report.flags else "",
        site=report.site,
        lon=lon,
        lat=lat,
        from_at=report.occurred_at,
        event_ref=report.event_ref,
        exact=exact,
    )


def seen_of_incident(row: Incident) -> Seen:
    # a regional incident has no point of its own: the point drawn is only its area's seat
    at_point = bool(row.site) or not is_regional(row.kind)
    return Seen(
        id=str(row.id),
        kind=row.kind,
        place=row.place,
        site=row.site,
        lon=row.lon if at_point else None,
        lat=row.lat if at_point else None,
        from_at=row.opened_at,
        last_at=row.last_at,
        event_ref=row.event_ref,
    )
