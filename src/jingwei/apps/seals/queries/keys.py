"""The node's key, which lies outside the database, and the checkpoints kept beside it."""

import base64
import binascii
import os
import re
from pathlib import Path

from django.conf import settings

from jingwei.engines.checkpoints import Ed25519Signer

#: A note in a file: lines of text, an empty line, signatures, an empty line.
_NOTE = re.compile(r"((?:[^\n—][^\n]*\n)+\n(?:— [^\n]+\n)+)\n")
#: Bytes read of a file's end to find its last note; a note has about 400.
_TAIL = 16_384

#: First line of the key's file. Source: our own, docs/decisions/0006-seals.md.
KEY_1 = "jingwei seal key/1"


class KeyUnreadable(Exception):
    """The node's key is not there, or its file does not hold one."""


def path_of_key() -> Path:
    return Path(settings.HOME) / "keys" / "seal"


def path_of_notes(epoch: int) -> Path:
    """All checkpoints of an epoch, one after the other, parted by empty lines as they are themselves."""
    return Path(settings.HOME) / "checkpoints" / f"{epoch}.txt"


def get_signer(origin: str) -> Ed25519Signer:
    """The node's key under the name of one of its trees. Raises `KeyUnreadable`."""
    return Ed25519Signer(origin, get_seed())


def get_seed() -> bytes:
    """The secret half of the node's key, 32 bytes. Raises `KeyUnreadable`."""
    try:
        form, _, text = path_of_key().read_text(encoding="ascii").strip().partition("\n")
        seed = base64.b64decode(text, validate=True)
    except (OSError, ValueError, binascii.Error):
        raise KeyUnreadable("no key in the node's home") from None
    if form != KEY_1 or len(seed) != 32:
        raise KeyUnreadable("the key's file does not hold a key")
    return seed


def has_key() -> bool:
    return path_of_key().exists()


def list_notes(epoch: int) -> list[str]:
    """The whole checkpoints kept beside the database, oldest first; one torn by a power cut is left out."""
    path = path_of_notes(epoch)
    return read_notes(path) if path.exists() else []


def read_notes(path: str | Path) -> list[str]:
    """The whole checkpoints in a file, one or many; none if it holds no such thing."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return _NOTE.findall(text.rstrip("\n") + "\n\n") if text.strip() else []


def find_last_note(epoch: int) -> str:
    """The newest whole checkpoint kept beside the database; empty when there is none."""
    try:
        with path_of_notes(epoch).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            for back in (_TAIL, size):
                start = file.seek(max(0, size - back))
                found = list(_NOTE.finditer(file.read().decode("utf-8", "replace")))
                # what matches at the very beginning of a tail may be the rest of a longer note
                if found and (start == 0 or found[-1].start() > 0):
                    return str(found[-1].group(1))
    except FileNotFoundError:
        pass
    return ""


def is_torn(epoch: int) -> bool:
    """Whether a power cut left the file's end without the empty line that closes a note."""
    try:
        with path_of_notes(epoch).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 2))
            return size > 0 and file.read() != b"\n\n"
    except FileNotFoundError:
        return False


def list_kept_epochs() -> list[int]:
    """Epochs of which checkpoints are kept beside the database, in order."""
    names = (path.stem for path in path_of_notes(0).parent.glob("*.txt"))
    return sorted(int(name) for name in names if name.isdigit())
