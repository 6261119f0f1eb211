"""Two workers on one database, by mistake or while one is replaced: no effect happens twice."""

import threading

from django.db import connection

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.actions import Pace, react
from tests.builders import a_moment, holding_of, receive, told


def test_two_workers_draining_at_once_open_no_incident_twice(live_db):
    by = holding_of("lisiyuan")
    floods = [told(f"山洪 {i}", kind="11A51", place="410182109") for i in range(150)]
    receive(*floods, by=by)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            pace = Pace()
            pace.sizes = {"incidents.fuse_reports": 1}  # as finely interleaved as can be
            for _ in range(400):
                react(by=get_machine(), moment=a_moment, pace=pace)
                if journal.count_due() == 0:
                    break
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failures
    assert journal.count_due() == 0 and journal.count_failures() == 0
    assert Incident.objects.count() == 1
    assert Membership.objects.filter(left_at=None).count() == 150
