"""A node made again from a backup: what period may be missing, whom to ask, what to enter again."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import actions
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.facts import NodeRestored
from jingwei.doors.web.door import Asked, act, offers, signed_in, uuid_of
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused


def gap() -> SimpleNamespace | None:
    """The period of which this node may know nothing, in real time; None when nobody has to see to one."""
    found = journal.find_restore()
    if found is None or not isinstance(found.fact, NodeRestored):
        return None
    fact = found.fact
    return SimpleNamespace(
        id=found.id,
        from_at=fact.last_recorded_at or fact.made_at,
        made_at=fact.made_at,
        until_at=found.recorded_at,
        by=found.by,
        tokens=fact.tokens,
        epoch=fact.epoch,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def restored(request: Asked) -> HttpResponse:
    if request.method == "POST":
        entry = uuid_of(request.POST.get("entry", ""))
        if entry is None:
            raise Refused("form_unreadable")
        actions.acknowledge_restore(entry, **act(request))
        return redirect("/")
    one = gap()
    if one is None:
        return redirect("/")
    office = request.caller.authority.organization_code
    names = Names()
    context = {
        "gap": one,
        "who": names.person(one.by),
        "above": [names.organization(code) for code in dict.fromkeys(agencies.list_above(office))],
        "below": [(card.name_zh, card.name_en) for card in agencies.list_directly_below(office)],
        "can": offers(request, "agencies.acknowledge_restore", "papers.enter_slip"),
    }
    return render(request, "web/restored.html", context)
