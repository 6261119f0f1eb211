"""Who goes to which shelter: people by line, the proposal with the reason of each line, as a file too."""

from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from jingwei.apps.roads import queries as roads
from jingwei.apps.shelters import queries
from jingwei.apps.shelters.queries import Sharing
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, signed_in
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheltered import needs_of

from .phone import code_of
from .shelters import can

#: Longest question: it stands in the address, so that it can be asked again and passed on.
MOST_TEXT = 4_000


@signed_in
@require_safe
def assign(request: Asked) -> HttpResponse:
    """A question in the address and its answer; nothing is kept, nobody is ordered."""
    v, authority = request.GET.get, request.caller.authority
    text, kind = v("groups", "")[:MOST_TEXT], code_of(v("kind", ""))[:8]
    ready, on_foot = bool(v("ready")), v("how", "foot") == "foot"
    ways = None if on_foot else roads.find_ways(at=request.moment.at)
    context: dict[str, object] = {
        "net": roads.find_net() if ways is not None else None,
        "text": text,
        "kind": v("kind", "")[:80],
        "ready": ready,
        "on_foot": on_foot,
        "tab": "assign",
        "can": can(request),
        "found": None,
        "wrong": [],
        "suits": queries.list_suits(),
        "question": urlencode(
            {"groups": text, "kind": kind, "ready": "1" if ready else "", "how": v("how", "foot")}
        ),
    }
    if text.strip():
        groups, wrong = queries.read_wanting(text, authority=authority)
        sites = queries.list_sites(authority=authority, ready=ready)
        found = queries.share_out(
            groups, sites, kind=kind, on_foot=on_foot, on=localdate(request.moment.at),
            by_road=ways.matrix if ways is not None else None,
        )  # fmt: skip
        context |= {
            "found": found,
            "rows": _rows(found),
            "left": _left(found),
            "wrong": [SimpleNamespace(line=w.line, why=terms.say("family_wrong", w.code)) for w in wrong],
            "people": sum(g.people for g in found.groups),
            "cost_h": round(found.placed.cost_s / 3600, 1),
            "gap": None if found.placed.gap is None else round(100 * found.placed.gap, 2),
        }
    return render(request, "web/shelters/assign.html", context)


def _rows(found: Sharing) -> list[SimpleNamespace]:
    names = Names()
    names.know(divisions={g.place for g in found.groups} | {s.place for s in found.sites})
    rows = []
    for share in found.placed.shares:
        group, site = found.groups[share.group], found.sites[share.site]
        other = found.sites[share.next_best] if share.next_best is not None else None
        refused = [(r.rule, found.sites[r.site]) for r in found.refusals if r.group == share.group]
        cut = [found.sites[s] for g, s in sorted(found.cut) if g == share.group]
        rows.append(
            SimpleNamespace(
                share=share,
                group=group,
                site=site,
                other=other,
                needs=needs_of(group.needs),
                where=names.place(group.place),
                place=names.place(site.place),
                minutes=round(share.travel_s / 60),
                extra=round((share.extra_s or 0) / 60),
                straight=(share.group, share.site) in found.straight,
                cut=cut,
                refused=[SimpleNamespace(rule=r, site=s) for r, s in refused],
            )
        )
    return rows


def _left(found: Sharing) -> list[SimpleNamespace]:
    """For whom there is no place."""
    return [SimpleNamespace(group=found.groups[g], n=n) for g, n in enumerate(found.placed.unplaced) if n]
