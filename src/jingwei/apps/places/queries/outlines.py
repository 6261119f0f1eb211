"""Where divisions end, as far as outlines are held: by a point, for a map, and who adjoins whom."""

from collections.abc import Collection

import msgspec
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jingwei.engines import outlines
from jingwei.engines.cells import Box
from jingwei.engines.outlines import Ring
from jingwei.kernel.codes import normal_place

from .. import rules
from ..models import Division, Neighbor, Outline
from .changes import resolve_place

#: Vertices of one drawing at most; with more the next coarser band is drawn. Source: our estimate, 40 kB of
#: a page that may have 150, 2026-11-29.
MOST_VERTICES = 8_000
#: Shapes of one drawing at most. Source: our estimate, all cities of the nation, 2026-11-29.
MOST_SHAPES = 600


class NeighborLine(msgspec.Struct, frozen=True):
    """A division that adjoins another; `border_m` null where a list told of it, `source` who says so."""

    code: str
    name: str
    name_en: str
    path: str
    border_m: float | None
    source: str


class Drawn(msgspec.Struct, frozen=True):
    """Borders for one map, each once, in micro-degrees; whose they are and from which level."""

    lines: list[Ring]
    level: int
    band: int
    sources: tuple[str, ...]


def has_outlines() -> bool:
    return Outline.objects.exists()


def find_division_over(lon: float, lat: float) -> tuple[str, str] | None:
    """Code and source of the smallest division whose exact outline holds the point, to the county."""
    over = Q(west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat)
    rows = Outline.objects.filter(over, band=rules.EXACT).order_by("-level", "code")
    for pk, code, source in rows.values_list("pk", "code", "source"):
        if outlines.covers(_rings(pk), lon, lat):
            now = _now(code)
            return (now, source) if now else None
    return None


def _now(code: str) -> str:
    """The division an outline speaks of today: one that ended since is what it became, where that is one."""
    if Division.objects.filter(code=code, valid_to="").exists():
        return code
    led = resolve_place(code)
    return led.codes[0] if led.sure and len(led.codes) == 1 else ""


def _rings(pk: int) -> list[Ring]:
    return outlines.unpack(bytes(Outline.objects.values_list("rings", flat=True).get(pk=pk)))


def list_outlined(codes: Collection[str]) -> set[str]:
    """Which of these divisions have an exact outline."""
    rows = Outline.objects.filter(band=rules.EXACT, code__in=codes)
    return set(rows.values_list("code", flat=True))


def list_rings(codes: Collection[str], zoom: float) -> list[Ring]:
    """The outlines of these divisions as a map of this zoom shows them; those without one are left out."""
    rows = Outline.objects.filter(code__in=codes).order_by("code", "band")
    fits: dict[str, int] = {}
    finest = rules.band_at(zoom)[1]
    for pk, code, band in rows.values_list("pk", "code", "band"):
        if code not in fits or band <= finest:  # the finest that the zoom can show, else the coarsest
            fits[code] = pk
    packed = Outline.objects.filter(pk__in=fits.values()).order_by("code").values_list("rings", flat=True)
    return [ring for one in packed for ring in outlines.unpack(bytes(one))]


def finest() -> QuerySet[Outline]:
    """Each outline once, as exactly as it is held: those with outlines below are thinned out for maps."""
    finer = Outline.objects.filter(code=OuterRef("code"), band__gt=OuterRef("band"))
    return Outline.objects.filter(~Exists(finer))


def list_finest_rings(codes: Collection[str]) -> list[Ring]:
    """The outlines of these divisions as exactly as they are held; none unless all have one."""
    rows = finest().filter(code__in=codes).order_by("code")
    packed = list(rows.values_list("rings", flat=True))
    if len(packed) < len(set(codes)):
        return []
    return [ring for one in packed for ring in outlines.unpack(bytes(one))]


def get_outlines_version() -> int:
    """Another number whenever other outlines were loaded."""
    return Outline.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def find_box_of(codes: Collection[str]) -> Box | None:
    """West, south, east, north of these divisions; None unless all have an outline."""
    held: dict[str, Box] = {}
    rows = Outline.objects.filter(code__in=codes)
    for code, *box in rows.values_list("code", "west", "south", "east", "north"):
        held[code] = (box[0], box[1], box[2], box[3])
    if not held or held.keys() != set(codes):
        return None
    west, south, east, north = zip(*held.values(), strict=True)
    return min(west), min(south), max(east), max(north)


def draw_outlines(box: Box, zoom: float, *, most: int = 0) -> Drawn:
    """The borders that a map of this zoom shows in the box, with at most so many vertices."""
    level, band = rules.band_at(zoom)
    while True:
        lines, sources = _draw(box, level, band)
        full = sum(map(len, lines)) > (most or MOST_VERTICES)
        if not full or (level, band) == (1, rules.BANDS[1][0]):
            return Drawn(lines, level, band, sources)
        level, band = _coarser(level, band)


def _coarser(level: int, band: int) -> tuple[int, int]:
    steps = [(one, other) for one, bands in rules.BANDS.items() for other in bands]
    return steps[-1] if band == rules.EXACT else steps[max(0, steps.index((level, band)) - 1)]


def _draw(box: Box, level: int, band: int) -> tuple[list[Ring], tuple[str, ...]]:
    west, south, east, north = box
    within = Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    rows = Outline.objects.filter(within, band=band, level=level).order_by("code")
    found = list(rows.values_list("rings", "source")[:MOST_SHAPES])
    lines = outlines.lines_of((outlines.unpack(bytes(packed)) for packed, _ in found), box)
    return lines, tuple(sorted({source for _, source in found}))


def list_neighbors(code: str) -> list[NeighborLine]:
    """The divisions that adjoin this one, the longest border first, then by code."""
    rows = Neighbor.objects.filter(code=normal_place(code)).order_by(
        F("border_m").desc(nulls_last=True), "neighbor"
    )
    found = list(rows.values_list("neighbor", "border_m", "source"))
    current = Division.objects.filter(code__in=[other for other, _, _ in found], valid_to="")
    cards = {c.code: c for c in current}
    return [
        NeighborLine(
            code=other, name=cards[other].name, name_en=cards[other].name_en, path=cards[other].path_zh,
            border_m=border_m, source=source,
        )
        for other, border_m, source in found
        if other in cards
    ]  # fmt: skip
