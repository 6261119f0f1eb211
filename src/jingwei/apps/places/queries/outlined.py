"""Divisions with their outlines, as exactly as these are held, by code: for map programs."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from jingwei.engines import geojson, outlines
from jingwei.engines.cells import Box
from jingwei.engines.outlines import Ring
from jingwei.kernel.codes import normal_place

from .. import rules
from ..models import Division
from .divisions import inside
from .outlines import finest

#: Vertices of one page at most; a page holds one division at least. Source: our estimate, some megabytes,
#: 2026-11-29.
MOST_VERTICES = 100_000
#: Outlines read at once. Source: our estimate, the counties of a city, 2026-11-29.
_STEP = 20


class OutlinedSought(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of divisions with an outline. `from_day`, `until_day`: that stood at some time between.

    `box`: whose outline has a point in it; where its west lies east of its east it goes over the 180th
    meridian.
    """

    within: str = ""
    level: int | None = None
    box: Box | None = None
    from_day: str = ""
    until_day: str = ""


class OutlinedDivision(msgspec.Struct, frozen=True):
    """A division with its outline and whose that is.

    `thinned_deg`: the side of the grid that the outline was thinned out on; 0 where it is as it came.
    """

    code: str
    name: str
    name_en: str
    path: str
    level: int
    valid_from: str
    valid_to: str
    source: str
    thinned_deg: float
    rings: list[Ring]


def list_outlined_divisions(
    sought: OutlinedSought, *, after: str = "", limit: int = 100
) -> tuple[list[OutlinedDivision], str]:
    """A page behind the code `after`, and the code behind which the next one begins; '' at the end."""
    found: list[OutlinedDivision] = []
    vertices = 0
    rows = _asked(sought)
    for one in _walk(rows.filter(code__gt=after) if after else rows):
        if not _meets(one.rings, sought.box):
            continue
        vertices += sum(map(len, one.rings))
        if found and (len(found) == limit or vertices > MOST_VERTICES):
            return found, found[-1].code
        found.append(one)
    return found, ""


def count_outlined_divisions(sought: OutlinedSought) -> int:
    """How many there are; outlines across the edge of the box are asked one by one."""
    rows = _asked(sought)
    if sought.box is None:
        return rows.count()
    within = Q(pk__in=())
    for west, south, east, north in _parts(sought.box):
        within |= Q(west__gte=west, east__lte=east, south__gte=south, north__lte=north)
    across = rows.exclude(within).values_list("rings", flat=True)
    asked = (outlines.unpack(bytes(packed)) for packed in across.iterator(_STEP))
    return rows.filter(within).count() + sum(_meets(rings, sought.box) for rings in asked)


def find_outlined_division(code: str) -> OutlinedDivision | None:
    rows = finest().filter(code=normal_place(code))
    return next(_walk(rows), None)


def _asked(sought: OutlinedSought) -> QuerySet[Any]:
    rows = inside(finest(), "code", normal_place(sought.within))
    if sought.level is not None:
        rows = rows.filter(level=sought.level)
    if sought.from_day or sought.until_day:
        stood = Division.objects.all()
        if sought.until_day:
            stood = stood.filter(valid_from__lte=sought.until_day)
        if sought.from_day:
            stood = stood.filter(Q(valid_to="") | Q(valid_to__gt=sought.from_day))
        rows = rows.filter(code__in=stood.values("code"))
    if sought.box is not None:
        touching = Q(pk__in=())
        for west, south, east, north in _parts(sought.box):
            touching |= Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
        rows = rows.filter(touching)
    return rows


def _parts(box: Box) -> list[Box]:
    west, south, east, north = box
    return [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]


def _meets(rings: Sequence[Ring], box: Box | None) -> bool:
    return box is None or any(geojson.surface_meets(rings, part) for part in _parts(box))


def _walk(rows: QuerySet[Any]) -> Iterator[OutlinedDivision]:
    """Rows in the order of their codes, some at once, so that few outlines are held."""
    last = ""
    while True:
        step = list(rows.filter(code__gt=last).order_by("code")[:_STEP])
        cards = {c.code: c for c in Division.objects.filter(code__in=[row.code for row in step])}
        for row in step:
            card = cards.get(row.code)
            yield OutlinedDivision(
                code=row.code,
                name=card.name if card else "",
                name_en=card.name_en if card else "",
                path=card.path_zh if card else "",
                level=row.level,
                valid_from=card.valid_from if card else "",
                valid_to=card.valid_to if card else "",
                source=row.source,
                thinned_deg=0.0 if row.band == rules.EXACT else rules.cell_of(row.band),
                rings=outlines.unpack(bytes(row.rings)),
            )
        if len(step) < _STEP:
            return
        last = step[-1].code
