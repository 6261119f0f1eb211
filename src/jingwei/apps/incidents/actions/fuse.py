"""Reports become incidents: the machine joins or opens, says why, and people can undo it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.db import transaction
from django.db.models import Q

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import Said
from jingwei.apps.journal.writes import update_rows
from jingwei.apps.places.queries import Around
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import ReportLine
from jingwei.engines.candidates import Candidates
from jingwei.engines.fusion import LOCAL_WINDOW, REGIONAL_WINDOW, Link, Seen, place_report
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import writes
from ..facts import IncidentOpened, ReportFused, ReportUnplaced
from ..models import Apart, Incident, Membership, Unplaced
from ..queries.seen import list_heads, seen_of_incident, seen_of_report

Said_ = tuple[Fact, Recorded | None]


@transaction.atomic
def fuse_reports(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Join each report to the open incident it speaks of, or open one, or leave it to a person."""
    agencies.require(by, "incidents.fuse_reports", at=moment.at)
    ids = [uuid.UUID(e.subject) for e in entries]
    already = set(Membership.objects.filter(report_id__in=ids).values_list("report_id", flat=True))
    lines = [r for r in reports.list_reports_by_id(ids) if r.id not in already]
    if lines:
        _Fusing(lines, by=by, moment=moment).run()


class _Fusing:
    """One list of reports against the open incidents, held in memory until the end of the transaction."""

    def __init__(self, lines: Sequence[ReportLine], *, by: By, moment: Moment) -> None:
        self.lines, self.by, self.moment = lines, by, moment
        self.forward = _list_forwards({r.event_ref for r in lines if r.event_ref})
        self.told = {r.id: _seen(r, self.forward) for r in lines}
        self.open = {str(row.id): row for row in _list_candidates(lines, self.told.values(), self.forward)}
        self.candidates = Candidates(map(seen_of_incident, self.open.values()))
        self.apart = _list_apart([r.id for r in lines])
        self.new: list[Incident] = []
        self.changed: dict[str, Incident] = {}
        self.members: list[Membership] = []
        self.unplaced: list[Unplaced] = []
        self.said: list[Said_] = []

    def run(self) -> None:
        for line in self.lines:
            self._place(line)
        fresh = {str(row.id) for row in self.new}
        Incident.objects.bulk_create(self.new)
        update_rows([row for key, row in self.changed.items() if key not in fresh], writes.JOINED)
        Membership.objects.bulk_create(self.members)
        Unplaced.objects.bulk_create(self.unplaced, ignore_conflicts=True)
        record(self.said, by=self.by, moment=self.moment)

    def _place(self, line: ReportLine) -> None:
        seen = self.told[line.id]
        link = place_report(seen, self.candidates.near(seen), apart=self.apart.get(line.id, ()))
        if link.incident_id is not None:
            self._join(self.open[link.incident_id], line, link)
            return
        reason, around = writes.why_not_open(line, seen)
        if reason:
            self.unplaced.append(Unplaced(report_id=line.id, reason=reason, since_at=self.moment.at))
            self.said.append((ReportUnplaced(report_id=str(line.id), reason=reason), None))
            return
        incident = writes.new_incident(line, place=around.code if around else "")
        self.new.append(incident)
        self.open[str(incident.id)] = incident
        self.said.append((opened(incident, line), incident))
        self._join(incident, line, None, around)

    def _join(
        self, incident: Incident, line: ReportLine, link: Link | None, around: Around | None = None
    ) -> None:
        self.members.append(writes.join(incident, line, link, around=around, by=self.by, moment=self.moment))
        self.changed[str(incident.id)] = incident
        self.candidates.put(seen_of_incident(incident))
        self.said.append((fused(incident, line, link), incident))


def opened(incident: Incident, line: ReportLine) -> IncidentOpened:
    return IncidentOpened(
        incident_id=str(incident.id),
        report_id=str(line.id),
        kind=incident.kind,
        place=incident.place,
        site=incident.site,
        occurred_at=incident.opened_at,
    )


def fused(incident: Incident, line: ReportLine, link: Link | None) -> ReportFused:
    return ReportFused(
        incident_id=str(incident.id),
        report_id=str(line.id),
        score=link.score if link else 1.0,
        threshold=link.threshold if link else 0.0,
        why={p.name: p.value for p in link.parts} if link else {"first": 1.0},
    )


def _seen(line: ReportLine, forward: Mapping[str, str]) -> Seen:
    seen = seen_of_report(line)
    if seen.event_ref not in forward:
        return seen
    return msgspec.structs.replace(seen, event_ref=forward[seen.event_ref])


def _list_candidates(
    lines: Sequence[ReportLine], told: Iterable[Seen], forward: Mapping[str, str]
) -> list[Incident]:
    """Open incidents recent enough and near enough for any of these reports, or named by one of them.

    Of all that are recent only what is compared is read; of a storm's thousands few are near.
    """
    since = min(r.occurred_at for r in lines)
    recent = Candidates(list_heads(local_since=since - LOCAL_WINDOW, since=since - REGIONAL_WINDOW))
    near = {uuid.UUID(one.id) for report in told for one in recent.near(report)}
    refs = {r.event_ref for r in lines if r.event_ref}
    near.update(uuid.UUID(ref) for ref in (*refs, *forward.values()) if _is_uuid(ref))
    wanted = Q(pk__in=near) | Q(event_ref__in=refs) if refs else Q(pk__in=near)
    return list(Incident.objects.select_for_update().filter(wanted, state="open").order_by("opened_at", "id"))


def _list_forwards(refs: set[str]) -> dict[str, str]:
    """For references to merged incidents: the incident that has their reports now."""
    if not refs:
        return {}
    named = [uuid.UUID(ref) for ref in refs if _is_uuid(ref)]
    rows = Incident.objects.filter(Q(event_ref__in=refs) | Q(pk__in=named), state="merged")
    found: dict[str, str] = {}
    for row in rows.order_by("opened_at", "pk"):
        last = row
        while last.merged_into is not None:
            last = last.merged_into
        found |= {ref: str(last.pk) for ref in (str(row.pk), row.event_ref) if ref in refs}
    return found


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _list_apart(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = {}
    for report_id, incident_id in Apart.objects.filter(report_id__in=ids).values_list(
        "report_id", "incident_id"
    ):
        found.setdefault(report_id, set()).add(str(incident_id))
    return found
