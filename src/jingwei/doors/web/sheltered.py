"""What pages of shelters and hospitals share: needs and beds by name, people as lists draw them."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace

from jingwei.apps.registers.queries import list_choices
from jingwei.apps.shelters.queries import GuestLine, HouseholdLine
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Choices

Pair = tuple[str, str]


def choices_of(name: str) -> Choices:
    """A list of the field's values as a form offers it."""
    return [(c.code, c.zh, c.en) for c in list_choices(name)]


def pairs_of(name: str) -> dict[str, Pair]:
    return {c.code: (c.zh, c.en) for c in list_choices(name)}


def needs_of(codes: Iterable[str]) -> list[Pair]:
    """The needs by name, in the order of their list."""
    found = set(codes)
    return [(c.zh, c.en) for c in list_choices("guest_need") if c.code in found]


def counted_needs(counts: Mapping[str, int]) -> list[SimpleNamespace]:
    """How many have which need, in the order of the list."""
    return [
        SimpleNamespace(code=c.code, zh=c.zh, en=c.en, n=counts[c.code])
        for c in list_choices("guest_need")
        if counts.get(c.code)
    ]


def guest_row(line: GuestLine, names: Names | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        line=line,
        needs=needs_of(line.needs),
        place=names.place(line.place) if names else ("", ""),
    )


def household_rows(found: Iterable[HouseholdLine]) -> list[SimpleNamespace]:
    return [SimpleNamespace(line=one, guests=[guest_row(g) for g in one.guests]) for one in found]
