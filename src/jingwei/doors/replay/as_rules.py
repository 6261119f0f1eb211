"""A case as the rules say: the same reports, and what people decide on them a stated delay later.

Time jumps from one due moment to the next: a row of the case, a limit of the clocks, a decision. What follows
from each is carried out by the reactions of every day, at that moment's time.
"""

import heapq
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.assessments.facts import Unmade
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.actions import Pace, react
from jingwei.apps.journal.queries import Said
from jingwei.apps.reports import actions as reports
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.tasks import queries as tasks
from jingwei.doors.entry.moments import real_now
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .case import Case, CaseRow
from .deciding import Decide, Deciders, Nobody
from .player import find_feed

#: How long after its proposal a decision is taken.
#: Source: our estimate, a duty chief reads, asks back and decides in a quarter of an hour, 2026-11-22.
DELAY = timedelta(minutes=15)
#: How long the run goes on after the last row told.
#: Source: our estimate, a day holds what follows from the last report, 2026-11-22.
GOES_ON = timedelta(hours=24)
#: A limit has passed once its moment is over.
_JUST_AFTER = timedelta(seconds=1)

#: What the clock brings about, as the worker calls it about once a second.
Tick = Callable[..., object]


class Outcome(msgspec.Struct, frozen=True):
    """What a run left: how many rows were told, what nobody could decide, until when it went."""

    told: int
    unmade: tuple[Unmade, ...]
    until_at: datetime


def play_as_rules(case: Case, *, ticks: Sequence[Tick], delay: timedelta = DELAY) -> Outcome:
    """Tell what the world did, and decide on it by the rights of this node. Needs a node made for it."""
    return _Run(case, ticks=ticks, delay=delay).play()


class _Run:
    def __init__(self, case: Case, *, ticks: Sequence[Tick], delay: timedelta) -> None:
        rows = case.given.rows
        self._rows: list[CaseRow] = list({r.told.key: r for r in rows}.values())
        first = rows[0].at if rows else case.live_from_at
        last = rows[-1].at if rows else case.live_from_at
        self._until = last + GOES_ON
        self._feed: By = find_feed(case, at=last)
        self._deciders = Deciders(at=first)
        self._machine = agencies.get_machine()
        self._ticks, self._delay, self._pace = ticks, delay, Pace()
        self._seen = max((e.seq for e in journal.list_entries(newest=1)), default=0)
        #: Decisions owed: when, which came first, what called for it, how it is taken.
        self._owed: list[tuple[datetime, int, Said, Decide]] = []
        self._unmade: list[Unmade] = []
        self._told = 0

    def play(self) -> Outcome:
        while (at := self._next_at()) is not None and at <= self._until:
            moment = Moment(at=at, recorded_at=real_now())
            while self._told < len(self._rows) and self._rows[self._told].at <= at:
                reports.receive_reports([self._rows[self._told].told], by=self._feed, moment=moment)
                self._told += 1
                self._settle(moment)
            for tick in self._ticks:
                tick(by=self._machine, moment=moment)
            self._settle(moment)
            while self._owed and self._owed[0][0] <= at:
                while self._owed and self._owed[0][0] <= at:
                    _, _, entry, decide = heapq.heappop(self._owed)
                    self._decide(entry, decide, moment)
                self._settle(moment)
        return Outcome(told=self._told, unmade=tuple(self._unmade), until_at=self._until)

    def _next_at(self) -> datetime | None:
        """The next moment at which something is due: a row, a limit, a decision."""
        watches = [w + _JUST_AFTER for w in (sitreps.find_next_watch(), tasks.find_next_watch()) if w]
        rows = [self._rows[self._told].at] if self._told < len(self._rows) else []
        owed = [self._owed[0][0]] if self._owed else []
        return min([*rows, *watches, *owed], default=None)

    def _settle(self, moment: Moment) -> None:
        """Carry out what follows, and put down what calls for a person."""
        while journal.count_due() and react(by=self._machine, moment=lambda: moment, pace=self._pace):
            pass
        for entry in journal.list_entries(after=self._seen):
            self._seen = entry.seq
            decide = self._deciders.waiting(entry)
            if decide is not None:
                heapq.heappush(self._owed, (moment.at + self._delay, entry.seq, entry, decide))

    def _decide(self, entry: Said, decide: Decide, moment: Moment) -> None:
        """One decision; where nobody may, or the action refuses, that stands in the outcome instead."""
        try:
            decide(moment)
        except Nobody as error:
            self._unmade.append(
                Unmade(at=moment.at, entry_id=str(entry.id), action=error.action,
                       organization=error.organization)
            )  # fmt: skip
        except Refused as error:
            self._unmade.append(
                Unmade(at=moment.at, entry_id=str(entry.id), action="", refused=error.code)
            )  # fmt: skip
