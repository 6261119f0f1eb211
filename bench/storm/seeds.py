"""Which seeds may be looked at, and which follow from the commit so that nobody can tune to them."""

import hashlib
import tomllib
from functools import cache
from typing import Any

from bench.storm.parameters import HERE


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads((HERE / "seeds.toml").read_text(encoding="utf-8"))


def development_seeds() -> tuple[int, ...]:
    return tuple(_document()["development"])


def evaluation_seeds(commit: str, count: int | None = None) -> tuple[int, ...]:
    """Seeds from SHA-256 over salt, commit and number; the commit is the full one of the code under test."""
    if len(commit) < 40 or set(commit) - set("0123456789abcdef"):
        raise ValueError("the full commit, in lower case")
    wanted = _document()["evaluation_count"] if count is None else count
    known, found, n = set(development_seeds()), [], 0
    while len(found) < wanted:
        digest = hashlib.sha256(f"{_document()['salt']}:{commit}:{n}".encode()).digest()
        seed, n = int.from_bytes(digest[:6], "big"), n + 1
        if seed not in known and seed not in found:
            found.append(seed)
    return tuple(found)
