"""The bench of travel times: what it calls agreement, and the edges it hands to others."""

import numpy as np

from bench.travel.bench import _differ, _edges
from tests.engines.roads.test_travel import net_from, ring


def test_canary_a_time_that_differs_is_counted():
    ours = np.array([[10.0, 500.0], [np.inf, 3.0]])
    assert _differ(ours, ours + 0.05) == 0
    wrong = ours.copy()
    wrong[0, 1] += 2.0
    assert _differ(ours, wrong) == 1
    assert _differ(ours, np.full((2, 2), 3.0)) == 3


def test_others_get_every_stretch_with_its_seconds():
    net = net_from(ring())
    edges = _edges(net)
    assert len(edges) == net.size
    assert all(
        abs(took - length / 10) < 1e-9 for (_, _, took), length in zip(edges, net.length_m, strict=True)
    )
