"""Report after report, each in its own transaction, until a file appears: `python -m … STOP`.

Prints a list of (when it was begun, seconds since 1970; how long it took, milliseconds).
"""

import json
import sys
import time
from pathlib import Path

#: Between two reports, seconds: about 50 a second, several times a city's storm.
PAUSE_S = 0.02


def main(stop: Path) -> None:
    from jingwei.wiring.start import start

    start()
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.reports.actions import receive_reports
    from jingwei.apps.reports.facts import Told
    from jingwei.doors.entry.moments import this_moment

    by = agencies.find_holding_of_post("4101-zbs-feeds", at=this_moment().at)
    assert by is not None
    rows = []
    while not stop.exists():
        at, began = time.time(), time.perf_counter()
        receive_reports([Told(words=f"第{len(rows)}处进水", kind="12P04")], by=by, moment=this_moment())
        rows.append((at, round((time.perf_counter() - began) * 1000, 2)))
        time.sleep(PAUSE_S)
    print(json.dumps(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
