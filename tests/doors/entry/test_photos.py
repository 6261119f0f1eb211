"""A photo is redrawn: the type known by content, nothing but the picture kept, no picture too big to draw."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from jingwei.apps.reports.facts import Photo
from jingwei.doors.entry import photos
from jingwei.doors.entry.photos import Unusable, read_photo

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def a_jpeg(*, size=(40, 20), exif: Image.Exif | None = None, **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, "JPEG", exif=exif or Image.Exif(), **options)
    return out.getvalue()


def a_geotagged_jpeg() -> bytes:
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "CANARY-MAKER", 6
    exif.get_ifd(GPS).update({1: "N", 2: (34.0, 45.0, 12.0), 3: "E", 4: (113.0, 36.0, 5.0)})
    return a_jpeg(exif=exif, comment=b"CANARY-COMMENT", xmp=b"<x>CANARY-XMP</x>")


def opened(photo: object) -> Image.Image:
    assert isinstance(photo, Photo), photo
    return Image.open(BytesIO(photo.content))


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright():
    sent = a_geotagged_jpeg()
    before = Image.open(BytesIO(sent))
    assert before.getexif().get_ifd(GPS)[2] and b"CANARY-MAKER" in sent and b"CANARY-XMP" in sent, "canary"
    photo = read_photo(sent)
    after = opened(photo)
    assert not after.getexif() and not after.getexif().get_ifd(GPS)
    assert not {"exif", "xmp", "comment", "icc_profile"} & after.info.keys()
    assert b"CANARY" not in photo.content and b"Exif" not in photo.content
    assert after.size == (20, 40) == (photo.width, photo.height), "turned as the camera said"


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK")])
def test_every_taken_type_becomes_a_jpeg(kind, mode):
    out = BytesIO()
    Image.new(mode, (30, 30)).save(out, kind)
    photo = read_photo(out.getvalue())
    assert (opened(photo).format, photo.mime) == ("JPEG", "image/jpeg")


def test_text_in_a_png_is_left_behind():
    from PIL.PngImagePlugin import PngInfo

    info, out = PngInfo(), BytesIO()
    info.add_text("Comment", "CANARY")
    Image.new("RGB", (9, 9)).save(out, "PNG", pnginfo=info)
    assert b"CANARY" in out.getvalue() and b"CANARY" not in read_photo(out.getvalue()).content


def test_a_large_picture_is_drawn_smaller():
    photo = read_photo(a_jpeg(size=(6000, 1000)))
    assert photo.width <= photos.LONGEST_SIDE and photo.height < 1000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a" + bytes(40), "type"),
        (b"%PDF-1.7 not a photo.jpg", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "type"),
        (b"", "type"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "heic"),
        (a_jpeg()[:60], "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "broken"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(30), "broken"),
        (b"\xff\xd8\xff" + bytes(photos.LARGEST_PHOTO), "too_large"),
    ],
)
def test_what_is_no_photo_is_named(content, reason):
    assert read_photo(content) == Unusable(reason)


def a_png_that_says_it_is(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    row = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("side", "reason"), [(4000, "broken"), (5000, "too_many_pixels"), (60000, "broken")])
def test_a_bomb_is_not_drawn(side, reason, monkeypatch):
    """Known by its head: no pixel of it is decoded. Beyond Pillow's own limit it is not even opened."""
    decoded = []
    monkeypatch.setattr(Image.Image, "thumbnail", lambda self, size: decoded.append(size))
    assert read_photo(a_png_that_says_it_is(side, side)) == Unusable(reason)
    if side > 4000:
        assert not decoded
