"""A session's key is new whenever another person or post acts by it; the old one is dead."""

import pytest
from django.test import Client

from jingwei.apps.agencies import queries as agencies
from jingwei.wiring.prepare import real_moment
from tests.databases import PASSWORD
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def with_key(key: str | None) -> int:
    """What the desk answers to whoever holds this key."""
    client = Client()
    client.cookies["jw_session"] = key or ""
    return client.get("/").status_code


def test_a_key_that_somebody_else_put_there_opens_nothing():
    client = Client()
    client.cookies["jw_session"] = "a" * 32
    client.post("/sign-in", {"username": "hejing", "password": PASSWORD})
    assert client.cookies["jw_session"].value != "a" * 32 and with_key("a" * 32) == 302


def test_taking_a_post_and_handing_over_the_desk_make_a_new_key():
    client = signed_in("lisiyuan")
    first = client.cookies["jw_session"].value
    assert with_key(first) == 200, "canary"
    own = agencies.list_holdings(client.session["_auth_user_id"], at=real_moment().at)[0].holding
    client.post("/post", {"holding": str(own)})
    second = client.cookies["jw_session"].value
    assert second != first and with_key(first) == 302 and with_key(second) == 200
    authority = agencies.get_authority(own, at=real_moment().at)
    colleague = agencies.list_colleagues(authority, at=real_moment().at)[0]
    form = {"username": f"{colleague.username}|{colleague.authority.holding}", "password": PASSWORD}
    assert client.post("/switch", form).status_code == 302
    third = client.cookies["jw_session"].value
    assert third != second and with_key(second) == 302 and with_key(third) == 200


def test_leaving_kills_the_key_on_the_node_not_only_in_the_browser():
    client = signed_in("lisiyuan")
    key = client.cookies["jw_session"].value
    client.post("/sign-out")
    assert with_key(key) == 302


def test_keys_are_long_and_never_in_an_address():
    keys = {signed_in("lisiyuan").cookies["jw_session"].value for _ in range(3)}
    assert len(keys) == 3 and all(len(one) == 32 and one.isalnum() for one in keys), (
        "32 of 36 signs: 165 bits"
    )
    for one in keys:
        assert Client().get(f"/?sessionid={one}&jw_session={one}").status_code == 302


def test_another_site_is_never_led_to():
    for wanted in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\thttps://e.x",
    ):
        client = Client()
        answer = client.post("/sign-in", {"username": "hejing", "password": PASSWORD, "next": wanted})
        if answer.status_code == 200:  # several posts: the choice carries it on
            continue
        assert answer["location"] == "/", wanted
        assert client.post("/look", {"theme": "dark", "next": wanted})["location"] == "/"
