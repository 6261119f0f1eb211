"""`jingwei bench travel`: 500 × 500 travel times over real nets, ours beside other libraries on the same net.

    pip install --require-hashes -r requirements/bench.txt requirements/roads.txt first
    jingwei bench travel --json FILE

Heidelberg and Columbus from OpenStreetMap extracts (© OpenStreetMap contributors, ODbL), looked for in
`JINGWEI_BENCH_ROADS` or `../shared/data/roads`. All work on the same stretches with the same seconds, between
crossings; ours also finds where a point meets the net. Others: networkx and rustworkx, Dijkstra from each
source as each of them ships it. `disagree` counts pairs on which two differ by more than a thousandth. With
`closed`, one stretch in a hundred is shut and the matrix asked again: what has to be made anew counts.
"""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.activation.bench import _commit
from bench.run import Result
from jingwei.engines.roads.closures import Closure
from jingwei.engines.roads.net import RoadNet
from jingwei.engines.roads.osm import read_extract
from jingwei.engines.roads.travel import Travel

SEED, TOWNS = 20240504, ("heidelberg", "columbus")
#: Points asked from and to; of networkx only so many rows, the time is carried forward.
POINTS, OF_NETWORKX = 500, 20


def run(points: float = POINTS) -> Result:
    result = Result("travel", seeds=[SEED], targets={"disagree": {"op": "==", "value": 0}})
    folder = Path(os.environ.get("JINGWEI_BENCH_ROADS", "../shared/data/roads"))
    result.more |= {"command": "jingwei bench travel", "commit": _commit(), "points": int(points)}
    result.figures["disagree"] = 0.0
    for town in TOWNS:
        begin = time.perf_counter()
        net = read_extract(folder / f"{town}.osm.pbf")
        result.figures[f"{town}_read_s"] = time.perf_counter() - begin
        _measure(result, town, net, int(points))
    result.figures = {k: round(v, 4) for k, v in result.figures.items()}
    return result


def _measure(result: Result, town: str, net: RoadNet, count: int) -> None:
    rng = np.random.default_rng(SEED)
    begin = time.perf_counter()
    joined = np.unique(net.marks.ends[net.marks.line[net.marks.joined]])
    _ = net.marks.joined_tree
    result.figures |= {f"{town}_prepared_s": time.perf_counter() - begin, f"{town}_crossings": len(net.nodes),
                       f"{town}_stretches": net.size}  # fmt: skip
    sources, targets = rng.choice(joined, count), rng.choice(joined, count)
    places = [tuple(map(float, net.nodes[n])) for n in (*sources, *targets)]
    begin = time.perf_counter()
    ours = Travel(net).matrix(places[:count], places[count:])
    result.figures[f"{town}_matrix_s"] = time.perf_counter() - begin
    middle = net.nodes[rng.choice(joined, max(1, net.size // 200))]
    shut = [Closure("point", (tuple(map(float, at)),), 1.0) for at in middle]
    begin = time.perf_counter()
    Travel(net, shut).matrix(places[:count], places[count:])
    result.figures[f"{town}_closed_matrix_s"] = time.perf_counter() - begin
    for name, way in (("rustworkx", _rustworkx), ("networkx", _networkx)):
        begin = time.perf_counter()
        graph = way(net)
        made = time.perf_counter() - begin
        begin = time.perf_counter()
        some = sources if name == "rustworkx" else sources[:OF_NETWORKX]
        theirs = graph(some, targets)
        took = (time.perf_counter() - begin) * len(sources) / len(some)
        result.comparators.setdefault(name, {}).update({f"{town}_matrix_s": round(took, 4),
                                                        f"{town}_made_s": round(made, 4)})  # fmt: skip
        result.figures["disagree"] += _differ(ours[: len(some)], theirs)


def _differ(ours: Any, theirs: Any) -> int:
    """Pairs on which two differ by more than a thousandth, or a hundredth of a second at each crossing."""
    same = np.isclose(ours, theirs, rtol=1e-3, atol=0.1) | (np.isinf(ours) & np.isinf(theirs))
    return int((~same).sum())


def _edges(net: RoadNet) -> list[tuple[int, int, float]]:
    took = net.length_m / (net.speed_km_h / 3.6)
    return [(int(a), int(b), float(t)) for a, b, t in zip(net.tail, net.head, took, strict=True)]


def _rustworkx(net: RoadNet) -> Any:
    import rustworkx

    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(net.nodes)))
    graph.add_edges_from(_edges(net))

    def matrix(sources: Any, targets: Any) -> Any:
        rows = np.full((len(sources), len(net.nodes)), np.inf)
        for n, source in enumerate(sources):
            found = rustworkx.dijkstra_shortest_path_lengths(graph, int(source), lambda took: took)
            rows[n, list(found.keys())] = list(found.values())
            rows[n, int(source)] = 0.0
        return rows[:, targets]

    return matrix


def _networkx(net: RoadNet) -> Any:
    import networkx

    graph = networkx.DiGraph()
    for a, b, took in _edges(net):
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > took:
            graph.add_edge(a, b, weight=took)

    def matrix(sources: Any, targets: Any) -> Any:
        rows = np.full((len(sources), len(targets)), np.inf)
        for n, source in enumerate(sources):
            found = networkx.single_source_dijkstra_path_length(graph, int(source))
            rows[n] = [found.get(int(t), np.inf) for t in targets]
        return rows

    return matrix
