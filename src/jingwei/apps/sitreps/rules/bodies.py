"""Which bodies the words of a deadline mean at a place: who reports, and to whom. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

#: What a department is called, by the word the table uses for it.
DEPARTMENTS = {
    "emergency": "应急管理",
    "health": "卫生健康",
    "environment": "生态环境",
    "resources": "自然资源",
}

Seat = tuple[str, str]

#: Who reports: what kind of body, at which level. `lowest` is the county, or the place's own level above it.
SENDERS: Mapping[str, tuple[Seat, ...]] = {
    "county_government": (("government", "lowest"),),
    "county government": (("government", "lowest"),),
    "county+ local government": (("government", "lowest"),),
    "county+ local gov & dept": (("government", "lowest"),),
    "handling government": (("government", "lowest"),),
    "county & prefecture government": (("government", "county"), ("government", "prefecture")),
    "prefecture government": (("government", "prefecture"),),
    "provincial government": (("government", "province"),),
    "province/State Council dept": (("government", "province"),),
    "county/prefecture emergency dept": (("emergency", "county"), ("emergency", "prefecture")),
    "affected emergency depts": (("emergency", "county"), ("emergency", "prefecture")),
    "same": (("emergency", "county"), ("emergency", "prefecture")),
    "county/prefecture/province": (
        ("emergency", "county"),
        ("emergency", "prefecture"),
        ("emergency", "province"),
    ),
    "county emergency dept": (("emergency", "lowest"),),
    "dept chain": (("emergency", "county"), ("emergency", "prefecture"), ("emergency", "province")),
    "county health dept": (("health", "lowest"),),
    "health/CDC dept": (("health", "lowest"),),
    "county/prefecture EPA": (("environment", "county"), ("environment", "prefecture")),
    "provincial EPA": (("environment", "province"),),
    "county natural-resources dept": (("resources", "lowest"),),
}

#: To whom, seen from the sender: `same` place, one level `up`, or a named level. Others have no seat here.
RECEIVERS: Mapping[str, tuple[Seat, ...]] = {
    "next_higher_government": (("government", "up"),),
    "higher government + higher depts + garrison + neighbouring governments": (("government", "up"),),
    "next_higher gov & dept": (("government", "up"),),
    "prefecture government": (("government", "prefecture"),),
    "provincial government": (("government", "province"),),
    "provincial duty office": (("government", "province"),),
    "State Council": (("government", "nation"),),
    "provincial emergency dept": (("emergency", "province"),),
    "State Council emergency dept (level by level)": (("emergency", "up"),),
    "provincial dept": (("emergency", "up"),),
    "prefecture dept": (("emergency", "up"),),
    "county gov + prefecture emergency dept": (("government", "same"), ("emergency", "up")),
    "prefecture emergency dept": (("emergency", "up"),),
    "higher emergency dept": (("emergency", "up"),),
    "next level": (("emergency", "up"),),
    "county gov + higher health dept + national health dept": (("government", "same"), ("health", "up")),
    "gov + higher dept + national dept": (("government", "same"), ("health", "up")),
    "same-level gov + provincial EPA (+MEE)": (("government", "same"), ("environment", "province")),
    "same-level gov + next EPA": (("government", "same"), ("environment", "up")),
    "higher + MNR": (("resources", "up"),),
}

#: Where a chain of reports from level to level ends: the last receiver's level.
CHAIN_ENDS = {
    "State Council emergency dept (level by level)": "nation",
    "provincial dept": "province",
    "prefecture dept": "prefecture",
}

#: Digits of a place's code by level. Source: the national division codes (GB/T 2260): two digits a level.
DIGITS = {"county": 6, "prefecture": 4, "province": 2, "nation": 0}


class Body(msgspec.Struct, frozen=True):
    """A body of the roster that a deadline may mean: government, or a department by its word."""

    code: str
    kind: str
    place: str


class Party(msgspec.Struct, frozen=True):
    """Who stands at one end: the body's code, '' when the roster has none there, and its place."""

    organization: str
    place: str


def kind_of(kind: str, name_zh: str) -> str:
    """What a body is for the deadlines: `government`, a department's word, or '' for all others."""
    if kind == "government":
        return "government"
    found = [word for word, name in DEPARTMENTS.items() if name in name_zh]
    return found[0] if kind == "department" and found else ""


def place_at(place: str, level: str) -> str | None:
    """The division of that level which holds the place; None when the place is wider than that."""
    if level == "lowest":
        level = next((name for name, digits in DIGITS.items() if len(place) >= digits), "nation")
    return place[: DIGITS[level]] if len(place) >= DIGITS[level] else None


def level_above(place: str) -> str | None:
    """The division one level up, '' for the nation; None above the nation."""
    below = [digits for digits in DIGITS.values() if digits < len(place)]
    return place[: below[0]] if below else None


def list_senders(role: str, place: str, bodies: Sequence[Body]) -> list[Party]:
    """Who reports under this role for an event at this place."""
    seats = [(kind, place_at(place, level)) for kind, level in SENDERS.get(role, ())]
    return [_party(kind, where, bodies) for kind, where in seats if where is not None]


def list_receivers(role: str, sender: Party, bodies: Sequence[Body]) -> list[Party]:
    """To whom this sender reports; one party without a body when the words name none the roster knows."""
    found = []
    for kind, level in RECEIVERS.get(role, ()):
        where = {"same": sender.place, "up": level_above(sender.place)}.get(level)
        if level in DIGITS:
            where = place_at(sender.place, level)
        if where is not None and len(where) >= DIGITS[CHAIN_ENDS.get(role, "nation")]:
            found.append(_party(kind, where, bodies))
    return found


def seat_of(seats: Mapping[str, tuple[Seat, ...]], role: str) -> str:
    """What kind of body a role means first; '' when it means none of the roster."""
    return seats[role][0][0] if role in seats else ""


def _party(kind: str, place: str, bodies: Sequence[Body]) -> Party:
    here = sorted(body.code for body in bodies if body.kind == kind and body.place == place)
    return Party(organization=here[0] if here else "", place=place)
