"""The dispatch board: needs, the proposal with its reasons, ways, what is on the road, what must stay."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.dispatch import queries
from jingwei.apps.dispatch.facts import LINE_STATES
from jingwei.apps.dispatch.queries import LineView, OrderView, ProposalView, SoughtLines
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.needs import queries as needs
from jingwei.apps.needs.queries import NeedLine, Sought
from jingwei.apps.places import queries as places
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import StoreCard
from jingwei.apps.roads import queries as roads
from jingwei.apps.roads.queries import ClosureLine
from jingwei.apps.stock import queries as stock
from jingwei.doors.entry import refusals
from jingwei.doors.web import sketch, terms, ways_drawn
from jingwei.doors.web.door import Asked, mark, missing_page, offers, signed_in, uuid_of, whole
from jingwei.doors.web.helped import board_help
from jingwei.doors.web.names import Names
from jingwei.doors.web.ways_drawn import Spot, Way
from jingwei.kernel.codes import normal_place

from .phone import code_of
from .stock import PAGE, pages_of

RIGHTS = ("ask_proposal", "accept_lines", "change_line", "refuse_line", "lift_pair", "ask_help")
#: Rows of the board's columns; the rest is one link away.
NEEDS, ON_ROAD, RESERVE = 24, 10, 8
#: Drawn at most, so that the sketch stays readable.
DRAWN = 14
ASKED = ("q", "state", "priority", "item", "store", "place", "late", "sort", "group")


def can(request: Asked, place: str) -> set[str]:
    """What this post may do on the board of that place."""
    return offers(request, *[f"dispatch.{one}" for one in RIGHTS], place=place)


def line_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This is not known here. Look at the dispatch board."))


@signed_in
@require_safe
def board(request: Asked) -> HttpResponse:
    authority, at, names = request.caller.authority, request.moment.at, Names()
    place = authority.place
    ready, newest = queries.find_ready(place), queries.find_newest(place)
    lines = queries.list_lines(ready.id) if ready else []
    wanted = needs.list_needs(Sought(), authority=authority, at=at, limit=NEEDS)
    wanted = [one for one in wanted if one.joined_into_id is None]
    numbers = {one.id: n for n, one in enumerate(wanted, 1)}
    on_road = queries.list_orders(authority=authority, limit=ON_ROAD)
    stores = _stores_of(lines)
    pairs = queries.list_pairs(place)
    closures = roads.list_closures(authority=authority, at=at)
    names.know(
        divisions={place, *(o.place for o in wanted), *(o.place for o in lines), *(o.place for o in on_road)},
        sites={*(o.site for o in wanted), *(o.site for o in lines), *(o.site for o in on_road)},
        people=[p.by for p in pairs] + [p.asked_by for p in (ready, newest) if p],
    )
    unmet = {uuid.UUID(n): (q, why) for n, q, why in ready.unmet} if ready else {}
    shown = rows_of(lines, stores, names, ready, authority, numbers)
    road = order_rows(on_road, names, at)
    states = queries.count_states(ready.id) if ready else {}
    asked = queries.count_for_others(ready.id, authority=authority) if ready else 0
    context: dict[str, Any] = {
        "place": names.place(place),
        "ready": ready,
        "shape": proposal_shape(ready),
        "waiting": newest if newest and newest.state == "asked" else None,
        "failed": newest if newest and newest.state == "failed" else None,
        "asked_by": names.person(ready.asked_by) if ready else None,
        "needs": [_need_row(one, numbers, unmet, names, at) for one in wanted],
        "need_count": needs.count_needs(Sought(), authority=authority, at=at),
        "unmet": len(unmet),
        "lines": shown,
        "states": states,
        "open": states.get("proposed", 0),
        "to_ask": asked,
        "to_accept": states.get("proposed", 0) - asked,
        "groups": queries.list_groups(ready.id, "priority") if ready else [],
        "pairs": [_pair_row(one, names) for one in pairs],
        "advice": needs.list_public_advice(at=at, limit=3),
        "road": road,
        "road_count": queries.count_orders(authority=authority),
        "reserve": _reserve(wanted, request),
        "map": _drawn(shown, road, numbers, request, names, closures),
        "closed": len(closures),
        "can": can(request, place),
        **board_help(request, names),
        "rules": hazards.list_dispatch_values(on=localdate(at)),
    }
    context["marks"] = {
        "help": context["help_mark"],
        "needs": mark([(o.id, o.version, o.served, unmet.get(o.id)) for o in wanted]),
        "proposal": mark(
            ready, context["waiting"], context["failed"], states, [one.state for one in lines], pairs
        ),
        "road": mark([(o.id, o.version) for o in on_road], context["reserve"]),
    }
    return render(request, "web/dispatch/board.html", context)


def proposal_shape(found: ProposalView | None) -> SimpleNamespace | None:
    """A proposal's figures as people read them: cost in units times hours; no gap where nothing is proven."""
    if found is None or found.cost is None:
        return None
    return SimpleNamespace(
        cost=round(found.cost / 3600, 1),
        bound=None if found.bound is None else round(found.bound / 3600, 1),
        gap=None if found.gap is None else round(found.gap * 100, 2),
        seconds=None if found.seconds is None else round(found.seconds, 1),
    )


