"""Closed and slow roads of the demo: drawn along streets that sources name as flooded, and said so."""

from jingwei.kernel.moments import By, Moment

from .demo_places import DemoPlace


def fill_closures(place: DemoPlace, *, by: By, moment: Moment) -> int:
    """Close and slow what the demo's table says. Returns how many closures there are."""
    from jingwei.apps.roads import actions
    from jingwei.apps.roads.facts import NewClosure

    from .prepare import rows_of

    rows = rows_of(place.folder, "closures.csv")
    for number, row in enumerate(rows):
        points = tuple(
            (float(lon), float(lat)) for lon, lat in (pair.split(",") for pair in row["points"].split(";"))
        )
        new = NewClosure(
            shape=row["shape"], points=points, radius_m=float(row["radius_m"] or 0),
            factor=int(row["left"]) / 100, reason=row["reason"], key=f"demo:{number}",
        )  # fmt: skip
        actions.close_road(new, by=by, moment=moment)
    return len(rows)
