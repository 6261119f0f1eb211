"""Who is calling: a person's session that acts for one post, or a program's token.

`request.caller` is None for everyone else, also for a user whose post was taken back. Whether the user
signed in, and until when, is real time; whether the post acts is the node's clock.
"""

import uuid
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import msgspec
from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from jingwei.apps.agencies import queries as agencies
from jingwei.kernel.moments import By, Moment

from .moments import real_now, this_moment

#: Where the session keeps the holding it acts for.
HOLDING = "holding"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Caller(msgspec.Struct, frozen=True):
    """Who calls and for which post. `user` is the user's row, as Django's sessions want it."""

    by: By
    authority: agencies.Authority
    user: Any


class CallerMiddleware:
    """Gives every request its `moment` and its `caller`, or None. One query each; nothing is remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.moment = this_moment()  # type: ignore[attr-defined]
        request.caller = _caller(request, request.moment)  # type: ignore[attr-defined]
        return self.get_response(request)


def _caller(request: HttpRequest, moment: Moment) -> Caller | None:
    holding = request.session.get(HOLDING)
    if holding is None or not request.user.is_authenticated:
        return None
    by = uuid.UUID(holding)
    authority = agencies.find_authority(by, at=moment.at, user=request.user.pk)
    return Caller(by=by, authority=authority, user=request.user) if authority else None


def caller_of_session(session_key: str) -> Caller | None:
    """The caller behind a session's cookie, for routes that Django's middleware does not see."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = auth.get_user(request)
    return _caller(request, this_moment())


def caller_of_token(headers: Mapping[str, str]) -> By | None:
    """The holding a program acts for, by `authorization: Bearer …`. Header names in lower case."""
    scheme, _, plain = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not plain.strip():
        return None
    return agencies.find_token(plain.strip(), at_real=real_now())


def begin_session(request: HttpRequest, user: Any, holding: By | None) -> None:
    """Let the session be this user's, acting for this holding, or for none until one is chosen."""
    with transaction.atomic():
        auth.login(request, user, backend=_BACKEND)
        act_for(request, holding)


def act_for(request: HttpRequest, holding: By | None) -> None:
    """Let the session act for one post of its user; `agencies.take_post` has written it down."""
    if holding is None:
        request.session.pop(HOLDING, None)
    else:
        request.session[HOLDING] = str(holding)


def hand_over_session(request: HttpRequest, user: Any, holding: By) -> None:
    """At a shared desk: the session is the colleague's now, under a new key.

    The page's own token stays valid, else what is being typed in its forms could not be sent.
    """
    page_token = request.META.get("CSRF_COOKIE")
    begin_session(request, user, holding)
    if page_token:
        request.META["CSRF_COOKIE"] = page_token


def end_session(request: HttpRequest) -> None:
    """Forget the session, here and in the database."""
    with transaction.atomic():
        auth.logout(request)
