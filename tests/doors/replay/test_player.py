"""The player tells each row once, at its own time, whatever happens to it in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.clock import actions as clock
from jingwei.apps.journal import actions as journal
from jingwei.apps.journal.queries import list_entries
from jingwei.apps.reports.facts import ReportReceived
from jingwei.doors.replay.case import Case, read_case
from jingwei.doors.replay.player import LivePlayer, NoFeed, find_feed, play_all, play_until
from jingwei.kernel.moments import By, Moment
from tests.doors.replay.copies import CaseCopy

SOURCE = Path(__file__).resolve().parents[3] / "src"
REAL = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def case() -> Case:
    return read_case("zhengzhou-2021")


@pytest.fixture
def only_reports(db: None) -> Iterator[None]:
    """Nothing follows from a report: these tests look at what is told."""
    known = dict(journal._following)
    journal.follow({})
    yield
    journal._following.update(known)


def told_at() -> list[datetime]:
    return [e.at for e in list_entries(kinds=[ReportReceived])]


def operator() -> By:
    (one, *_) = agencies.list_posts_on_duty("4101-zbs", at=REAL, roles=("operator",))
    return one.holding


def start(case: Case, at: datetime, *, speed: float = 60, name: str = "") -> None:
    moment = Moment(at=REAL, recorded_at=REAL)
    clock.start_scenario(name or case.name, start_at=at, speed=speed, by=operator(), moment=moment)


def test_every_row_is_told_at_its_own_time_and_never_again(only_reports: None, case: Case) -> None:
    assert play_all(case) == len(case.rows)
    assert told_at() == [r.at for r in case.rows]
    assert play_all(case) == 0
    assert len(told_at()) == len(case.rows)


def test_a_row_doubled_in_the_timeline_is_told_once(only_reports: None, tmp_path: Path) -> None:
    copy = CaseCopy(tmp_path)
    copy.double(28)
    doubled = read_case(copy.folder)
    assert play_all(doubled) == len(doubled.rows) - 1


def test_playing_on_after_a_stop_leaves_no_gap(only_reports: None, case: Case) -> None:
    middle = case.rows[17].at
    first = play_until(case, until=middle)
    assert all(at <= middle for at in told_at())
    assert first + play_all(case) == len(case.rows)
    assert told_at() == [r.at for r in case.rows]


def test_live_player_follows_the_scenario_clock(only_reports: None, case: Case) -> None:
    start(case, case.live_from_at, speed=3600)
    player = LivePlayer(case)
    assert player.step(real=REAL) == sum(r.at <= case.live_from_at for r in case.rows)
    assert player.step(real=REAL + timedelta(seconds=1)) == 0
    assert player.step(real=REAL + timedelta(seconds=2)) == 2
    assert player.step(real=REAL + timedelta(seconds=2)) == 0


def test_a_paused_clock_brings_nothing(only_reports: None, case: Case) -> None:
    start(case, case.live_from_at, speed=3600)
    clock.pause(by=operator(), moment=Moment(at=case.live_from_at, recorded_at=REAL))
    player = LivePlayer(case)
    player.step(real=REAL)
    assert player.step(real=REAL + timedelta(hours=9)) == 0


def test_seeking_forward_tells_the_rows_between_in_order_at_their_own_times(
    only_reports: None, case: Case
) -> None:
    start(case, case.live_from_at)
    LivePlayer(case).step(real=REAL)
    to_at = case.live_until_at
    clock.seek_forward(to_at, by=operator(), moment=Moment(at=case.live_from_at, recorded_at=REAL))
    LivePlayer(case).step(real=REAL)
    assert told_at() == [r.at for r in case.rows]
    assert max(told_at()) <= to_at


def test_another_player_of_the_same_case_tells_nothing_twice(only_reports: None, case: Case) -> None:
    start(case, case.live_until_at)
    assert LivePlayer(case).step(real=REAL) == len(case.rows)
    assert LivePlayer(read_case(case.name)).step(real=REAL) == 0


def test_in_real_time_or_in_another_scenario_the_player_is_silent(only_reports: None, case: Case) -> None:
    player = LivePlayer(case)
    assert player.step(real=REAL) == 0
    start(case, case.live_until_at, name="another")
    assert player.step(real=REAL) == 0


def test_what_others_left_due_is_carried_out_first(only_reports: None, case: Case) -> None:
    seen: list[int] = []

    def settle() -> int:
        seen.append(len(told_at()))
        return 0

    play_until(case, until=case.rows[2].at, settle=settle)
    play_until(case, until=case.rows[2].at, settle=settle)
    assert seen == [0]


def test_without_the_post_the_case_is_not_told(only_reports: None, case: Case) -> None:
    with pytest.raises(NoFeed) as refused:
        find_feed(case, at=datetime(1999, 1, 1, tzinfo=UTC))
    assert refused.value.code == "replay_no_feed"


_PLAY = """
from jingwei.wiring.start import start
start()
from jingwei.doors.replay.case import read_case
from jingwei.doors.replay.player import play_until
case = read_case("zhengzhou-2021")
for row in case.rows:
    play_until(case, until=row.at)
    print(row.seq, flush=True)
"""


@pytest.mark.slow
def test_killed_in_the_middle_every_row_is_still_told_once(live_db: Any, case: Case) -> None:
    env = os.environ | live_db.env | {"PYTHONPATH": str(SOURCE)}
    started = subprocess.Popen([sys.executable, "-c", _PLAY], env=env, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    lines = [started.stdout.readline() for _ in range(12)]
    started.send_signal(signal.SIGKILL)
    started.communicate()
    assert all(lines)
    before = len(told_at())
    assert 12 <= before < len(case.rows)
    assert play_all(case) == len(case.rows) - before
    assert told_at() == [r.at for r in case.rows]
