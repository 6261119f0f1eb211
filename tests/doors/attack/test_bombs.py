"""Small things that want to become large: pictures, nested JSON, endless numbers, forms of many fields."""

import json
import os
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from jingwei.apps.reports.models import Report
from jingwei.doors.entry.intake import read_body
from jingwei.doors.entry.photos import Unusable, read_photo


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def a_png(width: int, height: int, *more: bytes, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(rows or b"\0" * 1000, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + data + chunk(b"IEND", b"")


def a_jpeg_that_says(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG")
    content = bytearray(out.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def frames(kind: str, count: int) -> bytes:
    out = BytesIO()
    pictures = [Image.new("RGB", (64, 64), (n % 256, 0, 0)) for n in range(count)]
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:], duration=10)
    return out.getvalue()


BOMBS = {
    "a png of 65535 by 65535": a_png(65535, 65535),
    "a png of 2^31 by 1": a_png(2**31 - 1, 1),
    "a jpeg of 65535 by 65535": a_jpeg_that_says(65535, 65535),
    "a text of 200 MB in a png": a_png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 200_000_000, 9))),
    "an itxt of 200 MB": a_png(8, 8, chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(b"a" * 200_000_000, 9))),
    "a profile of 200 MB": a_png(8, 8, chunk(b"iCCP", b"a\0\0" + zlib.compress(b"a" * 200_000_000, 9))),
    "rows of 500 MB in a small png": a_png(8, 8, rows=b"\0" * 500_000_000),
}

_ALONE = """
import sys
from jingwei.doors.entry.photos import read_photo
def most_mib():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith("VmHWM")) // 1024
before = most_mib()
told = read_photo(open(sys.argv[1], "rb").read())
print(type(told).__name__, most_mib() - before)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_memory_and_no_time(name, tmp_path):
    file = tmp_path / "photo"
    file.write_bytes(BOMBS[name])
    assert len(BOMBS[name]) < 2_000_000, "it is small as it comes"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, str(file)],
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    _, mib = done.stdout.split()
    assert int(mib) < 150, f"{name}: {mib} MiB"


def test_canary_without_the_limit_of_pixels_memory_grows(tmp_path):
    file, lines = tmp_path / "photo", b"".join(b"\0" + b"\x7f" * 18_000 for _ in range(6_000))
    file.write_bytes(a_png(6_000, 6_000, rows=lines))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    open_door = _ALONE.replace(
        "before =", "from jingwei.doors.entry import photos\nphotos.MOST_PIXELS = {'PNG': 10**12}\nbefore ="
    )
    grown = []
    for line in (_ALONE, open_door):
        done = subprocess.run(
            [sys.executable, "-c", line, str(file)],
            env=env,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        grown.append(int(done.stdout.split()[1]))
    assert grown[0] < 60 < grown[1], grown


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_a_moving_picture_only_the_first_is_kept(kind):
    kept = read_photo(frames(kind, 120))
    assert not isinstance(kept, Unusable) and getattr(Image.open(BytesIO(kept.content)), "n_frames", 1) == 1


def test_what_is_also_a_page_becomes_a_picture_and_nothing_else():
    out = BytesIO()
    Image.new("RGB", (32, 32)).save(out, "JPEG")
    kept = read_photo(out.getvalue() + b"<script>alert(1)</script><?php x ?>PK\x03\x04")
    assert not isinstance(kept, Unusable)
    assert b"script" not in kept.content and b"PK\x03\x04" not in kept.content and b"php" not in kept.content


@pytest.mark.parametrize(
    "content",
    [b"GIF89a" + b"\0" * 50, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"%PDF-1.7",
     b"PK\x03\x04",      b"II*\0" + b"\0" * 100, b"8BPS", b"\0\0\1\0", b"%!PS", b"BM" + b"\0" * 60],
)  # fmt: skip
def test_other_types_reach_no_decoder(content):
    told = read_photo(content)
    assert isinstance(told, Unusable) and told.reason == "type"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 500_000,
        b'{"a":' * 200_000,
        b'{"level": ' + b"9" * 1_000_000 + b"}",
        b'{"words": "x", "lon": 1e999999, "lat": -1e999999}',
        b'{"words": "x", "occurred_at": 1e308}',
        b'{"words": "x", "occurred_at": "9999999-01-01"}',
        b'{"words": "x", "number": 1e400}',
        b'{"words": "' + b"\\u0000" * 100_000 + b'"}',
        b'{"words": "x", ' + b",".join(b'"f%d": 1' % i for i in range(100_000)) + b"}",
        b'{"words": "x", "words": "y"}',
        b"\xff\xfe" + b"\xd8\x00" * 10_000,
        b"",
        b"\0" * 1_000_000,
    ],
    ids=range(13),
)
def test_no_body_breaks_the_intake_or_keeps_it_busy(body):
    import time

    started = time.process_time()
    assert len(read_body(body).told) == 1, "kept, for a person to read"
    assert time.process_time() - started < 5


@pytest.mark.django_db
def test_a_name_of_a_file_is_nobodys_path(settings):
    from jingwei.apps.reports.models import ReportPhoto
    from jingwei.apps.reports.queries import path_of_photo

    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"
    out = BytesIO()
    Image.new("RGB", (32, 32)).save(out, "JPEG")
    names = ("../../../etc/cron.d/x", "..\\..\\x.jpg", "/etc/passwd", "a\0.php", "\u202egpj.exe", "x" * 500)
    for name in names:
        form = b'--B\r\nContent-Disposition: form-data; name="words"\r\n\r\nwater\r\n--B\r\n'
        form += f'Content-Disposition: form-data; name="photo"; filename="{name}"\r\n'.encode()
        form += b"Content-Type: image/jpeg\r\n\r\n" + out.getvalue() + b"\r\n--B--\r\n"
        answer = Client().post("/report", form, content_type="multipart/form-data; boundary=B")
        assert answer.status_code == 302 and "photo=kept" in answer["location"], (name, answer["location"])
    kept = list(ReportPhoto.objects.all())
    assert len(kept) == len(names)
    for one in kept:
        path = path_of_photo(one.pk).resolve()
        assert path.is_relative_to(settings.HOME) and path.exists()
        assert path.stem.replace("-", "") == one.pk.hex, "named by us"


@pytest.mark.django_db
def test_a_form_of_very_many_fields_is_refused(settings):
    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"
    before = Report.objects.count()
    fields = "&".join(f"f{i}=1" for i in range(5000))
    answer = Client(raise_request_exception=False).post(
        "/report", f"words=x&{fields}", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400 and Report.objects.count() == before


@pytest.mark.django_db
def test_a_compressed_body_is_not_unpacked():
    import gzip

    packed = gzip.compress(json.dumps({"words": "x" * 1_000_000}).encode())
    (told,) = read_body(packed).told
    assert len(told.raw) < len(packed) * 5, "kept as it came"
