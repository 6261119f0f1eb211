"""What comes close together goes in together; a call waits for nobody."""

import threading
import time

import pytest

from jingwei.apps.reports.facts import Told
from jingwei.doors.api import intake_writer
from jingwei.doors.api.intake_writer import IntakeWriter, Job
from jingwei.doors.entry.intake import Read


def a_job(*, first: bool = False) -> Job:
    return Job(
        authorization="", read=Read((Told(words="水"),), many=False), answer=lambda _: None, first=first
    )


def gathered(writer: IntakeWriter, monkeypatch: pytest.MonkeyPatch, *, together_s: float, first: bool) -> int:
    """How many are in the first group when one comes and three more follow one after the other."""
    monkeypatch.setattr(intake_writer, "TOGETHER_S", together_s)
    writer._thread = threading.current_thread()  # nobody else takes them
    groups: list[list[Job] | None] = []
    taking = threading.Thread(target=lambda: groups.append(writer._gather()))
    taking.start()
    for _ in range(4):
        writer.put(a_job(first=first))
        time.sleep(0.02)
    taking.join()
    return len(groups[0] or [])


def test_reports_that_follow_each_other_closely_are_one_group(monkeypatch):
    assert gathered(IntakeWriter(), monkeypatch, together_s=600.0, first=False) == 4


def test_canary_without_waiting_the_first_goes_alone(monkeypatch):
    assert gathered(IntakeWriter(), monkeypatch, together_s=0.0, first=False) == 1


def test_a_call_waits_for_nobody(monkeypatch):
    assert gathered(IntakeWriter(), monkeypatch, together_s=5.0, first=True) == 1


def test_a_writer_that_ends_waits_no_more(monkeypatch):
    monkeypatch.setattr(intake_writer, "TOGETHER_S", 600.0)
    writer = IntakeWriter()
    writer._thread = threading.current_thread()
    groups: list[list[Job] | None] = []
    taking = threading.Thread(target=lambda: groups.append(writer._gather()))
    writer.put(a_job())
    taking.start()
    time.sleep(0.05)
    with writer._more:
        writer._ending = True
        writer._more.notify()
    taking.join(20)
    assert [len(g or []) for g in groups] == [1]


def pressed(monkeypatch: pytest.MonkeyPatch, *, flood: int) -> list[bool]:
    """What is said of a flood when forty reports come at once and then none."""
    monkeypatch.setattr(intake_writer, "FLOOD", flood)
    said: list[bool] = []
    writer = IntakeWriter(press=said.append)
    writer._thread = threading.current_thread()
    for _ in range(40):
        writer.put(a_job())
    assert len(writer._gather() or []) == 40
    waiting = threading.Thread(target=writer._gather)
    waiting.start()
    until = time.monotonic() + 20
    while True in said and False not in said and time.monotonic() < until:
        time.sleep(0.005)
    with writer._more:
        writer._ending = True
        writer._more.notify()
    waiting.join(20)
    return said


def test_a_flood_presses_and_is_over_when_nobody_comes(monkeypatch):
    assert pressed(monkeypatch, flood=40) == [True, False]


def test_canary_fewer_are_no_flood(monkeypatch):
    assert pressed(monkeypatch, flood=41) == []


def test_what_came_long_ago_is_no_part_of_a_flood(monkeypatch):
    monkeypatch.setattr(intake_writer, "WITHIN_S", 0.01)
    writer = IntakeWriter()
    assert writer._is_flood(intake_writer.FLOOD)
    time.sleep(0.03)
    assert not writer._is_flood(intake_writer.FLOOD - 1)
