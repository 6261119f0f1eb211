"""Many points as few: a grid of cells at each zoom, whose counts add up to the whole. Pure.

A cell is a square of degrees that halves with each zoom. What is asked for is widened to whole cells, so
that a cell's count never depends on where the edge of the map lies.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec

from .mercator import LEAST_ZOOM, MOST_ZOOM, WORLD_PX

#: Side of a cell on the screen, pixels. Source: our estimate, a mark with its number, 2026-11-29.
CELL_PX = 64
#: Side of a cell at zoom 0, degrees: halved at each zoom it stays exact in binary numbers. Source: follows.
CELL_DEG = 360 * CELL_PX / WORLD_PX

Box = tuple[float, float, float, float]
#: Everything. Source: the Earth's own bounds.
WORLD: Box = (-180.0, -90.0, 180.0, 90.0)


class Grid(msgspec.Struct, frozen=True):
    """The cells of one zoom."""

    zoom: int

    @property
    def step(self) -> float:
        return math.ldexp(CELL_DEG, -self.zoom)

    def whole(self, box: Box) -> Box:
        """The box, widened to whole cells."""
        west, south, east, north = box
        step = self.step
        return (
            math.floor((west + 180) / step) * step - 180,
            math.floor((south + 90) / step) * step - 90,
            (math.floor((east + 180) / step) + 1) * step - 180,
            (math.floor((north + 90) / step) + 1) * step - 90,
        )

    def cell(self, lon: float, lat: float) -> tuple[int, int]:
        return math.floor((lon + 180) / self.step), math.floor((lat + 90) / self.step)


def grid_of(zoom: float) -> Grid:
    """The grid for a zoom, also one between two."""
    return Grid(max(LEAST_ZOOM, min(MOST_ZOOM, math.floor(zoom))))


class Cell(msgspec.Struct, frozen=True):
    """How many points lie in a cell, where on the whole, and within which bounds.

    `only` is the id of the point when it is the only one, else ''.
    """

    x: int
    y: int
    count: int
    lon: float
    lat: float
    box: Box
    only: str = ""

    @property
    def is_one_spot(self) -> bool:
        """Whether no zoom can tell its points apart."""
        west, south, east, north = self.box
        return west == east and south == north


def cells_of(points: Iterable[tuple[str, float, float]], box: Box, grid: Grid) -> list[Cell]:
    """Cells of points that are at hand, as id, longitude, latitude: of the box widened to whole cells."""
    west, south, east, north = grid.whole(box)
    found: dict[tuple[int, int], list[tuple[str, float, float]]] = {}
    for point in points:
        if west <= point[1] < east and south <= point[2] < north:
            found.setdefault(grid.cell(point[1], point[2]), []).append(point)
    return [_counted(x, y, inside) for (x, y), inside in found.items()]


def _counted(x: int, y: int, points: Sequence[tuple[str, float, float]]) -> Cell:
    lons, lats = [lon for _, lon, _ in points], [lat for _, _, lat in points]
    count = len(points)
    bounds = (min(lons), min(lats), max(lons), max(lats))
    only = points[0][0] if count == 1 else ""
    return Cell(x, y, count, sum(lons) / count, sum(lats) / count, bounds, only)


def joined(groups: Iterable[tuple[str, Sequence[Cell]]]) -> list[tuple[Cell, dict[str, int]]]:
    """Cells of several layers as one: counts add up, and how much of each is said beside it."""
    found: dict[tuple[int, int], list[tuple[str, Cell]]] = {}
    for name, cells in groups:
        for one in cells:
            found.setdefault((one.x, one.y), []).append((name, one))
    return [(_sum([c for _, c in parts]), {n: c.count for n, c in parts}) for parts in found.values()]


def _sum(cells: Sequence[Cell]) -> Cell:
    if len(cells) == 1:
        return cells[0]
    count = sum(c.count for c in cells)
    return Cell(
        x=cells[0].x,
        y=cells[0].y,
        count=count,
        lon=sum(c.lon * c.count for c in cells) / count,
        lat=sum(c.lat * c.count for c in cells) / count,
        box=(
            min(c.box[0] for c in cells),
            min(c.box[1] for c in cells),
            max(c.box[2] for c in cells),
            max(c.box[3] for c in cells),
        ),
    )
