"""The files pages load: read once, kept in memory, sent with the same headers as every answer.

Only what lay in the folder when the process started is known here: no path of a caller's is ever opened.
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jingwei.doors.entry.headers import raw_headers

FOLDER = Path(__file__).resolve().parent / "static"
PREFIX = "/static/"
#: How long a browser may keep them without asking, seconds. Source: our estimate, one hour, 2026-11-22.
KEPT_S = 3600
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
#: What is packed for who takes it; pictures and fonts are packed already.
_GAINS = (".css", ".js", ".svg")
_Kept = tuple[bytes, list[tuple[bytes, bytes]], bytes]


class Statics:
    """`GET /static/…`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, _Kept] = {}
        self._packed: dict[str, _Kept] = {}
        for path in sorted(folder.rglob("*")):
            kind = _KINDS.get(path.suffix)
            if kind and path.is_file():
                content = path.read_bytes()
                mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'.encode()
                name = PREFIX + path.relative_to(folder).as_posix()
                self._files[name] = content, _headers(kind, content, mark, path.suffix), mark

    async def __call__(
        self, scope: dict[str, Any], send: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        found = self._find(scope["path"], scope["headers"])
        if found is None or scope["method"] not in ("GET", "HEAD"):
            status = 405 if found else 404
            headers = raw_headers("text/plain; charset=utf-8", 0)
            headers += [(b"allow", b"GET, HEAD")] if found else []
            body = b""
        else:
            body, headers, mark = found
            asked = [v for k, v in scope["headers"] if k.lower() == b"if-none-match"]
            status = 304 if mark in asked else 200
            if status == 304:
                headers = [one for one in headers if one[0] not in (b"content-length", b"content-type")]
            body = b"" if status == 304 or scope["method"] == "HEAD" else body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _find(self, path: str, headers: list[tuple[bytes, bytes]]) -> _Kept | None:
        """The file, packed where that gains and the caller takes it; each is packed once."""
        found = self._files.get(path)
        takes = any(k.lower() == b"accept-encoding" and b"gzip" in v for k, v in headers)
        if found is None or not takes or not path.endswith(_GAINS):
            return found
        if path not in self._packed:
            content, plain, mark = found
            packed, mark = gzip.compress(content, mtime=0), mark[:-1] + b'-gz"'
            named = [one for one in plain if one[0] not in (b"content-length", b"etag")]
            named += [(b"content-length", str(len(packed)).encode()), (b"content-encoding", b"gzip")]
            self._packed[path] = packed, [*named, (b"etag", mark)], mark
        return self._packed[path]


def _headers(kind: str, content: bytes, mark: bytes, suffix: str) -> list[tuple[bytes, bytes]]:
    named = [one for one in raw_headers(kind, len(content)) if one[0] != b"cache-control"]
    if suffix in _GAINS:
        named.append((b"vary", b"accept-encoding"))
    return [*named, (b"cache-control", f"public, max-age={KEPT_S}".encode()), (b"etag", mark)]
