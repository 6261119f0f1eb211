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
from datetime import timedelta
from functools import partial
from itertools import islice
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

    rows = shelters(many, seed)
    with transaction.atomic():
        while some := list(islice(rows, 2000)):
            Shelter.objects.bulk_create(some)


def reports(many: int, seed: int) -> Iterator[dict[str, Any]]:
    """Columns of reports, one in six without a point; one each second, the newest now."""
    from jingwei.doors.entry.moments import real_now

    rng, now = random.Random(seed + 1), real_now()
    cities = [(rng.uniform(110.4, 116.6), rng.uniform(31.4, 36.3)) for _ in range(CITIES)]
    cities[0] = MIDDLE
    n = pointed = 0
    while pointed < many:
        n += 1
        lon, lat = cities[n % CITIES]
        point = (None, None) if n % 6 == 0 else (rng.gauss(lon, SPREAD), rng.gauss(lat, SPREAD))
        pointed += n % 6 != 0
        at = now - timedelta(seconds=many * 6 // 5 - n)
        yield {
            "id": uuid.UUID(int=(int(at.timestamp() * 1000) << 80) + (7 << 76) + (2 << 62) + n),
            "at": at, "place": f"41{n % 18 + 1:02d}{n % 9 + 1:02d}", "lon": point[0], "lat": point[1],
            "words": f"积水{n}，有人被困，请派人",
        }  # fmt: skip


def write_reports(rows: Iterator[dict[str, Any]], seed: int) -> float:
    """As intake writes them, by one statement for many; how many microseconds each took in the database."""
    from django.db import connection, transaction

    from jingwei.apps.journal.writes import spelling
    from jingwei.apps.reports.models import Report

    spelled, by = spelling(), uuid.UUID(int=seed)
    plain = Report(
        home="bench", content_digest="0" * 64, by=by, state="accepted", type="report", lang="zh",
        channel="phone_119", precision="minute", kind="11B03", datum="wgs84",
    )  # fmt: skip
    fields = Report._meta.concrete_fields
    same = {f.column: f.get_db_prep_save(f.pre_save(plain, add=True), connection) for f in fields}
    marks, names = ", ".join(["%s"] * len(same)), ", ".join(same)
    line = f"INSERT INTO reports_report ({names}) VALUES ({marks})"  # noqa: S608 - names of columns alone
    count, took = 0, 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        while some := list(islice(rows, 2000)):
            made = []
            for row in some:
                at = spelled.time(row["at"])
                own = {"id": spelled.id(row["id"]), "occurred_at": at, "received_at": at, "recorded_at": at}
                own |= {name: row[name] for name in ("place", "lon", "lat", "words")}
                made.append(tuple((same | own).values()))
            began = time.perf_counter()
            cursor.executemany(line, made)
            took += time.perf_counter() - began
            count += len(some)
    return round(took / count * 1e6, 1)


def median_ms(act: Callable[[], Any]) -> tuple[float, Any]:
    took, found = [], None
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = act()
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 1), found


def of_reports(many: int, seed: int, authority: Any) -> dict[str, float]:
    """The same views over as many reports: all of them, and those of a day; what writing one takes."""
    from datetime import UTC, datetime

    from jingwei.apps.reports import queries
    from jingwei.doors.entry.moments import real_now
    from jingwei.engines.cells import WORLD, grid_of
    from jingwei.engines.mercator import View

    figures: dict[str, float] = {"reports_write_us": write_reports(reports(many, seed), seed)}
    now = real_now()
    first, day = datetime(2000, 1, 1, tzinfo=UTC), now - timedelta(days=1)

    def count(box: Any, zoom: int, since: Any) -> Any:
        return queries.count_report_cells(box, grid_of(zoom), authority=authority, since=since, until=now)

    figures["sum_of_report_cells"] = sum(cell.count for cell in count(WORLD, 8, first))
    for zoom in ZOOMS:
        box = View(*MIDDLE, zoom, *SIZE).box
        for name, since in (("all", first), ("day", day)):
            took, cells = median_ms(partial(count, box, zoom, since))
            figures[f"reports_{name}_zoom_{zoom}_ms"] = took
            figures[f"reports_{name}_zoom_{zoom}_points"] = sum(cell.count for cell in cells)
    return figures


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
    figures |= of_reports(many, seed, authority)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
