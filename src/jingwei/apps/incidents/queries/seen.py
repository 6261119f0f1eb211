"""What of a report and of an incident the matcher compares."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from jingwei.apps.places import queries as places
from jingwei.apps.places.queries import Around
from jingwei.apps.reports.queries import ReportLine
from jingwei.engines.datum import gcj02_to_wgs84
from jingwei.engines.fusion import Seen, is_regional

from ..models import Incident
from ..rules import common_place


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


def find_place_of_point(report: ReportLine) -> Around | None:
    """Where a report's point lies, for one that names no place known here; None when that is not sure.

    A point that does not say its datum may be one of a Chinese map, some hundred metres off: then it must
    lie in one division either way, or in the smallest that holds both.
    """
    if report.lon is None or report.lat is None:
        return None
    found = places.find_division_around(report.lon, report.lat)
    if found is None or report.datum:
        return found
    moved = places.find_division_around(*gcj02_to_wgs84(report.lon, report.lat))
    code = common_place(found.code, moved.code) if moved else ""
    return Around(code, found.by if code == found.code else "named") if code else None


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
