"""The same way with real commits: nothing writes outside a transaction, and no code counts twice at once."""

import threading
from collections.abc import Callable

from django.db import connection
from django.test import Client

from jingwei.apps.agencies.models import SignedInSession
from jingwei.apps.journal.models import Entry
from tests.databases import PASSWORD
from tests.doors.web.test_account import NAME, code_of, give_password, is_in, set_up
from tests.doors.web.test_pages import signed_in
from tests.nodes import LiveDatabase


def test_every_step_commits(live_db: LiveDatabase) -> None:
    first = signed_in(NAME)
    codes = set_up(first, NAME)
    client = Client()
    give_password(client, NAME)
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    assert client.post("/account/sessions", {"session": "others"}).status_code == 302
    assert not is_in(first) and is_in(client)
    form = {"password": PASSWORD, "new": "ein anderes 41", "again": "ein anderes 41"}
    assert client.post("/account/password", form).status_code == 302 and is_in(client)
    operator = signed_in("zhongyu")
    assert operator.post("/account/people", {"username": NAME, "what": "end"}).status_code == 302
    assert not is_in(client)
    assert operator.post("/account/people", {"username": NAME, "what": "reset"}).status_code == 302
    assert operator.post("/sign-out").status_code == 302 and not is_in(operator)
    assert not SignedInSession.objects.exists()


def at_once(act: Callable[[], int], times: int) -> list[int]:
    """The same in several threads, which all wait for each other first."""
    start, said = threading.Barrier(times), []

    def one() -> None:
        start.wait()
        try:
            said.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_one_code_at_several_doors_at_once_opens_one(live_db: LiveDatabase) -> None:
    set_up(signed_in(NAME), NAME)
    clients = [Client() for _ in range(4)]
    for client in clients:
        give_password(client, NAME)
    code, waiting = code_of(NAME), list(clients)
    said = at_once(lambda: waiting.pop().post("/sign-in/code", {"code": code}).status_code, 4)
    assert sorted(said) == [302, 422, 422, 422]
    assert Entry.objects.filter(kind="agencies.signed_in/1", body__factors=2).count() == 1
