"""The planner where nothing moves: exactness, proof, prices, stability, each held against other code."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from bench.dispatch import bare
from bench.dispatch.settings import Setting
from bench.dispatch.static import Answer, Instance, Sent, changed, cost_of, instance, orders_changed, wrong

#: Share of the needs that change before planning anew, and how often a time is taken.
CHANGE, TIMES = 0.01, 3
#: The planner: the instance, and what was ordered before.
Plan = Callable[..., Answer]


def measure(plan: Plan, seeds: Iterable[int], setting: Setting, say: Callable[[str], None] = print
            ) -> tuple[dict[str, float], list[dict[str, Any]]]:  # fmt: skip
    """The worst of each figure over the seeds (the median of times), and each seed's."""
    each = []
    for seed in seeds:
        each.append({"seed": seed} | _uncoupled(plan, seed, setting) | _coupled(plan, seed, setting))
        say(f"still {seed}: " + ", ".join(f"{k} {v:.4g}" for k, v in each[-1].items() if k != "seed"))
    worst = {k: max(e[k] for e in each) for k in each[0] if k != "seed"}
    broken, high = ([k for k in worst if k.endswith(e)] for e in ("_broken", "_bound_too_high"))
    worst["still_broken"] = sum(worst.pop(k) for k in broken)
    worst["bound_too_high"] = max(worst.pop(k) for k in high)
    ratio = median(e["static_s_over_bare_solver"] for e in each)
    return worst | {"static_s_over_bare_solver": ratio}, each


def _uncoupled(plan: Plan, seed: int, setting: Setting) -> dict[str, float]:
    one = instance(seed, setting)
    ratios, seconds = [], []
    for _ in range(TIMES):  # in turn, so that both meet the same load
        best = bare.optimum(one)
        answer = plan(one)
        ratios.append(answer.seconds / best.seconds)
        seconds.append(answer.seconds)
    error, lots = bare.price_error(one, answer, seed)
    told = {
        "static_gap": _gap(cost_of(one, answer.sent), best.cost_s),
        "static_bound_too_high": max(0.0, _gap(answer.bound_s, best.cost_s)),
        "static_broken": float(sum(wrong(one, answer.sent).values())),
        "static_s": median(seconds),
        "static_s_over_bare_solver": median(ratios),
        "price_error_by_finite_difference": error,
        "prices_tried": float(lots),
    }
    return told | _again(plan, one, answer.sent, seed)


def _again(plan: Plan, one: Instance, before: tuple[Sent, ...], seed: int) -> dict[str, float]:
    """One need in a hundred changes: how much of the rest is ordered otherwise, and what that costs."""
    other, touched = changed(one, CHANGE, seed)
    answer = plan(other, before)
    return {
        "orders_changed_share_on_1pct_change": orders_changed(before, answer.sent, touched),
        "replanned_gap": _gap(cost_of(other, answer.sent), bare.optimum(other).cost_s),
        "replanned_broken": float(sum(wrong(other, answer.sent).values())),
        "replanned_s": answer.seconds,
    }


def _coupled(plan: Plan, seed: int, setting: Setting) -> dict[str, float]:
    one = instance(seed, setting, coupled=True)
    answer, least = plan(one), bare.coupled_bound(one)
    cost = cost_of(one, answer.sent)
    return {
        "coupled_proven_gap": _gap(cost, least),
        "coupled_bound_too_high": max(0.0, _gap(answer.bound_s, cost)),
        "coupled_broken": float(sum(wrong(one, answer.sent).values())),
        "coupled_s": answer.seconds,
    }


def _gap(cost: float, bound: float) -> float:
    return (cost - bound) / max(abs(bound), 1.0)
