"""Makes the data of a node of an earlier release, with that release's own program.

    git archive RELEASE | tar x -C /tmp/old
    PYTHONPATH=/tmp/old/src python tests/upgrade/make.py tests/upgrade/RELEASE.sql.xz

It plays the demo's case up to an evening and lets people decide: a grade, a response, an order, a
situation report. What is written is SQL, as SQLite dumps it. The 52,000 villages are left out: they are
the same in every node, and most of its size.
"""

import lzma
import os
import sqlite3
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

UNTIL = datetime.fromisoformat("2021-07-20T18:00:00+08:00")


def main(to: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["JINGWEI_HOME"] = home
        os.environ["JINGWEI_DATABASE"] = f"sqlite:///{home}/old.sqlite3"
        os.environ["JINGWEI_NODE"], os.environ["JINGWEI_SECRET"] = "test", "only for tests"
        _live()
        _leave_villages_out(Path(home) / "old.sqlite3")
        with sqlite3.connect(Path(home) / "old.sqlite3") as one:
            to.write_bytes(lzma.compress("\n".join(one.iterdump()).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{to}: {to.stat().st_size} bytes")


def _live() -> None:
    from jingwei.wiring.start import start

    start()
    from django.db import connections

    from jingwei.doors.replay.case import read_case
    from jingwei.doors.replay.player import play_until
    from jingwei.wiring.prepare import make_demo_node, real_moment
    from jingwei.wiring.worker import settle

    operator = make_demo_node("river-town-2021")
    play_until(read_case("zhengzhou-2021"), until=UNTIL, settle=settle)
    from jingwei.apps.clock.actions import start_scenario

    start_scenario("zhengzhou-2021", start_at=UNTIL, speed=60, paused=True, by=operator, moment=real_moment())
    _decide()
    settle()
    connections.close_all()


def _decide() -> None:
    from jingwei.apps.agencies.models import Holding
    from jingwei.apps.incidents import actions as incidents
    from jingwei.apps.incidents.models import Incident
    from jingwei.apps.plans import actions as plans
    from jingwei.apps.plans.facts import Order
    from jingwei.apps.plans.models import Plan
    from jingwei.apps.sitreps import actions as sitreps
    from jingwei.apps.tasks import actions as tasks
    from jingwei.apps.tasks.models import Task
    from jingwei.doors.entry.moments import this_moment

    chief = Holding.objects.get(person__user__username="hejing").pk
    moment = this_moment()
    incident = Incident.objects.filter(proposed_grade__isnull=False, place="4101").first()
    if incident is not None:
        incidents.confirm_grade(
            incident.id, grade=incident.proposed_grade, version=incident.version, by=chief, moment=moment
        )
    plan = Plan.objects.get()
    order = Order(
        place="4101",
        level=3,
        matter="防汛",
        expected_until=moment.at + timedelta(hours=24),
        measures=("underpass",),
        incident_id=incident.id if incident else None,
    )
    plans.activate_plan(plan.id, order, version=plan.version, by=chief, moment=moment)
    for task in Task.objects.filter(state="issued")[:1]:
        holder = Holding.objects.filter(post__code=task.to_post).first()
        if holder is not None:
            tasks.acknowledge_task(task.id, version=task.version, by=holder.pk, moment=moment)
    if incident is not None:
        sitreps.draft_sitrep(incident.id, stage="first", by=chief, moment=moment)


def _leave_villages_out(path: Path) -> None:
    with sqlite3.connect(path) as one:
        one.execute("PRAGMA foreign_keys = OFF")
        one.execute("DELETE FROM places_division WHERE length(code) > 6")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
