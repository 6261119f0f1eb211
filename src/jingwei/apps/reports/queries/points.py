"""Reports on the map: those with a point that had come in by a time, of what the post sees."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.places import queries as places
from jingwei.engines.cells import Box, Cell, Grid

from ..models import Report
from .lines import ReportLine, list_reports_by_id, visible_reports


def count_report_cells(
    box: Box, grid: Grid, *, authority: Authority, since: datetime | None, until: datetime
) -> list[Cell]:
    """How many reports with a point, received within the time, lie in each cell."""
    return places.count_cells(_told(authority, since, until), box, grid)


def list_report_points(
    box: Box, *, authority: Authority, since: datetime | None, until: datetime, limit: int
) -> list[ReportLine]:
    """Those in the box, newest first."""
    rows = places.within_box(_told(authority, since, until), box).order_by("-received_at", "-id")
    return list_reports_by_id(list(rows.values_list("pk", flat=True)[:limit]))


def list_report_points_by_id(ids: Collection[str], *, authority: Authority) -> dict[str, ReportLine]:
    """Those of these reports that the post sees, under their id as it was given."""
    asked = {uuid.UUID(one): one for one in ids}
    seen = visible_reports(authority).filter(pk__in=list(asked)).values_list("pk", flat=True)
    return {asked[line.id]: line for line in list_reports_by_id(list(seen))}


def _told(authority: Authority, since: datetime | None, until: datetime) -> QuerySet[Report]:
    rows = visible_reports(authority).filter(received_at__lte=until, lon__isnull=False)
    rows = rows.exclude(state="quarantined")
    return rows.filter(received_at__gt=since) if since else rows
