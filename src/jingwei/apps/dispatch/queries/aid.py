"""Stores of others that a place may ask: by agreement, of the level above, of a paired place."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import msgspec
from django.utils.timezone import make_aware

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import AgreementCard, Keeper, StoreCard
from jingwei.kernel.codes import place_within

#: The tier an agreement of each kind makes, as the list `agreement_kind` names them.
TIER_OF = {"mutual": "agreement", "paired": "paired"}


class Helper(msgspec.Struct, frozen=True):
    """A store of others with the terms it may be asked under, in the order of `StoreAt`.

    (tier, agreement, its name, must leave before, divisions it may be asked for)
    """

    store: StoreCard
    terms: tuple[str, str, str, datetime | None, tuple[str, ...]]


def list_helpers(place: str, *, on: date, asked_for: Collection[str]) -> dict[uuid.UUID, Helper]:
    """Stores outside a place that others keep, each by the nearest tier it may be asked under on the day.

    `asked_for`: divisions with needs. An agreement of a part of the place serves needs of that part alone;
    its other party is an organization, by its code or its name in full.
    """
    if not place:
        return {}  # the whole node's stores are its own
    found: dict[uuid.UUID, Helper] = {}
    agreed = resources.list_agreements(place, kinds=TIER_OF, on=on)
    parties = agencies.list_organizations_named({one.other_party.strip() for one in agreed})
    _add(found, [one for one in agreed if one.kind == "mutual"], parties, place, asked_for)
    _add_above(found, place)
    _add(found, [one for one in agreed if one.kind == "paired"], parties, place, asked_for)
    return found


def _add(
    found: dict[uuid.UUID, Helper],
    agreed: Collection[AgreementCard],
    parties: dict[str, agencies.OrganizationCard],
    place: str,
    asked_for: Collection[str],
) -> None:
    for one in agreed:
        party = parties.get(one.other_party.strip())
        inside = place_within(one.place, place) and one.place != place
        serves = tuple(sorted(code for code in asked_for if place_within(code, one.place))) if inside else ()
        if party is None or (inside and not serves):
            continue
        bodies = frozenset({party.code, *agencies.list_below(party.code)})
        until = (
            make_aware(datetime.combine(one.valid_to + timedelta(days=1), time())) if one.valid_to else None
        )
        for store in resources.list_stores_of([Keeper(bodies, party.place, inside=True)], but_in=place):
            terms = (TIER_OF[one.kind], str(one.id), one.name, until, serves)
            found.setdefault(store.id, Helper(store, terms))


def _add_above(found: dict[uuid.UUID, Helper], place: str) -> None:
    bodies = frozenset(one.code for one in agencies.list_organizations_above(place))
    keepers = [Keeper(bodies, "", inside=False)]
    keepers += [Keeper(frozenset(), place[:n], inside=False) for n in range(2, len(place))]
    for store in resources.list_stores_of(keepers, but_in=place):
        terms = ("higher", store.owner or store.place, "", None, ())
        found.setdefault(store.id, Helper(store, terms))
