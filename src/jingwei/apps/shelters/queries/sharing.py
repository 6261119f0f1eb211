"""Who goes to which shelter: a proposal, computed anew each time it is asked for. A person decides."""

import csv
import io
import math
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.places import queries as places
from jingwei.apps.resources import queries as resources
from jingwei.engines import sheltering
from jingwei.engines.sheltering import Group, Placed, Problem

from .. import rules
from ..models import Opening
from ..rules import SiteTraits, Suits
from .openings import lines_of, visible

#: Sites and groups of one question. Source: our estimate, a city's on a bad day, 2026-11-29.
MOST_SITES, MOST_GROUPS = 300, 100
#: How much a person with a special need counts beside one without, where there is not room for all: few sites
#: suit them, and they can least do without. Source: our estimate, 2026-11-29.
NEED_WEIGHT = 2.0


@cache
def list_suits() -> tuple[Suits, ...]:
    """The rules of suitability; package data, with source and evidence."""
    text = (files("jingwei") / "data" / "shelters" / "suitability.csv").read_text(encoding="utf-8")
    return tuple(Suits(**row) for row in csv.DictReader(io.StringIO(text, newline="")))


Point = tuple[float, float]


class Wanting(msgspec.Struct, frozen=True):
    """People to be sheltered, and where they are. `lon` None: the place has no point."""

    where: str
    place: str
    lon: float | None
    lat: float | None
    people: int
    whole: bool
    needs: tuple[str, ...]


class Site(msgspec.Struct, frozen=True):
    """A shelter that could take people: open now, or ready in the register. `free` people."""

    id: object
    name: str
    place: str
    lon: float | None
    lat: float | None
    free: int
    is_open: bool
    traits: SiteTraits


class Refusal(msgspec.Struct, frozen=True):
    """Why a site does not suit a group."""

    group: int
    site: int
    rule: Suits


#: (groups, sites) seconds by road between points; inf where there is no way, nan where one is off the net.
ByRoad = Callable[[Sequence[Point], Sequence[Point]], Sequence[Sequence[float]]]


class Sharing(msgspec.Struct, frozen=True):
    """The question and its answer. `far`: groups or sites without a point, left out, by name.

    `by_road`: ways are those of the road net; of these pairs of group and site not: `cut`, there is no way by
    road, and `straight`, one lies outside of the net, so the straight distance counts.
    """

    groups: tuple[Wanting, ...]
    sites: tuple[Site, ...]
    placed: Placed
    refusals: tuple[Refusal, ...]
    far: tuple[str, ...]
    by_road: bool = False
    cut: frozenset[tuple[int, int]] = frozenset()
    straight: frozenset[tuple[int, int]] = frozenset()


def read_wanting(text: str, *, authority: Authority) -> tuple[list[Wanting], list[rules.LineWrong]]:
    """Lines of people with their place looked up; a place that is not known, or not one, is a wrong line."""
    found, wrong = rules.read_groups(text)
    groups = []
    for line in found[:MOST_GROUPS]:
        hits = places.search_places(line.where, within=authority.place, limit=1)
        if not hits:
            wrong.append(rules.LineWrong(line=found.index(line) + 1, code="place_not_found"))
            continue
        point = places.point_of(hits[0].site or hits[0].code)
        lon, lat = (point.lon, point.lat) if point else (None, None)
        groups.append(Wanting(line.where, hits[0].code, lon, lat, line.people, line.whole, line.needs))
    return groups, wrong


def list_sites(*, authority: Authority, ready: bool) -> list[Site]:
    """Open shelters with their free places; with `ready` also sites of the register that are not open."""
    opened = lines_of(list(visible(authority).filter(closed_at=None).select_related("shelter")[:MOST_SITES]))
    kinds = dict(Opening.objects.filter(closed_at=None).values_list("pk", "shelter__kind"))
    found = [
        Site(
            o.id, o.name, o.place, o.lon, o.lat, o.free or 0, True,
            SiteTraits(o.space, kinds.get(o.id, ""), o.accessible),
        )
        for o in opened
    ]  # fmt: skip
    if ready:
        cards = resources.list_shelters(
            within=authority.place, most=MOST_SITES, but={o.shelter_id for o in opened}
        )
        found += [
            Site(c.id, c.name, c.place, c.lon, c.lat, c.capacity or 0, False,
                 SiteTraits(c.space, c.kind, c.accessible))
            for c in cards
        ]  # fmt: skip
    return found[:MOST_SITES]


def share_out(
    groups: list[Wanting], sites: list[Site], *, kind: str, on_foot: bool, on: date,
    by_road: ByRoad | None = None,
) -> Sharing:  # fmt: skip
    """Share the people out over the sites with the least travel, within room and suitability.

    `by_road`: how long vehicles take on the road net; who goes on foot goes where no road is.
    """
    near = [g for g in groups if g.lon is not None]
    usable = [s for s in sites if s.lon is not None]
    here = [(g.lon, g.lat) for g in near]
    there = [(s.lon, s.lat) for s in usable]
    took = by_road(here, there) if by_road and not on_foot and near and usable else None  # type: ignore[arg-type]
    cut, straight = set(), set()
    far = tuple(g.where for g in groups if g.lon is None) + tuple(s.name for s in sites if s.lon is None)
    table, refusals = list_suits(), []
    travel, allowed = [], []
    for g, group in enumerate(near):
        row_s, row_ok = [], []
        for s, site in enumerate(usable):
            rule = rules.find_refusal(site.traits, kind=kind, needs=group.needs, table=table, on=on)
            if rule is not None:
                refusals.append(Refusal(g, s, rule))
            seconds = took[g][s] if took is not None else math.nan
            if math.isinf(seconds):
                cut.add((g, s))
            elif took is not None and math.isnan(seconds):
                straight.add((g, s))
            row_ok.append(rule is None and not math.isinf(seconds))
            if not math.isfinite(seconds):
                seconds = rules.way_s(here[g], there[s], on_foot=on_foot)  # type: ignore[arg-type]
            row_s.append(seconds)
        travel.append(tuple(row_s))
        allowed.append(tuple(row_ok))
    problem = Problem(
        groups=tuple(
            Group(people=g.people, whole=g.whole, weight=NEED_WEIGHT if g.needs else 1.0) for g in near
        ),
        room=tuple(s.free for s in usable),
        travel_s=tuple(travel),
        allowed=tuple(allowed),
    )
    return Sharing(
        tuple(near), tuple(usable), sheltering.place(problem), tuple(refusals), far,
        took is not None, frozenset(cut), frozenset(straight),
    )  # fmt: skip
