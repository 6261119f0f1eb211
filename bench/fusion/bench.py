"""`jingwei bench fusion`: reports fused into incidents, ours beside published ways, against the oracle.

The shifted regime is quoted first: figures whose key names no regime are of it, life-critical ones of all.
Scale below 1 keeps fewer districts as dense as the whole; figures are compared at one scale only.
"""

import subprocess
import time
import tomllib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.fusion.comparators import ways
from bench.fusion.feed import gazetteer_of, reports_of
from bench.fusion.pace import pace
from bench.run import Result
from bench.storm import checker, oracle
from bench.storm.seeds import development_seeds, evaluation_seeds
from bench.storm.storm import generate
from jingwei.engines.matching import Matcher, parameters

HERE = Path(__file__).resolve().parent
REGIMES = ("shifted", "same", "adversarial")
TARGETS: dict[str, dict[str, float | str]] = {
    "shifted_b3_f1_regret_to_oracle": {"op": "<=", "value": 0.03},
    "shifted_error_over_best_comparator": {"op": "<=", "value": 0.33},
    "life_critical_recall": {"op": ">=", "value": 0.995},
    "life_critical_wrong_merge_upper95": {"op": "<=", "value": 0.001},
    "zh_en_f1_difference": {"op": "<=", "value": 0.02},
    "engine_reports_per_s": {"op": ">=", "value": 2000.0},
    "engine_p99_ms": {"op": "<=", "value": 20.0},
    "person_questions_per_1000_reports": {"op": "<=", "value": 20.0},
}
#: What is left out in the ablations: the features of the score that go.
ABLATIONS = {"no_text": ("kind", "facts", "words"), "no_place": ("place",), "no_time": ("time",)}
#: Curves: parameters of the storm and the values they take.
CURVES: dict[str, tuple[str, tuple[float, ...]]] = {
    "missing_place": ("place.unusable", (0.0, 0.15, 0.3, 0.5)),
    "noise": ("volume.noise_share", (0.0, 0.08, 0.2, 0.4)),
    "volume": ("volume.factor", (1.0, 2.0, 4.0)),
}


def run(
    seeds: float = 2, scale: float = 0.02, development: float = 0, curves: float = 1, paced: float = 1
) -> Result:
    """Ours and the comparators over `seeds` evaluation seeds (development ones if `development`)."""
    if missing := [name for name in ("sklearn", "datasketch") if find_spec(name) is None]:
        raise SystemExit(f"missing {missing}: pip install --require-hashes -r requirements/bench.txt")
    chosen = development_seeds()[: int(seeds)] if development else evaluation_seeds(_commit(), int(seeds))
    settings = tomllib.loads((HERE / "settings.toml").read_text(encoding="utf-8"))
    result = Result("fusion", seeds=list(chosen), targets=TARGETS)
    figures: dict[str, list[dict[str, float]]] = {}
    for regime in ("same",) if development else REGIMES:
        for seed in chosen:
            for name, found in _storm(seed, regime, scale, settings).items():
                figures.setdefault(f"{regime}/{name}", []).append(found)
    _summarise(result, figures, "same" if development else "shifted")
    if paced:
        result.figures |= pace()
    result.more |= {"scale": scale, "settings": settings, "parameters": parameters(), "all": figures,
                    "development": bool(development)}  # fmt: skip
    if curves:
        dev = development_seeds()[-1]
        result.more["curves"] = _curves(dev, scale)
        result.more["ablations"] = {
            name: _ours(dev, "same", scale, off=off)["b3_f1"] for name, off in ABLATIONS.items()
        } | {"none": _ours(dev, "same", scale)["b3_f1"]}
    return result


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _storm(seed: int, regime: str, scale: float, settings: dict[str, Any]) -> dict[str, dict[str, float]]:
    storm = generate(seed, regime, scale)
    items = list(storm)
    truth = [i.truth for i in items]
    reports, gazetteer = reports_of(items), gazetteer_of(storm)
    found = {"ours": _place(reports, gazetteer, truth)}
    for name, way in ways(settings).items():
        begin = time.perf_counter()
        found[name] = checker.score(truth, way(reports, gazetteer_of(storm)))
        found[name]["seconds"] = time.perf_counter() - begin
    found["oracle"] = checker.score(truth, oracle.partition(storm, items))
    return found


