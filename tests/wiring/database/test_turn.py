"""The writers' turn: one at a time, none for ever, and never on a file that is not the database any more."""

import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from jingwei.wiring.database import checkpoint
from jingwei.wiring.database.order import go_first
from jingwei.wiring.database.sqlite import turn
from jingwei.wiring.database.sqlite.turn import Rank, Turn, TurnTaken
from tests import databases
from tests.nodes import LiveDatabase


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "WAIT_S", 0.3)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Turn, Turn]:
    return Turn(tmp_path / "node.sqlite3"), Turn(tmp_path / "node.sqlite3")


def test_a_turn_that_does_not_come_is_given_up(two: tuple[Turn, Turn]) -> None:
    first, second = two
    first.take()
    began = time.monotonic()
    with pytest.raises(TurnTaken):
        second.take()
    assert 0.25 < time.monotonic() - began < 3
    first.give_back()
    second.take()
    assert second.held


def test_a_turn_given_up_goes_on_to_the_next(two: tuple[Turn, Turn], tmp_path: Path) -> None:
    first, second = two
    first.take()
    with pytest.raises(TurnTaken):
        second.take()
    first.give_back()
    third = Turn(tmp_path / "node.sqlite3")
    for _ in range(20):  # the place of the second lets go as soon as it comes
        third.take()
        third.give_back()


def test_who_asks_again_keeps_the_place_and_starts_no_second_thread(two: tuple[Turn, Turn]) -> None:
    first, second = two
    first.take()
    for _ in range(3):
        with pytest.raises(TurnTaken):
            second.take()
    assert sum(t.name == "writers-turn" for t in threading.enumerate()) == 1
    second.close()
    first.give_back()
    first.take()
    assert first.held


def test_waiting_turns_are_taken_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "WAIT_S", 20.0)
    inside, most = 0, 0

    def write() -> None:
        nonlocal inside, most
        own = Turn(tmp_path / "node.sqlite3")
        for _ in range(20):
            own.take()
            inside += 1
            most = max(most, inside)
            time.sleep(0.001)
            inside -= 1
            own.give_back()
        own.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1


def away_until(rank: Rank, path: Path) -> float:
    """Until when one stays away who had the turn while intake was waiting for it; 0: not at all."""
    own, first = Turn(path, rank), Turn(path, Rank.FIRST)
    own.take()
    waiting = threading.Thread(target=first.take)
    waiting.start()
    until = time.monotonic() + 4.0
    while not Turn._is_first_there(own):
        assert time.monotonic() < until, "intake was not seen"
        time.sleep(0.001)
    own.give_back()
    waiting.join()
    first.close()
    return own._away_until


def test_who_goes_last_makes_room_for_intake_that_waited(tmp_path: Path) -> None:
    """With the canary: any other writer comes again at once."""
    assert away_until(Rank.LAST, tmp_path / "node.sqlite3") > 0
    assert away_until(Rank.USUAL, tmp_path / "node.sqlite3") == 0


@pytest.mark.parametrize(("looks", "seen"), [(1000, True), (1, False)])
def test_intake_is_seen_even_if_somebody_looks_just_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int, seen: bool
) -> None:
    """With the canary: one try alone, while another looks, leaves it unseen for the whole turn."""
    monkeypatch.setattr(turn, "LOOKS", looks)
    monkeypatch.setattr(turn, "LOOK_S", 1.0)
    path = tmp_path / "node.sqlite3"
    first, other = Turn(path, Rank.FIRST), Turn(path, Rank.LAST)
    other.take()
    other.give_back()
    assert other._first_fd is not None and turn._is_locked(other._first_fd)  # it looks, and was interrupted
    waiting = threading.Thread(target=first.take)
    waiting.start()
    time.sleep(0.1)
    turn._unlock(other._first_fd)
    waiting.join()
    assert other._is_first_there() is seen
    first.close()
    assert not other._is_first_there()


