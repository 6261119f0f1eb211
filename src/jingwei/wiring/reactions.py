"""The story of an emergency, on one page: when this is written down, these follow."""

from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.facts import ReportFused, ReportJoined, ReportSeparated
from jingwei.apps.journal.actions import Following, follow
from jingwei.apps.reports.facts import ReportReceived
from jingwei.kernel.facts import Fact

#: Names are for ever: receipts carry them. A new reaction says `since`, so that history stays alone.
FUSE = Following(name="incidents.fuse_reports", call=incidents.fuse_reports)
GRADE = Following(name="incidents.propose_grades", call=incidents.propose_grades)

REACTIONS: dict[type[Fact], list[Following]] = {
    ReportReceived: [FUSE],
    ReportFused: [GRADE],
    ReportSeparated: [GRADE],
    ReportJoined: [GRADE],
}


def declare() -> None:
    """Tell the journal what follows from what; called once by every process that writes."""
    follow(REACTIONS)
