"""Points of any table counted by cells, by the database: for maps of more rows than a page can hold."""

from typing import Any

from django.db.models import Avg, CharField, Count, F, Func, IntegerField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast

from jingwei.engines.cells import Box, Cell, Grid


class _Whole(Func):
    """The whole number below; what it is asked for is never negative, so cutting off is enough."""

    output_field = IntegerField()
    template = "CAST(%(expressions)s AS INTEGER)"

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # there a cast rounds
        template = "CAST(FLOOR(%(expressions)s) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, **more)


def within_box(rows: QuerySet[Any], box: Box) -> QuerySet[Any]:
    """Rows whose point lies in the box; its west and south edges belong to it, the others do not.

    The edge of the world does: nothing lies beyond.
    """
    west, south, east, north = box
    rows = rows.filter(lat__gte=south, lon__gte=west)
    rows = rows.filter(lat__lte=north) if north >= 90 else rows.filter(lat__lt=north)
    return rows.filter(lon__lte=east) if east >= 180 else rows.filter(lon__lt=east)


def count_cells(rows: QuerySet[Any], box: Box, grid: Grid) -> list[Cell]:
    """How many of the rows lie in each cell of the box, widened to whole cells. Their sum is exact."""
    step = Value(grid.step)
    found = (
        within_box(rows.order_by(), grid.whole(box))
        .values(cell_x=_Whole((F("lon") + 180.0) / step), cell_y=_Whole((F("lat") + 90.0) / step))
        .annotate(
            n=Count("pk"), lon_mean=Avg("lon"), lat_mean=Avg("lat"),
            west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat"),
            only=Min(Cast("pk", CharField())),
        )
    )  # fmt: skip
    return [_cell(row) for row in found]


def _cell(row: dict[str, Any]) -> Cell:
    return Cell(
        x=row["cell_x"],
        y=row["cell_y"],
        count=row["n"],
        lon=row["lon_mean"],
        lat=row["lat_mean"],
        box=(row["west"], row["south"], row["east"], row["north"]),
        only=row["only"] if row["n"] == 1 else "",
    )