def test_room_is_made_while_intake_is_there(tmp_path: Path) -> None:
    last, first = Turn(tmp_path / "node.sqlite3", Rank.LAST), Turn(tmp_path / "node.sqlite3", Rank.FIRST)
    last.take()
    last.give_back()
    first.take()
    last._away_until = time.monotonic() + 0.05
    last._stay_away()
    assert time.monotonic() >= last._away_until


def test_intake_that_has_gone_keeps_nobody_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "MOST_AWAY_S", 60.0)
    path = tmp_path / "node.sqlite3"
    last, first = Turn(path, Rank.LAST), Turn(path, Rank.FIRST)
    last._away_until = time.monotonic() + 60.0
    first.take()
    first.give_back()
    last.take()
    assert last.held, "it did not wait a minute for nobody"
    last.give_back()
    first.take()
    with pytest.raises(TurnTaken):
        Turn(path).take()
    first.close()
    assert not last._is_first_there()


def test_a_pressed_intake_is_there_between_its_turns_too(tmp_path: Path) -> None:
    """With the canary: one that is not pressed has gone as soon as it gave its turn back."""
    path = tmp_path / "node.sqlite3"
    last, first = Turn(path, Rank.LAST), Turn(path, Rank.FIRST)
    last.take()
    last.give_back()
    first.take()
    first.press(True)
    first.give_back()
    assert last._is_first_there()
    last.take()
    assert last.held, "it keeps nobody from the turn"
    last.give_back()
    first.press(False)
    assert not last._is_first_there()
    first.take()
    first.give_back()
    assert not last._is_first_there()
    first.press(True)
    first.close()
    assert not last._is_first_there(), "nor after it is closed"


def file_of(live_db: LiveDatabase) -> Path:
    return databases.run_folder() / f"{live_db.name}.sqlite3"


def is_file() -> bool:
    return not databases.on_postgres()


def test_a_file_put_in_the_databases_place_is_not_written_past(live_db: LiveDatabase) -> None:
    if not is_file():
        return
    path = file_of(live_db)
    connection.ensure_connection()
    path.rename(path.with_suffix(".aside"))
    path.write_bytes(path.with_suffix(".aside").read_bytes())
    with pytest.raises(OperationalError, match="replaced"), transaction.atomic():
        pass
    connection.close()
    with transaction.atomic():
        pass


def test_a_missing_or_empty_database_is_not_made_in_passing(live_db: LiveDatabase) -> None:
    if not is_file():
        return
    path = file_of(live_db)
    connection.close()
    path.rename(path.with_suffix(".aside"))
    with pytest.raises(OperationalError, match="no database"):
        connection.ensure_connection()
    assert not path.exists()
    path.touch()
    with pytest.raises(OperationalError, match="no database"):
        connection.ensure_connection()
    path.with_suffix(".aside").rename(path)


def test_the_log_is_emptied_beside_a_writer_who_has_the_turn(live_db: LiveDatabase) -> None:
    if not is_file():
        assert checkpoint.start(threading.Event()) is None
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filler (words TEXT)")
        cursor.execute("INSERT INTO filler VALUES (%s)", ["水" * 100_000])
    before = file_of(live_db).stat().st_size
    assert checkpoint.empty()
    assert file_of(live_db).stat().st_size > before, "what was in the log is in the file"
    other = threading.Thread(target=_empty_elsewhere)
    with transaction.atomic():
        other.start()
        other.join(10)
        assert not other.is_alive(), "it waits for no turn"


def _empty_elsewhere() -> None:
    try:
        assert checkpoint.empty()
    finally:
        connection.close()


def test_a_rank_lasts_for_the_threads_next_connections(live_db: LiveDatabase) -> None:
    try:
        go_first()
        connection.ensure_connection()
        assert not is_file() or connection.turn.rank is Rank.FIRST
    finally:
        connection.rank = Rank.USUAL
        connection.close()
