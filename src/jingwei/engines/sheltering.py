"""Which people go to which shelter: the least travel for all, within room and suitability. Pure.

Whoever may be split is shared out person by person; who belongs together goes to one shelter. Solved as a
mixed integer program: what is split is a transport problem, whole groups make it a generalized assignment.
Needs scipy (extra `roads`); without it, or out of time, `nearest_first` says of itself that it is no optimum.
"""

import math
from collections.abc import Sequence

import msgspec

#: What it costs, in seconds, to leave one person of weight 1 without a place: more than any way that is
#: taken. Source: our estimate, ten days, 2026-11-29.
UNPLACED_S = 864_000.0
#: How long the solver may take, seconds. Source: our estimate, a person waits for the page, 2026-11-29.
LIMIT_S = 10.0


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """People at one place. `whole`: they stay together. `weight` above 0: of one without a place."""

    people: int
    whole: bool = False
    weight: float = 1.0


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`room`: free places by site. `travel_s`: (groups, sites), seconds, inf: no way. `allowed`: suitable."""

    groups: tuple[Group, ...]
    room: tuple[int, ...]
    travel_s: tuple[tuple[float, ...], ...]
    allowed: tuple[tuple[bool, ...], ...]


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """So many people of a group go to a site. `next_best` None: there is no other; `extra_s` to it, a person.

    `why`: nearest; nearer_full: every nearer suitable one is full; together: places are given to others so
    that all travel less.
    """

    group: int
    site: int
    people: int
    travel_s: float
    next_best: int | None
    extra_s: float | None
    why: str


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The shares, how many of each group found no place, and how good it is.

    `cost_s`: person-seconds of travel. `bound_s`: nobody can do better, None: not known. `method`: exact,
    time_out (the best within the time), nearest_first (heuristic, unproven).
    """

    shares: tuple[Share, ...]
    unplaced: tuple[int, ...]
    cost_s: float
    bound_s: float | None
    method: str

    @property
    def gap(self) -> float | None:
        if self.bound_s is None:
            return None
        return max(0.0, self.cost_s - self.bound_s) / max(1.0, abs(self.cost_s))


def place(problem: Problem, *, limit_s: float = LIMIT_S) -> Placed:
    """Share the people out with the least travel. For whom there is no place is counted, not forced."""
    check(problem)
    if not problem.groups or not problem.room:
        return _told(problem, {}, bound_s=0.0, method="exact")
    try:
        found = _solved(problem, limit_s)
    except ImportError:
        found = None
    return found or nearest_first(problem)


def check(problem: Problem) -> None:
    """Raises ValueError on what cannot be: a caller's bug."""
    shape = (len(problem.groups), len(problem.room))
    for table in (problem.travel_s, problem.allowed):
        if len(table) != shape[0] or any(len(row) != shape[1] for row in table):
            raise ValueError("a row for each group, a column for each site")
    if any(g.people < 0 for g in problem.groups) or any(r < 0 for r in problem.room):
        raise ValueError("no negative people")
    if any(not g.weight > 0 for g in problem.groups):
        raise ValueError("a weight above nothing")


