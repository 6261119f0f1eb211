"""Bodies as they come in: never more than allowed in memory, never longer than a caller's patience."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]

#: What of a page's form is kept in memory; more goes to a temporary file, bytes.
#: Source: our estimate, forms without a file are under 100 kB, 2026-11-22.
IN_MEMORY = 256 * 1024
#: A piece read back from the file, bytes.
PIECE = 64 * 1024


class TooLarge(Exception):
    """The body is larger than this door takes."""


class TooSlow(Exception):
    """The body did not come in the time given."""


class Gone(Exception):
    """The caller went away in the middle of the body."""


def length_of(headers: dict[str, str]) -> int | None:
    """The length the caller says; None when it is sent in pieces of unsaid length."""
    said = headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None


async def read_whole(receive: Receive, keep: Callable[[int], None], *, most: int, within_s: float) -> bytes:
    """The body as bytes; of a caller who goes away in the middle, what came.

    `keep` is told the size of each part before it is kept. Raises `TooLarge` before all is in memory,
    `TooSlow`.
    """
    parts: list[bytes] = []

    def take(part: bytes) -> None:
        keep(len(part))
        parts.append(part)

    with suppress(Gone):
        await _read(receive, take, most=most, within_s=within_s)
    return b"".join(parts)


async def read_to_file(receive: Receive, *, most: int, within_s: float) -> "SpooledTemporaryFile[bytes]":
    """The body in a temporary file, at its beginning. Raises like `read_whole`, and `Gone`."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever asked closes it
    try:
        await _read(receive, file.write, most=most, within_s=within_s)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


async def _read(receive: Receive, keep: Callable[[bytes], Any], *, most: int, within_s: float) -> None:
    size = 0
    try:
        async with asyncio.timeout(within_s):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                part = message.get("body", b"")
                size += len(part)
                if size > most:
                    raise TooLarge
                keep(part)
                if not message.get("more_body"):
                    return
    except TimeoutError as error:
        raise TooSlow from error


def told_again(file: "SpooledTemporaryFile[bytes]") -> Receive:
    """The body once more, from its file, as a server would hand it out."""
    done = False

    async def receive() -> dict[str, Any]:
        nonlocal done
        if done:
            return {"type": "http.disconnect"}
        piece = file.read(PIECE)
        done = len(piece) < PIECE
        return {"type": "http.request", "body": piece, "more_body": not done}

    return receive
