"""Signed notes (C2SP signed-note): a text, a blank line, and a line for every key that signed it."""

import base64
import binascii
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: Types of signature: by the log itself, and by a witness with its time. Source: C2SP signed-note,
#: "Signature types".
PLAIN, WITNESS = b"\x01", b"\x04"

#: Bytes of a key's id. Source: C2SP signed-note, "Signatures".
KEY_ID_BYTES = 4

#: Bytes of a witness's time, and where time ends. Source: C2SP tlog-cosignature, "Format".
TIME_BYTES = 8
#: Times are below the first one that a signed number cannot hold. Source: the same.
NO_TIME_S = 1 << (8 * TIME_BYTES - 1)

#: Bytes of an Ed25519 public key. Source: RFC 8032 section 5.1.5.
PUBLIC_BYTES = 32

#: Signatures read of one note. Source: C2SP signed-note asks for 16 at least; its Go original stops at 100.
MOST_SIGNATURES = 100

#: A key's name. Source: C2SP signed-note, "Format": no spaces, no plus; control characters nowhere.
NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")


class MalformedNote(ValueError):
    """The text is not a note, a checkpoint or a key in its one form."""


class UnknownAlgorithm(MalformedNote):
    """An algorithm is named that cannot be checked here."""


class BadSignature(ValueError):
    """A signature by a known key does not hold, or none is by a known key."""


class Verifier(Protocol):
    """Checks signatures by one key. `key` holds the whole public key: ids are short and can be forged."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    @property
    def key(self) -> str: ...
    @property
    def algorithm(self) -> str: ...
    def verify(self, text: bytes, signature: bytes) -> bool: ...


class Signer(Protocol):
    """Signs texts by one key; where the key is kept is its own affair."""

    @property
    def verifier(self) -> Verifier: ...
    def sign(self, text: bytes) -> bytes: ...


class Ed25519Verifier(msgspec.Struct, frozen=True):
    """One Ed25519 key: a node's, or with `witness` that of another who saw the checkpoint and when."""

    name: str
    public: bytes
    witness: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or len(self.public) != PUBLIC_BYTES:
            raise MalformedNote("a key has a name without spaces or plus, and 32 bytes")

    @property
    def algorithm(self) -> str:
        return "ed25519"

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:KEY_ID_BYTES]

    @property
    def key(self) -> str:
        """The public key as it is published: name, id, and type with key."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._typed).decode()}"

    @property
    def _typed(self) -> bytes:
        return (WITNESS if self.witness else PLAIN) + self.public

    def verify(self, text: bytes, signature: bytes) -> bool:
        if self.witness:
            at, signature = signature[:TIME_BYTES], signature[TIME_BYTES:]
            at_s = int.from_bytes(at, "big")
            if at_s >= NO_TIME_S:
                return False
            text = _witnessed(text, at_s)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


class Ed25519Signer:
    """Signs as a log, or as a witness who saw the text at `witnessed_s`, seconds since 1970."""

    def __init__(self, name: str, seed: bytes, *, witnessed_s: int | None = None) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._witnessed_s = witnessed_s
        public = self._private.public_key().public_bytes_raw()
        self.verifier = Ed25519Verifier(name, public, witness=witnessed_s is not None)

    def sign(self, text: bytes) -> bytes:
        if self._witnessed_s is None:
            return self._private.sign(text)
        signature = self._private.sign(_witnessed(text, self._witnessed_s))
        return self._witnessed_s.to_bytes(TIME_BYTES, "big") + signature


class Opened(msgspec.Struct, frozen=True):
    """A note of which at least one signature holds: the text, and whose signatures do."""

    text: str
    signed_by: tuple[Verifier, ...]


def read_key(key: str) -> Ed25519Verifier:
    """A published public key. Raises `UnknownAlgorithm` for a type not known here, or `MalformedNote`."""
    name, _, rest = key.partition("+")
    key_id, _, typed = rest.partition("+")
    raw = from_base64(typed)
    if raw[:1] not in (PLAIN, WITNESS):
        raise UnknownAlgorithm(f"no way to check signatures of type {raw[:1].hex() or 'none'}")
    found = Ed25519Verifier(name, raw[1:], witness=raw[:1] == WITNESS)
    if found.key_id.hex() != key_id:
        raise MalformedNote("the key's id is not that of the key")
    return found


def sign_note(text: str, signer: Signer) -> str:
    """The text as a note with its first signature."""
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise MalformedNote("a note's text ends in a line's end and has no other control characters")
    return f"{text}\n{_line(text, signer)}"


def add_signature(note: str, signer: Signer) -> str:
    """The note with one more signature. A second one by the same key is refused."""
    text, signatures = _split(note)
    if any((name, raw[:KEY_ID_BYTES]) == _identity(signer.verifier) for name, raw in signatures):
        raise MalformedNote(f"{signer.verifier.name} has signed already")
    return note + _line(text, signer)


def open_note(note: str, verifiers: Sequence[Verifier]) -> Opened:
    """Check a note against known keys; signatures by unknown ones are passed over.

    Raises `BadSignature` if none is by a known key, or if one by a known key does not hold.
    """
    known = {_identity(v): v for v in verifiers}
    if len(known) < len(verifiers):
        raise ValueError("two keys of the same name and id")
    text, signatures = _split(note)
    held: list[Verifier] = []
    for name, raw in signatures:
        verifier = known.get((name, raw[:KEY_ID_BYTES]))
        if verifier is None or verifier in held:
            continue
        if not verifier.verify(text.encode(), raw[KEY_ID_BYTES:]):
            raise BadSignature(f"the signature of {name} does not hold")
        held.append(verifier)
    if not held:
        found = ", ".join(f"{name}+{raw[:KEY_ID_BYTES].hex()}" for name, raw in signatures)
        raise BadSignature(f"signed by no known key, only by {found}")
    return Opened(text, tuple(held))


def from_base64(text: str) -> bytes:
    """Bytes written in the one canonical way."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise MalformedNote("not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise MalformedNote("base64, but not as it is written")
    return raw


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, and name with key id and signature of every line below it."""
    text, blank, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not blank or lines.pop() or not lines or any(c < " " and c != "\n" for c in note):
        raise MalformedNote("a note is a text, a blank line and signatures")
    if len(lines) > MOST_SIGNATURES:
        raise MalformedNote("too many signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not NAME.fullmatch(parts[1]):
        raise MalformedNote("a signature is: dash, name, base64")
    raw = from_base64(parts[2])
    if len(raw) <= KEY_ID_BYTES:
        raise MalformedNote("a signature without a signature")
    return parts[1], raw


def _line(text: str, signer: Signer) -> str:
    name, key_id = _identity(signer.verifier)
    return f"— {name} {base64.b64encode(key_id + signer.sign(text.encode())).decode()}\n"


def _identity(verifier: Verifier) -> tuple[str, bytes]:
    return verifier.name, verifier.key_id


def _witnessed(text: bytes, at_s: int) -> bytes:
    """What a witness signs. Source: C2SP tlog-cosignature, "Ed25519 signed message"."""
    return b"cosignature/v1\ntime %d\n" % at_s + text
