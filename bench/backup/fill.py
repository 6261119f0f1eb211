"""Reports of a storm into a node, in lists of 500: `python -m bench.backup.fill COUNT SEED`."""

import json
import sys
import time
from itertools import chain, count

import msgspec

from bench.storm import generate

LIST = 500


def main(wanted: int, seed: int) -> None:
    from jingwei.wiring.start import start

    start()
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.reports.actions import receive_reports
    from jingwei.apps.reports.facts import Told
    from jingwei.doors.entry.moments import this_moment

    moment = this_moment()
    by = agencies.find_holding_of_post("4101-zbs-feeds", at=moment.at)
    known, waiting, done, began = set(Told.__struct_fields__), [], 0, time.perf_counter()
    assert by is not None
    for n, item in enumerate(chain.from_iterable(generate(one) for one in count(seed))):
        report = {k: v for k, v in item.report.items() if k in known}
        waiting.append(msgspec.convert(report | {"key": f"{n}"}, Told, strict=False))
        if len(waiting) == LIST or done + len(waiting) == wanted:
            receive_reports(waiting, by=by, moment=this_moment())
            done += len(waiting)
            waiting = []
        if done >= wanted:
            break
    print(json.dumps({"reports": done, "took_s": round(time.perf_counter() - began, 1)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
