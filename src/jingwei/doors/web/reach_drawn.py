"""What is reached by road within so long, as bands of cells on a plain sketch."""

from collections.abc import Iterable, Sequence

import msgspec

from .ways_drawn import Drawn

#: Side of a cell of the sketch, pixels: about a block of a city. Source: our estimate, 2026-11-30.
CELL_PX = 4

LonLat = tuple[float, float]


class Band(msgspec.Struct, frozen=True):
    """A time and the cells reached within it that no shorter time reaches. `look`: 1 is the nearest."""

    look: int
    minutes: int
    path: str


def bands_of(frame: Drawn, limits_min: Sequence[int], reached: Sequence[Sequence[LonLat]]) -> list[Band]:
    """Each cell in the band of the shortest time; neighbours of a row are one piece."""
    taken: set[tuple[int, int]] = set()
    found = []
    for look, (minutes, points) in enumerate(zip(limits_min, reached, strict=True), 1):
        cells = {_cell(frame, lon, lat) for lon, lat in points} - taken
        taken |= cells
        found.append(Band(look, minutes, _path(c for c in cells if _inside(frame, c))))
    return found


def _cell(frame: Drawn, lon: float, lat: float) -> tuple[int, int]:
    x, y = frame.xy(lon, lat)
    return int(y // CELL_PX), int(x // CELL_PX)


def _inside(frame: Drawn, cell: tuple[int, int]) -> bool:
    row, column = cell
    return 0 <= column * CELL_PX < frame.width and 0 <= row * CELL_PX < frame.height


def _path(cells: Iterable[tuple[int, int]]) -> str:
    """Squares as one path, those side by side in a row joined."""
    runs: list[list[int]] = []
    for row, column in sorted(cells):
        if runs and runs[-1][0] == row and runs[-1][1] + runs[-1][2] == column:
            runs[-1][2] += 1
        else:
            runs.append([row, column, 1])
    side = CELL_PX
    return "".join(f"M{c * side} {r * side}h{n * side}v{side}h-{n * side}z" for r, c, n in runs)
