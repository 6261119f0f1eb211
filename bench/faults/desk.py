"""The duty officer's browser, without a browser: signed in, looking at the desk, sending the public form."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable

_TROUBLE = re.compile(r'data-trouble="(\w+)"')
_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Desk:
    """One session."""

    def __init__(self, url: str, *, language: str = "zh-hans") -> None:
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _Stay)
        self.opener.addheaders = [("Accept-Language", language)]
        self.language = language

    def sign_in(self, username: str, password: str) -> None:
        status, page = self.post("/sign-in", "/sign-in", username=username, password=password)
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}: {page[:300]}")

    def get(self, path: str) -> tuple[int, str]:
        return self._open(urllib.request.Request(self.url + path))  # noqa: S310 - our own node

    def post(self, page: str, path: str, **fields: str) -> tuple[int, str]:
        return self._open(self._request(path, urllib.parse.urlencode(self._with(page, fields)).encode()))

    def send_photo(self, words: str, photo: bytes) -> tuple[int, str]:
        """The public form with a photo. Returns the status and where it led to."""
        fields = self._with("/report", {"words": words, "key": str(uuid.uuid4())})
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in fields.items()
        ]
        head = 'Content-Disposition: form-data; name="photo"; filename="p.jpg"\r\nContent-Type: image/jpeg'
        parts.append(f"--{edge}\r\n{head}\r\n\r\n".encode() + photo + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self._open(self._request("/report", body, f"multipart/form-data; boundary={edge}"))

    def troubles(self) -> set[str]:
        """What the desk says is wrong with the node."""
        try:
            return set(_TROUBLE.findall(self.get("/")[1]))
        except OSError:
            return set()

    def sees(self, wanted: Callable[[set[str]], bool], within_s: float) -> float | None:
        """How long until the desk says so, seconds; None when it does not."""
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            if wanted(self.troubles()):
                return time.monotonic() - began
            time.sleep(0.25)
        return None

    def _with(self, page: str, fields: dict[str, str]) -> dict[str, str]:
        found = _FIELD.search(self.get(page)[1])
        return {"csrfmiddlewaretoken": found.group(1) if found else "", **fields}

    def _request(
        self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
    ) -> urllib.request.Request:
        headers = {"Content-Type": kind, "Origin": self.url, "Referer": self.url + path}
        return urllib.request.Request(self.url + path, body, headers)  # noqa: S310 - our own node

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            where = error.headers.get("Location", "")
            return error.code, where or error.read().decode()