def _stores_of(lines: Iterable[LineView]) -> dict[str, StoreCard]:
    """The stores that lines and their reasons name."""
    ids = set()
    for line in lines:
        ids.add(line.store_id)
        nearer = [one["store"] for one in line.reason.get("nearer", ())]
        following = line.reason.get("next")
        ids |= {uuid.UUID(one) for one in (*nearer, *([following["store"]] if following else []))}
    return {str(k): v for k, v in resources.list_stores_by_id(ids).items()}


def rows_of(
    lines: Sequence[LineView],
    stores: dict[str, StoreCard],
    names: Names,
    of: ProposalView | None,
    authority: Authority,
    numbers: dict[uuid.UUID, int] | None = None,
) -> list[SimpleNamespace]:
    """Lines as the board draws them: to whom, why this source, the next best and what forbids nearer ones."""
    begun = of.made_at if of else None
    names.know(bodies={stores[s].owner for s in _lent(lines) if s in stores and stores[s].owner})
    names.know(divisions={one.store_place for one in lines if one.tier != "own"})
    asked = queries.list_help_of_lines([one.id for one in lines if one.tier != "own"])
    found = []
    for line in lines:
        to = names.place(line.place, line.site)
        found.append(
            SimpleNamespace(
                line=line,
                to=(line.asker, line.asker) if line.asker else to,
                where=to,
                need_number=(numbers or {}).get(line.need_id),
                late_min=-(-line.late_s // 60),
                travel_min=round(line.reason.get("travel_s", 0) / 60),
                cost=round(line.cost / 3600, 1),
                others=_others(line, stores, begun),
                streets=line.reason.get("streets", ()),
                keeper=_keeper(line, stores, names),
                agreement=line.reason.get("agreement"),
                orders=queries.may_order(line, authority=authority),
                trouble=refusals.say(line.trouble) if line.trouble else "",
                request=asked.get(line.id),
            )
        )
    return found


def _lent(lines: Iterable[LineView]) -> set[str]:
    return {str(one.store_id) for one in lines if one.tier != "own"}


def _keeper(line: LineView, stores: dict[str, StoreCard], names: Names) -> tuple[str, str] | None:
    """Who decides about a store of others: its body, else whoever may in its place."""
    if line.tier == "own":
        return None
    card = stores.get(str(line.store_id))
    return names.organization(card.owner) if card and card.owner else names.place(line.store_place)


def _others(line: LineView, stores: dict[str, StoreCard], begun: Any) -> list[SimpleNamespace]:
    following = line.reason.get("next")
    told = [(one, False) for one in line.reason.get("nearer", ())]
    if following and following["store"] not in {one["store"] for one, _ in told}:
        told.insert(0, (following, True))
    found = []
    for one, is_next in told:
        store, arrives = stores.get(one["store"]), one.get("arrives_s")
        more = one.get("cost")
        found.append(
            SimpleNamespace(
                store=store.name if store else one["store"][:8],
                is_next=is_next,
                why=one.get("why", ""),
                arrives_at=begun + timedelta(seconds=arrives) if begun and arrives is not None else None,
                more=None if more is None else round(more * line.quantity / 3600, 1),
            )
        )
    return found


def _need_row(
    one: NeedLine,
    numbers: dict[uuid.UUID, int],
    unmet: dict[uuid.UUID, tuple[int, str]],
    names: Names,
    at: Any,
) -> SimpleNamespace:
    short = unmet.get(one.id)
    return SimpleNamespace(
        line=one,
        number=numbers[one.id],
        place=names.place(one.place, one.site),
        stale=one.is_stale(at),
        late=one.is_late(at),
        short=short[0] if short else None,
        why=short[1] if short else "",
    )


def _pair_row(one: queries.PairView, names: Names) -> SimpleNamespace:
    return SimpleNamespace(pair=one, who=names.person(one.by), place=names.place(one.place, one.site))


def order_rows(found: Sequence[OrderView], names: Names, at: Any) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            order=one,
            to=(one.asker, one.asker) if one.asker else names.place(one.place, one.site),
            share=one.share(at),
            late=one.is_late(at),
            unanswered=one.is_unanswered(at),
        )
        for one in found
    ]


