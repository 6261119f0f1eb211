"""A NUL in an address: no query fails on it, on either database."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from jingwei.doors.entry.characters import AddressCharacters
from tests.doors.bounds.test_overload import token_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
NAME = f"{AddressCharacters.__module__}.{AddressCharacters.__qualname__}"
ASKED = [
    "/search?q=a%00b",
    "/reports?q=%00",
    "/tasks?q=%00&state=%00",
    "/incidents?state=%00",
    "/releases?q=%00",
]
DOOR = ["/api/v1/incidents?place=41%00", "/api/v1/incidents?search=%00", "/api/v1/reports?search=%00"]


def statuses() -> dict[str, int]:
    page, door = signed_in("hejing"), Client(headers=token_of("feeds"))
    page.raise_request_exception = door.raise_request_exception = False
    found = {one: page.get(one).status_code for one in ASKED}
    found |= {one: door.get(one).status_code for one in DOOR}
    found["path"] = door.get("/api/v1/places/41%00").status_code
    return found


def test_no_question_with_a_nul_breaks_a_page_or_the_json_door() -> None:
    assert {k: v for k, v in statuses().items() if v >= 500} == {}


def test_what_was_asked_around_it_is_still_asked() -> None:
    text = signed_in("hejing").get("/search?q=%E8%8D%A5%E9%98%B3%00").content.decode()
    assert "荥阳\ufffd" in text and "\x00" not in text


def test_canary_without_it_postgresql_refuses() -> None:
    left = [one for one in settings.MIDDLEWARE if one != NAME]
    assert len(left) == len(settings.MIDDLEWARE) - 1
    if connection.vendor != "postgresql":
        return  # SQLite takes a NUL; nothing would show
    with override_settings(MIDDLEWARE=left):
        door = Client(headers=token_of("feeds"), raise_request_exception=False)
        assert door.get(DOOR[0]).status_code == 500
