"""`python -m bench.fusion.fit [--scale S] [--seeds N] [--rounds R]`: the matcher's own parameters, fitted.

Step by step on development storms: one parameter after another is made larger and smaller, and what betters
the mark is kept. The mark is B-cubed F1, less what life-critical incidents lose by being run together. Prints
what it found; nothing is written. Words are read once for all tries.
"""

import argparse
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

from bench.fusion.feed import gazetteer_of, reports_of
from bench.storm import checker
from bench.storm.seeds import development_seeds
from bench.storm.storm import generate
from jingwei.engines.matching import Matcher, kinds, parameters, reduce

#: What a life-critical incident run together with another takes from the mark, of all such incidents.
#: Source: our estimate; with a tenth the fit bought two hundredths of F1 with lives run together, 2026-11-29.
LIFE = 0.5
#: Factors by which a parameter is tried; a share is moved so far on the scale of its odds.
STEPS = (2.0, 0.5, 1.3, 0.77)
#: Parameters that are limits of cost, of what people are asked, or guard lives: not fitted.
KEPT = frozenset(("join.questions", "join.ask_from", "time.open_h", "voice.chunk", "voice.caller_h",
                  "kind.floor", "place.buildings", "join.least_life"))  # fmt: skip


def moved(value: float, by: float) -> float:
    """The value times `by`; one between 0 and 1 stays there."""
    if 0.0 < value < 1.0:
        odds = value / (1 - value) * by
        return round(odds / (1 + odds), 4)
    return round(value * by, 4)


class Storms:
    """Development storms, read once; `mark` says how well parameters do on them."""

    def __init__(self, seeds: Sequence[int], regime: str, scale: float) -> None:
        self.storms: list[tuple[Any, Any, Any]] = []
        for seed in seeds:
            storm = generate(seed, regime, scale)
            items = list(storm)
            self.storms.append((reports_of(items), gazetteer_of(storm), [i.truth for i in items]))

    def mark(self, changes: dict[str, float]) -> float:
        total = 0.0
        for reports, gazetteer, truth in self.storms:
            matcher = Matcher(gazetteer, parameters(changes))
            for report in reports:
                matcher.place(report)
            found = checker.score(truth, [matcher.where[r.id] for r in reports])
            wrong = found["life_critical_wrong_merges"] / max(1.0, found["life_critical_incidents"])
            total += found["b3_f1"] - LIFE * wrong
        return total / len(self.storms)


def fit(storms: Storms, rounds: int, names: Sequence[str] = ()) -> dict[str, float]:
    """Better parameters, as changes of the shipped ones."""
    changes: dict[str, float] = {}
    best = storms.mark(changes)
    _say("shipped", best)
    for _ in range(rounds):
        before = best
        for name in names or [n for n in parameters() if n not in KEPT]:
            for step in STEPS:
                value = (parameters() | changes)[name]
                tried = changes | {name: moved(value, step)}
                mark = storms.mark(tried)
                if mark > best + 0.0005:
                    best, changes = mark, tried
                    _say(f"{name} {value} -> {tried[name]}", best)
                    break
        if best < before + 0.002:
            break
    return changes


def _say(what: str, mark: float) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {mark:.4f}  {what}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--scale", type=float, default=0.02)
    asked.add_argument("--seeds", type=int, default=2)
    asked.add_argument("--skip", type=int, default=0)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--regime", default="same")
    asked.add_argument("names", nargs="*")
    args = asked.parse_args()
    # words do not change between tries: what was read is kept
    for module, names in ((reduce, ("read_mention", "read_facts", "read_kinds")), (kinds, ("read_kinds",))):
        for name in names:
            setattr(module, name, cache(getattr(module, name)))
    seeds = development_seeds()[args.skip : args.skip + args.seeds]
    print(fit(Storms(seeds, args.regime, args.scale), args.rounds, args.names))


if __name__ == "__main__":
    main()
