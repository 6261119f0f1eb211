"""A comparison of the first day of a case, computed once a process by the program itself."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from django.db import transaction

from jingwei.apps.assessments.facts import Compared
from jingwei.doors.replay.as_rules import DELAY
from jingwei.doors.replay.case import Case, read_case
from jingwei.doors.replay.comparing import put_together, run_as_recorded, run_as_rules
from jingwei.wiring.reactions import TICKS, declare
from tests.doors.replay.copies import CaseCopy, Edit

#: Rows up to the afternoon of the 20th, and those of the late reports: enough for every pair.
SOME = (*range(1, 20), 24, 31, 33, 39)


def some_of(folder: Path, edit: Edit = lambda _: None) -> Case:
    """These rows of the shipped case, with this edit."""
    copy = CaseCopy(folder)
    for file in ("timeline.csv", "inputs.csv", "figures.csv"):
        copy.write(file, [r for r in copy.rows(file) if int(r["seq"]) in SOME])
    edit(copy)
    return read_case(copy.folder)


def compare(case: Case, delay: timedelta = DELAY) -> Compared:
    """Both tracks on this test's own database, each undone after."""
    declare()
    before = transaction.savepoint()
    recorded = run_as_recorded(case)
    transaction.savepoint_rollback(before)
    before = transaction.savepoint()
    said = run_as_rules(case, ticks=TICKS, delay=delay)
    transaction.savepoint_rollback(before)
    return put_together(case, recorded, said, delay=delay, took_s=1.0)


@cache
def a_comparison() -> Compared:
    """Needs the test's database."""
    return compare(some_of(Path(mkdtemp(prefix="jingwei-case-"))))
