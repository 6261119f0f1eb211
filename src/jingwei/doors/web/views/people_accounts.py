"""Accounts of the people within the operator's reach: locks, lost second factors, sessions."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import actions
from jingwei.apps.agencies import queries as agencies
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, signed_in
from jingwei.kernel.refusals import Refused

ACTS = {
    "unlock": actions.unlock_account,
    "reset": actions.reset_second_factor,
    "end": actions.end_sessions_of,
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Asked) -> HttpResponse:
    """Who has an account here, and what an operator may do for them; every act is recorded."""
    authority = agencies.require(request.caller.by, "agencies.unlock_account", at=request.moment.at)
    error, status = "", 200
    if request.method == "POST":
        carry_out = ACTS.get(request.POST.get("what", ""))
        try:
            if carry_out is None:
                raise Refused("form_unreadable")
            carry_out(request.POST.get("username", ""), **act(request))
            return redirect("/account/people?done=1")
        except Refused as refused:
            error, status = refusals.sentence(refused), 422
    text = request.GET.get("q", "")[:100]
    context = {
        "accounts": agencies.list_accounts(authority, at_real=request.moment.recorded_at, text=text),
        "text": text,
        "error": error,
        "done": _("Done, and recorded in your name.") if request.GET.get("done") else "",
    }
    return render(request, "web/people_accounts.html", context, status=status)