def _solved(problem: Problem, limit_s: float) -> Placed | None:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    pairs = _pairs(problem)
    size = [g.people if g.whole else 1 for g in problem.groups]
    groups, sites, n = len(problem.groups), len(problem.room), len(pairs)
    cost = [problem.travel_s[g][s] * size[g] for g, s in pairs]
    cost += [UNPLACED_S * problem.groups[g].weight * size[g] for g in range(groups)]
    upper = [1 if problem.groups[g].whole else problem.groups[g].people for g, _ in pairs]
    upper += [1 if one.whole else one.people for one in problem.groups]
    rows = [g for g, _ in pairs] + list(range(groups)) + [groups + s for _, s in pairs]
    columns = [*range(n), *range(n, n + groups), *range(n)]
    values = [1.0] * (n + groups) + [float(size[g]) for g, _ in pairs]
    table = coo_array((values, (rows, columns)), shape=(groups + sites, n + groups)).tocsr()
    wanted = [1.0 if g.whole else float(g.people) for g in problem.groups]
    limits = LinearConstraint(table, [*wanted, *([-np.inf] * sites)], [*wanted, *map(float, problem.room)])
    answer = milp(
        np.array(cost), constraints=limits, bounds=Bounds(0, np.array(upper, dtype=float)),
        integrality=np.ones(n + groups), options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )  # fmt: skip
    if answer.x is None:
        return None
    shares = {pair: round(x) * size[pair[0]] for pair, x in zip(pairs, answer.x[:n], strict=True) if round(x)}
    left = sum(UNPLACED_S * one.weight * _left(problem, shares, g) for g, one in enumerate(problem.groups))
    bound = answer.mip_dual_bound if answer.mip_dual_bound is not None else answer.fun
    return _told(
        problem, shares, bound_s=float(bound) - left, method="exact" if answer.status == 0 else "time_out"
    )


def _pairs(problem: Problem) -> list[tuple[int, int]]:
    return [
        (g, s)
        for g, group in enumerate(problem.groups)
        for s, room in enumerate(problem.room)
        if problem.allowed[g][s]
        and math.isfinite(problem.travel_s[g][s])
        and group.people
        and (room >= group.people if group.whole else room > 0)
    ]


def _left(problem: Problem, shares: dict[tuple[int, int], int], group: int) -> int:
    return problem.groups[group].people - sum(n for (g, _), n in shares.items() if g == group)


def nearest_first(problem: Problem) -> Placed:
    """The fallback: by weight, whole groups before others, the shortest way first. Heuristic, unproven."""
    check(problem)
    room, left = list(problem.room), [g.people for g in problem.groups]

    def turn(pair: tuple[int, int]) -> tuple[float, bool, float]:
        group = problem.groups[pair[0]]
        return (-group.weight, not group.whole, problem.travel_s[pair[0]][pair[1]])

    order = sorted(_pairs(problem), key=turn)
    shares: dict[tuple[int, int], int] = {}
    for g, s in order:
        fits = left[g] if problem.groups[g].whole and room[s] >= left[g] else min(left[g], room[s])
        if fits < 1 or (problem.groups[g].whole and fits < problem.groups[g].people):
            continue
        shares[g, s], room[s], left[g] = fits, room[s] - fits, left[g] - fits
    return _told(problem, shares, bound_s=None, method="nearest_first")


def _told(
    problem: Problem, shares: dict[tuple[int, int], int], *, bound_s: float | None, method: str
) -> Placed:
    used = [0] * len(problem.room)
    for (_, s), people in shares.items():
        used[s] += people
    free = [room - taken for room, taken in zip(problem.room, used, strict=True)]
    said = [_share(problem, g, s, people, free) for (g, s), people in sorted(shares.items())]
    cost = sum(problem.travel_s[g][s] * people for (g, s), people in shares.items())
    unplaced = tuple(_left(problem, shares, g) for g in range(len(problem.groups)))
    return Placed(shares=tuple(said), unplaced=unplaced, cost_s=cost, bound_s=bound_s, method=method)


def _share(problem: Problem, g: int, s: int, people: int, free: Sequence[int]) -> Share:
    """Why this one: what is nearer, whether that is full, and what the next one would cost."""
    way = problem.travel_s[g]
    others = [
        o
        for o in range(len(problem.room))
        if o != s and problem.allowed[g][o] and math.isfinite(way[o])
    ]  # fmt: skip
    nearer = [o for o in others if way[o] < way[s]]
    need = people if problem.groups[g].whole else 1
    why = "nearest" if not nearer else "together" if any(free[o] >= need for o in nearer) else "nearer_full"
    best = min(others, key=lambda o: way[o], default=None)
    return Share(
        group=g, site=s, people=people, travel_s=way[s], next_best=best,
        extra_s=None if best is None else way[best] - way[s], why=why,
    )  # fmt: skip
