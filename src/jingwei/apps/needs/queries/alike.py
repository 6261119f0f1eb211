"""The same thing asked twice: which needs are probably one."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from jingwei.apps.agencies.queries import Authority

from .. import rules
from ..facts import NewNeed
from ..models import Need
from .lines import NeedLine, lines_of, visible
from .pairs import list_groups, single


def count_alike(needs: Iterable[NeedLine], *, authority: Authority) -> dict[uuid.UUID, int]:
    """Of these needs: how many others are probably the same. One query for a whole page."""
    shown = [one for one in needs if one.stands and one.joined_into_id is None]
    if not shown:
        return {}
    rows = single(visible(authority)).filter(
        place__in={one.place for one in shown}, item_class__in={one.item_class for one in shown}
    )
    return {pk: len(group) - 1 for group in list_groups(rows) for pk in group}


def count_like(new: NewNeed, *, authority: Authority, at: datetime) -> int:
    """How many standing needs a new one would probably be the same as, by what pairs go by."""
    supply = str(new.supply_id) if new.supply_id else ""
    rows = single(visible(authority)).filter(
        item_key=rules.item_key(supply=supply, words=new.words, unit=new.unit),
        item_class=new.item_class,
        place=new.place,
        site=new.site,
        incident_id=new.incident_id,
    )
    return rows.filter(Q(fresh_until_at__gt=at) | Q(due_at__gt=at)).count()


def list_alike(need: NeedLine, *, authority: Authority) -> list[NeedLine]:
    """The needs that are probably the same as this one."""
    if need.joined_into_id is not None or not need.stands:
        return []
    rows = single(visible(authority)).filter(
        place=need.place, site=need.site, item_class=need.item_class, incident_id=need.incident_id
    )
    for group in list_groups(rows):
        if need.id in group:
            others = [pk for pk in group if pk != need.id]
            return lines_of(list(Need.objects.filter(pk__in=others).order_by("at", "pk")))
    return []
