"""Shares of right answers, F1 by class and confusion tables."""

from collections import Counter
from collections.abc import Sequence


def confusion(truth: Sequence[str], said: Sequence[str]) -> dict[str, dict[str, int]]:
    """Rows are the truth, columns what was said."""
    names = sorted({*truth, *said})
    counted = Counter(zip(truth, said, strict=True))
    return {t: {s: counted[t, s] for s in names} for t in names if any(counted[t, s] for s in names)}


def accuracy(truth: Sequence[str], said: Sequence[str]) -> float:
    return sum(t == s for t, s in zip(truth, said, strict=True)) / max(1, len(truth))


def f1(truth: Sequence[str], said: Sequence[str], name: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of one class; 0 where it was never said."""
    right = sum(t == s == name for t, s in zip(truth, said, strict=True))
    told, held = sum(s == name for s in said), sum(t == name for t in truth)
    precision, recall = right / told if told else 0.0, right / held if held else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """The mean of F1 over the classes of the truth: rare ones weigh as much as frequent ones."""
    names = sorted(set(truth))
    return sum(f1(truth, said, name)[2] for name in names) / max(1, len(names))


def table(found: dict[str, dict[str, int]]) -> str:
    """A confusion table as Markdown."""
    columns = list(next(iter(found.values()), {}))
    lines = [
        "| truth \\ said | " + " | ".join(c or "none" for c in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    lines += [
        f"| {t or 'none'} | " + " | ".join(str(row[c]) for c in columns) + " |" for t, row in found.items()
    ]
    return "\n".join(lines)
