"""From the picture to the plan: the engine's problem, and its answer in the words of the board."""

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from jingwei.engines.dispatch import Barred, Kept, Lot, Need, Problem, Proposal, Settings, Source, propose
from jingwei.engines.dispatch import Line as EngineLine
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.lonlat import distance_m

from .picture import Picture, Point, Want


class Ways(Protocol):
    """Travel by road: (sources, destinations) seconds, inf without a way, nan outside the net; one way."""

    def matrix(self, sources: Sequence[Point], targets: Sequence[Point]) -> list[list[float]]: ...

    def route(self, source: Point, target: Point) -> tuple[tuple[Point, ...], tuple[str, ...]]: ...


#: So many lines are drawn by the road they take, each in so many points at most, and say so many streets.
#: Source: our estimate, what the board draws and a row holds, 2026-11-29.
DRAWN, MOST_POINTS, STREETS = 20, 60, 6
#: What makes a plan of a problem: a solver in a process of its own, or the plain plan, marked as such.
solve: Callable[[Problem], Proposal] = propose


class PlannedLine(msgspec.Struct, frozen=True):
    """A line as the board keeps it. `reason`: as in `told_reason`."""

    need_id: uuid.UUID
    store_id: uuid.UUID
    supply_id: uuid.UUID
    quantity: int
    priority: int
    place: str
    tier: str
    due_at: datetime | None
    leaves_at: datetime
    arrives_at: datetime
    late_s: int
    cost: float
    reason: dict[str, Any]
    fixed: bool


class Planned(msgspec.Struct, frozen=True):
    """A proposal as the board keeps it. `travel`: roads, straight, mixed."""

    lines: tuple[PlannedLine, ...]
    unmet: tuple[tuple[uuid.UUID, int, str], ...]
    made: Proposal
    travel: str
    inputs_digest: str
    detour: float
    speed_km_h: float


def plan(picture: Picture, *, ways: Ways | None = None) -> Planned:
    """Who should send what. `ways`: travel by road; without it distance times the detour factor."""
    places = sorted({want.point for want in picture.wants})
    travel_s, travel = _travel(picture, places, ways)
    problem = _problem(picture, {point: n for n, point in enumerate(places)}, travel_s)
    problem, made = _solved(problem)
    lines = [_told(one, picture, problem) for one in made.lines]
    unmet: list[tuple[uuid.UUID, int, str]] = [
        *((picture.wants[one.need].need_id, one.quantity, one.why) for one in made.unmet),
        *((one.need_id, one.quantity, one.why) for one in picture.left_out),
    ]
    ordered = sorted(lines, key=lambda line: (line.priority, line.late_s == 0, line.arrives_at, line.need_id))
    values = picture.values
    if ways is not None:
        ordered = [_by_road(line, picture, ways) for line in ordered[:DRAWN]] + ordered[DRAWN:]
    return Planned(
        lines=tuple(ordered), unmet=tuple(unmet), made=made, travel=travel,
        inputs_digest=plain_digest(msgspec.to_builtins(picture)), detour=values["detour"],
        speed_km_h=values["straight_km_h"],
    )  # fmt: skip


def _solved(problem: Problem) -> tuple[Problem, Proposal]:
    """The plan; what nobody brings in time is planned late rather than not at all, and the line says so."""
    made = solve(problem)
    late = {one.need for one in made.unmet if problem.needs[one.need].due_s is not None}
    if not late:
        return problem, made
    needs = tuple(
        msgspec.structs.replace(need, due_s=None) if n in late else need
        for n, need in enumerate(problem.needs)
    )
    before = tuple(Kept(one.need, one.source, one.quantity) for one in made.lines if not one.kept)
    again = msgspec.structs.replace(problem, needs=needs, before=before)
    return again, solve(again)


def _travel(picture: Picture, places: Sequence[Point], ways: Ways | None) -> tuple[list[list[float]], str]:
    """(stores, places) seconds; by road where a road is known, else straight."""
    sources = [store.point for store in picture.stores]
    detour, speed = picture.values["detour"], picture.values["straight_km_h"] / 3.6
    least_s = picture.values["least_min"] * 60
    straight = [[max(least_s, distance_m(*a, *b) * detour / speed) for b in places] for a in sources]
    if ways is None:
        return straight, "straight"
    found = ways.matrix(sources, places)
    known = [[not math.isnan(one) for one in row] for row in found]
    mixed = [
        [found[s][p] if known[s][p] else straight[s][p] for p in range(len(places))]
        for s in range(len(sources))
    ]
    if not any(map(any, known)):
        return straight, "straight"
    return mixed, "roads" if all(map(all, known)) else "mixed"


def _by_road(line: PlannedLine, picture: Picture, ways: Ways) -> PlannedLine:
    """The line with the road it takes, thinned, and the streets by name."""
    begin = next(store.point for store in picture.stores if store.store_id == line.store_id)
    end = next(want.point for want in picture.wants if want.need_id == line.need_id)
    points, streets = ways.route(begin, end)
    if not points:
        return line
    step = max(1, math.ceil(len(points) / MOST_POINTS))
    thin = [*points[:-1:step], points[-1]]
    way = {"way": [[round(x, 5), round(y, 5)] for x, y in thin], "streets": list(streets[:STREETS])}
    return msgspec.structs.replace(line, reason=line.reason | way)


