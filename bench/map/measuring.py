"""Views of the map over a register of generated shelters: `python -m bench.map.measuring POINTS SEED`.

Runs on the node that the environment names, which must be new; prints JSON.
"""

import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

#: Answers of which the median is told.
ROUNDS = 7
#: Zooms of the views, and the middle they share: a city.
ZOOMS, MIDDLE = (4, 6, 8, 10, 12, 14), (113.62, 34.75)
SIZE = (1400, 700)
#: Clumps of the points, and how wide they are in degrees.
CITIES, SPREAD = 200, 0.1


def shelters(many: int, seed: int) -> Iterator[Any]:
    from jingwei.apps.resources.models import Shelter
    from jingwei.doors.entry.moments import real_now

    rng, at, by = random.Random(seed), real_now(), uuid.UUID(int=seed)
    cities = [(rng.uniform(110.4, 116.6), rng.uniform(31.4, 36.3)) for _ in range(CITIES)]
    cities[0] = MIDDLE
    for n in range(many):
        lon, lat = cities[n % CITIES]
        yield Shelter(
            home="bench", name=f"避难场所{n}", place=f"41{n % 18 + 1:02d}{n % 9 + 1:02d}", key=str(n),
            found_by=f"避难场所{n} bncs{n}", created_by=by, created_at=at, changed_by=by, changed_at=at,
            confirmed_at=at, kind="1", address="某市某区某路某号", lon=rng.gauss(lon, SPREAD),
            lat=rng.gauss(lat, SPREAD),
        )  # fmt: skip


def fill(many: int, seed: int) -> None:
    from django.db import transaction

    from jingwei.apps.resources.models import Shelter

    waiting: list[Any] = []
    with transaction.atomic():
        for row in shelters(many, seed):
            waiting.append(row)
            if len(waiting) == 2000:
                Shelter.objects.bulk_create(waiting)
                waiting = []
        Shelter.objects.bulk_create(waiting)


def median_ms(act: Callable[[], Any]) -> tuple[float, Any]:
    took, found = [], None
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = act()
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 1), found


def main(many: int, seed: int) -> None:
    from jingwei.wiring.start import start

    start()
    fill(many, seed)
    from types import SimpleNamespace

    from jingwei.apps.registers import queries as registers
    from jingwei.doors.entry import mapping
    from jingwei.doors.entry.moments import real_now
    from jingwei.engines.cells import WORLD, grid_of
    from jingwei.engines.mercator import View

    register = registers.get_register("shelters")
    authority: Any = SimpleNamespace(place="41", hazard="")
    figures: dict[str, float] = {}
    whole = registers.count_row_cells(register, WORLD, grid_of(8), authority=authority)
    figures["sum_of_cells"] = sum(cell.count for cell in whole)
    for zoom in ZOOMS:
        box, grid = View(*MIDDLE, zoom, *SIZE).box, grid_of(zoom)

        def count(box: Any = box, grid: Any = grid) -> Any:
            return registers.count_row_cells(register, box, grid, authority=authority)

        def marks(box: Any = box, grid: Any = grid) -> Any:
            asked = mapping.Asked(layers=("shelters",), box=box, grid=grid, now=real_now())
            return mapping.gather(asked, authority=authority)

        figures[f"zoom_{zoom}_count_ms"], cells = median_ms(count)
        figures[f"zoom_{zoom}_marks_ms"], _ = median_ms(marks)
        figures[f"zoom_{zoom}_cells"] = len(cells)
        figures[f"zoom_{zoom}_points"] = sum(cell.count for cell in cells)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
