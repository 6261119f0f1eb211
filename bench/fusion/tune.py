"""`python -m bench.fusion.tune [--scale S] [--seeds N]`: the best setting of each comparator.

On development seeds only. Every setting of grid.toml is tried, the default among them, so that none is
worse than what it ships with.
"""

import argparse
import itertools
import tomllib
from functools import partial
from pathlib import Path

from bench.fusion.comparators import DEFAULTS, WAYS
from bench.fusion.feed import gazetteer_of, reports_of
from bench.storm import checker
from bench.storm.seeds import development_seeds
from bench.storm.storm import generate

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Try everything and write settings.toml."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--scale", type=float, default=0.02)
    asked.add_argument("--seeds", type=int, default=2)
    args = asked.parse_args()
    grid = tomllib.loads((HERE / "grid.toml").read_text(encoding="utf-8"))
    storms = []
    for seed in development_seeds()[: args.seeds]:
        storm = generate(seed, "same", args.scale)
        items = list(storm)
        storms.append((reports_of(items), gazetteer_of(storm), [i.truth for i in items]))
    lines = [f"# Best on development seeds {list(development_seeds()[: args.seeds])}, regime same,"
             f" scale {args.scale}, by mean B-cubed F1. Written by bench/fusion/tune.py."]  # fmt: skip
    for name, way in WAYS.items():
        names = list(grid[name])
        tried = [dict(zip(names, values, strict=True)) for values in itertools.product(*grid[name].values())]
        best: tuple[float, dict[str, float | bool]] | None = None
        for setting in [DEFAULTS[name], *[t for t in tried if t != DEFAULTS[name]]]:
            ready = partial(way, **setting)
            marks = [checker.score(truth, ready(rs, g))["b3_f1"] for rs, g, truth in storms]
            mean = sum(marks) / len(marks)
            if best is None or mean > best[0]:
                best = (mean, setting)
        assert best is not None
        lines += ["", f"[{name}] # F1 {best[0]:.4f} of {len(tried)} tried"]
        lines += [f"{k} = {str(v).lower() if isinstance(v, bool) else v}" for k, v in best[1].items()]
        print(lines[-1 - len(best[1])], best[1], flush=True)
    (HERE / "settings.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
