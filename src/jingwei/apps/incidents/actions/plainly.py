"""What the plain rule decides: reports that name an incident, speak of a region, or of an area as a whole."""

import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Q

from jingwei.apps.reports.queries import Heard
from jingwei.engines.fusion import REGIONAL_KINDS, REGIONAL_WINDOW
from jingwei.kernel.codes import kind_prefix

from ..models import Incident
from ..queries import hearing


def list_plain_candidates(heard: Sequence[Heard], forward: Mapping[str, str]) -> list[Incident]:
    """Open incidents that the plain rule may find for these reports, locked; none of them asks nothing."""
    refs = {h.event_ref for h in heard if h.event_ref}
    named = [uuid.UUID(ref) for ref in (*refs, *forward.values()) if is_uuid(ref)]
    plain = [h for h in heard if hearing.is_for_plain_rule(h)]
    wanted = Q(event_ref__in=refs) | Q(pk__in=named)
    if plain:
        recent = Q(last_at__gte=min(h.occurred_at for h in plain) - REGIONAL_WINDOW)
        regional = Q()
        for kind in REGIONAL_KINDS:
            regional |= Q(kind__startswith=kind_prefix(kind))
        areas = Q(place__in={h.place for h in plain if h.place}) | Q(
            site__in={h.site for h in plain if h.site}
        )
        wanted |= recent & (regional | areas)
    if not refs and not plain:
        return []
    return list(Incident.objects.select_for_update().filter(wanted, state="open").order_by("pk"))


def list_forwards(refs: set[str]) -> dict[str, str]:
    """For references to merged incidents: the incident that has their reports now."""
    if not refs:
        return {}
    named = [uuid.UUID(ref) for ref in refs if is_uuid(ref)]
    rows = Incident.objects.filter(Q(event_ref__in=refs) | Q(pk__in=named), state="merged")
    found: dict[str, str] = {}
    for row in rows.order_by("opened_at", "pk"):
        last = row
        while last.merged_into is not None:
            last = last.merged_into
        found |= {ref: str(last.pk) for ref in (str(row.pk), row.event_ref) if ref in refs}
    return found


def is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
