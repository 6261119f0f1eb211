"""The same thing asked twice: which needs are probably one."""

import uuid
from collections.abc import Iterable

from jingwei.apps.agencies.queries import Authority

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
