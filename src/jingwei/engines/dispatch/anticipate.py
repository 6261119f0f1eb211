"""What to send now and what to hold back, with futures drawn from what is known.

Each future is planned with hindsight from the next moment on. What a unit of a lot and a unit of a need would
be worth then are prices of that plan; a unit is sent now where it gains on average over the futures, or costs
nothing in any. So a source is used for a light need only when what is likely to come does not weigh more, and
what can be decided later without loss is decided later.
Source: [SRC-BENT2004], consensus over scenarios; prices in place of votes are ours.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from jingwei.engines.dispatch import item as items
from jingwei.engines.dispatch.allowed import Left, left, may_send, take
from jingwei.engines.dispatch.item import Wanted
from jingwei.engines.dispatch.model import Future, Kept, Problem
from jingwei.engines.dispatch.pairs import Floats, Ints, ItemPairs, Pairs

#: Whole numbers to one unit of weight, and of them to an hour of way: among equal plans the near one.
#: Source: our estimate.
FINE, HOUR = 1_000_000, 500
#: A gain nearer to nought than this, in weight, is none. Source: our estimate, ten hours of way.
NOUGHT = 0.005
#: Plans anew as units are sent, at most. Source: our estimate, 2026-11-29.
ROUNDS = 4


class Gains(msgspec.Struct):
    """Of one item, (lots, needs): mean and least gain over the futures of sending a unit now, in weight."""

    pairs: ItemPairs
    mean: Floats
    least: Floats


def gains(
    problem: Problem, futures: Sequence[Future], step_s: float, *, defer: bool = True, prune: bool = True
) -> list[Gains]:
    """`step_s`: when the next decision is. Without `defer` a need is served now or never."""
    now = []
    for pairs in Pairs(problem, left(problem)).items():
        pairs.may &= np.array([_is_ready(problem, lot) for lot in pairs.lots], dtype=bool)[:, None]
        if pairs.may.any():
            now.append(pairs)
    every: list[list[Floats]] = [[] for _ in now]
    for future in futures or (Future(()),):
        both, rest = _both(problem, future, step_s)
        later = {one.item: one for one in Pairs(both, rest).items()}
        for number, pairs in enumerate(now):
            wanted = _wanted(both, rest, later[pairs.item], len(problem.needs), defer)
            every[number].append(_gain(pairs, wanted, prune))
    return [
        Gains(pairs, np.mean(of, axis=0), np.min(of, axis=0)) for pairs, of in zip(now, every, strict=True)
    ]


def hold_back(problem: Problem, futures: Sequence[Future], step_s: float) -> Left:
    """Of each need and each lot only what is to be sent now; the rest waits, or is kept."""
    now = problem
    needs, lots = [0] * len(problem.needs), [0] * len(problem.lots)
    for _ in range(ROUNDS):
        sent = choose(now, gains(now, futures, step_s))
        if not sent:
            break
        for one in sent:
            needs[one.need] += one.units
            lots[one.lot] += one.units
        kept = tuple(Kept(one.need, problem.lots[one.lot].source, one.units) for one in sent)
        now = msgspec.structs.replace(now, kept=(*now.kept, *kept))
    rest = left(problem)
    rest.quantity, rest.free = needs, lots
    return rest


def _is_ready(problem: Problem, lot: int) -> bool:
    return problem.sources[problem.lots[lot].source].ready_s <= 0


def _both(problem: Problem, future: Future, step_s: float) -> tuple[Problem, Left]:
    """The same stock a step later, with the needs of now and of the future; without items nobody asks now."""
    sources = tuple(msgspec.structs.replace(one, ready_s=max(one.ready_s, step_s)) for one in problem.sources)
    needs = (*problem.needs, *future.needs)
    both = msgspec.structs.replace(problem, sources=sources, needs=needs, before=())
    asked = {need.item for need in problem.needs}
    rest = left(both)
    for number, need in enumerate(needs):
        if need.item not in asked:
            rest.quantity[number] = 0
    return both, rest


def _wanted(both: Problem, rest: Left, pairs: ItemPairs, known: int, defer: bool) -> Wanted:
    needs, lots = pairs.needs.tolist(), pairs.lots.tolist()
    asked = np.array([rest.quantity[n] for n in needs], dtype=np.int64)
    may = pairs.may if defer else pairs.may & (pairs.needs >= known)[None, :]
    none = np.zeros(len(needs), dtype=np.int64)
    return Wanted(
        np.array([rest.free[lot] for lot in lots], dtype=np.int64),
        asked,
        may,
        _way(pairs),
        np.zeros(len(lots), dtype=np.int64),
        np.rint(np.array([both.needs[n].weight for n in needs]) * FINE).astype(np.int64),
        none,
        np.array([asked.sum()], dtype=np.int64),
        {},
        1,
        0,
        False,
        False,
    )


def _way(pairs: ItemPairs) -> Ints:
    finite = np.where(np.isfinite(pairs.cost), pairs.cost, 0.0)
    return np.rint(finite / 3600.0 * HOUR).astype(np.int64)


def _gain(now: ItemPairs, later: Wanted, prune: bool) -> Floats:
    """What a unit sent now saves of weighted unmet, less what lot and need are worth later."""
    found = items.plan(later, first=items.FIRST if prune else len(later.room))
    ours = slice(0, len(now.needs))  # the needs of now stand before those of the future
    side = found.need_in[1][ours][None, :] - found.row_in[1][:, None]
    other = found.row_out[1][:, None] - found.need_out[1][ours][None, :]
    return np.asarray((np.minimum(side, other) - _way(now)) / FINE)


class Send(msgspec.Struct):
    need: int
    lot: int
    units: int
    gain: float


def choose(problem: Problem, found: Sequence[Gains]) -> list[Send]:
    """The surest gains first, each lot and each need once: what is sent changes what the rest is worth."""
    rest = left(problem)
    rows = []
    for one in found:
        good = one.pairs.may & ((one.mean > NOUGHT) | (one.least > -NOUGHT))
        for row, column in zip(*np.nonzero(good), strict=True):
            lot, need = int(one.pairs.lots[row]), int(one.pairs.needs[column])
            gain = float(one.mean[row, column])
            rows.append((-round(gain, 2), float(one.pairs.cost[row, column]), need, lot, gain))
    touched: set[tuple[str, int]] = set()
    sent: list[Send] = []
    for _, _, need, lot, gain in sorted(rows):
        if ("need", need) in touched or ("lot", lot) in touched:
            continue
        units = may_send(problem, rest, need, lot)
        if units <= 0:
            continue
        take(problem, rest, need, lot, units)
        touched |= {("need", need), ("lot", lot)}
        sent.append(Send(need, lot, units, gain))
    return sent
