"""Requests for help as the dispatch board and lists draw them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from jingwei.apps.dispatch import queries
from jingwei.apps.dispatch.queries import HelpView
from jingwei.doors.web.door import Asked, mark
from jingwei.doors.web.names import Names

#: Requests that the board shows of each side; the rest is one link away.
ON_BOARD = 8


def rows_of_help(found: Sequence[HelpView], names: Names, at: Any) -> list[SimpleNamespace]:
    """Requests as lists draw them: who keeps the store, for whom it is, and whether the answer is late."""
    names.know(
        divisions={one.place for one in found} | {one.from_place for one in found},
        sites={one.site for one in found},
        bodies={one.to_organization for one in found} | {one.from_organization for one in found},
    )
    return [
        SimpleNamespace(
            help=one,
            to=names.place(one.place, one.site),
            keeper=names.organization(one.to_organization)
            if one.to_organization
            else names.place(one.from_place),
            by=names.organization(one.from_organization),
            unanswered=one.is_unanswered(at),
        )
        for one in found
    ]


def board_help(request: Asked, names: Names) -> dict[str, Any]:
    """What waits for this post's answer, and what its area waits for, the next deadline first."""
    authority, at = request.caller.authority, request.moment.at
    ours = queries.list_help(authority=authority, side="ours", limit=ON_BOARD)
    theirs = queries.list_help(authority=authority, side="theirs", limit=ON_BOARD)
    rows = rows_of_help([*ours, *theirs], names, at)
    return {
        "ours": rows[: len(ours)],
        "theirs": rows[len(ours) :],
        "help_mark": mark([(one.id, one.version, one.is_unanswered(at)) for one in (*ours, *theirs)]),
    }
