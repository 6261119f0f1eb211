"""What all views share: who may come in, how a refusal is shown, where one goes on to."""

import uuid
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jingwei.apps.agencies import queries as agencies
from jingwei.doors.entry import refusals
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused


class Asked(HttpRequest):
    """A request as the middleware of `entry` hands it on: who calls (None: nobody) and when."""

    caller: Any
    moment: Moment
    LANGUAGE_CODE: str


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Only for a person in a post; others are asked to sign in and come back here."""

    @wraps(view)
    def inner(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "caller", None) is None:
            return redirect(f"/sign-in?{urlencode({'next': request.get_full_path()})}")
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return refusal_page(request, refused)

    return inner


def refusal_page(request: Asked, refused: Refused) -> HttpResponse:
    """A refusal that no form on the page can show."""
    context = {"title": _("Not done"), "what": refusals.sentence(refused), "kept": _("Nothing was changed.")}
    return render(request, "web/error.html", context, status=status_of(refused))


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal: no right, not known, a form to be mended, or a state that forbids it."""
    if refused.code in ("not_allowed", "machine_may_not_decide"):
        return 403
    if refused.code.endswith(("_missing", "_unreadable")):
        return 422
    return 404 if refused.code.endswith(("_unknown", "not_found")) else 409


def missing_page(request: Asked, what: str) -> HttpResponse:
    context = {"title": _("Not found"), "what": what, "kept": _("It may lie outside your area.")}
    return render(request, "web/error.html", context, status=404)


def onward(request: Asked, default: str = "/") -> HttpResponseRedirect:
    """To the page the form came from, never to another host."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else default)


def act(request: Asked) -> dict[str, Any]:
    """Who acts and when, as every action wants it."""
    return {"by": request.caller.by, "moment": request.moment}


def offers(request: Asked, *names: str, place: str | None = None, hazard: str | None = None) -> set[str]:
    """Which of these actions the page may offer; the action itself asks again."""
    authority = request.caller.authority
    return {n.split(".")[1] for n in names if agencies.may_with(authority, n, place=place, hazard=hazard)}


def mark(*parts: object) -> str:
    """A short mark that differs when what a region shows differs."""
    return f"{zlib.crc32(repr(parts).encode()):x}"


def uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None


def whole(text: str | None, default: int | None = None) -> int | None:
    """A whole number from a form field, or the default."""
    try:
        return int(text) if text else default
    except ValueError:
        return default
