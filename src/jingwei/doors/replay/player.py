"""Playing a case: each row is told when its time has come, once, through the same action people use."""

from collections.abc import Callable
from datetime import datetime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.clock.queries import get_clock
from jingwei.apps.journal.actions import Pace, react
from jingwei.apps.reports import actions as reports
from jingwei.apps.reports import queries as told
from jingwei.doors.entry.moments import real_now
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .case import Case, CaseRow

#: Carries out what is due at the node's own time; returns how many.
Settle = Callable[[], int]


class NoFeed(Refused):
    """`replay_no_feed`: nobody holds the post through which the case is told."""


def play_all(case: Case, *, settle: Settle | None = None) -> int:
    """Tell every row in order of time, each with what follows from it. Returns how many were new."""
    return play_until(case, until=max((r.at for r in case.rows), default=case.live_from_at), settle=settle)


def play_until(case: Case, *, until: datetime, settle: Settle | None = None) -> int:
    """Tell every row whose time has come by then and that was not told before; how many.

    What was told is read from the reports, so a play that was cut off goes on where it stopped.
    `settle` first carries out what others left due, at the node's time; what follows from a row is
    carried out at the row's time.
    """
    rows = [r for r in case.rows if r.at <= until]
    if not rows:
        return 0
    by = find_feed(case, at=rows[-1].at)
    known = told.find_keys([r.told.key for r in rows], by=by)
    waiting = list({r.told.key: r for r in rows if r.told.key not in known}.values())
    if waiting and settle is not None:
        settle()
    for row in waiting:
        _tell(row, by=by)
    return len(waiting)


def _tell(row: CaseRow, *, by: By) -> None:
    reports.receive_reports([row.told], by=by, moment=_moment(row.at))
    machine, pace = agencies.get_machine(), Pace()
    while react(by=machine, moment=lambda: _moment(row.at), pace=pace):
        pass


def _moment(at: datetime) -> Moment:
    return Moment(at=at, recorded_at=real_now())


def find_feed(case: Case, *, at: datetime) -> By:
    """The program through which the case is told: its holding at that time. Raises `NoFeed`."""
    info = case.info
    holders = agencies.list_posts_on_duty(info.feed_organization, at=at, roles=(info.feed_role,))
    if not holders:
        raise NoFeed("replay_no_feed", organization=info.feed_organization, role=info.feed_role)
    return holders[0].holding


class LivePlayer:
    """Plays a case beside people, as the node's scenario clock reaches its rows.

    What was told stands in the reports: stopped, killed or started twice, it tells each row once. A clock
    that jumped forward has it tell the rows in between, in order, each at its own time; in real time it is
    silent. It remembers only up to which time it has looked, to spare the database.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._looked_to: datetime | None = None

    def step(self, *, settle: Settle | None = None, real: datetime | None = None) -> int:
        """Tell what has come due by the scenario clock; how many rows. Call it again and again."""
        clock = get_clock()
        if not clock.scenario or clock.name != self.case.name:
            return 0
        until, looked_to = clock.at(real or real_now()), self._looked_to
        if looked_to is not None and not any(looked_to < r.at <= until for r in self.case.rows):
            return 0
        told_now = play_until(self.case, until=until, settle=settle)
        self._looked_to = until
        return told_now
