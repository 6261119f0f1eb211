"""The story of an emergency, on one page: when this is written down, these follow."""

from collections.abc import Callable
from datetime import UTC, datetime

from jingwei.apps.agencies.facts import (
    AgenciesLoaded,
    NodeFounded,
    OrganizationAdded,
    PostAdded,
    PostAssigned,
    PostReleased,
)
from jingwei.apps.checkins import actions as checkins
from jingwei.apps.dispatch import actions as dispatch
from jingwei.apps.hazards.facts import OverlayConfirmed, OverlayEnded, OverlayEndUndone, OverlayWithdrawn
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.facts import (
    ChangeUndone,
    GradeConfirmed,
    GradeJudged,
    GradeProposed,
    IncidentClosed,
    IncidentOpened,
    IncidentReopened,
    IncidentsMerged,
    IncidentSplit,
    ReportFused,
    ReportJoined,
    ReportSeparated,
)
from jingwei.apps.journal.actions import Following, follow
from jingwei.apps.needs import actions as needs
from jingwei.apps.people.facts import FigureAdopted, FigureRevised
from jingwei.apps.plans import actions as plans
from jingwei.apps.plans.facts import ActivationEnded, LevelLowered, LevelRaised, PlanActivated
from jingwei.apps.registers import actions as registers
from jingwei.apps.releases import actions as releases
from jingwei.apps.releases.facts import ReleaseCorrected, ReleasePublished
from jingwei.apps.reports import actions as reports
from jingwei.apps.reports.facts import ReportReceived
from jingwei.apps.sitreps import actions as sitreps
from jingwei.apps.sitreps.facts import ObligationMet, SitrepReceived
from jingwei.apps.tasks import actions as tasks
from jingwei.kernel.facts import Fact

#: The first release with reactions beyond the first two.
_FIRST = datetime(2026, 11, 22, tzinfo=UTC)
#: Names are for ever: receipts carry them. A new reaction says `since`, so that history stays alone.
FUSE = Following(name="incidents.fuse_reports", call=incidents.fuse_reports)
GRADE = Following(name="incidents.propose_grades", call=incidents.propose_grades)
PROPOSE = Following(name="plans.propose_activation", call=plans.propose_activation, since=_FIRST)
OWED = Following(name="sitreps.recompute", call=sitreps.recompute, since=_FIRST)
DRAFT_RELEASE = Following(name="releases.draft_releases", call=releases.draft_releases, since=_FIRST)
DRAFT_NOTICES = Following(name="releases.draft_notices", call=releases.draft_notices, since=_FIRST)
TOLD = Following(name="sitreps.meet_by_releases", call=sitreps.meet_by_releases, since=_FIRST)
FIND = Following(name="needs.find_needs", call=needs.find_needs, since=_FIRST)
ESTIMATE = Following(name="needs.estimate_needs", call=needs.estimate_needs, since=_FIRST)
INDEX = Following(name="registers.index_kept", call=registers.index_kept)
FINAL = Following(name="sitreps.draft_finals", call=sitreps.draft_finals, since=_FIRST)

REACTIONS: dict[type[Fact], list[Following]] = {
    NodeFounded: [INDEX],
    AgenciesLoaded: [INDEX],
    OrganizationAdded: [INDEX],
    PostAdded: [INDEX],
    PostAssigned: [INDEX],
    PostReleased: [INDEX],
    ReportReceived: [FUSE, PROPOSE],
    ReportFused: [GRADE, OWED, FIND],
    ReportSeparated: [GRADE, OWED],
    ReportJoined: [GRADE, OWED, FIND],
    FigureAdopted: [ESTIMATE],
    FigureRevised: [ESTIMATE],
    IncidentsMerged: [GRADE, OWED],
    IncidentSplit: [GRADE, OWED],
    ChangeUndone: [GRADE, OWED],
    IncidentOpened: [OWED],
    GradeProposed: [PROPOSE, OWED],
    GradeJudged: [PROPOSE, OWED],
    IncidentClosed: [OWED],
    IncidentReopened: [OWED],
    GradeConfirmed: [PROPOSE, OWED, DRAFT_RELEASE],
    PlanActivated: [DRAFT_NOTICES],
    LevelRaised: [DRAFT_NOTICES],
    LevelLowered: [DRAFT_NOTICES],
    ActivationEnded: [DRAFT_NOTICES, FINAL],
    ReleasePublished: [TOLD],
    ReleaseCorrected: [TOLD],
    SitrepReceived: [OWED],
    ObligationMet: [OWED],
    OverlayConfirmed: [GRADE, OWED, ESTIMATE],
    OverlayWithdrawn: [GRADE, OWED, ESTIMATE],
    OverlayEnded: [GRADE, OWED, ESTIMATE],
    OverlayEndUndone: [GRADE, OWED, ESTIMATE],
}


def declare() -> None:
    """Tell the journal what follows from what; called once by every process that writes."""
    follow(REACTIONS)


#: What time alone brings about: each is called about once a second with the node's time.
TICKS: list[Callable[..., object]] = [
    sitreps.watch_clocks,
    checkins.escalate_missed,
    tasks.mark_overdue,
    plans.move_calls_on,
    registers.carry_on_imports,
    registers.go_on_indexing,
    reports.take_in_files,
    dispatch.make_proposals,
    dispatch.carry_out_lines,
    dispatch.watch_orders,
    dispatch.watch_help,
]
