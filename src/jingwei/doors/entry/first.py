"""Who goes first at a door, without asking the database for every caller.

The list is read every few seconds and kept in memory as digests. It decides only who waits: whether a
caller may act is asked of the database for every request. Until the first list is there nobody goes first.
"""

import logging
import threading
import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.db import Error, connection

from jingwei.apps.agencies import queries as agencies

from .moments import this_moment
from .troubles import note_error

log = logging.getLogger(__name__)

#: How old the list may be, seconds. Source: our estimate, a person who just signed in on a crowded day
#: waits that long for their place in front, 2026-11-22.
EVERY_S = 3.0


class First:
    """The list, read again in the background while anybody asks."""

    def __init__(self) -> None:
        self._list = agencies.Favored()
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def knows_token(self, authorization: str) -> bool:
        """Whether this token could be used when the list was read. No: it may be newer than the list."""
        return _token(authorization) in self._now().known

    def is_first(self, headers: Mapping[str, str]) -> bool:
        """Whether the token, or the session's cookie, belongs to a post that goes first."""
        now = self._now()
        if _token(headers.get("authorization", "")) in now.tokens:
            return True
        key = session_key(headers.get("cookie", ""))
        return bool(key) and agencies.key_digest(key) in now.sessions

    def _now(self) -> agencies.Favored:
        self._asked.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._keep, name="first", daemon=True)
                    self._thread.start()
        return self._list

    def _keep(self) -> None:
        while self._asked.wait():
            self._asked.clear()
            self._read()
            time.sleep(EVERY_S)

    def _read(self) -> None:
        try:
            moment = this_moment()
            self._list = agencies.list_favored(at=moment.at, at_real=moment.recorded_at)
        except Error as error:  # the last list stays in force
            log.warning("who goes first could not be read")
            note_error(error)
            connection.close()


#: One list for all doors of a process.
FIRST = First()


def _token(authorization: str) -> str:
    scheme, _, plain = authorization.strip().partition(" ")
    return agencies.token_digest(plain.strip()) if scheme.lower() == "bearer" and plain.strip() else ""


def session_key(cookie: str) -> str:
    """The session's key in a request's cookies; empty when there is none."""
    try:
        found = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""
