"""Needs that are probably the same: same item, place, site and incident, in overlapping times."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ..facts import STANDING

#: How many needs are compared for one page. Source: our estimate, a city's busiest day, 2026-11-29.
LOOKED_AT = 2000


def single(rows: QuerySet) -> QuerySet:
    """Needs that stand and count for themselves, of people and of reports: an estimate doubles nobody."""
    return rows.filter(state__in=STANDING, joined_into=None).exclude(origin="estimated")


def list_groups(rows: QuerySet) -> list[list[uuid.UUID]]:
    """Needs that are probably one, group by group: of the newest, so that no flood of needs stops a page."""
    found: dict[tuple[Any, ...], list[tuple[uuid.UUID, str, str, datetime, datetime]]] = {}
    for pk, key, item_class, origin, place, site, incident, at, due, fresh in rows.values_list(
        "pk", "item_key", "item_class", "origin", "place", "site", "incident_id", "at", "due_at",
        "fresh_until_at",
    ).order_by("-at", "-pk")[:LOOKED_AT]:  # fmt: skip
        until = max(due or fresh, fresh)
        found.setdefault((item_class, place, site, incident), []).append((pk, key, origin, at, until))
    groups = []
    for members in found.values():
        twins = {
            one
            for n, (a, key, origin, begin, until) in enumerate(members)
            for b, other, origin2, begin2, until2 in members[n + 1 :]
            if (key == other or "found" in (origin, origin2)) and begin < until2 and begin2 < until
            for one in (a, b)
        }
        if twins:
            groups.append([m[0] for m in members if m[0] in twins])
    return groups


def list_doubles(rows: QuerySet) -> list[uuid.UUID]:
    """Of these needs those that are probably told twice."""
    return [one for group in list_groups(single(rows)) for one in group]
