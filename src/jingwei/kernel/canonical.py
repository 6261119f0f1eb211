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

import msgspec

#: What has one form already. Exactly these: an Enum of texts is a text too, and is not meant.
_PLAIN = frozenset({str, int, bool, type(None)})
_TEXT = frozenset({str})
_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(value: object) -> object:
    """The value in a form JSON can hold in only one way."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict and _TEXT.issuperset(map(type, value)):  # type: ignore[call-overload]
        odd = set(map(type, value.values())) - _PLAIN  # type: ignore[attr-defined]
        if not odd:
            return value
        return value | {k: canonical(v) for k, v in value.items() if type(v) in odd}  # type: ignore
    if kind is list or kind is tuple:
        return [v if type(v) in _PLAIN else canonical(v) for v in value]  # type: ignore[attr-defined]
    if kind is float:
        return six_places(value)  # type: ignore[arg-type]
    if kind is datetime and value.tzinfo is UTC:  # type: ignore[attr-defined]
        return value.isoformat(timespec="microseconds")  # type: ignore[attr-defined]
    if kind is uuid.UUID:
        return str(value)
    return _canonical(value)


def _canonical(value: object) -> object:
    if isinstance(value, bool | str | int) and not isinstance(value, Enum):
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


def six_places(value: float) -> str:
    """A number in its canonical form: its shortest digits, rounded as `Decimal` rounds them.

    The machine's own way rounds the number itself, which is another only where the digits stand midway.
    """
    if -1e6 < value < 1e6 and abs(value * 1e6 % 1.0 - 0.5) > 0.001:
        return f"{value:.6f}"
    return f"{Decimal(str(value)):.6f}"


def canonical_json(value: object) -> str:
    return canonical_bytes(value).decode()


def canonical_bytes(value: object) -> bytes:
    """The canonical form as JSON in UTF-8."""
    plain = canonical(value)
    try:
        return _encode(plain)
    except (msgspec.MsgspecError, OverflowError, UnicodeError):  # numbers beyond 64 bits, half characters
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def plain_digest(content: object) -> str:
    """SHA-256 over values and structures, hexadecimal: shows whether the same was asked under a key."""
    return hashlib.sha256(canonical_bytes(msgspec.to_builtins(content))).hexdigest()


def salted_digest(content: Mapping[str, object], salt: bytes) -> str:
    """SHA-256 over salt and canonical content, hexadecimal.

    Without the salt the content cannot be guessed back; erasing both leaves the digest standing.
    """
    return hashlib.sha256(salt + canonical_bytes(content)).hexdigest()
