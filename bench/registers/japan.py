"""All shelters of Japan, some 200,000 lines, taken into a register: `python -m bench.registers.japan`.

They are read where the reference data lies beside the project. Every line goes the whole way, as a person's
import does; prints JSON. The divisions of Japan are no divisions of ours, so all stand in one place of ours,
each under its town, its name and its number: names come many times in a town.
"""

import csv
import gzip
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bench.node import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "facilities"
FILES = ("jp_evacuation_shelters.csv.gz", "jp_emergency_sites.csv.gz")
HEADINGS = ("名称", "行政区划", "类型", "地址", "经度", "纬度")
MATCHED = {"0": "name", "1": "place", "2": "kind", "3": "address", "4": "lon", "5": "lat"}


def read_shelters(place: str, most: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Lines of an import, numbered; the first sort of shelters before the second."""
    return islice(enumerate(_rows(place), start=2), most)


def _rows(place: str) -> Iterator[tuple[str, ...]]:
    for file, kind in zip(FILES, ("L", "E"), strict=True):
        with gzip.open(FOLDER / file, "rt", encoding="utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                name = f"{row['都道府県名及び市町村名']} {row['施設・場所名']}"[:170]
                yield f"{name} {row['共通ID']}", place, kind, row["住所"][:200], row["lng"], row["lat"]


def take() -> dict[str, Any]:
    from bench.registers.work import _authority, _holding, _peak_mib
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.registers import actions, queries
    from jingwei.apps.resources.registers import SHELTERS
    from jingwei.kernel.moments import Moment

    now = datetime.now(UTC)
    moment, by, machine = Moment(at=now, recorded_at=now), _holding("4101-zbs-duty"), get_machine()
    lines, began, busy = list(read_shelters("4101", 10**9)), time.perf_counter(), time.process_time()
    found = actions.begin_import("shelters", "japan.csv", HEADINGS, lines, by=by, moment=moment)
    actions.order_import(found, MATCHED, by=by, moment=moment)
    while actions.carry_on_imports(by=machine, moment=moment):
        pass
    card = queries.find_import(SHELTERS, found, authority=_authority(by, now))
    assert card is not None
    return {
        "lines": card.total, "added": card.added, "updated": card.updated, "same": card.same,
        "wrong": card.wrong, "took_s": round(time.perf_counter() - began, 1),
        "cpu_s": round(time.process_time() - busy, 1), "peak_mib": _peak_mib(),
    }  # fmt: skip


if __name__ == "__main__":
    from jingwei.wiring.start import start

    start()
    print(json.dumps(take()))
    sys.exit(0)