def _problem(picture: Picture, column: dict[Point, int], travel_s: list[list[float]]) -> Problem:
    source_of = {store.store_id: n for n, store in enumerate(picture.stores)}
    need_of = {want.need_id: n for n, want in enumerate(picture.wants)}
    pairs = [
        (need_of[one.need_id], source_of[one.store_id], one)
        for one in picture.settled
        if one.need_id in need_of and one.store_id in source_of
    ]
    barred = tuple(Barred(n, s) for n, s, one in pairs if one.kind == "bar")
    struck = {(one.need, one.source) for one in barred}
    kept = _kept(picture, source_of, [(n, s, one.quantity) for n, s, one in pairs if one.kind == "keep"])
    fixed = {(one.need, one.source) for one in kept}
    before = tuple(
        Kept(n, s, one.quantity)
        for n, s, one in pairs
        if one.kind == "before" and (n, s) not in struck | fixed
    )
    return Problem(
        needs=tuple(_need(want, picture, column) for want in picture.wants),
        sources=tuple(
            Source(
                key=str(store.store_id), tier=store.tier, ready_s=store.load_min * 60,  # type: ignore[arg-type]
                agreement=store.agreement, serves=store.serves,
                until_s=(store.until_at - picture.at).total_seconds() if store.until_at else None,
            )
            for store in picture.stores
        ),
        lots=tuple(
            Lot(source_of[one.store_id], str(one.supply_id), one.free, one.floor)
            for one in picture.stock
            if one.store_id in source_of
        ),
        travel_s=travel_s,
        kept=kept,
        barred=barred,
        before=before,
        settings=Settings(tier_price=tier_prices(picture.values)),
    )  # fmt: skip


def tier_prices(values: Mapping[str, float]) -> dict[str, float]:
    """What a unit from each tier costs on top, in seconds on the way: own stores first."""
    later = {tier: values[f"{tier}_min"] * 60 for tier in ("agreement", "higher", "paired")}
    return {"own": 0.0} | later


def _kept(
    picture: Picture, source_of: dict[uuid.UUID, int], wanted: Sequence[tuple[int, int, int]]
) -> tuple[Kept, ...]:
    """What people fixed, as far as the need is open and the store has it."""
    free = {(source_of[s.store_id], s.supply_id): s.free for s in picture.stock if s.store_id in source_of}
    still = [want.quantity for want in picture.wants]
    found = []
    for need, source, quantity in wanted:
        item = picture.wants[need].supply_id
        taken = min(quantity, still[need], free.get((source, item), 0))
        if taken > 0:
            still[need] -= taken
            free[source, item] -= taken
            found.append(Kept(need, source, taken))
    return tuple(found)


def _need(want: Want, picture: Picture, column: dict[Point, int]) -> Need:
    due = (want.due_at - picture.at).total_seconds() if want.due_at else None
    return Need(
        key=str(want.need_id),
        item=str(want.supply_id),
        quantity=want.quantity,
        at=column[want.point],
        # what is late already is needed still, and as soon as may be
        due_s=due if due is not None and due > 0 else None,
        weight=picture.values[f"weight_{want.priority}"],
        since_s=min(0.0, (want.at - picture.at).total_seconds()),
        district=want.place,
    )


def _told(line: EngineLine, picture: Picture, problem: Problem) -> PlannedLine:
    want, store = picture.wants[line.need], picture.stores[line.source]
    arrives = picture.at + timedelta(seconds=line.arrives_s)
    late = (arrives - want.due_at).total_seconds() if want.due_at else 0.0
    return PlannedLine(
        need_id=want.need_id,
        store_id=store.store_id,
        supply_id=want.supply_id,
        quantity=line.quantity,
        priority=want.priority,
        place=want.place,
        tier=store.tier,
        due_at=want.due_at,
        leaves_at=picture.at + timedelta(seconds=line.leaves_s),
        arrives_at=arrives,
        late_s=max(0, math.ceil(late)),
        cost=line.cost,
        reason=_told_reason(line, picture, problem),
        fixed=line.kept,
    )


def _told_reason(line: EngineLine, picture: Picture, problem: Problem) -> dict[str, Any]:
    """What binds, what a unit is worth, the next best with its price and arrival, and the nearer ones.

    `next`, `nearer`: stores by id; `arrives_s` from now; `cost` on top, in unit-seconds.
    """
    at = problem.needs[line.need].at

    def there(source: int) -> dict[str, Any]:
        arrives = problem.sources[source].ready_s + float(problem.travel_s[source][at])
        known = arrives if math.isfinite(arrives) else None
        return {"store": str(picture.stores[source].store_id), "arrives_s": known}

    reason, store = line.reason, picture.stores[line.source]
    found: dict[str, Any] = {
        "limit": reason.limit,
        "more": _finite(reason.more),
        "fewer": _finite(reason.fewer),
        "travel_s": line.arrives_s - line.leaves_s,
        "next": None,
        "nearer": [there(source) | {"why": why} for source, why in reason.nearer],
    }
    if store.tier == "agreement" or store.tier == "paired":
        found["agreement"] = {"id": store.agreement, "name": store.agreed}
    if reason.next_best is not None:
        found["next"] = there(reason.next_best) | {"cost": _finite(reason.next_cost)}
    return found


def _finite(value: float | None) -> float | None:
    """What stands in the record: endless is no number of it."""
    return value if value is not None and math.isfinite(value) else None
