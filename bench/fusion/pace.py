"""How fast the engine is: reports a second and p99 with 20,000 open incidents held in memory."""

import itertools
import time

from bench.fusion.feed import gazetteer_of, reports_of
from bench.storm.seeds import development_seeds
from bench.storm.storm import generate
from jingwei.engines.matching import Matcher

#: Open incidents held while it is measured.
OPEN = 20_000
#: Reports placed while it is measured.
PLACED = 1_000


def pace(scale: float = 1.0, opened: int = OPEN, placed: int = PLACED) -> dict[str, float]:
    """One process on one core: reading and matching one after the other, from words to link.

    The middle of a storm of the whole city; the incidents held are its reports, each an incident of its
    own, which is denser than any true state.
    """
    storm = generate(development_seeds()[0], "same", scale)
    first = max(0, len(storm) // 2 - opened)
    items = list(itertools.islice(storm, first, first + opened + placed))
    reports, matcher = reports_of(items), Matcher(gazetteer_of(storm))
    rows = [(matcher.reducer.reduce(r), n + 1) for n, r in enumerate(reports[: len(reports) - placed])]
    begin = time.perf_counter()
    matcher.restore(rows)
    restored = time.perf_counter() - begin
    took = []
    for report in reports[len(reports) - placed :]:
        begin = time.perf_counter()
        matcher.place(report)
        took.append(time.perf_counter() - begin)
    took.sort()
    return {
        "engine_reports_per_s": len(took) / sum(took),
        "engine_p99_ms": 1000 * took[int(0.99 * len(took))],
        "engine_p50_ms": 1000 * took[len(took) // 2],
        "open_incidents": float(len(matcher.profiles)),
        "restore_s": restored,
    }
