"""What of a report and of an incident the matcher compares."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

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


#: What of an incident is compared, as `Seen` takes it.
_HEAD = ("pk", "kind", "place", "site", "lon", "lat", "opened_at", "last_at", "event_ref")


def seen_of_incident(row: Incident) -> Seen:
    return _seen(tuple(getattr(row, name) for name in _HEAD))


def list_heads(*, local_since: datetime, since: datetime) -> Iterator[Seen]:
    """The open incidents last told of since then: a local one since `local_since`, a regional one `since`."""
    rows = Incident.objects.filter(state="open", last_at__gte=since).values_list(*_HEAD)
    for row in rows.iterator(chunk_size=1_000):
        if row[7] >= local_since or is_regional(row[1]):
            yield _seen(row)


def _seen(row: tuple[Any, ...]) -> Seen:
    number, kind, place, site, lon, lat, opened_at, last_at, event_ref = row
    if not site and is_regional(kind):  # it has no point of its own: the point drawn is its area's seat
        lon = lat = None
    return Seen(
        id=str(number),
        kind=kind,
        place=place,
        site=site,
        lon=lon,
        lat=lat,
        from_at=opened_at,
        last_at=last_at,
        event_ref=event_ref,
    )