def _reserve(wanted: Sequence[NeedLine], request: Asked) -> list[SimpleNamespace]:
    """Of what is needed: what the stores of one's area have, promised, must keep, and may still send."""
    supplies = list(dict.fromkeys(one.supply_id for one in wanted if one.supply_id))[:RESERVE]
    held = stock.list_held(supplies, authority=request.caller.authority, on=localdate(request.moment.at))
    found = []
    for supply in supplies:
        rows = [one for one in held if one.supply.id == supply]
        if rows:
            whole_ = sum(one.on_hand for one in rows)
            free = sum(one.free for one in rows)
            found.append(
                SimpleNamespace(
                    supply=rows[0].supply, on_hand=whole_, promised=sum(one.promised for one in rows),
                    floor=sum(one.floor for one in rows), free=free, stores=len(rows),
                    only=rows[0].store if len([r for r in rows if r.free]) == 1 else "",
                    used=1 - free / whole_ if whole_ else 1.0,
                )
            )  # fmt: skip
    return found


def _drawn(
    lines: Sequence[SimpleNamespace],
    road: Sequence[SimpleNamespace],
    numbers: dict[uuid.UUID, int],
    request: Asked,
    names: Names,
    closures: Sequence[ClosureLine],
) -> ways_drawn.Drawn:
    """Stores, needs and loads with the lines between them: proposed ones dashed."""
    stores: dict[str, Spot] = {}
    spots: dict[str, Spot] = {}
    ways: list[Way] = []
    chosen = [(r.line, "proposed") for r in lines if r.line.state in ("proposed", "taken")][:DRAWN]
    chosen += [(r.order, "under_way" if r.order.left_at else "ordered") for r in road][:DRAWN]
    cards = resources.list_stores_by_id({one.store_id for one, _kind in chosen})
    sites = places.list_sites_by_id({one.site for one, _kind in chosen if one.site})
    codes = {one.place for one, _kind in chosen} | {card.place for card in cards.values()}
    points = places.list_points_by_code(codes)
    for one, kind in chosen:
        card, site = cards.get(one.store_id), sites.get(one.site)
        to = (site.lon, site.lat) if site else points.get(one.place)
        if card is None:
            continue
        own = card.lon is not None and card.lat is not None
        begin = (card.lon or 0.0, card.lat or 0.0) if own else points.get(card.place)
        if to is None or begin is None:
            continue
        a, b = f"s{one.store_id}", f"n{one.need_id}"
        stores.setdefault(
            a,
            Spot(
                a, "store", begin[0], begin[1], terms.say("dispatch_word", "store_sign"), card.name, card.name
            ),
        )
        zh, en = names.place(one.place, one.site)
        spots.setdefault(
            b,
            Spot(b, "need", to[0], to[1], str(numbers.get(one.need_id, "")), zh, en, f"/needs/{one.need_id}"),
        )
        ways.append(
            Way(a, b, kind, road=getattr(one, "reason", {}).get("way", ()) if kind == "proposed" else ())
        )
    seen = queries.list_newest_positions([r.order.id for r in road if r.order.state == "under_way"])
    for order_id, where in seen.items():
        key = f"o{order_id}"
        spots[key] = Spot(key, "load", where.lon, where.lat, "", "", "", f"/dispatch/orders/{order_id}")
    for closed in (one for one in closures if spots and one.shape == "point"):
        lon, lat = closed.points[0]
        spots[f"c{closed.id}"] = Spot(f"c{closed.id}", "cross", lon, lat, "×", "", "")
    around = places.list_points(
        within=request.caller.authority.place[:4],
        level=3 if request.caller.authority.place else 2,
        sites=False,
    )
    near = [sketch.Point(lon=p.lon, lat=p.lat, name_zh=p.name_zh, name_en=p.name_en) for p in around]
    drawn = ways_drawn.draw_ways([*stores.values(), *spots.values()], ways, near)
    if spots:
        drawn.outline(closures)
    return drawn


