"""Did the node keep its word? Asked of nobody but its public doors and its own `verify`.

It knows what the senders were told, and nothing of how the node works.
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from .load import Told

_MARK = re.compile(r"mark-\d+-\d{6}")
_PAGE = 500
Verb = Callable[..., "object"]


class Doors:
    """What a program with a reader's token may read."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def get(self, path: str) -> dict[str, object]:
        request = urllib.request.Request(  # noqa: S310 - our own node
            f"{self.url}/api/v1{path}", headers={"authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            content: dict[str, object] = json.load(answer)
        return content

    def all(self, what: str, query: str = "") -> Iterator[dict[str, object]]:
        offset = 0
        while True:
            rows = self.get(f"/{what}?limit={_PAGE}&offset={offset}{query}")[what]
            assert isinstance(rows, list)
            yield from rows
            if len(rows) < _PAGE:
                return
            offset += _PAGE


def wait_until_settled(doors: Doors, patience_s: float = 120.0) -> list[str]:
    """Until nothing is due any more. What it complains of when that does not come."""
    until, node = time.monotonic() + patience_s, {}
    while time.monotonic() < until:
        try:
            node = doors.get("/node")
        except (urllib.error.URLError, OSError):
            node = {"due": "?", "failed": "?"}
        if node["due"] == 0 and node["failed"] == 0:
            return []
        time.sleep(0.5)
    return [f"after {patience_s:.0f} s {node['due']} are due and {node['failed']} failed"]


def check(doors: Doors, tolds: Iterable[Told]) -> list[str]:
    """What is wrong with what the node holds; nothing, if it kept its word."""
    reports = list(doors.all("reports"))
    incidents = list(doors.all("incidents", "&state="))
    found = []
    by_id = {str(one["id"]): one for one in reports}
    marks = Counter(m.group() for one in reports if (m := _MARK.search(str(one["words"]))))
    for told in tolds:
        found += told.wrong
        for mark, given in told.acked.items():
            if given not in by_id:
                found.append(f"{mark} was acknowledged as {given} and is not there")
            elif mark not in str(by_id[given]["words"]):
                found.append(f"{mark} was acknowledged as {given}, which says something else")
        found += [f"{mark} was never taken" for mark in sorted(told.open) if marks[mark] == 0]
    found += [f"{mark} is there {n} times" for mark, n in sorted(marks.items()) if n > 1]
    if len(by_id) != len(reports):
        found.append("a report is listed twice")
    return found + _check_effects(reports, incidents)


def _check_effects(reports: list[dict[str, object]], incidents: list[dict[str, object]]) -> list[str]:
    """Each report speaks of one incident, and each incident counts each of its reports once."""
    held = Counter(str(one["incident_id"]) for one in reports if one["incident_id"])
    found = [
        f"incident {one['id']} counts {one['report_count']} reports and has {held[str(one['id'])]}"
        for one in incidents
        if held[str(one["id"])] != one["report_count"]
    ]
    known = {str(one["id"]) for one in incidents}
    found += [f"reports point to incident {one}, which is not there" for one in sorted(set(held) - known)]
    loose = [str(one["id"]) for one in reports if not one["incident_id"] and one["state"] == "accepted"]
    placed = [one for one in loose if _MARK.search(str(next(r for r in reports if r["id"] == one)["words"]))]
    return found + [f"report {one} was never fused" for one in placed]
