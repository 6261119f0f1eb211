"""What exactly is sealed of a journal entry: one text, the same on every database and for ever."""

import json
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from jingwei.kernel.canonical import canonical

#: Begins every leaf of this form; another form, or another kind of leaf, gets another line.
#: Source: our own, docs/decisions/0006-seals.md.
ENTRY_1 = b"jingwei entry/1\n"

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_PLAIN = frozenset({str, int, bool, type(None)})


class SealedEntry(msgspec.Struct, frozen=True):
    """A journal entry as values, in the order of the journal's columns.

    Without `seq`: that is only one database's order of writing. The place in the tree is the order.
    """

    id: uuid.UUID
    node: str
    kind: str
    subject: str
    body: dict[str, Any]
    rows: list[dict[str, Any]]
    by: uuid.UUID | None
    at: datetime
    recorded_at: datetime


def entry_leaf(entry: SealedEntry) -> bytes:
    """The bytes of an entry that are hashed and, in a proof, handed out.

    Times and ids in the kernel's canonical form. Body and rows stand as JSON with sorted keys and numbers by
    value: the canonical form's six places would leave a change in the seventh unseen, and PostgreSQL gives
    back 1e16 as a whole number. A number that is not finite raises ValueError, what is no JSON TypeError.
    """
    content = {
        "id": canonical(entry.id),
        "node": entry.node,
        "kind": entry.kind,
        "subject": entry.subject,
        "body": _by_value(entry.body),
        "rows": _by_value(entry.rows),
        "by": canonical(entry.by),
        "at": canonical(entry.at),
        "recorded_at": canonical(entry.recorded_at),
    }
    # Half a surrogate pair is bad text but good JSON; it must not stop the sealing of everything after it
    return ENTRY_1 + _encode(content).encode("utf-8", "surrogatepass")


def _by_value(value: Any) -> Any:
    """JSON values with 3.0 written as 3, and -0.0 as 0: databases do not keep them apart."""
    if isinstance(value, float):
        return int(Decimal(repr(value))) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: one if type(one) in _PLAIN else _by_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [one if type(one) in _PLAIN else _by_value(one) for one in value]
    return value
