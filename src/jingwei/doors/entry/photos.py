"""Photos as they are sent in: the type known by content, the picture redrawn, all else left behind.

What a camera writes beside the picture (place, time, owner, serial number, a small copy of the whole)
does not get past here: pixels alone are encoded anew.
"""

import threading
from io import BytesIO

import msgspec
from PIL import Image, ImageOps

from jingwei.apps.reports.facts import Photo

#: Largest file taken as a photo, bytes. Source: our estimate, phones write 2 to 8 MB, 2026-11-22.
LARGEST_PHOTO = 10 * 1024 * 1024
#: Most pixels decoded: a JPEG is drawn smaller while it is read, the others must be held whole.
#: Source: our estimate, 50-megapixel phones exist; 24 megapixels are about 100 MB of memory, 2026-11-22.
MOST_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
#: Longest side kept, pixels, and how finely. Source: our estimate, a number plate stays readable, 2026-11-22.
LONGEST_SIDE, QUALITY = 2560, 85

#: Brands of the file types of newer phones that need a codec nobody here has. Source: ISO/IEC 23008-12.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
#: One picture at a time in this process: what decoding takes is bounded, whatever is sent at once.
_TURN = threading.Lock()


class Unusable(msgspec.Struct, frozen=True):
    """Why what was sent is no photo we can keep: heic, type, broken, too_large, too_many_pixels."""

    reason: str


def read_photo(content: bytes) -> Photo | Unusable:
    """The picture alone, upright, at most `LONGEST_SIDE`, as JPEG; or why not."""
    if len(content) > LARGEST_PHOTO:
        return Unusable("too_large")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return Unusable("heic")
    if not _is_known(content):
        return Unusable("type")
    with _TURN:
        try:
            return _redraw(content)
        except Exception:  # noqa: BLE001 - door's edge: a decoder fed by strangers raises anything
            return Unusable("broken")


def _is_known(content: bytes) -> bool:
    jpeg, png = content.startswith(b"\xff\xd8\xff"), content.startswith(b"\x89PNG\r\n\x1a\n")
    return jpeg or png or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def _redraw(content: bytes) -> Photo | Unusable:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as sent:
        width, height = sent.size
        if width * height > MOST_PIXELS.get(sent.format or "", 0):
            return Unusable("too_many_pixels")
        sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(sent)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # a new picture carries nothing over: no EXIF, no comment, no XMP, no profile
        clean = Image.new("RGB", upright.size, "white")
        seen = (
            upright.convert("RGBA") if "A" in upright.getbands() or "transparency" in upright.info else None
        )
        clean.paste(seen or upright.convert("RGB"), mask=seen)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(content=out.getvalue(), mime="image/jpeg", width=clean.width, height=clean.height)
