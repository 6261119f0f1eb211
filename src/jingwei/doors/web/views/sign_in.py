"""Signing in and out, choosing the post one acts for, changing the person at a shared desk."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.agencies import actions
from jingwei.apps.agencies import queries as agencies
from jingwei.doors.entry import callers, refusals
from jingwei.doors.web.door import Asked, onward, signed_in, uuid_of
from jingwei.kernel.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    """By user name and password; whoever holds several posts then chooses one."""
    context = {"next": request.POST.get("next") or request.GET.get("next") or "/"}
    if request.method != "POST":
        if request.caller is not None:
            return onward(request)
        if request.user.is_authenticated:
            return redirect("/post")
        return render(request, "web/sign_in.html", context)
    username = request.POST.get("username", "")
    password = request.POST.get("password", "")
    try:
        found = actions.sign_in(
            username, password, address=callers.address_of(request), moment=request.moment
        )
        return _let_in(request, found)
    except actions.CodeWanted as wanted:
        callers.end_session(request)
        callers.await_code(request, wanted, next=context["next"])
        return redirect("/sign-in/code")
    except Refused as refused:
        context |= {"error": refusals.sentence(refused), "username": username[:150]}
        return render(request, "web/sign_in.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: Asked) -> HttpResponse:
    """The second step: the code of the second factor, or a recovery code."""
    waiting = callers.find_waiting(request)
    if waiting is None or request.user.is_authenticated:
        return redirect("/sign-in")
    context = {"action": "/sign-in/code", "title": _("Sign in"), "next": waiting[1].get("next", "/")}
    if request.method != "POST":
        return render(request, "web/code.html", context)
    try:
        found = actions.finish_sign_in(
            waiting[0],
            request.POST.get("code", ""),
            address=callers.address_of(request),
            moment=request.moment,
        )
        return _let_in(request, found)
    except Refused as refused:
        context["error"] = refusals.sentence(refused)
        return render(request, "web/code.html", context, status=422)


def _let_in(request: Asked, found: actions.SignIn) -> HttpResponse:
    if not found.holdings:
        raise Refused("no_post")
    if len(found.holdings) > 1:
        wanted = request.POST.get("next") or "/"
        callers.begin_session(request, found.user, None)
        return render(request, "web/post.html", {"next": wanted, "holdings": found.holdings})
    taken = actions.take_post(found.user.pk, found.holdings[0].holding, moment=request.moment)
    callers.begin_session(request, found.user, taken.holding)
    return onward(request)


@require_http_methods(["GET", "HEAD", "POST"])
def take_post(request: Asked) -> HttpResponse:
    """Choose the post the session acts for, of those the user holds now."""
    if not request.user.is_authenticated:
        return redirect("/sign-in")
    holdings = agencies.list_holdings(request.user.pk, at=request.moment.at)
    context = {"holdings": holdings, "next": request.POST.get("next") or "/"}
    if request.method != "POST":
        if not holdings:
            context["error"] = refusals.say("no_post")
        return render(request, "web/post.html", context)
    chosen = uuid_of(request.POST.get("holding", ""))
    try:
        if chosen is None:
            raise Refused("no_post")
        taken = actions.take_post(request.user.pk, chosen, moment=request.moment)
    except Refused as refused:
        return render(request, "web/post.html", context | {"error": refusals.sentence(refused)}, status=422)
    callers.begin_session(request, request.user, taken.holding)
    return onward(request)


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    if request.user.is_authenticated:
        by = request.caller.by if request.caller else None
        actions.sign_out(request.user.pk, by=by, moment=request.moment)
        callers.end_session(request)
    return redirect("/sign-in")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: Asked) -> HttpResponse:
    """Hand the desk to a colleague: the page and what is typed in it stay."""
    colleagues = agencies.list_colleagues(request.caller.authority, at=request.moment.at)
    context = {
        "colleagues": [(f"{c.username}|{c.authority.holding}", c.authority) for c in colleagues],
        "chosen": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next") or "/",
    }
    if request.method != "POST":
        return render(request, "web/switch.html", context)
    username, _sep, holding = request.POST.get("username", "").partition("|")
    try:
        found = actions.switch_person(
            username,
            request.POST.get("password", ""),
            by=request.caller.by,
            address=callers.address_of(request),
            moment=request.moment,
            holding=uuid_of(holding),
        )
    except actions.CodeWanted as wanted:
        callers.await_code(request, wanted, holding=holding)
        return render(request, "web/code.html", _switch_code(request.POST.get("next") or "/"))
    except Refused as refused:
        return render(request, "web/switch.html", context | {"error": refusals.sentence(refused)}, status=422)
    return _hand_over(request, found)


@signed_in
@require_POST
def switch_code(request: Asked) -> HttpResponse:
    """The second step of taking over the desk: the colleague's code."""
    waiting = callers.find_waiting(request)
    if waiting is None:
        return redirect("/switch")
    try:
        found = actions.finish_switch(
            waiting[0],
            request.POST.get("code", ""),
            by=request.caller.by,
            address=callers.address_of(request),
            moment=request.moment,
            holding=uuid_of(waiting[1].get("holding", "")),
        )
    except Refused as refused:
        context = _switch_code(request.POST.get("next") or "/") | {"error": refusals.sentence(refused)}
        return render(request, "web/code.html", context, status=422)
    return _hand_over(request, found)


def _switch_code(wanted: str) -> dict[str, object]:
    return {"action": "/switch/code", "title": _("Change person"), "next": wanted, "at_desk": True}


def _hand_over(request: Asked, found: actions.SignIn) -> HttpResponse:
    taken = found.holdings[0]
    callers.hand_over_session(request, found.user, taken.holding)
    if request.headers.get("X-Jingwei-Dialog"):
        request.caller = callers.Caller(by=taken.holding, authority=taken, user=found.user)
        name = taken.person_zh if _is_zh(request) else taken.person_en or taken.person_zh
        return render(request, "web/switched.html", {"said": _("Now on duty: {name}").format(name=name)})
    return onward(request)


def _is_zh(request: Asked) -> bool:
    return request.LANGUAGE_CODE.startswith("zh")