# --- one proposal, all of its lines ---


def sought_of(request: Asked) -> SoughtLines:
    """What the address asks for; what cannot be read asks for nothing."""
    v = request.GET.get
    return SoughtLines(
        text=v("q", "")[:100],
        state=v("state", "") if v("state") in LINE_STATES else "",
        priority=whole(v("priority")),
        supply_id=uuid_of(v("item", "")),
        store_id=uuid_of(v("store", "")),
        place=normal_place(code_of(v("place", "")))[:12],
        late=bool(v("late")),
        sort=v("sort", "first") if v("sort") in queries.SORTS else "first",
    )


@signed_in
@require_safe
def proposal(request: Asked, proposal_id: uuid.UUID) -> HttpResponse:
    """All lines of a proposal: grouped, sorted, narrowed, a page at a time."""
    found = queries.find_proposal(proposal_id, authority=request.caller.authority)
    if found is None:
        return line_missing(request)
    sought, names = sought_of(request), Names()
    count = queries.count_lines(found.id, sought)
    paged = pages_of(request, count)
    lines = queries.list_lines(found.id, sought, offset=paged["offset"] or 0, limit=PAGE)
    names.know(divisions={one.place for one in lines} | {found.place}, sites={one.site for one in lines})
    group = request.GET.get("group", "priority")
    group = group if group in queries.GROUPS else "priority"
    groups = queries.list_groups(found.id, group)
    if group == "place":
        names.know(divisions={one.key for one in groups})
    asked = {n: request.GET[n][:100] for n in ASKED if request.GET.get(n)}
    kept = {k: v for k, v in asked.items() if k not in ("group", _NARROWS[group])}
    context = {
        "found": found,
        "shape": proposal_shape(found),
        "place": names.place(found.place),
        "rows": rows_of(lines, _stores_of(lines), names, found, request.caller.authority),
        "count": count,
        "group": group,
        "groups": [
            SimpleNamespace(
                line=one,
                name=names.place(one.key) if group == "place" else (one.name_zh, one.name_en),
                href=urlencode({**kept, "group": group, _NARROWS[group]: one.key}),
            )
            for one in groups
        ],
        "group_words": [(one, _NARROWS[one]) for one in queries.GROUPS],
        "asked": request.GET,
        "question": urlencode(asked),
        "sorts": queries.SORTS,
        "line_states": LINE_STATES,
        "unmet": len(found.unmet),
        "can": can(request, found.place),
        **paged,
    }
    return render(request, "web/dispatch/proposal.html", context)


#: What the list is narrowed to by a group's key.
_NARROWS = {"priority": "priority", "item": "item", "place": "place", "store": "store", "state": "state"}


@signed_in
@require_safe
def list_proposals(request: Asked) -> HttpResponse:
    """Every proposal of one's area, the newest first."""
    place, names = request.caller.authority.place, Names()
    count = queries.count_proposals(place)
    paged = pages_of(request, count)
    found = queries.list_proposals(place, offset=paged["offset"] or 0, limit=PAGE)
    names.know(people=[one.asked_by for one in found])
    rows = [
        SimpleNamespace(found=one, shape=proposal_shape(one), who=names.person(one.asked_by)) for one in found
    ]
    context = {"rows": rows, "count": count, "tab": "proposals", "question": "", **paged}
    return render(request, "web/dispatch/proposals.html", context)
