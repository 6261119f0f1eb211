"""Reports become incidents: the machine joins or opens, says why, and people can undo it."""

import uuid
from collections.abc import Sequence

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.queries import Said
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Heard
from jingwei.engines import matching
from jingwei.engines.fusion import Link, Seen, place_report
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..models import Apart, Incident, Membership
from ..queries import hearing, memory
from ..queries.memory import Memory
from ..queries.seen import seen_of_incident
from .fusing import Opening, Placed, Writing, fused, opened
from .plainly import list_forwards, list_plain_candidates

__all__ = ["fuse_reports", "fused", "opened"]

#: How often a list is decided again when people changed its incidents meanwhile; then the list fails and
#: comes again. Source: our estimate, the rows are locked after the first time, 2026-11-29.
MOST_TRIES = 4


class OvertakenByPeople(RuntimeError):
    """People kept changing the incidents of this list while it was decided."""


@transaction.atomic
def fuse_reports(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Join each report to the open incident it speaks of, or open one, or leave it to a person."""
    agencies.require(by, "incidents.fuse_reports", at=moment.at)
    ids = [uuid.UUID(e.subject) for e in entries]
    already = set(Membership.objects.filter(report_id__in=ids).values_list("report_id", flat=True))
    heard = {h.id: h for h in reports.list_heard([i for i in ids if i not in already])}
    if not heard:
        return
    held = memory.get_memory(at=moment.at, by=by)
    _Fusing([heard[i] for i in dict.fromkeys(ids) if i in heard], held, by=by, moment=moment).run()
    memory.keep_memory(held)


class _Fusing:
    """One list of reports: decided in memory, proved against the locked rows, then written at once."""

    def __init__(self, heard: Sequence[Heard], held: Memory, *, by: By, moment: Moment) -> None:
        self.heard, self.held, self.by, self.moment = heard, held, by, moment
        self.matcher = held.matcher
        self.forward = list_forwards({h.event_ref for h in heard if h.event_ref})
        self.names = hearing.names_of_places(heard)
        self.writing = Writing(held, by=by, moment=moment)
        self.seen: dict[str, Seen] = {}
        for row in list_plain_candidates(heard, self.forward):
            self.writing.rows[str(row.pk)] = row
            self.seen[str(row.pk)] = seen_of_incident(row)
        self.apart = _list_apart([h.id for h in heard])
        self.changes_from = len(self.matcher.changes)
        self.questions_from = len(self.matcher.questions)
        self.placed: dict[uuid.UUID, Placed] = {}
        self.waiting: dict[uuid.UUID, str] = {}

    def run(self) -> None:
        self.held.reach_back(min(hearing.time_told(h) for h in self.heard))
        for one in self.heard:
            self._place(one)
        moved = self._prove()
        self.writing.write(
            {h.id: h for h in self.heard},
            self.placed,
            self.waiting,
            moved,
            self.matcher.questions[self.questions_from :],
        )
        del self.matcher.changes[:], self.matcher.questions[:]

    # ------------------------------------------------------------------ deciding
    def _place(self, heard: Heard) -> None:
        seen = hearing.seen_of_heard(heard, self.held.sites)
        if seen.event_ref in self.forward:
            seen = msgspec.structs.replace(seen, event_ref=self.forward[seen.event_ref])
        plain = hearing.is_for_plain_rule(heard)
        candidates = list(self.seen.values()) if plain else [s for s in self.seen.values() if _named(seen, s)]
        link = place_report(seen, candidates, apart=self.apart.get(heard.id, ()))
        if link.incident_id is not None:
            self._join_plainly(heard, link, plain=plain)
        elif plain:
            self._open_plainly(heard)
        else:
            self._match(heard)

    def _join_plainly(self, heard: Heard, link: Link, *, plain: bool) -> None:
        assert link.incident_id is not None  # noqa: S101 - the caller has asked
        self.placed[heard.id] = Placed(incident=link.incident_id, link=link)
        number = self.held.numbers.get(link.incident_id)
        if not plain and number in self.matcher.profiles:
            clue = self.held.read(heard, self.names)
            self.matcher.add(clue, number)

    def _open_plainly(self, heard: Heard) -> None:
        kind, place = hearing.kind_told(heard), hearing.place_told(heard)
        reason = rules.may_open(
            type=heard.type, kind_known=bool(kind), has_place=bool(place or heard.site), flags=heard.flags
        )
        if reason:
            self.waiting[heard.id] = reason
            return
        row = self.writing.open(Opening(heard, kind, place, heard.site))
        self.placed[heard.id] = Placed(incident=str(row.pk), link=None)
        self.seen[str(row.pk)] = seen_of_incident(row)

    def _match(self, heard: Heard) -> None:
        """Let the matcher decide; what it may not open waits for a person, with the reason."""
        self.placed.pop(heard.id, None)
        self.waiting.pop(heard.id, None)
        clue = self.matcher.clues.get(str(heard.id)) or self.held.read(heard, self.names)
        opening = self._opening(heard, clue)
        reason = rules.may_open(
            type=heard.type,
            kind_known=bool(opening.kind),
            has_place=bool(opening.place or opening.site),
            flags=heard.flags,
        )
        marked = not heard.rescue and (clue.hearsay or (clue.idle and hearing.is_idle(heard)))
        if not marked and (clue.hearsay or clue.idle):
            clue = msgspec.structs.replace(clue, hearsay=False, idle=False)
        link = self.matcher.place_clue(clue, heard.received_at.timestamp(), may_open=not (reason or marked))
        if not link.incident:
            self.waiting[heard.id] = link.mark or reason
            return
        self.placed[heard.id] = Placed(number=link.incident, found=link, opening=opening)
        if heard.event_ref and link.opened:
            self._name_at_once(heard, link.incident, opening)

    def _name_at_once(self, heard: Heard, number: int, opening: Opening) -> None:
        """A later report of this list may mean it by its event number: it needs its own name now."""
        row = self.writing.open(opening)
        self.held.name(number, str(row.pk))
        self.seen[str(row.pk)] = seen_of_incident(row)

    def _opening(self, heard: Heard, clue: matching.Clue) -> Opening:
        """What an incident would be opened with; kind and place from the words where nobody filed any."""
        kind, place, site = hearing.kind_told(heard), hearing.place_told(heard), heard.site
        read = ""
        if not kind:
            best, share = self.matcher.kind_of(clue)
            if share >= rules.KIND_READ:
                kind, read = best, "words"
        told = clue.mention
        if not place and not site and told is not None and told.level == "site" and len(told.at) == 1:
            found = self.held.site_of.get(told.key)
            if found is not None:
                place, site = found.place, found.id
        return Opening(heard, kind, place, site, kind_from=read)

    # ------------------------------------------------------------------ proving
    def _prove(self) -> dict[uuid.UUID, uuid.UUID]:
        """Lock what is touched and see that it stands as memory has it; else decide those again.

        Returns the reports that a second look moves, each with the incident in which it stands in the tables.
        """
        for _ in range(MOST_TRIES):
            moved = self._moved()
            targets = {self.held.ids.get(self.matcher.where[str(r)]) for r in moved}
            targets |= {
                self.held.ids.get(self.matcher.where[str(i)]) for i, p in self.placed.items() if p.number
            }
            targets |= {str(i) for i in moved.values()}
            fresh = {uuid.UUID(i) for i in targets if i is not None and i not in self.writing.rows}
            rows = Incident.objects.select_for_update().filter(pk__in=fresh).order_by("pk") if fresh else ()
            locked = {str(row.pk): row for row in rows}
            self.writing.rows |= locked
            checked = [r for i, r in self.writing.rows.items() if i in targets and i not in self.writing.new]
            stale = self.held.stale(checked)
            if not stale:
                return moved
            self.held.refresh(stale)
            for heard in self.heard:
                mine = self.placed.get(heard.id)
                if mine is not None and mine.number and str(heard.id) not in self.matcher.where:
                    self._match(heard)
        raise OvertakenByPeople

    def _moved(self) -> dict[uuid.UUID, uuid.UUID]:
        """Reports of earlier lists that stand elsewhere now, with the incident the tables have them in."""
        told = {r for change in self.matcher.changes[self.changes_from :] for r in change.reports}
        ids = [uuid.UUID(r) for r in told if r in self.matcher.where and uuid.UUID(r) not in self.placed]
        rows = (
            Membership.objects.filter(report_id__in=ids, left_at=None) if ids else Membership.objects.none()
        )
        found = dict(rows.values_list("report_id", "incident_id"))
        now = {r: self.held.ids.get(self.matcher.where[str(r)]) for r in found}
        return {r: i for r, i in found.items() if now[r] != str(i)}


def _named(seen: Seen, one: Seen) -> bool:
    return bool(seen.event_ref) and seen.event_ref in (one.event_ref, one.id)


def _list_apart(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = {}
    for report_id, incident_id in Apart.objects.filter(report_id__in=ids).values_list(
        "report_id", "incident_id"
    ):
        found.setdefault(report_id, set()).add(str(incident_id))
    return found
