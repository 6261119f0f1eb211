"""People go in: a watch is started; later its interval, heads or end are changed, with the reason."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.places import queries as places
from jingwei.apps.tasks import queries as tasks
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.codes import normal_place
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import NewWatch, WatchChange, WatchChanged, WatchStarted
from ..models import Watch
from ..rules import CheckInRefused


@transaction.atomic
def start_watch(new: NewWatch, *, by: By, moment: Moment) -> uuid.UUID:
    """Watch over a party from now on. The same form sent twice starts one watch."""
    place, digest = normal_place(new.place), plain_digest(new)
    if not place:
        raise CheckInRefused("watch_place_unknown")
    authority = agencies.require(by, "checkins.start_watch", at=moment.at, place=place)
    if (known := _known(new.key, digest, by=by)) is not None:
        return known
    tell = _check(new, place, authority, moment)
    row = Watch(
        party=new.party.strip()[:120], names=new.names.strip()[:1000], heads=new.heads, place=place,
        spot=new.spot.strip()[:200], incident_id=new.incident_id, task_id=new.task_id,
        every_min=new.every_min, until_at=new.until_at, tell_post=tell, then_post=new.then_post,
        organization=authority.organization_code, started_by=by, started_at=moment.at, heard_at=moment.at,
        key=new.key[:100], content_digest=digest,
    )  # fmt: skip
    writes.due_again(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if (known := _known(new.key, digest, by=by)) is None:
            raise
        return known
    fact = WatchStarted(
        watch_id=str(row.pk), place=place, heads=row.heads, every_min=row.every_min, due_at=row.due_at,
        until_at=row.until_at, incident_id=str(row.incident_id) if row.incident_id else None,
        task_id=str(row.task_id) if row.task_id else None, tell_post=row.tell_post, then_post=row.then_post,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
    return row.pk


def _known(key: str, digest: str, *, by: By) -> uuid.UUID | None:
    row = Watch.objects.filter(started_by=by, key=key[:100]).first() if key else None
    if row is not None and row.content_digest != digest:
        raise CheckInRefused("watch_key_reused")
    return row.pk if row is not None else None


def _check(new: NewWatch, place: str, authority: Authority, moment: Moment) -> str:
    """Refuse what cannot be watched. Returns the code of the post that is told first."""
    if not new.party.strip():
        raise CheckInRefused("watch_party_missing")
    rules.check_numbers(heads=new.heads, every_min=new.every_min)
    if new.until_at is not None and new.until_at <= moment.at:
        raise CheckInRefused("watch_until_past")
    if places.find_division(place) is None:
        raise CheckInRefused("watch_place_unknown")
    tell = new.tell_post or authority.post_code
    wanted = {tell, new.then_post} - {""}
    if wanted - agencies.list_posts_by_code(wanted).keys():
        raise CheckInRefused("watch_post_unknown")
    if new.incident_id and incidents.find_incident(new.incident_id, authority=authority) is None:
        raise CheckInRefused("watch_incident_unknown")
    if new.task_id and tasks.find_task(new.task_id, authority=authority, at=moment.at) is None:
        raise CheckInRefused("watch_task_unknown")
    return tell


@transaction.atomic
def change_watch(
    watch_id: uuid.UUID, change: WatchChange, *, reason: str, version: int, by: By, moment: Moment
) -> None:
    """Heads, interval or expected end hold anew, and why. What is escalated stays so until they are heard."""
    row = writes.watch_for(watch_id, "checkins.change_watch", by=by, moment=moment, version=version)
    writes.still_open(row)
    said = rules.check_reason(reason)
    rules.check_numbers(heads=change.heads, every_min=change.every_min)
    if change.until_at not in (None, row.until_at) and change.until_at <= moment.at:  # type: ignore[operator]
        raise CheckInRefused("watch_until_past")
    fields = tuple(n for n in change.__struct_fields__ if getattr(change, n) != getattr(row, n))
    if not fields:
        raise CheckInRefused("watch_unchanged")
    missed = writes.settle(row, moment)
    heads, every_min = row.heads, row.every_min
    row.heads, row.every_min, row.until_at = change.heads, change.every_min, change.until_at
    row.version += 1
    writes.due_again(row)
    row.save()
    fact = WatchChanged(
        watch_id=str(row.pk), fields=fields, heads=row.heads, heads_before=heads, every_min=row.every_min,
        every_min_before=every_min, until_at=row.until_at, reason=said,
    )  # fmt: skip
    record([*missed, (fact, row)], by=by, moment=moment)
