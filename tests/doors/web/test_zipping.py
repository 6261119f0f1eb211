"""What goes over the line is packed where it gains, and only for who takes it."""

import gzip
import io

import pytest
from PIL import Image

from jingwei.doors.entry.zipping import Zipped
from jingwei.doors.web.statics import FOLDER, Statics
from tests.doors.web.test_pages import signed_in

TAKES = {"HTTP_ACCEPT_ENCODING": "gzip, br"}


@pytest.mark.django_db
def test_a_page_is_packed_for_who_takes_it_and_says_the_same():
    client = signed_in("hejing")
    plain, packed = client.get("/incidents"), client.get("/incidents", **TAKES)
    assert plain.headers.get("Content-Encoding") is None
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    said = gzip.decompress(packed.content).decode()
    assert said.startswith("<!doctype html>") and "</html>" in said
    assert int(packed["Content-Length"]) == len(packed.content)


@pytest.mark.django_db
def test_the_token_against_forgery_is_another_in_every_answer():
    """What is packed together with a secret may be guessed by its length: so the secret is masked anew."""
    client = signed_in("hejing")
    tokens = {client.get("/incidents").context["csrf_token"].__str__() for _ in range(3)}
    assert len(tokens) == 3


def test_a_picture_is_left_as_it_is(rf):
    from django.http import HttpResponse

    noise = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(noise, "PNG")
    for kind, packs in (
        ("image/png", False),
        ("text/html; charset=utf-8", True),
        ("application/geo+json", True),
    ):
        answer = Zipped(lambda _, k=kind: HttpResponse(noise.getvalue() * 3, content_type=k))(
            rf.get("/", **TAKES)
        )
        assert (answer.headers.get("Content-Encoding") == "gzip") is packs, kind


def asked(path: str, **headers: str) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    answering = statics({"path": path, "method": "GET", "headers": named}, send)
    with pytest.raises(StopIteration):  # it waits for nothing: no loop is needed, and one may run already
        answering.send(None)  # type: ignore[attr-defined]
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


statics = Statics()


def test_a_file_is_packed_and_each_form_has_a_mark_of_its_own():
    status, headers, body = asked("/static/parts.css", accept_encoding="br, gzip")
    whole = (FOLDER / "parts.css").read_bytes()
    assert status == 200 and headers[b"content-encoding"] == b"gzip" and gzip.decompress(body) == whole
    assert int(headers[b"content-length"]) == len(body) < len(whole) / 2
    _, plain, raw = asked("/static/parts.css")
    assert raw == whole and b"content-encoding" not in plain and plain[b"etag"] != headers[b"etag"]
    assert plain[b"vary"] == headers[b"vary"] == b"accept-encoding"
    again = asked("/static/parts.css", accept_encoding="gzip", if_none_match=headers[b"etag"].decode())
    assert again[0] == 304 and again[2] == b""
    assert asked("/static/parts.css", if_none_match=headers[b"etag"].decode())[0] == 200


def test_a_picture_among_the_files_is_left_as_it_is():
    _, headers, body = asked("/static/icon-192.png", accept_encoding="gzip")
    assert b"content-encoding" not in headers and body == (FOLDER / "icon-192.png").read_bytes()
