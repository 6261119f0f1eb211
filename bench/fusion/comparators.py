"""Published ways to find what is reported twice, beside ours: all get the same reports in the same order.

The rule and DBSCAN are given what our own reading finds (kind by words, the registered point of a named
place) where a report lacks the field, so that they lose by method and not by missing fields.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

from jingwei.engines.matching import Report
from jingwei.engines.reading import read_kinds
from jingwei.engines.reading.kinds import language_of
from jingwei.engines.reading.places import Gazetteer, read_mention

Labels = list[Hashable | None]
Way = Callable[..., Labels]


def where(report: Report, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """Metres of the point sent along, else of the one registered place that is named."""
    if report.lon is not None and report.lat is not None:
        return gazetteer.metres(report.lon, report.lat)
    named = read_mention(report.words, report.place_words, gazetteer)
    return named.at[0] if named is not None and len(named.at) == 1 else None


def kind_of(report: Report) -> str:
    if report.kind:
        return report.kind
    told = read_kinds(report.words, language_of(report.words)).kinds
    return max(sorted(told), key=told.__getitem__) if told else ""


def moment(report: Report) -> float:
    return report.arrived_s if report.sent_s is None else report.sent_s


def rule(reports: Sequence[Report], gazetteer: Gazetteer, *, metres: float, minutes: float) -> Labels:
    """Same kind within so many metres and minutes of the incident's last report, the nearest one."""
    held: dict[tuple[str, int, int], list[list[float]]] = defaultdict(list)
    labels: Labels = []
    for n, report in enumerate(reports):
        at, kind = where(report, gazetteer), kind_of(report)
        if at is None or not kind:
            labels.append(None)
            continue
        x, y, t = *at, moment(report)
        cx, cy = int(x // metres), int(y // metres)
        near = [
            (math.hypot(x - o[0], y - o[1]), o)
            for i in (cx - 1, cx, cx + 1)
            for j in (cy - 1, cy, cy + 1)
            for o in held.get((kind, i, j), ())
            if abs(t - o[2]) <= 60 * minutes and math.hypot(x - o[0], y - o[1]) <= metres
        ]
        if near:
            found = min(near)[1]
            found[2] = max(found[2], t)
        else:
            found = [x, y, t, float(n)]
            held[kind, cx, cy].append(found)
        labels.append(int(found[3]))
    return labels


def first_story(reports: Sequence[Report], gazetteer: Gazetteer, *, grams: int, least: float, window: int
                ) -> Labels:  # fmt: skip
    """TF-IDF first-story detection: a report joins its nearest one among the last ones, if near enough.

    Source: [SRC-PETROVIC2010]; weights are taken from the whole storm, which flatters it.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [f"{r.words} {r.kind}" for r in reports]
    rows = TfidfVectorizer(analyzer="char", ngram_range=(1, grams), sublinear_tf=True).fit_transform(texts)
    labels: Labels = []
    step = 200
    for begin in range(0, len(texts), step):
        end, first = min(begin + step, len(texts)), max(0, begin - window)
        near = (rows[begin:end] @ rows[first:end].T).toarray()
        for n in range(begin, end):
            mine = near[n - begin, : n - first]
            best = int(mine.argmax()) if len(mine) else -1
            labels.append(labels[first + best] if best >= 0 and mine[best] >= least else n)
    return labels


def minhash(reports: Sequence[Report], gazetteer: Gazetteer, *, shingle: int, least: float) -> Labels:
    """MinHash LSH over shingles of characters: a report joins the first one estimated near enough."""
    from datasketch import MinHash, MinHashLSH

    index: Any = MinHashLSH(threshold=least, num_perm=64)
    made: dict[str, Any] = {}
    labels: Labels = []
    for n, report in enumerate(reports):
        text = report.words.lower()
        mark = MinHash(num_perm=64)
        mark.update_batch({text[i : i + shingle].encode() for i in range(max(1, len(text) - shingle + 1))})
        known = index.query(mark)
        best = max(known, key=lambda k: (made[k].jaccard(mark), -int(k)), default=None)
        labels.append(labels[int(best)] if best is not None else n)
        made[str(n)] = mark
        index.insert(str(n), mark)
    return labels


def dbscan(reports: Sequence[Report], gazetteer: Gazetteer, *, metres: float, minutes: float, by_kind: bool
           ) -> Labels:  # fmt: skip
    """DBSCAN on space and time, `metres` as far apart as `minutes`; with `by_kind` each kind for itself.

    It sees the whole storm before it answers, which flatters it.
    """
    from sklearn.cluster import DBSCAN

    groups: dict[str, list[tuple[int, tuple[float, float, float]]]] = defaultdict(list)
    for n, report in enumerate(reports):
        at = where(report, gazetteer)
        if at is not None:
            spot = (at[0] / metres, at[1] / metres, moment(report) / (60 * minutes))
            groups[kind_of(report) if by_kind else ""].append((n, spot))
    labels: Labels = [None] * len(reports)
    for kind, rows in groups.items():
        found = DBSCAN(eps=1.0, min_samples=2).fit_predict([spot for _, spot in rows])
        for (n, _), label in zip(rows, found, strict=True):
            labels[n] = None if label < 0 else f"{kind}-{label}"
    return labels


#: Every comparator with the settings it is published or shipped with; tuned ones stand in settings.toml.
DEFAULTS: dict[str, dict[str, float | bool]] = {
    "rule": {"metres": 300.0, "minutes": 30.0},
    "first_story": {"grams": 1, "least": 0.5, "window": 2000},
    "minhash": {"shingle": 3, "least": 0.9},
    "dbscan": {"metres": 300.0, "minutes": 30.0, "by_kind": False},
}
WAYS: dict[str, Way] = {"rule": rule, "first_story": first_story, "minhash": minhash, "dbscan": dbscan}


def ways(settings: dict[str, dict[str, Any]]) -> dict[str, Way]:
    return {name: partial(way, **(DEFAULTS[name] | settings.get(name, {}))) for name, way in WAYS.items()}
