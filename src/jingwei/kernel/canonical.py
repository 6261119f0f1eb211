"""One canonical form, so that the same content always has the same digest.

UTC times with microseconds, decimals with six places, keys sorted, no white space, UTF-8.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum


def canonical(value: object) -> object:
    """The value in a form JSON can hold in only one way."""
    if value is None or (isinstance(value, bool | str | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return canonical(value.value)
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)):.6f}"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a canonical time is aware")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(k): canonical(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(v) for v in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


def canonical_json(value: object) -> str:
    return json.dumps(canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def salted_digest(content: Mapping[str, object], salt: bytes) -> str:
    """SHA-256 over salt and canonical content, hexadecimal.

    Without the salt the content cannot be guessed back; erasing both leaves the digest standing.
    """
    return hashlib.sha256(salt + canonical_json(content).encode()).hexdigest()
