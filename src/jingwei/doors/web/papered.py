"""Which lines of a timeline were entered later from paper."""

import re
from collections.abc import Sequence

import msgspec

from jingwei.apps.papers import queries as papers

from .timeline import Row

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}$")


def papered(rows: Sequence[Row]) -> list[Row]:
    """The same rows, each with the slip it came from: of its report, or of its act at the slip's time."""
    subjects = {found.group() for row in rows if (found := _ID.search(row.href))}
    slips = papers.get_slips_about(subjects) if subjects else {}
    if not slips:
        return list(rows)
    return [_marked(row, slips) for row in rows]


def _marked(row: Row, slips: dict[str, papers.SlipLine]) -> Row:
    found = _ID.search(row.href)
    slip = slips.get(found.group()) if found else None
    # a response has many steps: only the one taken on paper, at that time, is marked
    if slip is None or not (row.href.startswith("/reports/") or row.at == slip.taken_at):
        return row
    return msgspec.structs.replace(row, slip=slip)
