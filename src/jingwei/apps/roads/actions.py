"""A road net is taken in; roads are closed, slowed and reopened, with effect at once."""

import hashlib
import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.places import queries as places
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import NewClosure, RoadClosed, RoadReopened, RoadsLoaded
from .models import Closure, Net
from .rules import RoadsRefused


@transaction.atomic
def load_roads(content: bytes, *, file: str, by: By, moment: Moment) -> uuid.UUID:
    """Take in a road net as `engines.roads` keeps it; the same net again is the one that is there."""
    from jingwei.engines.roads.net import BadNet, net_of

    agencies.require(by, "roads.load_roads", at=moment.at)
    if len(content) > rules.MOST_BYTES:
        raise RoadsRefused("roads_too_large")
    try:
        net = net_of(content)
    except BadNet as error:
        raise RoadsRefused("roads_unreadable") from error
    digest = hashlib.sha256(content).hexdigest()
    newest = Net.objects.order_by("-at", "-pk").values_list("pk", "content_digest").first()
    if newest is not None and newest[1] == digest:
        return newest[0]
    row = Net(
        file=file[:200], content=content, content_digest=digest, crossings=len(net.nodes),
        stretches=net.size, box=list(net.box), by=by, at=moment.at,
    )  # fmt: skip
    row.save(force_insert=True)
    fact = RoadsLoaded(
        net_id=str(row.pk), file=row.file, crossings=row.crossings, stretches=row.stretches, digest=digest
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def close_road(new: NewClosure, *, by: By, moment: Moment) -> uuid.UUID:
    """Say that roads are closed or slow there. A repeat under its key is known. Returns the closure's id."""
    rules.check(new)
    found = places.find_place_at(*new.points[0])
    place = found.code if found else ""
    agencies.require(by, "roads.close_road", at=moment.at, place=place)
    if new.until_at is not None and new.until_at <= moment.at:
        raise RoadsRefused("closure_until_past")
    known = Closure.objects.filter(by=by, key=new.key).first() if new.key else None
    if known is not None:
        return known.pk
    radius_m = new.radius_m if new.shape == "area" else max(rules.LEAST_M, new.radius_m)
    row = Closure(
        shape=new.shape, points=[[lon, lat] for lon, lat in new.points], radius_m=radius_m,
        factor=new.factor, place=place, reason=new.reason.strip()[:300], key=new.key[:100], by=by,
        at=moment.at, until_at=new.until_at,
    )  # fmt: skip
    row.save(force_insert=True)
    fact = RoadClosed(
        closure_id=str(row.pk), place=place, shape=row.shape, factor=row.factor, until_at=row.until_at
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def reopen_road(closure_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Say that the roads are as before."""
    row = Closure.objects.select_for_update().filter(pk=closure_id).first()
    if row is None:
        raise RoadsRefused("closure_unknown")
    agencies.require(by, "roads.reopen_road", at=moment.at, place=row.place)
    if row.reopened_at is not None:
        raise RoadsRefused("closure_over")
    row.reopened_by, row.reopened_at = by, moment.at
    row.save(update_fields=["reopened_by", "reopened_at"])
    record([(RoadReopened(closure_id=str(row.pk), place=row.place), row)], by=by, moment=moment)
