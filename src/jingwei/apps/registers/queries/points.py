"""Rows of a register on the map: counted by cells, or one by one, of what the post sees."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.places import queries as places
from jingwei.engines.cells import WORLD, Box, Cell, Grid, cells_of, joined

from ..facts import Register, Sought
from .areas import areas_of
from .lists import RowLine, line_of
from .source import rows_of
from .then import Stood


def count_row_cells(
    register: Register, box: Box, grid: Grid, *, authority: Authority, stood: Stood | None = None
) -> list[Cell]:
    """How many rows with a point lie in each cell of the box; `stood`: at an earlier time."""
    if stood is None:
        return places.count_cells(_placed(register, authority), box, grid)
    untouched = stood.untouched.filter(removed_at__isnull=True).filter(seen_by(authority))
    turned = [(str(row.pk), row.lon, row.lat) for row in stood.touched(authority)]
    groups = [("", places.count_cells(untouched, box, grid)), ("turned", cells_of(turned, box, grid))]
    return [cell for cell, _ in joined(groups)]


def list_row_points(
    register: Register, box: Box, *, authority: Authority, limit: int, stood: Stood | None = None
) -> list[RowLine]:
    """Rows in the box, by place and name."""
    rows = _placed(register, authority)
    turned: list[Any] = []
    if stood is not None:
        rows = stood.untouched.filter(removed_at__isnull=True).filter(seen_by(authority))
        west, south, east, north = box
        turned = [r for r in stood.touched(authority) if west <= r.lon <= east and south <= r.lat <= north]
    found = [*places.within_box(rows, box).order_by("place", "name", "id")[:limit], *turned]
    found.sort(key=lambda row: (row.place, row.name, row.pk))
    return [line_of(register, row) for row in found[:limit]]


def list_rows_by_id(
    register: Register, ids: Collection[str], *, authority: Authority, stood: Stood | None = None
) -> dict[str, RowLine]:
    """Those of these rows that the post sees, under their id as it was given (as `Cell.only` has it)."""
    asked = {uuid.UUID(one): one for one in ids}
    rows: list[Any] = list(_placed(register, authority).filter(pk__in=list(asked)))
    if stood is not None:
        turned = {row.pk: row for row in stood.touched(authority) if row.pk in asked}
        rows = [*(row for row in rows if row.pk not in turned), *turned.values()]
    return {asked[row.pk]: line_of(register, row) for row in rows}


def list_geometries(register: Register, lines: Sequence[RowLine]) -> list[dict[str, Any] | None]:
    """The GeoJSON geometry of each of these rows: its shape where it has one, else its point."""
    found = (
        register.geometries([line.values for line in lines]) if register.geometries else [None] * len(lines)
    )
    return [one or _point(line) for one, line in zip(found, lines, strict=True)]


def _point(line: RowLine) -> dict[str, Any] | None:
    lon, lat = line.values["lon"], line.values["lat"]
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}


def find_bounds(register: Register, *, authority: Authority) -> Box | None:
    """West, south, east, north of all rows that the post sees; None when there are none."""
    cells = count_row_cells(register, WORLD, Grid(1), authority=authority)
    boxes = [c.box for c in cells]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _placed(register: Register, authority: Authority) -> QuerySet[Any]:
    """Standing rows with a point; `lat` is asked for by every box, and no box holds a row without one."""
    return rows_of(register).filter(removed_at__isnull=True).filter(seen_by(authority))


def seen_by(authority: Authority) -> Q:
    """Rows that the post sees by their place: of what covers its own area, and of what lies within."""
    where = Q()
    areas = areas_of(Sought(), authority)
    if all(areas):  # an empty one is everywhere
        for area in areas:
            where |= area
    return where
