"""Scores a partition of reports against the truth. Knows nothing of how reports are made or matched.

What counts: reports of true incidents, what a gateway handed in twice once. Rumours, irrelevant and
spoofed reports are neither elements of B-cubed nor members of its clusters; how many of them stand in a
cluster that is mainly true reports is a figure of its own. A report put nowhere (None) stands alone.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

#: The normal quantile of a two-sided interval of 95 %.
Z95 = 1.959963984540054


class Limits(NamedTuple):
    """Mean over seeds, its bootstrap limits of 95 %, and the worst seed's value."""

    mean: float
    low: float
    high: float
    worst: float


class Table(NamedTuple):
    """Counts the figures are made of."""

    cells: dict[tuple[Hashable, int], int]
    clusters: Counter[Hashable]
    whole_clusters: Counter[Hashable]
    sizes: Counter[int]
    life: set[int]


def score(
    truth: Sequence[Mapping[str, Any]], predicted: Sequence[Hashable | None], *, questions: int = 0
) -> dict[str, float]:
    """Every figure of one storm. `predicted[n]` is the cluster of the report in line `n`."""
    if len(truth) != len(predicted):
        raise ValueError(f"{len(truth)} reports, {len(predicted)} answers")
    labels = [("alone", n) if label is None else ("cluster", label) for n, label in enumerate(predicted)]
    table = _count(truth, labels)
    figures = _b_cubed(truth, labels, table)
    figures |= _recall(table)
    figures |= _merges(table)
    noise = [n for n, t in enumerate(truth) if t["incident"] is None and t["duplicate_of"] is None]
    joined = sum(table.clusters[labels[n]] * 2 > table.whole_clusters[labels[n]] for n in noise)
    figures["noise_joined"] = joined / len(noise) if noise else 0.0
    figures["person_questions_per_1000_reports"] = 1000 * questions / len(truth) if truth else 0.0
    return figures


def _counts(row: Mapping[str, Any]) -> bool:
    return row["incident"] is not None and row["duplicate_of"] is None


def _count(truth: Sequence[Mapping[str, Any]], labels: Sequence[Hashable]) -> Table:
    cells: dict[tuple[Hashable, int], int] = defaultdict(int)
    clusters: Counter[Hashable] = Counter()
    whole: Counter[Hashable] = Counter()
    sizes: Counter[int] = Counter()
    life = set()
    for row, label in zip(truth, labels, strict=True):
        whole[label] += row["duplicate_of"] is None
        if _counts(row):
            cells[label, row["incident"]] += 1
            clusters[label] += 1
            sizes[row["incident"]] += 1
            if row["life_critical"]:
                life.add(row["incident"])
    return Table(dict(cells), clusters, whole, sizes, life)


def _b_cubed(
    truth: Sequence[Mapping[str, Any]], labels: Sequence[Hashable], table: Table
) -> dict[str, float]:
    sums = {"": [0.0, 0.0, 0], "zh": [0.0, 0.0, 0], "en": [0.0, 0.0, 0]}
    for row, label in zip(truth, labels, strict=True):
        if not _counts(row):
            continue
        both = table.cells[label, row["incident"]]
        for part in ("", row["lang"]):
            sums[part][0] += both / table.clusters[label]
            sums[part][1] += both / table.sizes[row["incident"]]
            sums[part][2] += 1
    figures = {}
    for part, (precision, recall, count) in sums.items():
        name = f"b3_{part}_" if part else "b3_"
        p, r = (precision / count, recall / count) if count else (0.0, 0.0)
        figures |= {
            f"{name}precision": p,
            f"{name}recall": r,
            f"{name}f1": 2 * p * r / (p + r) if p + r else 0.0,
        }
    figures["zh_en_f1_difference"] = abs(figures["b3_zh_f1"] - figures["b3_en_f1"])
    return figures


def _main_clusters(table: Table) -> dict[int, Hashable]:
    """Where most of each incident's reports are; the purer cluster if two hold as many."""
    best: dict[int, tuple[int, float]] = {}
    main: dict[int, Hashable] = {}
    for (label, incident), count in table.cells.items():
        rank = (count, count / table.clusters[label])
        if incident not in best or rank > best[incident]:
            best[incident], main[incident] = rank, label
    return main


def _recall(table: Table) -> dict[str, float]:
    """Found: some cluster, noise included, is mainly it. Kept together: that one holds half of it, too."""
    held: Counter[int] = Counter()
    found, together = set(), set()
    for (label, incident), count in table.cells.items():
        held[incident] = max(held[incident], count)
        if count * 2 > table.whole_clusters[label]:
            found.add(incident)
            if count * 2 >= table.sizes[incident]:
                together.add(incident)
    life = len(table.life) or 1
    share = [held[i] / size for i, size in table.sizes.items()]
    return {
        "incident_recall": sum(share) / len(share) if share else 0.0,
        "life_critical_incidents": float(len(table.life)),
        "life_critical_recall": len(found & table.life) / life if table.life else 1.0,
        "life_critical_kept_together": len(together & table.life) / life if table.life else 1.0,
    }


def _merges(table: Table) -> dict[str, float]:
    """Life-critical incidents whose main cluster is another's, too: each of them is wrongly merged."""
    main = _main_clusters(table)
    shared = Counter(main[i] for i in table.life)
    wrong = sum(shared[main[i]] > 1 for i in table.life)
    return {
        "life_critical_wrong_merges": float(wrong),
        "life_critical_wrong_merge_upper95": wilson_upper(wrong, len(table.life)),
    }


def wilson_upper(events: int, trials: int) -> float:
    """Wilson's upper limit of a share, two-sided 95 %; 1 where nothing was tried."""
    if not trials:
        return 1.0
    share, z2 = events / trials, Z95 * Z95
    middle = share + z2 / (2 * trials)
    spread = Z95 * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    return min(1.0, (middle + spread) / (1 + z2 / trials))


def limits(
    values: Iterable[float], *, higher_is_better: bool = True, draws: int = 2000, seed: int = 0
) -> Limits:
    """Mean over seeds with bootstrap limits of 95 %; the same values always give the same limits."""
    kept = list(values)
    if not kept:
        raise ValueError("no seeds, no limits")
    rng = random.Random(seed)
    means = sorted(sum(rng.choices(kept, k=len(kept))) / len(kept) for _ in range(draws))
    worst = min(kept) if higher_is_better else max(kept)
    return Limits(sum(kept) / len(kept), means[int(0.025 * draws)], means[int(0.975 * draws) - 1], worst)


def pooled_wrong_merges(figures: Iterable[Mapping[str, float]]) -> float:
    """The upper limit of wrong merges over all seeds together."""
    kept = list(figures)
    wrong = sum(int(f["life_critical_wrong_merges"]) for f in kept)
    return wilson_upper(wrong, sum(int(f["life_critical_incidents"]) for f in kept))
