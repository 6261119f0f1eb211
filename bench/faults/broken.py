"""A node that does not keep its word, to see whether the checker notices. Only the harness starts it.

python -m bench.faults.broken early serve …     acknowledges before it commits
python -m bench.faults.broken twice serve …     does not know a repeat by its key
"""

import sys
import time
import uuid
from collections.abc import Sequence
from typing import Any


def _early() -> None:
    """The answer goes out, and only then, half a second later, the commit."""
    from django.db import transaction

    from jingwei.apps.reports import actions as reports
    from jingwei.doors.api.intake_writer import IntakeWriter
    from jingwei.doors.entry.moments import this_moment

    def write(self: Any, by: uuid.UUID, group: Sequence[Any]) -> None:
        with transaction.atomic():
            for job in group:
                job.answer(reports.receive_reports(job.read.told, by=by, moment=this_moment()))
            time.sleep(0.5)

    IntakeWriter._write = write  # type: ignore[method-assign]


def _twice() -> None:
    """No earlier report is looked for, and no two are the same."""
    from jingwei.apps.reports import rules
    from jingwei.apps.reports.actions import receiving

    receiving._list_earlier = lambda by, keys: {}
    rules._digest_of = lambda *_said: uuid.uuid4().hex


def main() -> int:
    how, words = sys.argv[1], sys.argv[2:]
    from jingwei.wiring.start import start

    start()
    {"early": _early, "twice": _twice}[how]()
    from jingwei.wiring.__main__ import main as jingwei

    return jingwei(words)


if __name__ == "__main__":
    sys.exit(main())
