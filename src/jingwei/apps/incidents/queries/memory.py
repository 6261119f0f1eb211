"""What the matcher holds in memory of the open incidents; the tables are the truth.

Memory is built from the tables, brought up to date from the journal before every list, and proved against
the locked rows before anything is written. A rollback, another process or another database is noticed by
the journal's entries, never guessed: then memory is built anew.
"""

import threading
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from django.db.models import Count, F, Max, Q, Window
from django.db.models.functions import RowNumber

from jingwei.apps.journal import queries as journal
from jingwei.apps.places import queries as places
from jingwei.apps.places.facts import SitesLoaded
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Heard
from jingwei.engines.fusion import is_regional
from jingwei.engines.matching import Clue, Filed, Matcher
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By

from .. import facts
from ..models import Apart, Change, Incident, Membership
from .hearing import gazetteer_of, is_for_plain_rule, names_of_places, report_of

T = TypeVar("T")

#: Facts after which memory may be wrong. A report that waits for a person changes nothing held.
FOLLOWED: tuple[type[Fact], ...] = (
    facts.ReportFused, facts.ReportsMoved, facts.ReportSeparated, facts.ReportJoined, facts.IncidentsMerged,
    facts.IncidentSplit, facts.ChangeUndone, facts.IncidentClosed, facts.IncidentReopened,
    facts.IncidentRenamed, facts.GradeJudged, facts.GradeConfirmed, facts.QuestionAnswered, SitesLoaded,
)  # fmt: skip
#: How far back the journal is looked at again, in entries: numbers may become visible out of order.
#: Source: our estimate, a person's transaction takes milliseconds, 2026-11-29.
OVERLAP = 500
#: Incidents nobody has spoken of for so long are left out of memory; the matcher leaves them after 4 hours.
#: Source: our estimate, late reports reach back some hours, 2026-11-29.
KEPT = timedelta(hours=12)
#: A report is weighed again for so long. Source: the matcher's last second look, 45 minutes.
LOOKED_AT = timedelta(minutes=45)
#: Reports of one incident that are held; more say nothing new. Source: our estimate, 2026-11-29.
MOST_HELD = 60
#: Reports held at most before memory is built anew. Source: our estimate, about 500 MB, 2026-11-29.
MOST_REPORTS = 150_000
#: Incidents asked for at once. Source: our estimate, well below SQLite's 32,766 values, 2026-11-29.
AT_ONCE = 5_000


class Stamp(msgspec.Struct, frozen=True):
    """What of an incident's memberships tells any change: how many stand, and the newest there ever was."""

    standing: int
    newest: int


