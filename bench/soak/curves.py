"""Samples over a run, and how fast each quantity grows: a straight line, and how well it fits."""

from collections.abc import Sequence

#: What is left out at the start: pools fill, caches warm. Source: our estimate, 2026-11-22.
WARM_UP_SHARE = 0.15


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; nan of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def line(hours: Sequence[float], values: Sequence[float]) -> dict[str, float]:
    """Least squares: slope per hour, its R², first and last value. Needs three points, else nothing."""
    pairs = [(x, y) for x, y in zip(hours, values, strict=True) if y == y]
    if len(pairs) < 3:
        return {}
    n = len(pairs)
    mean_x, mean_y = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    xx = sum((x - mean_x) ** 2 for x, _ in pairs)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    yy = sum((y - mean_y) ** 2 for _, y in pairs)
    slope = xy / xx if xx else 0.0
    fit = xy * xy / (xx * yy) if xx and yy else 1.0
    return {"per_hour": slope, "r2": fit, "first": pairs[0][1], "last": pairs[-1][1], "n": n}


def growth(samples: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    """For each quantity its line over the run without the warm-up."""
    kept = samples[int(len(samples) * WARM_UP_SHARE) :]
    names = sorted({name for one in kept for name in one} - {"hours"})
    found = {}
    for name in names:
        pairs = [(one["hours"], one[name]) for one in kept if name in one]
        drawn = line([x for x, _ in pairs], [y for _, y in pairs])
        if drawn:
            found[name] = {k: round(v, 4) for k, v in drawn.items()}
    return found
