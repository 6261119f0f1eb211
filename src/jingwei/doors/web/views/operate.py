"""Operation of the node: what is due, what failed, which tables are loaded."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import actions as agency_actions
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal import queries as journal
from jingwei.apps.places import queries as places
from jingwei.apps.seals import queries as seals
from jingwei.doors.web.door import Asked, act, signed_in, uuid_of
from jingwei.kernel.refusals import Refused


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def operate(request: Asked) -> HttpResponse:
    agencies.require(request.caller.by, "agencies.retry_reaction", at=request.moment.at)
    if request.method == "POST":
        entry = uuid_of(request.POST.get("entry", ""))
        if entry is None:
            raise Refused("form_unreadable")
        agency_actions.retry_reaction(entry, request.POST.get("reaction", ""), **act(request))
        return redirect("/operate")
    context = {
        "entries": journal.count_entries(),
        "due": journal.list_due_counts(),
        "due_total": journal.count_due(),
        "failures": journal.list_failures(),
        "tables": hazards.list_loaded_tables(),
        "divisions": places.count_divisions(),
        "organizations": agencies.count_organizations(),
        "node": journal.get_node(),
        "seals": seals.get_state(),
        "accounts": agencies.may(request.caller.by, "agencies.unlock_account", at=request.moment.at),
    }
    return render(request, "web/operate.html", context)
