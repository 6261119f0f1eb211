"""The key of a second factor as a QR code: drawn here, of exactly this key, and in no address."""

import re

import pytest
import segno

from jingwei.doors.web import qr
from tests.databases import PASSWORD
from tests.doors.web.test_pages import signed_in

URI = "otpauth://totp/Jingwei:lisi?secret=JBSWY3DPEHPK3PXP&issuer=Jingwei"


def modules(svg: str) -> list[list[int]]:
    """The dark modules as drawn: the path's runs laid on a grid, the quiet zone taken off."""
    path = re.search(r'class="qrline"[^>]*? d="([^"]+)"|d="([^"]+)" class="qrline"', svg)
    assert path is not None, svg[:400]
    size = len(segno.make(URI, error="m", micro=False).matrix)
    grid = [[0] * (size + 2 * qr.QUIET) for _ in range(size + 2 * qr.QUIET)]
    x, y = 0.0, 0.0
    for what, numbers in re.findall(r"([Mmh])([-0-9. ]+)", path[1] or path[2]):
        given = [float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]
        if what == "h":
            for column in range(int(x), int(x + given[0])):
                grid[int(y)][column] = 1
            x += given[0]
        else:
            x, y = (given[0], given[1]) if what == "M" else (x + given[0], y + given[1])
    return [row[qr.QUIET : -qr.QUIET] for row in grid[qr.QUIET : -qr.QUIET]]


def test_what_is_drawn_is_this_key() -> None:
    expected = [list(row) for row in segno.make(URI, error="m", micro=False).matrix]
    assert modules(qr.drawn(URI, "x")) == expected


def test_canary_another_key_is_another_picture() -> None:
    assert modules(qr.drawn(URI, "x")) != modules(qr.drawn(URI.replace("JBSW", "KBSW"), "x"))


def test_its_name_is_escaped_and_it_asks_for_nothing() -> None:
    shape = qr.drawn(URI, '"><script>')
    assert "<script>" not in shape and "http" not in shape and "style=" not in shape


@pytest.mark.django_db
def test_the_page_shows_it_once_and_keeps_it_in_no_cache_and_no_address() -> None:
    client = signed_in("lisiyuan")
    answer = client.post("/account/key", {"password": PASSWORD})
    page = answer.content.decode()
    secret = re.search(r"secret=([A-Z2-7]+)", page)[1]
    assert 'class="segno"' in page and "no-store" in answer["cache-control"]
    addresses = re.findall(r'(?:href|src|action)="([^"]+)"', page)
    assert [a for a in addresses if secret in a and not a.startswith("otpauth:")] == []
    assert client.get("/account/key").status_code == 405, "it is never the answer to an address alone"
    assert "segno" not in client.get("/account").content.decode()
