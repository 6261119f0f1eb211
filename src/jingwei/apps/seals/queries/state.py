"""How the sealing goes, for the operator's page."""

import json
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings

from jingwei.engines.checkpoints import read_checkpoint
from jingwei.engines.merkle.notes import MalformedNote

from .checking import Verified
from .keys import has_key
from .tree import find_epoch, find_last_seal
from .waiting import count_unsealed, find_unsealed_since


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The newest checkpoint, what waits for the next, and what the last check found.

    `sealed_at`, `unsealed_since` and `verified_at` are None where there is nothing to tell.
    """

    origin: str
    key: str
    has_key: bool
    size: int
    sealed_at: datetime | None
    checkpoint: str
    unsealed: int
    unsealed_since: datetime | None
    verified_at: datetime | None
    verified_green: bool
    verified_count: int
    verified_findings: int


class _Kept(msgspec.Struct):
    at: datetime
    entries: int
    findings: int


def path_of_verified() -> Path:
    return Path(settings.HOME) / "checkpoints" / "verified.json"


def get_state() -> State:
    """Reads one seal, counts what waits, and opens one small file."""
    epoch, last, kept = find_epoch(), find_last_seal(), _last_check()
    sealed_at, origin = None, ""
    if last is not None:
        try:
            checkpoint = read_checkpoint(last.note.partition("\n\n")[0] + "\n")
            sealed_at, origin = checkpoint.sealed_at, checkpoint.origin
        except MalformedNote:
            origin = "?"
    return State(
        origin=origin,
        key=epoch.key if epoch else "",
        has_key=has_key(),
        size=last.size if last else 0,
        sealed_at=sealed_at,
        checkpoint=last.note if last else "",
        unsealed=count_unsealed(),
        unsealed_since=find_unsealed_since(),
        verified_at=kept.at if kept else None,
        verified_green=kept is not None and kept.findings == 0,
        verified_count=kept.entries if kept else 0,
        verified_findings=kept.findings if kept else 0,
    )


def _last_check() -> _Kept | None:
    try:
        return msgspec.json.decode(path_of_verified().read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return None


def keep_check(found: Verified, *, at: datetime) -> bool:
    """Note for the operator's page what a check found; False where the home cannot be written."""
    content = {"at": at.isoformat(), "entries": found.entries, "findings": sum(found.counts.values())}
    try:
        path_of_verified().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path_of_verified().write_text(json.dumps(content), encoding="utf-8")
    except OSError:
        return False
    return True