def _place(reports: Sequence[Any], gazetteer: Any, truth: Sequence[Any], off: Sequence[str] = ()
           ) -> dict[str, float]:  # fmt: skip
    matcher = Matcher(gazetteer, without=off)
    begin = time.perf_counter()
    for report in reports:
        matcher.place(report)
    spent = time.perf_counter() - begin
    asked = len(matcher.questions)
    found = checker.score(truth, [matcher.where[r.id] for r in reports], questions=asked)
    return found | {"seconds": spent, "incidents_held": float(len(matcher.profiles))}


def _ours(seed: int, regime: str, scale: float, changes: dict[str, float] | None = None,
          off: Sequence[str] = ()) -> dict[str, float]:  # fmt: skip
    storm = generate(seed, regime, scale, changes)
    items = list(storm)
    return _place(reports_of(items), gazetteer_of(storm), [i.truth for i in items], off)


def _curves(seed: int, scale: float) -> dict[str, list[dict[str, float]]]:
    """Ours against the oracle as one parameter of the storm grows; a development seed."""
    found: dict[str, list[dict[str, float]]] = {}
    for name, (parameter, values) in CURVES.items():
        found[name] = []
        for value in values:
            changes = {parameter: value}
            storm = generate(seed, "same", scale, changes)
            items = list(storm)
            best = checker.score([i.truth for i in items], oracle.partition(storm, items))["b3_f1"]
            mine = _place(reports_of(items), gazetteer_of(storm), [i.truth for i in items])
            found[name].append({"value": value, "b3_f1": mine["b3_f1"], "oracle_b3_f1": best})
    return found


def _summarise(result: Result, figures: dict[str, list[dict[str, float]]], first: str) -> None:
    """The quoted figures: means over seeds of the first regime; life-critical ones over all regimes."""
    names = sorted({key.partition("/")[2] for key in figures})
    others = [n for n in names if n not in ("ours", "oracle")]
    mine = figures[f"{first}/ours"]
    f1 = {n: [f["b3_f1"] for f in figures[f"{first}/{n}"]] for n in names}
    mean = {n: sum(v) / len(v) for n, v in f1.items()}
    best = max(mean[n] for n in others)
    lives = [f for key, rows in figures.items() if key.endswith("/ours") for f in rows]
    incidents = sum(f["life_critical_incidents"] for f in lives) or 1.0
    result.figures = {
        f"{first}_b3_f1_regret_to_oracle": mean["oracle"] - mean["ours"],
        f"{first}_error_over_best_comparator": (1 - mean["ours"]) / (1 - best),
        "life_critical_recall": sum(f["life_critical_recall"] * f["life_critical_incidents"] for f in lives)
        / incidents,
        "life_critical_wrong_merge_upper95": checker.pooled_wrong_merges(lives),
        "zh_en_f1_difference": abs(_mean(mine, "b3_zh_f1") - _mean(mine, "b3_en_f1")),
        "person_questions_per_1000_reports": _mean(mine, "person_questions_per_1000_reports"),
        "b3_f1": mean["ours"],
        "b3_precision": _mean(mine, "b3_precision"),
        "b3_recall": _mean(mine, "b3_recall"),
        "incident_recall": _mean(mine, "incident_recall"),
        "noise_joined": _mean(mine, "noise_joined"),
    }
    kept = ("b3_f1", "b3_precision", "b3_recall", "incident_recall", "noise_joined", "life_critical_recall")
    result.comparators = {
        n: {k: _mean(figures[f"{first}/{n}"], k) for k in kept} for n in [*others, "oracle"]
    }
    result.more["limits"] = {
        key: {
            k: checker.limits([f[k] for f in rows])._asdict() for k in ("b3_f1", "b3_precision", "b3_recall")
        }
        for key, rows in figures.items()
    }
    result.more["regret"] = checker.limits(
        [o - m for o, m in zip(f1["oracle"], f1["ours"], strict=True)], higher_is_better=False
    )._asdict()


def _mean(rows: Sequence[dict[str, float]], key: str) -> float:
    return sum(r[key] for r in rows) / len(rows)
