"""The writers' turn: one at a time, none for ever, and never on a file that is not the database any more."""

import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from jingwei.wiring.database.sqlite import turn
from jingwei.wiring.database.sqlite.turn import Turn, TurnTaken
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
