"""The benchmark of the map runs, small, and what it counts is all there is."""

import pytest

from bench.map import bench
from bench.run import met

pytestmark = pytest.mark.slow


def test_a_small_run_counts_every_point(monkeypatch):
    monkeypatch.setattr(bench, "POINTS", 2_500)
    result = bench.run()
    assert met(result, "sum_of_cells") is True
    assert met(result, "sum_of_report_cells") is True
    assert result.figures["zoom_4_points"] == 2_500 > result.figures["zoom_10_points"] > 0
