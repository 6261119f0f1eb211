"""What arrives on the wire, byte by byte: heads that lie, other names, climbing paths, two in one."""

import re
import socket
import time

import httpx
import pytest

from jingwei.apps.reports.rules import MOST_SENDINGS
from tests.doors.bounds.test_overload import token_of
from tests.nodes import serving

pytestmark = pytest.mark.slow
HOST = b"Host: 127.0.0.1\r\n"
#: The start of what Django answers when it lets a page be seen.
SEEN = b"HTTP/1.1 200"


def ask(url: str, raw: bytes, *, wait_s: float = 2.0) -> bytes:
    """Send these bytes; whatever comes back until the line is closed or silent."""
    host, _, port = url.removeprefix("http://").partition(":")
    got = b""
    with socket.create_connection((host, int(port)), timeout=wait_s) as one:
        one.sendall(raw)
        try:
            while piece := one.recv(65536):
                got += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return got


def get(path: str, *more: bytes, host: bytes = HOST) -> bytes:
    return b"GET " + path.encode() + b" HTTP/1.1\r\n" + host + b"".join(more) + b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def node(tmp_path_factory, django_db_setup, django_db_blocker):
    from tests import databases, nodes

    name = databases.clone()
    with django_db_blocker.unblock(), databases.using(name):
        home = tmp_path_factory.mktemp("wire") / "home"
        database = nodes.LiveDatabase(name=name, url=databases.url_of(name), home=home)
        token = token_of("feeds")
        with serving(database) as one:
            yield one.url, token["authorization"].encode()
    databases.drop(name)


def test_the_node_answers_to_its_own_name_only(node):
    url, _ = node
    evil = b"Host: evil.example\r\n"
    for path in ("/sign-in", "/live", "/static/jingwei.css", "/api/v1/reports"):
        assert b" 400 " in ask(url, get(path, host=evil))[:40], path
        assert b" 400 " in ask(url, get(path, host=HOST + evil))[:40], "two names are none"
        assert b" 400 " in ask(url, get(path, host=b""))[:40], "no name"
    assert ask(url, get("/sign-in")).startswith(SEEN), "canary"


def test_a_name_in_other_headers_reaches_no_page(node):
    url, _ = node
    forged = b"X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Host: evil.example\r\n"
    forged += b"X-Forwarded-Proto: https\r\n"
    for path in ("/sign-in", "/", "/nothing"):
        assert b"evil.example" not in ask(url, get(path, forged))


def test_behind_a_named_proxy_each_caller_is_counted_alone(live_db):
    """Else sixty reports of the public in ten minutes would be all that a town can send."""
    named = {"JINGWEI_PROXIES": "127.0.0.1", "JINGWEI_PUBLIC_POST": "4101-zbs-public"}
    with serving(live_db, **named) as one, httpx.Client(base_url=one.url) as public:
        (token,) = set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', public.get("/report").text))
        answers = [
            public.post(
                "/report",
                data={"words": f"第 {n} 条", "csrfmiddlewaretoken": token},
                headers={"x-forwarded-for": f"198.51.100.77, 203.0.113.{n % 2}"},
            ).status_code
            for n in range(2 * MOST_SENDINGS + 2)
        ]
    assert answers == [302] * 2 * MOST_SENDINGS + [429, 429]


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +4\r\n",
        b"Content-Length: 0x4\r\n",
        b"Content-Length : 4\r\n",
        b"X-A: b\r\n folded\r\n",
        b"X-A: b\x00c\r\n",
        b"\x0bContent-Length: 4\r\n",
    ],
)
def test_a_head_that_can_be_read_in_two_ways_is_not_read(node, head):
    url, _ = node
    hidden = b"abcdGET /keys HTTP/1.1\r\n" + HOST + b"\r\n"
    for path in (b"/sign-in", b"/api/v1/reports"):
        answer = ask(url, b"POST " + path + b" HTTP/1.1\r\n" + HOST + head + b"\r\n" + hidden)
        assert answer.startswith(b"HTTP/1.1 400") and answer.count(b"HTTP/1.1 ") == 1, answer[:200]


def test_with_both_lengths_the_pieces_count_and_the_line_is_closed(node):
    """Source: RFC 9112 section 6.3."""
    url, token = node
    for path in (b"/sign-in", b"/api/v1/reports"):
        raw = b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Authorization: " + token + b"\r\n"
        raw += b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        answer = ask(url, raw + b"GET /keys HTTP/1.1\r\n" + HOST + b"\r\n")
        assert answer.count(b"HTTP/1.1 ") == 1, "the second request was not taken for one"


def test_two_honest_requests_on_one_line_are_two_answers(node):
    url, _ = node
    both = b"GET /keys HTTP/1.1\r\n" + HOST + b"\r\n" + get("/keys")
    assert ask(url, both).count(b"HTTP/1.1 200") == 2, "canary of the counting above"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_do_nothing(node, method):
    url, token = node
    for path in ("/sign-in", "/public", "/static/jingwei.css", "/api/v1/reports", "/live"):
        raw = f"{method} {path} HTTP/1.1\r\n".encode() + HOST + b"X-Secret: CANARY\r\nAuthorization: " + token
        answer = ask(url, raw + b"\r\nConnection: close\r\n\r\n")
        assert answer[9:10] == b"4" and b"CANARY" not in answer, (path, answer[:60])


