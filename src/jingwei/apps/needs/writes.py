"""Steps that the actions share: a need found with the right and locked, its item, its place, its class."""

import uuid
from typing import Any

from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import NeedClass
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.places import queries as places
from jingwei.apps.stock import queries as stock
from jingwei.kernel.codes import normal_place
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import STANDING, NewNeed
from .models import Need
from .rules import NeedRefused


def need_for(need_id: uuid.UUID, right: str, *, by: By, moment: Moment, version: int | None = None) -> Need:
    """The need, locked, once the right is asked for; `version`: what the caller has seen."""
    row = Need.objects.select_for_update().filter(pk=need_id).first()
    if row is None:
        raise NeedRefused("need_unknown")
    agencies.require(by, right, at=moment.at, place=row.place)
    if version is not None and version != row.version:
        raise NeedRefused("need_changed_meanwhile")
    return row


def standing(row: Need) -> Need:
    """The need if it is still one and counts for itself."""
    if row.state not in STANDING:
        raise NeedRefused("need_over")
    if row.joined_into_id is not None:
        raise NeedRefused("need_joined")
    return row


def save(row: Need, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])


def class_on(code: str, *, moment: Moment) -> NeedClass:
    return rules.class_of(code, hazards.list_need_classes(on=localdate(moment.at)))


def place_of(place: str, site: str) -> tuple[str, str]:
    """Division and site; a site says its division."""
    if site.strip():
        found = places.find_site(site.strip())
        if found is None:
            raise NeedRefused("need_place_missing")
        return found.place, site.strip()
    code = normal_place(place)
    if not code or places.find_division(code) is None:
        raise NeedRefused("need_place_missing")
    return code, ""


def item_of(supply_id: uuid.UUID | None, zh: str, en: str, unit: str) -> dict[str, Any]:
    """The columns that say what is needed: of a supply its own words, else the words given."""
    if supply_id is not None:
        found = stock.find_supply(supply_id)
        if found is None:
            raise NeedRefused("need_item_missing")
        return {
            "supply_id": found.id, "item_zh": found.name_zh, "item_en": found.name_en,
            "unit_zh": found.unit_zh, "unit_en": found.unit_en,
            "item_key": rules.item_key(supply=str(found.id), words="", unit=""),
        }  # fmt: skip
    zh, en, unit = zh.strip()[:100], en.strip()[:100], unit.strip()[:24]
    if not zh and not en:
        raise NeedRefused("need_item_missing")
    return {
        "supply_id": None, "item_zh": zh or en, "item_en": en or zh, "unit_zh": unit, "unit_en": unit,
        "item_key": rules.item_key(supply="", words=zh or en, unit=unit),
    }  # fmt: skip


def fields_of(new: NewNeed, *, place: str, site: str, moment: Moment) -> dict[str, Any]:
    """What a need is, as columns; refused when something of it cannot be."""
    item, of = item_of(new.supply_id, new.words, "", new.unit), class_on(new.item_class, moment=moment)
    if new.incident_id is not None and incidents.find_line(new.incident_id) is None:
        raise NeedRefused("incident_unknown")
    return item | {
        "item_class": of.item_class,
        "priority": of.priority,
        "quantity": rules.check_quantity(_units(new)),
        "place": place,
        "site": site,
        "due_at": new.due_at,
        "people": rules.check_people(new.people),
        "groups": rules.check_groups(new.groups),
        "incident_id": new.incident_id,
        "why": new.why.strip()[:300],
        "asker": new.asker.strip()[:100],
    }


def _units(new: NewNeed) -> int | None:
    """In units, as stock counts: so many packages are so many times a package."""
    if new.quantity is None or not new.in_packs:
        return new.quantity
    supply = stock.find_supply(new.supply_id) if new.supply_id else None
    if supply is None or supply.pack is None:
        raise NeedRefused("need_pack_unknown")
    return new.quantity * supply.pack
