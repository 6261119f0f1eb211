"""One's own account: second factor, sessions, password."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.apps.agencies import actions
from jingwei.apps.agencies import queries as agencies
from jingwei.doors.entry import callers, refusals
from jingwei.doors.web.door import Asked, act, offers, signed_in, uuid_of
from jingwei.doors.web.qr import drawn
from jingwei.kernel.refusals import Refused


@signed_in
@require_safe
def account(request: Asked) -> HttpResponse:
    return render(request, "web/account.html", _context(request))


@signed_in
@require_POST
def begin_key(request: Asked) -> HttpResponse:
    """Show a new key, once; the password is asked again, and a code of the key there is."""
    try:
        key = actions.begin_second_factor(
            request.POST.get("password", ""),
            code=request.POST.get("code", ""),
            address=callers.address_of(request),
            **act(request),
        )
    except Refused as refused:
        return _again(request, refused, "key")
    context = {"key": key, "qr": drawn(key.uri, _("The key as a QR code"))}
    return render(request, "web/account_key.html", context)


@signed_in
@require_POST
def confirm_key(request: Asked) -> HttpResponse:
    """The first code proves the key; the recovery codes are shown, once."""
    try:
        codes = actions.confirm_second_factor(request.POST.get("code", ""), **act(request))
    except Refused as refused:
        context = {"error": refusals.sentence(refused), "over": refused.code == "no_key_begun"}
        return render(request, "web/account_key.html", context, status=422)
    return render(request, "web/account_codes.html", {"codes": codes})


@signed_in
@require_POST
def change_password(request: Asked) -> HttpResponse:
    new = request.POST.get("new", "")
    try:
        if new != request.POST.get("again", ""):
            raise Refused("passwords_differ")
        user = actions.change_password(
            request.POST.get("password", ""), new, address=callers.address_of(request), **act(request)
        )
    except Refused as refused:
        return _again(request, refused, "password")
    callers.begin_session(request, user, request.caller.by)
    return redirect("/account?done=password")


@signed_in
@require_POST
def end_sessions(request: Asked) -> HttpResponse:
    """End one of one's sessions, or all but this one."""
    wanted = request.POST.get("session", "")
    try:
        if wanted == "others":
            actions.end_other_sessions(str(request.session.session_key), **act(request))
        else:
            session = uuid_of(wanted)
            if session is None:
                raise Refused("form_unreadable")
            actions.end_session(session, **act(request))
    except Refused as refused:
        return _again(request, refused, "sessions")
    return redirect("/account?done=sessions")


def _again(request: Asked, refused: Refused, part: str) -> HttpResponse:
    context = _context(request) | {"error": refusals.sentence(refused), "part": part}
    return render(request, "web/account.html", context, status=422)


def _context(request: Asked) -> dict[str, Any]:
    user, role = request.caller.user.pk, request.caller.authority.role
    since = agencies.find_factor_since(user)
    done = {"password": _("The password is changed."), "sessions": _("The session is ended.")}
    return {
        "since": since,
        "expected": since is None and agencies.expects_second_factor(role),
        "owed": agencies.owes_second_factor(role, has_one=since is not None),
        "waiting": agencies.is_key_waiting(user, at_real=request.moment.recorded_at),
        "left": agencies.count_recovery_codes(user),
        "sessions": agencies.list_sessions(
            user, session_key=str(request.session.session_key), at_real=request.moment.recorded_at
        ),
        "done": done.get(request.GET.get("done", "")),
        "operates": offers(request, "agencies.unlock_account"),
    }
