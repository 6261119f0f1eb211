"""The work of the benchmark of registers, each part in a process of its own: fill, ask, take, add.

    python -m bench.registers.work fill 200000 20261129

Rows are bulk-written as they would stand after an import, found by their pieces, without their changes and
entries: what is measured reads neither. The file of `take` goes the whole way: changes, entries, rights.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.soak.curves import percentile

CODE = "shelters"
#: How often each question is asked, each time about something else; what comes before that warms caches.
ASKED, WARMING = 40, 2
#: What names are made of.
FIRST = "东西南北中新老大小上下金银龙凤和平建设文化人民胜利长江黄河中原嵩山"
LAST = ("小学", "中学", "广场", "体育馆", "公园", "文化站", "村委会", "社区中心")
BATCH = 5000


def names(count: int, seed: int) -> Iterator[str]:
    draw = random.Random(seed)
    for n in range(count):
        yield f"{''.join(draw.choices(FIRST, k=3))}第{n}{draw.choice(LAST)}"


#: Length of the code of a town.
TOWN = 9
#: A word that many names of one place have, the last of the list, and none else.
CLUMPED = "驿站"


def fill(count: int, seed: int) -> dict[str, Any]:
    """Up to so many rows: those that are there stay."""
    from django.db import transaction

    from jingwei.apps.agencies.queries import get_operator
    from jingwei.apps.journal.queries import get_node
    from jingwei.apps.places.models import Division
    from jingwei.apps.registers import rules
    from jingwei.apps.registers.actions.writing import AT_ONCE
    from jingwei.apps.registers.writes import index_rows
    from jingwei.apps.resources.models import Shelter
    from jingwei.apps.resources.registers import SHELTERS

    began, now, there = time.perf_counter(), datetime.now(UTC), Shelter.objects.count()
    draw = random.Random(seed + there)
    places = sorted(Division.objects.filter(code__startswith="41").values_list("code", flat=True))
    by, node, waiting = get_operator(at=now), get_node(), []
    for n, name in enumerate(names(count, seed)):
        if n < there:
            continue
        place = draw.choice(places)
        if n % 20 == 0:  # one in twenty, at the end of the list
            name, place = f"{CLUMPED}{name}", places[-1]
        values = {"name": name, "place": place, "kind": draw.choice("ESL"), "capacity": n % 3000}
        values |= {"lon": 110.4 + draw.random() * 6, "lat": 31.4 + draw.random() * 5}
        waiting.append(Shelter(
            home=node, key=rules.key_of(SHELTERS, values), found_by=rules.found_by(SHELTERS, values),
            version=1, created_by=by, created_at=now, changed_by=by, changed_at=now, confirmed_at=now,
            **values,
        ))  # fmt: skip
        if len(waiting) == BATCH or n == count - 1:
            with transaction.atomic():
                Shelter.objects.bulk_create(waiting)
                for start in range(0, len(waiting), AT_ONCE):  # so many at once as an import writes
                    index_rows(SHELTERS, waiting[start : start + AT_ONCE], changed=())
            waiting = []
    return {"rows": Shelter.objects.count(), "took_s": round(time.perf_counter() - began, 1)}


def ask(count: int, seed: int) -> dict[str, Any]:
    """Questions of a post of the province and one of a city; a search is its first page and its count."""
    from jingwei.apps.agencies.queries import find_authority

    now, times, processor, found = datetime.now(UTC), {}, {}, {}
    for post in ("41-zbs-duty", "4101-zbs-duty"):
        authority = find_authority(_holding(post), at=now)
        for name, question in _questions(authority, count, seed).items():
            key = f"{name}_{'province' if post.startswith('41-') else 'city'}"
            times[key], processor[key], found[key] = _timed(question)
    return {
        "p95_ms": {name: round(percentile(ms, 0.95), 2) for name, ms in times.items()},
        "median_ms": {name: round(percentile(ms, 0.5), 2) for name, ms in times.items()},
        "processor_p95_ms": {name: round(percentile(ms, 0.95), 2) for name, ms in processor.items()},
        "found": found,
        "peak_mib": _peak_mib(),
    }


def _questions(authority: Any, count: int, seed: int) -> dict[str, Callable[[], int]]:
    from jingwei.apps.places.models import Division
    from jingwei.apps.registers import queries
    from jingwei.apps.registers.facts import Sought
    from jingwei.apps.registers.rules import initials
    from jingwei.apps.resources.registers import SHELTERS
    from jingwei.engines.cells import grid_of
    from jingwei.engines.mercator import View

    draw = random.Random(seed + 1)
    every = list(names(count, seed))
    towns = [
        p
        for p in Division.objects.filter(code__startswith="4101").values_list("code", flat=True)
        if len(p) == TOWN
    ]
    late = _far(queries, SHELTERS, authority)

    def page(sought: Sought, after: str = "") -> int:
        return len(queries.list_rows(SHELTERS, sought, authority=authority, after=after, limit=50).rows)

    def counted(sought: Sought) -> int:
        return queries.count_rows(SHELTERS, sought, authority=authority)

    def search(**sought: Any) -> int:
        found = queries.list_rows(SHELTERS, Sought(**sought), authority=authority, limit=50)
        return counted(Sought(**sought)) if found.count is None else found.count

    def tile(zoom: int) -> int:
        view = View(111.5 + draw.random() * 4, 32.5 + draw.random() * 3, zoom, 1400, 700)
        return len(queries.count_row_cells(SHELTERS, view.box, grid_of(zoom), authority=authority))

    def letters() -> str:
        return "".join(initials(one) for one in draw.choices(FIRST, k=2))

    return {
        "first_page": lambda: page(Sought()),
        "late_page": lambda: page(Sought(), late),
        "count": lambda: counted(Sought()),
        "filtered": lambda: search(equal={"kind": draw.choice("ESL")}),
        "search_common": lambda: search(text=draw.choice(LAST)),
        "search_one_character": lambda: search(text=draw.choice(FIRST)),
        "search_rare": lambda: search(text=draw.choice(every)),
        "search_digits": lambda: search(text=str(draw.randrange(count))),
        "search_absent": lambda: search(text=draw.choice(("无此地名", "鑫", "鑫鑫", "vv", "小学广场"))),
        "search_two_letters": lambda: search(text=letters()),
        "search_two_words": lambda: search(text=f"{draw.choice(FIRST)} {draw.choice(LAST)}"),
        "search_narrow_place": lambda: search(text=draw.choice(LAST), place=draw.choice(towns)),
        "search_filtered": lambda: search(text=draw.choice(LAST), equal={"kind": draw.choice("ESL")}),
        "search_clumped": lambda: search(text=CLUMPED),
        "tile_zoom_8": lambda: tile(8),
        "tile_zoom_10": lambda: tile(10),
        "tile_zoom_13": lambda: tile(13),
    }  # fmt: skip


def _timed(question: Callable[[], int]) -> tuple[list[float], list[float], int]:
    """What each asking took, by the clock and of the processor (ms), and the last answer."""
    times, processor, count = [], [], 0
    for n in range(WARMING + ASKED):
        began, busy = time.perf_counter(), _busy_s()
        count = question()
        if n >= WARMING:
            times.append((time.perf_counter() - began) * 1000)
            processor.append((_busy_s() - busy) * 1000)
    return times, processor, count


def _busy_s() -> float:
    """The processor's time of this process and of the server's that works for it, where it runs here."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    try:
        told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    except OSError:
        return time.process_time()
    return time.process_time() + int(told.split()[0]) / 1e9


