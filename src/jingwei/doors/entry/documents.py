"""Files as they are sent in to be kept with a row: the type known by content, never by name.

Pictures are drawn anew, so that nothing else comes in with them. A PDF is kept as it came and is only ever
handed out as a file to be saved; one that is a second kind of file at once is refused.
"""

import re
import unicodedata

from jingwei.apps.registers.facts import Document
from jingwei.kernel.refusals import Refused

from .photos import LARGEST_PHOTO, Unusable, read_photo

#: Largest PDF, bytes. Source: our estimate, fifty scanned pages, 2026-11-29.
LARGEST_PDF = 20 * 1024 * 1024
#: Where the end of a PDF is looked for. Source: ISO 32000-1 annex H, note 18: the last 1024 bytes.
_TAIL = 1024
#: What an archive ends with, and how far from the end. Source: APPNOTE.TXT 4.3.16, 65535 of comment.
_ZIP_END, _ZIP_TAIL = b"PK\x05\x06", 65_557
#: Beginnings of programs and pages within the first bytes, where careless readers look for them.
_OTHERS = re.compile(rb"<(?:html|script|svg|!doctype|\?php)|MZ\x90|\x7fELF", re.IGNORECASE)


def read_document(name: str, content: bytes) -> Document:
    """The file as it may be kept. Refused with the reason where it may not."""
    if not content:
        raise Refused("file_missing")
    if content.startswith(b"%PDF-"):
        return _pdf(name, content)
    photo = read_photo(content)
    if isinstance(photo, Unusable):
        raise _unusable(photo.reason)
    return Document(name=_clean(name, ".jpg"), mime=photo.mime, content=photo.content)


def _unusable(reason: str) -> Refused:
    if reason == "too_large":
        return Refused("file_too_large_unreadable", most_mib=LARGEST_PHOTO // 2**20)
    if reason == "type":
        return Refused("file_type_unreadable")
    if reason == "heic":
        return Refused("file_heic_unreadable")
    return Refused("file_broken_unreadable")


def _pdf(name: str, content: bytes) -> Document:
    if len(content) > LARGEST_PDF:
        raise Refused("file_too_large_unreadable", most_mib=LARGEST_PDF // 2**20)
    if b"%%EOF" not in content[-_TAIL:]:
        raise Refused("file_broken_unreadable")
    if _ZIP_END in content[-_ZIP_TAIL:] or _OTHERS.search(content[:_TAIL]):
        raise Refused("file_two_unreadable")
    return Document(name=_clean(name, ".pdf"), mime="application/pdf", content=content)


def _clean(name: str, ending: str) -> str:
    """A name to be shown and saved under: no path, nothing unprintable, the ending of what it really is."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem = re.sub(r'[<>:"|?*]', "_", kept).strip(" .")
    stem = re.sub(r"(?i)\.(?:jpe?g|png|webp|pdf)$", "", stem).strip(" .")[:150]
    return (stem or "file") + ending
