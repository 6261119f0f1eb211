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
