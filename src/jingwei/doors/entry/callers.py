"""Who is calling: a person's session that acts for one post, or a program's token.

`request.caller` is None for everyone else, also for a user whose post was taken back. Whether the user
signed in, and until when, is real time; whether the post acts is the node's clock. A session counts only
while agencies knows it: one that was ended is forgotten at its next request, and nobody is its user.
"""

import base64
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

import msgspec
from django.conf import settings
from django.contrib import auth
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jingwei.apps.agencies import actions
from jingwei.apps.agencies import queries as agencies
from jingwei.kernel.moments import By, Moment

from .moments import real_now, this_moment
from .once import a_request

#: Where the session keeps the holding it acts for.
HOLDING = "holding"
#: Where it keeps whose password was right while their code is still to come.
WAITING = "waiting"
#: Where a user may go who owes this node a second factor.
ENROLLING = frozenset({"/account", "/account/key", "/account/key/code", "/post", "/sign-out", "/look"})
log = logging.getLogger(__name__)

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Caller(msgspec.Struct, frozen=True):
    """Who calls and for which post. `user` is the user's row, as Django's sessions want it."""

    by: By
    authority: agencies.Authority
    user: Any


class CallerMiddleware:
    """Gives every request its `moment` and its `caller`, or None. Two queries; nothing is remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.moment = moment = this_moment()  # type: ignore[attr-defined]
        request.caller = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            session = _find_session(request, moment)
            if session is None:
                end_session(request)
            else:
                _note_use(session, moment)
                request.caller = caller = _find_caller(request, moment)  # type: ignore[attr-defined]
                if _owes_second_factor(session, caller) and request.path not in ENROLLING:
                    return redirect("/account")
        with a_request():
            return self.get_response(request)


def _find_session(request: HttpRequest, moment: Moment) -> agencies.OpenSession | None:
    key, user = request.session.session_key, request.user.pk
    return agencies.find_session(key, user, at_real=moment.recorded_at) if key and user else None


def _find_caller(request: HttpRequest, moment: Moment) -> Caller | None:
    holding = request.session.get(HOLDING)
    if holding is None:
        return None
    by = uuid.UUID(holding)
    authority = agencies.find_authority(by, at=moment.at, user=request.user.pk)
    return Caller(by=by, authority=authority, user=request.user) if authority else None


def _owes_second_factor(session: agencies.OpenSession, caller: Caller | None) -> bool:
    role = caller.authority.role if caller else ""
    return agencies.owes_second_factor(role, has_one=session.has_second_factor)


def _note_use(session: agencies.OpenSession, moment: Moment) -> None:
    if not agencies.is_seen_long_ago(session, at_real=moment.recorded_at):
        return
    try:
        actions.see_session(session.id, moment=moment)
    except DatabaseError:
        log.warning("session: when it was used could not be written; the page goes on")


def caller_of_session(session_key: str) -> Caller | None:
    """The caller behind a session's cookie, for routes that Django's middleware does not see."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = auth.get_user(request)
    moment = this_moment()
    session = _find_session(request, moment) if request.user.is_authenticated else None
    caller = _find_caller(request, moment) if session else None
    return None if session is None or _owes_second_factor(session, caller) else caller


def caller_of_token(headers: Mapping[str, str]) -> By | None:
    """The holding a program acts for, by `authorization: Bearer …`. Header names in lower case."""
    scheme, _, plain = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not plain.strip():
        return None
    return agencies.find_token(plain.strip(), at_real=real_now())


def caller_of_password(headers: Mapping[str, str]) -> By | None:
    """The same where a program can only send a name and a password (RFC 7617): the password is the token."""
    scheme, _, given = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        plain = base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except ValueError:  # not base64, or not text
        return None
    return agencies.find_token(plain, at_real=real_now()) if plain else None


def begin_session(request: HttpRequest, user: Any, holding: By | None) -> None:
    """Let the session be this user's, acting for this holding, or for none until one is chosen.

    Its key is new each time: one that somebody else put into the browser opens nothing.
    """
    before = request.session.session_key
    with transaction.atomic():
        if before:
            actions.close_session(before)
        auth.login(request, user, backend=_BACKEND)
        if before == request.session.session_key:  # the same user, as another post
            request.session.cycle_key()
        request.session.pop(WAITING, None)
        act_for(request, holding)
        request.session.save()
        actions.open_session(
            str(request.session.session_key),
            user_id=user.pk,
            holding=holding,
            address=address_of(request),
            agent=request.META.get("HTTP_USER_AGENT", ""),
            moment=this_moment(),
        )


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def await_code(request: HttpRequest, wanted: actions.CodeWanted, **more: str) -> None:
    """Keep in the session whose password was right; it opens nothing until the code was given."""
    user = wanted.user
    kept = {"user": str(user.pk), "proof": user.get_session_auth_hash(), "since": real_now().isoformat()}
    request.session[WAITING] = kept | more


def find_waiting(request: HttpRequest) -> tuple[actions.Waiting, dict[str, str]] | None:
    """Whose code is awaited in this session, and what else was kept with it."""
    kept = request.session.get(WAITING)
    if kept is None:
        return None
    since = datetime.fromisoformat(kept["since"])
    return actions.Waiting(user=uuid.UUID(kept["user"]), since=since, proof=kept["proof"]), kept


def forget_waiting(request: HttpRequest) -> None:
    request.session.pop(WAITING, None)


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
        if request.session.session_key:
            actions.close_session(request.session.session_key)
        auth.logout(request)
