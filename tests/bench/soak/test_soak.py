"""The soak measures what it says: growth found, losses found, and a short one on a real node."""

import subprocess
import sys

import pytest

from bench import processes
from bench.node import a_node
from bench.soak import bench, curves, ending
from bench.soak.telling import Rate, Sending, Teller
from bench.soak.users import Tally

CALM = [{"hours": i / 60, "rss_mib": 300.0 + i % 3, "files": 80.0} for i in range(120)]


def test_growth_is_the_slope_per_hour_and_a_calm_run_has_none():
    grown = curves.growth([one | {"rss_mib": one["rss_mib"] + 12 * one["hours"]} for one in CALM])
    assert grown["rss_mib"]["per_hour"] == pytest.approx(12, abs=0.3) and grown["rss_mib"]["r2"] > 0.9
    assert abs(curves.growth(CALM)["rss_mib"]["per_hour"]) < 0.3
    assert curves.growth(CALM)["files"]["per_hour"] == 0


def test_bursts_come_when_the_rate_says():
    rate = Rate(steady_per_s=5, burst_per_s=100, burst_every_s=60, burst_lasts_s=10)
    times = list(rate.times(60))
    assert sum(1 for t in times if t < 30) == pytest.approx(150, abs=2)
    assert sum(1 for t in times if 30 <= t < 40) == pytest.approx(1000, abs=21)


def test_the_same_seed_tells_the_same_with_doubles_garbage_and_other_encodings():
    one, two = Teller(7), Teller(7)
    sent = [one.tell(i / 5) for i in range(2000)]
    assert [s.body for s in sent] == [two.tell(i / 5).body for i in range(2000)]
    assert any(s.again for s in sent) and any(s.garbage for s in sent)
    assert len({s.mark for s in sent if not s.again}) == sum(1 for s in sent if not s.again)
    assert any(b"\xcb\xae" in s.body for s in sent), "some are in GB 18030"


def test_what_a_process_holds_is_seen_from_outside():
    line = (
        "import sys; x = bytearray(64 << 20); f = open('/dev/null'); print(1, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", line], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None and child.stdout.readline()
        (held,) = processes.look(child.pid)
        child.communicate()
    assert 64 < held.rss_mib < 160 and held.files >= 4 and held.threads == 1


@pytest.mark.slow
def test_a_short_soak_loses_nothing_and_a_loss_would_be_seen(tmp_path):
    result = bench.run(hours=12 / 3600)
    for name in ("lost", "doubled", "failed_reactions", "wrong", "backlog_end"):
        assert result.figures[name] == 0, (name, result.figures, result.more["wrong"])
    assert result.figures["ended_cleanly"] == 1 and result.figures["acknowledged"] > 40
    assert result.more["samples"] and result.more["counts"]["pages"] > 0

    with a_node(tmp_path / "home") as node:
        tally = Tally()
        tally.taken(Sending(b'{"words": "s1 made up", "key": "s1"}', "s1", "s1"), "0" * 32)
        tally.public["p000001"] = "/report/thanks"
        with bench._reader(node) as client:
            told = ending.read_back(client, tally) | ending.handed_in_again(node, tally)
    assert (told["lost"], told["lost_in_list"], told["lost_public"]) == (1, 1, 1)