def _peak_mib() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _far(queries: Any, register: Any, authority: Any, pages: int = 40) -> str:
    """Where a page far behind begins."""
    from jingwei.apps.registers.facts import Sought

    after = ""
    for _ in range(pages):
        page = queries.list_rows(register, Sought(), authority=authority, after=after, limit=500)
        if not page.next:
            break
        after = page.next
    return after


def take(count: int, seed: int) -> dict[str, Any]:
    """A file taken in, from its first line kept to its last row written."""
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.registers import actions, queries
    from jingwei.apps.resources.models import Shelter
    from jingwei.apps.resources.registers import SHELTERS
    from jingwei.kernel.moments import Moment

    now = datetime.now(UTC)
    moment, by = Moment(at=now, recorded_at=now), _holding("4101-zbs-duty")
    there = Shelter.objects.count()  # other names each time, on a node that is kept
    lines = [
        (n + 2, (f"新{there}{name}", "410182", "E", str(n % 900)))
        for n, name in enumerate(names(count, seed))
    ]
    machine, start, busy = get_machine(), time.perf_counter(), _busy_s()
    found = actions.begin_import(CODE, "s.csv", ("名称", "区划", "类型", "人数"), lines, by=by, moment=moment)
    matched = {"0": "name", "1": "place", "2": "kind", "3": "capacity"}
    actions.order_import(found, matched, by=by, moment=moment)
    while actions.carry_on_imports(by=machine, moment=moment):
        pass
    took = time.perf_counter() - start
    card = queries.find_import(SHELTERS, found, authority=_authority(by, now))
    return {
        "import": str(found),
        "there_before": there,
        "lines": count,
        "added": card.added if card else 0,
        "wrong": card.wrong if card else 0,
        "took_s": round(took, 2),
        "lines_s": round(count / took, 1),
        "peak_mib": _peak_mib(),
        "processor_s": round(_busy_s() - busy, 2),
    }


def add(count: int, seed: int) -> dict[str, Any]:
    """A file taken in and taken back as a whole: what stands in the register is the same as before."""
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.registers import actions
    from jingwei.kernel.moments import Moment

    taken, now = take(count, seed), datetime.now(UTC)
    moment, machine, start = Moment(at=now, recorded_at=now), get_machine(), time.perf_counter()
    actions.undo_import(UUID(taken["import"]), by=_holding("4101-zbs-duty"), moment=moment)
    while actions.carry_on_imports(by=machine, moment=moment):
        pass
    return taken | {"taken_back_s": round(time.perf_counter() - start, 2)}


def _holding(post: str) -> Any:
    from jingwei.apps.agencies.models import Holding

    return Holding.objects.filter(post__code=post, released_at__isnull=True).earliest("from_at").pk


def _authority(by: Any, now: datetime) -> Any:
    from jingwei.apps.agencies.queries import get_authority

    return get_authority(by, at=now)


def main(what: str, count: str, seed: str) -> None:
    from jingwei.wiring.start import start

    start()
    print(json.dumps({"fill": fill, "ask": ask, "take": take, "add": add}[what](int(count), int(seed))))


if __name__ == "__main__":
    main(*sys.argv[1:])
