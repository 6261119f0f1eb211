"""Slow and silent callers: they hold no thread, no room for ever, and nobody else waits for them."""

import asyncio
import socket
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from jingwei.doors.entry import bodies
from tests.doors.api.test_live import sign_in
from tests.doors.bounds.test_overload import token_of
from tests.nodes import serving


def the_body(*parts: bytes, then_s: float = 0.0, ends: str = "whole"):
    """A caller's body as the server hands it out: parts, then a wait, then the end or silence."""
    left = list(parts)

    async def receive() -> dict[str, object]:
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": True}
        await asyncio.sleep(then_s)
        if ends == "gone":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


def run(what: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: beside a browser this one has a loop that runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


def read(receive, *, most: int = 100, within_s: float = 1.0) -> bytes:
    return run(bodies.read_whole(receive, lambda _: None, most=most, within_s=within_s))


def test_a_body_is_read_whole_and_of_one_who_went_away_what_came():
    assert read(the_body(b"ab", b"cd")) == b"abcd"
    assert read(the_body(b"ab", ends="gone")) == b"ab"


def test_a_body_that_is_too_large_or_too_slow_is_given_up():
    with pytest.raises(bodies.TooLarge):
        read(the_body(b"x" * 60, b"x" * 60))
    with pytest.raises(bodies.TooSlow):
        read(the_body(b"x", then_s=5), within_s=0.1)


def test_a_large_body_of_a_page_lies_in_a_file_not_in_memory():
    async def both() -> tuple[bool, bytes]:
        body = the_body(*[b"y" * 65536] * 8)
        file = await bodies.read_to_file(body, most=2**20, within_s=1)
        again, found = bodies.told_again(file), b""
        while True:
            message = await again()
            found += message["body"]
            if not message["more_body"]:
                return file._rolled, found

    rolled, found = run(both())
    assert rolled and found == b"y" * 65536 * 8


def half_a_request(url: str, head: bytes) -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    one = socket.create_connection((host, int(port)), timeout=30)
    one.sendall(head)
    return one


@pytest.mark.slow
def test_an_officer_gets_their_page_while_forty_callers_send_drop_by_drop(live_db):
    head = (
        b"POST /report HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nwords="
    )
    with serving(live_db) as node, httpx.Client(base_url=node.url, timeout=20) as officer:
        sign_in(officer, "lisiyuan")
        slow = [half_a_request(node.url, head) for _ in range(40)]
        try:
            started = time.monotonic()
            assert [officer.get(path).status_code for path in ("/", "/reports", "/tasks")] == [200] * 3
            assert time.monotonic() - started < 10
        finally:
            for one in slow:
                one.close()


@pytest.mark.slow
def test_readers_who_never_read_hold_nobody_up(live_db):
    head = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20
    with serving(live_db) as node, httpx.Client(base_url=node.url, timeout=20) as officer:
        sign_in(officer, "lisiyuan")
        deaf = [half_a_request(node.url, head) for _ in range(40)]
        try:
            started = time.monotonic()
            assert officer.get("/").status_code == 200
            assert time.monotonic() - started < 10
        finally:
            for one in deaf:
                one.close()


@pytest.mark.slow
def test_a_head_that_does_not_come_is_given_up_and_the_line_closed(live_db):
    token_of("feeds")
    with serving(live_db) as node:
        silent = half_a_request(node.url, b"GET /sign-in HTTP/1.1\r\nHost: 127.0")
        started = time.monotonic()
        answer = silent.recv(1000)
        assert time.monotonic() - started < 25
        assert answer == b"" or b" 408 " in answer
        huge = half_a_request(
            node.url, b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n"
        )
        assert b" 431 " in huge.recv(1000)


@pytest.mark.slow
def test_live_streams_are_bounded_for_a_session_and_end_with_it(live_db):
    from jingwei.doors.api.live import MOST_OF_A_SESSION

    with serving(live_db) as node, httpx.Client(base_url=node.url, timeout=20) as officer:
        sign_in(officer, "lisiyuan")
        key = officer.cookies["jw_session"].encode()
        head = b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: jw_session=" + key + b"\r\n\r\n"
        streams = [half_a_request(node.url, head) for _ in range(MOST_OF_A_SESSION)]
        try:
            assert all(b" 200 " in one.recv(1000) for one in streams)
            one_more = officer.get("/live")
            assert one_more.status_code == 503 and one_more.headers["retry-after"] == "5"
            assert officer.get("/").status_code == 200
        finally:
            for one in streams:
                one.close()