CLIMBING = (
    "/static/../settings.py", "/static/%2e%2e/urls.py", "/static/..%2furls.py", "/static//etc/passwd",
    "/static/..%5c..%5curls.py", "/static/%252e%252e/urls.py", "/static/vendor/../../urls.py",
    "/static/", "/static/vendor", "/static/vendor/README.md", "/static/jingwei.css%00.js",
    "/../../etc/passwd",
    "/.git/config", "/.env", "/secret", "/node.sqlite3", "/static/%c0%ae%c0%ae/urls.py",
    "/reports/../../../etc/passwd", "/reports/%2e%2e%2fsecret", "//etc/passwd",
)  # fmt: skip


@pytest.mark.parametrize("path", CLIMBING)
def test_no_path_climbs_out(node, path):
    url, _ = node
    answer = ask(url, get(path))
    assert answer[9:12] in (b"404", b"400", b"302"), answer[:80]
    assert b"root:" not in answer and b"SECRET" not in answer and b"urlpatterns" not in answer


def test_static_files_carry_the_headers_too_and_are_not_sent_twice(node):
    url, _ = node
    first = httpx.get(f"{url}/static/jingwei.css", timeout=20)
    assert first.status_code == 200 and first.headers["content-type"] == "text/css; charset=utf-8"
    assert first.headers["x-content-type-options"] == "nosniff" and "content-security-policy" in first.headers
    again = httpx.get(
        f"{url}/static/jingwei.css", headers={"if-none-match": first.headers["etag"]}, timeout=20
    )
    assert again.status_code == 304 and not again.content
    assert httpx.head(f"{url}/static/jingwei.js", timeout=20).content == b""


def test_bytes_that_are_no_text_are_answered_like_any_other_request(node):
    url, _ = node
    odd = (
        b"GET /search?q=\xe9\x83\x91\xff HTTP/1.1\r\n", b"GET /public?x=\xff HTTP/1.1\r\n",
        b"GET /%ff%fe HTTP/1.1\r\n", b"GET /reports/%00 HTTP/1.1\r\n", b"GET /live?topic=\xff HTTP/1.1\r\n",
    )  # fmt: skip
    for line in odd:
        more = (
            b"Cookie: jw_session=\xff\xfe; =; a=b\r\nAccept-Language: \xff\r\nAuthorization: Bearer \xff\r\n"
        )
        answer = ask(url, line + HOST + more + b"Connection: close\r\n\r\n")
        assert answer[9:10] in (b"2", b"3", b"4"), (line, answer[:80])


def test_a_large_head_is_refused_and_the_node_goes_on(node):
    url, _ = node
    for more in (b"X-A: " + b"a" * 1_000_000 + b"\r\n", b"".join(b"X-%d: a\r\n" % i for i in range(2000))):
        assert ask(url, get("/sign-in", more)).startswith(b"HTTP/1.1 431")
    assert ask(url, get("/sign-in")).startswith(SEEN)


def test_an_old_protocol_and_a_newer_one_are_not_spoken(node):
    url, _ = node
    assert not ask(url, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").startswith(b"HTTP/1.1 2")
    assert ask(url, b"GET /sign-in\r\n").startswith(b"HTTP/1.1 400")
    upgrade = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
    )
    answer = ask(url, b"GET /keys HTTP/1.1\r\n" + HOST + upgrade + b"\r\n")
    assert b" 101 " not in answer[:20]


def test_every_answer_beside_django_carries_the_headers(node):
    url, token = node
    bearer = {"authorization": token.decode()}
    answers = [
        httpx.post(f"{url}/api/v1/reports", json={"words": "x"}, headers=bearer, timeout=20),
        httpx.post(f"{url}/api/v1/reports", json={"words": "x"}, timeout=20),
        httpx.get(f"{url}/live", timeout=20),
        httpx.get(f"{url}/static/nothing", timeout=20),
    ]
    assert [a.status_code for a in answers] == [201, 401, 401, 404]
    for answer in answers:
        for name in (
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "x-frame-options",
        ):
            assert name in answer.headers, (answer.url, name)
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"\d", answer.headers.get("server", "")), "no version is told"


def test_an_endless_answer_is_not_made_by_many_ranges(node):
    url, _ = node
    ranges = "bytes=" + ",".join("0-" for _ in range(1000))
    answer = httpx.get(f"{url}/static/jingwei.css", headers={"range": ranges}, timeout=20)
    assert answer.status_code == 200 and len(answer.content) < 100_000


def test_the_node_still_serves_after_all_this(node):
    url, _ = node
    started = time.monotonic()
    assert httpx.get(f"{url}/sign-in", timeout=20).status_code == 200
    assert time.monotonic() - started < 10