class Memory:
    """The open local incidents of one database, for one thread."""

    def __init__(self, *, at: datetime, by: By) -> None:
        self.by, self.at, self.floor = by, at, at
        newest = journal.find_newest()
        self.newest = newest
        self.seen = dict(journal.list_marks_after(newest - OVERLAP, kinds=FOLLOWED))
        self.own: set[uuid.UUID] = set()
        self.sites = {site.id: site for site in places.list_sites()}
        self.matcher = Matcher(gazetteer_of(self.sites.values()))
        self.site_of = {site.name_zh.lower(): site for site in self.sites.values()}
        self.numbers: dict[str, int] = {}
        self.ids: dict[int, str] = {}
        self.stamps: dict[str, Stamp] = {}
        self._load(at - KEPT, None)

    # ------------------------------------------------------------------ kept true
    def is_current(self) -> bool:
        """Take in what others have done since; False when memory cannot be trusted any more."""
        low = self.newest - OVERLAP
        marks = dict(journal.list_marks_after(low, kinds=FOLLOWED))
        if any(marks.get(seq) != one for seq, one in self.seen.items() if seq > low):
            return False
        if self.own - set(marks.values()) or len(self.matcher.clues) > MOST_REPORTS:
            return False
        news = [seq for seq, one in marks.items() if seq not in self.seen and one not in self.own]
        told = journal.list_entries_by_seq(news) if news else []
        if any(isinstance(entry.fact, SitesLoaded) for entry in told):
            return False
        self.refresh({i for entry in told for i in getattr(entry.fact, "incident_ids", (entry.subject,))})
        self.newest = max([self.newest, *marks])
        self.seen = {seq: one for seq, one in marks.items() if seq > self.newest - OVERLAP}
        self.own = set()
        return True

    def reach_back(self, at: datetime) -> None:
        """Hold incidents as old as a report of this time may speak of, too."""
        if at - KEPT < self.floor:
            self._load(at - KEPT, self.floor)

    def stale(self, rows: Iterable[Incident]) -> set[str]:
        """Which of these locked rows do not stand as memory has them."""
        held = {str(row.pk): row for row in rows if str(row.pk) in self.numbers}
        now = _stamps([row.pk for row in held.values()])
        return {i for i, row in held.items() if row.state != "open" or now.get(i) != self.stamps.get(i)}

    def refresh(self, ids: Collection[str]) -> None:
        """Hold these incidents as the tables have them, and no others of theirs."""
        wanted = [uuid.UUID(i) for i in ids if _is_uuid(i)]
        for some in _chunks(wanted):
            self._take(list(Incident.objects.filter(pk__in=some).order_by("pk")))

    def _load(self, since: datetime, until: datetime | None) -> None:
        rows = Incident.objects.filter(state="open", last_at__gte=since)
        if until is not None:
            rows = rows.filter(last_at__lt=until)
        for some in _chunks(list(rows.order_by("last_at", "pk"))):
            self._take(some)
        self.floor = since

    def _take(self, rows: Sequence[Incident]) -> None:
        """Put what stands in these incidents into the matcher: five questions for any number of them."""
        local = [row for row in rows if row.state == "open" and not is_regional(row.kind)]
        members = _members([row.pk for row in local])
        self.hear({r for ids in members.values() for r in ids})
        parted, decided = _parted([row.pk for row in local]), self._decided(local)
        stamps = _stamps([row.pk for row in local])
        for row in rows:
            key = str(row.pk)
            number = self.number_of(key)
            clues = self.matcher.clues
            here = [clues[str(r)] for r in members.get(key, ()) if str(r) in clues]
            self.matcher.put(number, here)
            self.matcher.file(number, Filed(code=row.kind, area=row.place, site=row.site))
            self.matcher.barred[number] = parted.get(key, set())
            self.matcher.held.discard(number)
            if key in decided:
                self.matcher.hold(number)
            if key in stamps:
                self.stamps[key] = stamps[key]

    def _decided(self, rows: Sequence[Incident]) -> set[str]:
        """Incidents about which a person decided something: nothing is taken out of them by itself."""
        ids = [row.pk for row in rows]
        found = {str(row.pk) for row in rows if row.named or row.judged_grade or row.confirmed_grade}
        touched = Change.touched.through.objects.filter(incident_id__in=ids).exclude(change__by=self.by)
        by_hand = Membership.objects.filter(incident__in=ids, left_at=None).exclude(joined_by=self.by)
        found |= {str(i) for i in touched.values_list("incident_id", flat=True).distinct()}
        return found | {str(i) for i in by_hand.values_list("incident_id", flat=True).distinct()}

    # ------------------------------------------------------------------ reports
    def hear(self, ids: Collection[uuid.UUID]) -> None:
        """Read the reports that are not known yet."""
        fresh = [i for i in ids if str(i) not in self.matcher.clues]
        told = [h for h in reports.list_heard(fresh) if not is_for_plain_rule(h)] if fresh else []
        names = names_of_places(told)
        for one in told:
            clue = self.matcher.clues[str(one.id)] = self.read(one, names)
            if one.received_at > self.at - LOOKED_AT:
                self.matcher.look_later(clue)

    def read(self, heard: Heard, names: Mapping[str, str]) -> Clue:
        return self.matcher.reducer.reduce(report_of(heard, self.sites, names))

    def number_of(self, incident_id: str) -> int:
        """The matcher's number for an incident, a new one where it has none."""
        if incident_id not in self.numbers:
            self.name(self.matcher.number(), incident_id)
        return self.numbers[incident_id]

    def name(self, number: int, incident_id: str) -> None:
        self.numbers[incident_id], self.ids[number] = number, incident_id

    def wrote(self, entries: Collection[uuid.UUID], changed: Collection[uuid.UUID]) -> None:
        """Our own entries and incidents: they are in memory already, if the transaction commits."""
        self.own = set(entries)
        self.stamps |= _stamps(list(changed))


_of_thread = threading.local()


def get_memory(*, at: datetime, by: By) -> Memory:
    """This thread's memory, true to the database as it stands in this transaction."""
    memory: Memory | None = getattr(_of_thread, "memory", None)
    _of_thread.memory = None  # until the list is done: what fails half-way is not trusted
    if memory is None or memory.by != by or not memory.matcher.clues or not memory.is_current():
        memory = Memory(at=at, by=by)
    return memory


def keep_memory(memory: Memory) -> None:
    _of_thread.memory = memory


def forget_memory() -> None:
    """As after a restart."""
    _of_thread.memory = None


def _members(ids: Sequence[uuid.UUID]) -> dict[str, list[uuid.UUID]]:
    """The reports that stand in each incident, in order of joining, the last ones of many."""
    turn = Window(RowNumber(), partition_by=[F("incident")], order_by=F("pk").desc())
    rows = Membership.objects.filter(incident__in=ids, left_at=None).annotate(turn=turn)
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    pairs = rows.filter(turn__lte=MOST_HELD).values_list("incident_id", "report_id", "pk")
    for incident_id, report_id, _ in sorted(pairs, key=lambda p: p[2]):
        found[str(incident_id)].append(report_id)
    return found


def _parted(ids: Sequence[uuid.UUID]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for incident_id, report_id in Apart.objects.filter(incident__in=ids).values_list(
        "incident_id", "report_id"
    ):
        found[str(incident_id)].add(str(report_id))
    return found


def _stamps(ids: Sequence[uuid.UUID]) -> dict[str, Stamp]:
    rows = Membership.objects.filter(incident__in=ids).values("incident_id")
    rows = rows.annotate(standing=Count("pk", filter=Q(left_at=None)), newest=Max("pk"))
    return {str(r["incident_id"]): Stamp(r["standing"], r["newest"]) for r in rows}


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[n : n + AT_ONCE] for n in range(0, len(rows), AT_ONCE))


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
