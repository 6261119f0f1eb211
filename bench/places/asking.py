"""`python -m bench.places.asking found|ask`: founds the node, or asks of its places; prints JSON.

On the node that the environment names.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

SEED = 7
#: Points asked for, and answers of which the median of a view is told.
POINTS, ROUNDS = 500, 7
#: Views of the map: zoom, and the middle.
VIEWS = {4: (104.0, 35.0), 6: (113.6, 34.7), 8: (113.6, 34.7), 10: (113.6, 34.7), 12: (113.6, 34.7)}
SIZE = (1080, 560)


def found() -> None:
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.actions import found_node
    from jingwei.doors.entry.moments import this_moment

    founding = agencies.find_founding(agencies.read_roster("zhengzhou"))
    assert founding is not None
    found_node(founding, password="bench-river-town", moment=this_moment())  # noqa: S106 - gone at the end


def _ms(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def ask() -> dict[str, float]:
    from jingwei.apps.places import queries as places
    from jingwei.engines.mercator import View

    rng = random.Random(SEED)
    points = [(rng.uniform(98, 121), rng.uniform(24, 41)) for _ in range(POINTS)]
    took = sorted(_ms(lambda p=p: places.find_place_at(*p)) for p in points)
    answers = [places.find_place_at(*p) for p in points]
    figures: dict[str, float] = {
        "divisions": places.count_divisions(),
        "at_ms_median": round(statistics.median(took), 2),
        "at_ms_p99": round(took[int(POINTS * 0.99)], 2),
        "at_known": sum(one is not None for one in answers),
        "at_by_outline": sum(bool(one and one.within) for one in answers),
        "search_ms_median": round(
            statistics.median(_ms(lambda: places.search_places("荥阳崔庙")) for _ in range(ROUNDS)), 2
        ),
    }
    if places.has_outlines():
        for zoom, middle in VIEWS.items():
            box = View(*middle, zoom, *SIZE).box
            drawn = places.draw_outlines(box, zoom)
            figures[f"zoom_{zoom}_vertices"] = sum(map(len, drawn.lines))
            figures[f"zoom_{zoom}_ms"] = round(
                statistics.median(
                    _ms(lambda b=box, z=zoom: places.draw_outlines(b, z)) for _ in range(ROUNDS)
                ),
                1,
            )
    return figures


if __name__ == "__main__":
    from jingwei.wiring.start import start

    start()
    if sys.argv[1] == "found":
        found()
    else:
        print(json.dumps(ask()))
