"""Named points for a map: divisions by their level, and named places."""

from django.db.models import Q

from jingwei.engines.cells import Box, Cell, Grid

from .. import rules
from ..facts import Point, SiteRow
from ..models import Division, Outline, Site
from .divisions import inside, list_sites_by_id
from .grid import count_cells, within_box


def list_names_in(box: Box, *, deepest: int, limit: int) -> list[Point]:
    """Divisions with a point in the box, down to a level, the higher first."""
    rows = Division.objects.filter(lon__isnull=False, level__lte=deepest, valid_to="")
    rows = within_box(rows, box).order_by("level", "code")[:limit]
    own = [
        Point(
            of=row.code, name_zh=row.name, name_en=row.name_en or row.name, level=row.level,
            lon=row.lon or 0.0, lat=row.lat or 0.0, precision=row.precision, source=row.point_source,
        )
        for row in rows
    ]  # fmt: skip
    if len(own) < limit:
        own += _list_outlined_in(box, deepest=deepest, limit=limit - len(own))
    return sorted(own, key=lambda point: (point.level, point.of))


def _list_outlined_in(box: Box, *, deepest: int, limit: int) -> list[Point]:
    """Divisions without a point of their own, at the middle of their outline."""
    bands = (
        Q(level=3, band=rules.EXACT) | Q(level=1, band=rules.BANDS[1][0]) | Q(level=2, band=rules.BANDS[2][0])
    )
    rows = within_box(Outline.objects.filter(bands, level__lte=deepest), box).order_by("level", "code")
    at = {row.code: row for row in rows.defer("rings")[: limit * 2]}
    named = Division.objects.filter(code__in=at, lon__isnull=True, valid_to="").order_by("level", "code")
    return [
        Point(
            of=row.code, name_zh=row.name, name_en=row.name_en or row.name, level=row.level,
            lon=at[row.code].lon, lat=at[row.code].lat, precision="approximate", source=at[row.code].source,
        )
        for row in named[:limit]
    ]  # fmt: skip


def count_site_cells(box: Box, grid: Grid, *, within: str = "") -> list[Cell]:
    return count_cells(inside(Site.objects.all(), "place", within), box, grid)


def list_sites_in(box: Box, *, within: str = "", limit: int) -> list[SiteRow]:
    """Named places in the box, by name."""
    rows = within_box(inside(Site.objects.all(), "place", within), box).order_by("name_zh", "pk")[:limit]
    return list(list_sites_by_id([row.pk for row in rows]).values())
