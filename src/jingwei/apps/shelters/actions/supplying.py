"""What there is per head, and the heads taken as the count from which needs are estimated."""

import uuid

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.people import actions as people
from jingwei.apps.people import queries as counted
from jingwei.apps.people.facts import Given
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import HeadsAdopted, SupplyCounted
from ..models import OnHand, Opening, Stay
from ..rules import ShelterRefused

#: What people in shelters are counted as. Source: data/measures.csv, emergency relocation 紧急转移安置.
MEASURE = "emergency_relocation"


@transaction.atomic
def count_supply(opening_id: uuid.UUID, rule_id: str, quantity: int, *, by: By, moment: Moment) -> None:
    """Write down how much of what a standard asks for is in the shelter, in the standard's unit."""
    opening = writes.still_open(writes.opening_for(opening_id, "shelters.count_supply", by=by, moment=moment))
    standards = hazards.list_standards(on=localdate(moment.at))
    if not any(s.rule_id == rule_id and s.measures for s in standards):
        raise ShelterRefused("shelter_standard_unknown")
    rules.check_quantity(quantity)
    row = OnHand.objects.select_for_update().filter(opening=opening, rule_id=rule_id).first()
    before = row.quantity if row is not None else None
    row = row or OnHand(opening=opening, rule_id=rule_id)
    row.quantity, row.by, row.at = quantity, by, moment.at
    row.save()
    fact = SupplyCounted(opening_id=str(opening.pk), rule_id=rule_id, quantity=quantity, before=before)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def adopt_heads(incident_id: uuid.UUID, area: str, *, by: By, moment: Moment) -> uuid.UUID:
    """Stand by the heads in an incident's shelters of a division as the people relocated there.

    From this count needs are estimated by the standards. The first adopts, later ones revise.
    """
    line = incidents.find_line(incident_id)
    if line is None:
        raise ShelterRefused("incident_unknown")
    agencies.require(by, "shelters.adopt_heads", at=moment.at, place=area)
    openings = Opening.objects.filter(incident_id=incident_id, place=area)
    if not openings.exists():
        raise ShelterRefused("opening_without_incident")
    stays = Stay.objects.filter(opening__in=openings, until_at=None, undone_at=None)
    heads = stays.filter(guest__struck_at=None, guest__joined_into=None).count()
    standing = next((c for m, a, c in counted.list_counts(incident_id) if (m, a) == (MEASURE, area)), None)
    given = Given(value=heads, source="安置点在册人数", as_of_at=moment.at)
    if standing is None:
        count_id = people.adopt_figure(incident_id, given, measure=MEASURE, area=area, by=by, moment=moment)
    else:
        count_id = people.revise_figure(standing.id, given, by=by, moment=moment)
    fact = HeadsAdopted(incident_id=str(incident_id), area=area, heads=heads, count_id=str(count_id))
    record([(fact, None)], by=by, moment=moment)
    return count_id
