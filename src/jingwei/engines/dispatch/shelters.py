"""Who goes to which shelter: the least way all told, within capacity, to shelters that suit.

People of a group may be parted among shelters. Exact, by min-cost flow: first as many as can be sheltered,
those with special needs before others, then the least way.
"""

import msgspec
import numpy as np

from jingwei.engines.dispatch import item as items
from jingwei.engines.dispatch.item import Wanted

#: A second of way is counted in so many parts. Source: our estimate.
FINE = 10


class Group(msgspec.Struct, frozen=True):
    """People of one place. `special`: what they need of a shelter, such as "wheelchair" or "medical"."""

    people: int
    special: tuple[str, ...] = ()
    weight: float = 1.0


class Shelter(msgspec.Struct, frozen=True):
    """`suits`: the hazards it stands; `offers`: special needs it meets."""

    capacity: int
    suits: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


class Housed(msgspec.Struct, frozen=True):
    """(groups, shelters) people; of each group those without a place; the way all told, its proven bound."""

    people: tuple[tuple[int, ...], ...]
    without: tuple[int, ...]
    total_s: float
    bound_s: float


def house(
    groups: tuple[Group, ...],
    shelters: tuple[Shelter, ...],
    travel_s: object,
    *,
    hazard: str = "",
    limit_s: float | None = None,
) -> Housed:
    """`travel_s`: (groups, shelters) seconds, inf = no way. `hazard`: "" where any shelter will do."""
    ways = np.asarray(travel_s, dtype=np.float64).reshape(len(groups), len(shelters))
    if not groups or not shelters:
        none = tuple((0,) * len(shelters) for _ in groups)
        return Housed(none, tuple(g.people for g in groups), 0.0, 0.0)
    may = np.isfinite(ways) & (ways <= (np.inf if limit_s is None else limit_s))
    may &= np.array([not hazard or hazard in one.suits for one in shelters], dtype=bool)[None, :]
    for number, group in enumerate(groups):
        if group.special:
            may[number] &= np.array([set(group.special) <= set(one.offers) for one in shelters], dtype=bool)
    fine = 1 if bool(np.all(ways[may] == np.rint(ways[may]))) else FINE
    asked = np.array([one.people for one in groups], dtype=np.int64)
    wanted = Wanted(
        np.array([one.capacity for one in shelters], dtype=np.int64),
        asked,
        may.T.copy(),
        np.rint(np.where(may, ways, 0.0) * fine).astype(np.int64).T.copy(),
        np.zeros(len(shelters), dtype=np.int64),
        np.rint(np.array([one.weight + bool(one.special) for one in groups]) * 1000).astype(np.int64),
        np.zeros(len(groups), dtype=np.int64),
        np.array([asked.sum()], dtype=np.int64),
        {},
        None,
        0,
        False,
        False,
    )
    found = items.plan(wanted)
    people = np.zeros((len(groups), len(shelters)), dtype=np.int64)
    np.add.at(people, (found.need, found.row), found.units)
    total = float((people * np.where(may, ways, 0.0)).sum())
    rows = tuple(tuple(row) for row in people.tolist())
    return Housed(rows, tuple((asked - people.sum(axis=1)).tolist()), total, found.values["cost"] / fine)
