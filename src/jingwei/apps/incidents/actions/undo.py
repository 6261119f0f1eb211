"""An act is undone exactly, or not at all when something newer stands on it. Undoing is an act itself."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.reports import queries as reports
from jingwei.engines.fusion import is_regional
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import ChangeUndone
from ..models import Change, Incident, Membership
from ..queries.changes import is_standing
from ..rules import IncidentRefused

#: Whoever undoes an act may do it, too.
RIGHTS = {
    "merged": "incidents.merge_incidents",
    "split": "incidents.split_incident",
    "separated": "incidents.separate_report",
    "joined": "incidents.join_report",
    "revised": "incidents.separate_report",
    "answered": "incidents.answer_question",
    "renamed": "incidents.rename_incident",
    "closed": "incidents.close_incident",
    "reopened": "incidents.reopen_incident",
    "judged": "incidents.judge_grade",
    "confirmed": "incidents.confirm_grade",
}


@transaction.atomic
def undo(entry_id: uuid.UUID, *, reason: str = "", by: By, moment: Moment) -> uuid.UUID:
    """Take back one act of a person: reports, partings and decisions stand as before it.

    Refused, with nothing changed, when something newer stands on it; the refusal names what.
    An undoing can be undone in turn. Returns the entry that says so.
    """
    change = Change.objects.select_for_update().filter(entry_id=entry_id).first()
    if change is None:
        raise IncidentRefused("change_unknown")
    rows = {str(r.pk): r for r in writes.locked_all(change.touched.values_list("pk", flat=True))}
    root = change
    while root.undoes is not None:
        root = root.undoes
    for right in ("incidents.undo", RIGHTS[root.what]):
        for row in rows.values():
            agencies.require(by, right, at=moment.at, place=row.place, hazard=row.kind)
    if not is_standing(change):
        raise IncidentRefused("already_undone")
    _check_not_overtaken(change, rows)
    undoing = writes.Changing("undone", *rows.values())
    _move_back(change, rows, undoing, by=by, moment=moment)
    _part_again(change, undoing)
    if change.what == "revised":
        for move in change.moves:  # what the machine joined by itself stays apart once a person undid it
            undoing.part(uuid.UUID(move["report"]), uuid.UUID(move["to"]))
    for pk, row in rows.items():
        _restore(row, change.fields.get(pk, {}))
        row.version += 1
        row.save()
    fact = ChangeUndone(
        incident_id=str(change.incident_id),
        undoes=str(change.entry_id),
        what=change.what,
        incident_ids=tuple(rows),
        report_ids=tuple(m["report"] for m in change.moves),
        reason=reason.strip()[:300],
    )
    (entry,) = record([(fact, list(rows.values()))], by=by, moment=moment)
    kept = undoing.keep(entry, change.incident, reason=reason, by=by, moment=moment)
    kept.undoes = change
    kept.save(update_fields=["undoes"])
    change.undone_by = kept
    change.save(update_fields=["undone_by"])
    return entry


def _check_not_overtaken(change: Change, rows: dict[str, Incident]) -> None:
    """Everything the act left must still stand so, and there must be room to go back to."""
    now = _where([m["report"] for m in change.moves])
    for move in change.moves:
        if now.get(move["report"], "") != move["to"]:
            raise _overtaken(change, rows, report=move["report"])
    for pk, row in rows.items():
        fields, stands = change.fields.get(pk, {}), writes.standing(row)
        if any(stands[n] != fields[n][1] for n in writes.DECIDED if n in fields):
            raise _overtaken(change, rows)
        after = fields["state"][0] if "state" in fields else row.state
        leaving = {m["report"] for m in change.moves if m["to"] == pk}
        coming = any(m["from"] == pk for m in change.moves)
        if after == "merged" and ("state" not in fields or _members(row) - leaving):
            raise _overtaken(change, rows)
        if coming and after == "closed" and _closed_since(change, row):
            raise _overtaken(change, rows)


def _where(report_ids: Sequence[str]) -> dict[str, str]:
    rows = Membership.objects.filter(report_id__in=report_ids, left_at=None)
    return {str(r): str(i) for r, i in rows.values_list("report_id", "incident_id")}


def _members(row: Incident) -> set[str]:
    rows = Membership.objects.filter(incident=row, left_at=None)
    return {str(r) for r in rows.values_list("report_id", flat=True)}


def _closed_since(change: Change, row: Incident) -> bool:
    newer = Change.objects.filter(seq__gt=change.seq, touched=row)
    return any("state" in one.fields.get(str(row.pk), {}) for one in newer)


def _overtaken(change: Change, rows: dict[str, Incident], report: str = "") -> IncidentRefused:
    """The refusal, with the newest standing act in the way; without one, the machine put a report there."""
    newer = Change.objects.filter(seq__gt=change.seq, touched__in=list(rows.values())).distinct()
    in_way = [one for one in newer.order_by("-seq") if is_standing(one)]
    about = [one for one in in_way if report and any(m["report"] == report for m in one.moves)]
    if not in_way:
        return IncidentRefused("undo_overtaken", what="report_fused", entry="")
    found = (about or in_way)[0]
    return IncidentRefused("undo_overtaken", what=found.what, entry=str(found.entry_id))


def _move_back(
    change: Change, rows: dict[str, Incident], undoing: writes.Changing, *, by: By, moment: Moment
) -> None:
    for move in change.moves:
        report_id = uuid.UUID(move["report"])
        source, target = rows.get(move["to"]), rows.get(move["from"])
        undoing.move(report_id, source, target, waits=move["waits"])
        current = Membership.objects.filter(report_id=report_id, left_at=None).first()
        if current is not None:
            writes.leave(current, by=by, moment=moment)
        if target is None:
            writes.wait_for_person(report_id, move["waits"] or "separated", moment=moment)
            continue
        writes.placed(report_id)
        _member_again(report_id, target, by=by, moment=moment).save(force_insert=True)


def _member_again(report_id: uuid.UUID, target: Incident, *, by: By, moment: Moment) -> Membership:
    """The report's membership as it last was, with the reasons it had."""
    old = Membership.objects.filter(report_id=report_id, incident=target).order_by("-pk").first()
    return Membership(
        report_id=report_id,
        incident=target,
        joined_at=moment.at,
        joined_by=by,
        score=old.score if old else None,
        threshold=old.threshold if old else None,
        why=old.why if old else [],
        next_best=old.next_best if old else {},
    )


def _part_again(change: Change, undoing: writes.Changing) -> None:
    for report_id, incident_id in change.parted:
        undoing.unpart([uuid.UUID(report_id)], uuid.UUID(incident_id))
    for report_id, incident_id in change.unparted:
        undoing.part(uuid.UUID(report_id), uuid.UUID(incident_id))


def _restore(row: Incident, fields: dict[str, list[object]]) -> None:
    """What the act decided as before; times and area too, unless a newer report changed them."""
    stands = writes.standing(row)
    for name, (before, after) in fields.items():
        if name in writes.DECIDED or stands[name] == after:
            writes.put_back(row, name, before)
    writes.recount(row)
    lines = reports.list_reports_by_id([uuid.UUID(r) for r in _members(row)])
    for line in lines:
        row.last_at = max(row.last_at, line.occurred_at)
        if line.occurred_at < row.opened_at:
            row.opened_at, row.precision = line.occurred_at, line.precision
        if is_regional(row.kind) and line.place:
            row.place = rules.common_place(row.place, line.place) or row.place
