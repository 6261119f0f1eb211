"""People say which reports are one event: several incidents merged into one, or one split in two."""

import uuid
from collections.abc import Collection, Mapping

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.reports import queries as reports
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import IncidentsMerged, IncidentSplit
from ..models import Apart, Incident, Membership
from ..queries.seen import seen_of_report
from ..rules import IncidentRefused
from .fuse import opened


@transaction.atomic
def merge_incidents(
    source_ids: Collection[uuid.UUID],
    target_id: uuid.UUID,
    *,
    reason: str,
    versions: Mapping[uuid.UUID, int],
    by: By,
    moment: Moment,
) -> None:
    """Hold several incidents to be one: the sources' reports stand in the target, the sources forward to it.

    What a person had parted from a source stays parted from the target. Undoing restores both.
    """
    rows = {row.pk: row for row in writes.locked_all({target_id, *source_ids})}
    for row in rows.values():
        agencies.require(by, "incidents.merge_incidents", at=moment.at, place=row.place, hazard=row.kind)
    rules.check_reason(reason)
    target = rows.pop(target_id)
    if not rows:
        raise IncidentRefused("merge_source_missing")
    for row in (target, *rows.values()):
        rules.check_version(held=versions.get(row.pk, 0), current=row.version)
        rules.check_open(row.state)
    changing = writes.Changing("merged", target, *rows.values())
    moved = [r for row in rows.values() for r in _pour(row, target, changing, by=by, moment=moment)]
    target.version += 1
    target.save()
    fact = IncidentsMerged(
        incident_id=str(target.id),
        incident_ids=tuple(str(pk) for pk in changing.rows),
        report_ids=tuple(moved),
        reason=reason.strip()[:300],
    )
    (entry,) = record([(fact, list(changing.rows.values()))], by=by, moment=moment)
    changing.keep(entry, target, reason=reason, by=by, moment=moment)


def _pour(
    source: Incident, target: Incident, changing: writes.Changing, *, by: By, moment: Moment
) -> list[str]:
    """Every report of the source into the target; the source says where they are."""
    moved = _move_reports(source, target, None, changing, by=by, moment=moment)
    changing.unpart(moved, target.id)
    ours = Membership.objects.filter(incident=target, left_at=None).values("report_id")
    parted = Apart.objects.filter(incident=source).exclude(report_id__in=ours)
    for report_id in parted.values_list("report_id", flat=True):
        changing.part(report_id, target.id)
    source.state, source.merged_into = "merged", target
    source.version += 1
    source.save()
    return [str(r) for r in moved]


@transaction.atomic
def split_incident(
    incident_id: uuid.UUID,
    *,
    report_ids: Collection[uuid.UUID],
    reason: str,
    version: int,
    by: By,
    moment: Moment,
) -> uuid.UUID:
    """Hold these reports to speak of another event: they stand in a new incident; the two stay apart.

    Returns the new incident's id.
    """
    source = writes.locked(incident_id)
    agencies.require(by, "incidents.split_incident", at=moment.at, place=source.place, hazard=source.kind)
    rules.check_reason(reason)
    rules.check_version(held=version, current=source.version)
    rules.check_open(source.state)
    members = Membership.objects.filter(incident=source, left_at=None)
    standing = set(members.values_list("report_id", flat=True))
    rules.check_split(chosen=report_ids, standing=standing)
    changing = writes.Changing("split", source)
    first = min(reports.list_reports_by_id(list(report_ids)), key=lambda r: (r.occurred_at, r.id))
    seen = seen_of_report(first)
    new = writes.new_incident(first, kind=seen.kind or source.kind, place=seen.place or source.place)
    new.event_ref = "" if new.event_ref == source.event_ref else new.event_ref
    new.save(force_insert=True)
    changing.touch(new, out_of=source)
    moved = _move_reports(source, new, set(report_ids), changing, by=by, moment=moment)
    for report_id in moved:
        changing.part(report_id, source.id)
    for report_id in standing - set(moved):
        changing.part(report_id, new.id)
    for row in (source, new):
        row.version += 1
        row.save()
    fact = IncidentSplit(
        incident_id=str(source.id),
        incident_ids=(str(source.id), str(new.id)),
        report_ids=tuple(str(r) for r in moved),
        reason=reason.strip()[:300],
    )
    entry = record([(fact, [source, new]), (opened(new, first), new)], by=by, moment=moment)[0]
    changing.keep(entry, source, reason=reason, by=by, moment=moment)
    return new.id


def _move_reports(
    source: Incident,
    target: Incident,
    chosen: Collection[uuid.UUID] | None,
    changing: writes.Changing,
    *,
    by: By,
    moment: Moment,
) -> list[uuid.UUID]:
    """The chosen reports, or all, from one incident to the other. Saves neither incident."""
    members = Membership.objects.select_for_update().filter(incident=source, left_at=None)
    if chosen is not None:
        members = members.filter(report_id__in=chosen)
    gone = list(members.order_by("pk"))
    lines = {r.id: r for r in reports.list_reports_by_id([m.report_id for m in gone])}
    members.update(left_at=moment.at, left_by=by)
    Membership.objects.bulk_create(
        writes.join(target, lines[m.report_id], None, by=by, moment=moment) for m in gone
    )
    for one in gone:
        changing.move(one.report_id, source, target)
    writes.recount(source)
    writes.recount(target)
    return [m.report_id for m in gone]
