"""The live stream tells an open page within seconds that it should look again."""

import re
import time

import httpx
import pytest

from tests.databases import PASSWORD
from tests.doors.api.test_intake_live import WHERE, a_token
from tests.nodes import serving

pytestmark = pytest.mark.slow


def sign_in(client: httpx.Client, username: str) -> None:
    page = client.get("/sign-in").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = client.post("/sign-in", data=form, headers={"referer": str(client.base_url)})
    assert answer.status_code in (302, 303), answer.text[:500]


def test_a_report_is_told_to_the_desk_within_two_seconds(live_db):
    token = a_token()
    with serving(live_db) as node, httpx.Client(base_url=node.url, timeout=15) as officer:
        sign_in(officer, "lisiyuan")
        with officer.stream("GET", "/live", params={"topic": ["incidents", "reports"]}) as stream:
            assert stream.status_code == 200
            lines = stream.iter_lines()
            assert next(lines).startswith("retry")
            time.sleep(0.6)  # the poller has looked once
            started = time.monotonic()
            sent = httpx.post(
                f"{node.url}/api/v1/reports", json={"words": "隧道进水", **WHERE}, headers=token
            )
            assert sent.status_code == 201
            topics: set[str] = set()
            while "incidents" not in topics:
                line = next(lines)
                if line.startswith("data: "):
                    topics |= set(httpx.Response(200, content=line[6:]).json())
            assert time.monotonic() - started < 5
            assert "reports" in topics
