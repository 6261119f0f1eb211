"""The work of the benchmark of registers, each part in a process of its own: fill, ask, take.

    python -m bench.registers.work fill 200000 20261129

Rows are bulk-written as they would stand after an import, without their changes and entries: what is measured
reads neither. The file of `take` goes the whole way, with changes, entries and rights.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bench.soak.curves import percentile

CODE = "shelters"
#: How often each question is asked; what comes before that warms caches.
ASKED, WARMING = 30, 3
#: What names are made of.
FIRST = "东西南北中新老大小上下金银龙凤和平建设文化人民胜利长江黄河中原嵩山"
LAST = ("小学", "中学", "广场", "体育馆", "公园", "文化站", "村委会", "社区中心")
BATCH = 5000


def names(count: int, seed: int) -> Iterator[str]:
    draw = random.Random(seed)
    for n in range(count):
        yield f"{''.join(draw.choices(FIRST, k=3))}第{n}{draw.choice(LAST)}"


def fill(count: int, seed: int) -> dict[str, Any]:
    from jingwei.apps.agencies.queries import get_operator
    from jingwei.apps.journal.queries import get_node
    from jingwei.apps.places.models import Division
    from jingwei.apps.registers import rules
    from jingwei.apps.resources.models import Shelter
    from jingwei.apps.resources.registers import SHELTERS

    began, now, draw = time.perf_counter(), datetime.now(UTC), random.Random(seed)
    places = list(Division.objects.filter(code__startswith="41").values_list("code", flat=True))
    by, node, waiting = get_operator(at=now), get_node(), []
    for n, name in enumerate(names(count, seed)):
        values = {
            "name": name,
            "place": draw.choice(places),
            "kind": draw.choice("ESL"),
            "capacity": n % 3000,
        }
        values |= {"lon": 110.4 + draw.random() * 6, "lat": 31.4 + draw.random() * 5}
        waiting.append(Shelter(
            home=node, key=rules.key_of(SHELTERS, values), found_by=rules.found_by(SHELTERS, values),
            version=1, created_by=by, created_at=now, changed_by=by, changed_at=now, confirmed_at=now,
            **values,
        ))  # fmt: skip
        if len(waiting) == BATCH or n == count - 1:
            Shelter.objects.bulk_create(waiting)
            waiting = []
    return {"rows": Shelter.objects.count(), "took_s": round(time.perf_counter() - began, 1)}


def ask(count: int, seed: int) -> dict[str, Any]:
    from jingwei.apps.agencies.queries import find_authority
    from jingwei.apps.registers import queries
    from jingwei.apps.registers.facts import Sought
    from jingwei.apps.resources.registers import SHELTERS

    now = datetime.now(UTC)
    posts = {
        "province": find_authority(_holding("41-zbs-duty"), at=now),
        "city": find_authority(_holding("4101-zbs-duty"), at=now),
    }
    made, draw = list(names(count, seed)), random.Random(seed + 1)
    found: dict[str, float] = {}
    times: dict[str, list[float]] = {}
    for post, authority in posts.items():
        assert authority is not None
        late = _far(queries, SHELTERS, authority)

        def page(sought: Sought, after: str = "", authority: Any = authority) -> int:
            return len(queries.list_rows(SHELTERS, sought, authority=authority, after=after, limit=50).rows)

        def counted(sought: Sought, authority: Any = authority) -> int:
            return queries.count_rows(SHELTERS, sought, authority=authority)

        narrow = Sought(text=draw.choice(made))
        asked: dict[str, Callable[[], int]] = {
            "first_page": lambda p=page: p(Sought()),
            "late_page": lambda p=page, a=late: p(Sought(), a),
            "count": lambda c=counted: c(Sought()),
            "filtered_wide": lambda p=page: p(Sought(equal={"kind": "E"})),
            "search_wide": lambda p=page: p(Sought(text="小学")),
            "search_initials": lambda p=page: p(Sought(text="gc")),
            "search_one": lambda p=page, n=narrow: p(n),
            "search_none": lambda p=page: p(Sought(text="无此地名")),
        }
        for name, question in asked.items():
            times[f"{name}_{post}"], found[f"{name}_{post}"] = _timed(question, rare=name in RARE)
    return {
        "p95_ms": {name: round(percentile(ms, 0.95), 2) for name, ms in times.items()},
        "median_ms": {name: round(percentile(ms, 0.5), 2) for name, ms in times.items()},
        "found": found,
    }


#: Questions that walk all rows of the area: asked fewer times.
RARE = ("search_one", "search_none")


def _timed(question: Callable[[], int], *, rare: bool) -> tuple[list[float], int]:
    times, count = [], 0
    for n in range((WARMING + ASKED) // (5 if rare else 1)):
        began = time.perf_counter()
        count = question()
        if rare or n >= WARMING:
            times.append((time.perf_counter() - began) * 1000)
    return times, count


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
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.registers import actions, queries
    from jingwei.apps.resources.registers import SHELTERS
    from jingwei.kernel.moments import Moment

    now = datetime.now(UTC)
    moment, by = Moment(at=now, recorded_at=now), _holding("4101-zbs-duty")
    lines = [(n + 2, (f"新{name}", "410182", "E", str(n % 900))) for n, name in enumerate(names(count, seed))]
    found = actions.begin_import(CODE, "s.csv", ("名称", "区划", "类型", "人数"), lines, by=by, moment=moment)
    matched = {"0": "name", "1": "place", "2": "kind", "3": "capacity"}
    actions.order_import(found, matched, by=by, moment=moment)
    machine, began = get_machine(), time.perf_counter()
    while actions.carry_on_imports(by=machine, moment=moment):
        pass
    took = time.perf_counter() - began
    card = queries.find_import(SHELTERS, found, authority=_authority(by, now))
    return {
        "lines": count, "added": card.added if card else 0, "wrong": card.wrong if card else 0,
        "took_s": round(took, 2), "lines_s": round(count / took, 1),
    }  # fmt: skip


def _holding(post: str) -> Any:
    from jingwei.apps.agencies.models import Holding

    return Holding.objects.filter(post__code=post, released_at__isnull=True).earliest("from_at").pk


def _authority(by: Any, now: datetime) -> Any:
    from jingwei.apps.agencies.queries import get_authority

    return get_authority(by, at=now)


def main(what: str, count: str, seed: str) -> None:
    from jingwei.wiring.start import start

    start()
    print(json.dumps({"fill": fill, "ask": ask, "take": take}[what](int(count), int(seed))))


if __name__ == "__main__":
    main(*sys.argv[1:])
