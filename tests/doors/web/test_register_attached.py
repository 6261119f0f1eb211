"""Files kept with a row: checked, drawn anew or kept as they came, taken off and put back, looks recorded."""

import hashlib
import io
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jingwei.apps.journal.models import Entry
from jingwei.apps.registers import actions
from jingwei.apps.registers.models import RowFile
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.attack.test_bombs import BOMBS
from tests.doors.entry.test_photos import a_geotagged_jpeg
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_zip(content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", content)
    return out.getvalue()


@pytest.fixture
def home(settings, tmp_path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def row(home):
    values = {"name": "一队", "place": "4101", "kind": "FIRE"}
    return actions.add_row("teams", values, by=holding_of("zhongyu"), moment=this_moment())


def send(row, content: bytes, name: str = "合同.pdf", user: str = "lisiyuan"):
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return signed_in(user).post(f"/registers/teams/{row}/attach", {"file": file})


def test_a_pdf_is_kept_as_it_came_and_handed_out_only_to_be_saved(row, home):
    assert send(row, PDF).status_code == 302
    kept = RowFile.objects.get()
    assert (home / "attachments" / str(kept.pk)).read_bytes() == PDF
    assert (kept.name, kept.mime, kept.content_digest) == (
        "合同.pdf", "application/pdf", hashlib.sha256(PDF).hexdigest())  # fmt: skip
    client = signed_in("lisiyuan")
    assert "合同.pdf" in client.get(f"/registers/teams/{row}").content.decode()
    answer = client.post(f"/registers/teams/{row}/files/{kept.pk}/open")
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/registers/teams/{row}/files/{kept.pk}/open").status_code == 405
    assert Entry.objects.filter(kind="registers.file_opened/1").count() == 1, "the look is on the record"


def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(row, home):
    assert send(row, a_geotagged_jpeg(), "现场.PNG").status_code == 302
    kept = RowFile.objects.get()
    content = (home / "attachments" / str(kept.pk)).read_bytes()
    assert kept.name == "现场.jpg" and kept.mime == "image/jpeg" and b"Exif" not in content
    assert Image.open(io.BytesIO(content)).format == "JPEG"


def test_the_fact_bears_the_digest_and_only_what_was_kept_is_handed_out(row, home):
    send(row, PDF)
    kept = RowFile.objects.get()
    assert kept.content_digest in str(Entry.objects.get(kind="registers.file_attached/1").body)
    (home / "attachments" / str(kept.pk)).write_bytes(PDF + b"!")
    answer = signed_in("lisiyuan").post(f"/registers/teams/{row}/files/{kept.pk}/open")
    assert answer.status_code == 409 and b"%PDF" not in answer.content


def test_taken_off_and_put_back(row, home):
    send(row, PDF)
    kept, client = RowFile.objects.get(), signed_in("lisiyuan")
    here = f"/registers/teams/{row}/files/{kept.pk}"
    assert client.post(f"{here}/off").status_code == 302
    page = client.get(f"/registers/teams/{row}").content.decode()
    assert "已取下" in page and f"{here}/open" not in page and (home / "attachments" / str(kept.pk)).exists()
    assert client.post(f"{here}/off").status_code == 404
    assert client.post(f"{here}/back").status_code == 302
    assert f"{here}/open" in client.get(f"/registers/teams/{row}").content.decode()
    assert client.post(f"{here}/back").status_code == 409


def test_the_same_file_again_is_known_and_twenty_are_the_most(row, home):
    for n in range(22):
        answer = send(row, PDF.replace(b"1.4", f"1.{n}".encode()))
        assert answer.status_code == (302 if n < 20 else 409)
    assert send(row, PDF.replace(b"1.4", b"1.0")).status_code == 302, "the same again"
    assert RowFile.objects.count() == 20 == len(list((home / "attachments").iterdir()))


WRONG = {
    "a page": b"<html><script>alert(1)</script></html>",
    "a program": b"MZ\x90\x00" + bytes(100),
    "an archive": a_zip(),
    "an archive that is a bomb": a_zip(bytes(50_000_000)),
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>',
    "a pdf cut off": PDF.replace(b"%%EOF", b""),
    "a pdf that is an archive too": PDF + a_zip() ,
    "a pdf that is a page too": b"%PDF-1.4\n<html><script>x</script>\n%%EOF",
    "a pdf that is a program too": b"%PDF-1.4\nMZ\x90\x00\n%%EOF",
    "a pdf that begins later": b"GIF89a" + PDF,
    "nothing": b"",
    "a picture of its head only": b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x"),
}  # fmt: skip


#: Bombs that a picture's own reader disarms: the rows that do not belong to it are never unpacked.
HARMLESS = {"rows of 500 MB in a small png"}


@pytest.mark.parametrize("what", [*WRONG, *BOMBS])
def test_what_is_no_picture_and_no_pdf_is_refused_and_nothing_stays(row, home, what):
    content = WRONG.get(what, BOMBS.get(what, b""))
    answer = send(row, content, "报告.pdf")
    if answer.status_code == 302:  # what is harmless once it is drawn anew: no larger than any picture
        assert what in HARMLESS and RowFile.objects.get().bytes < 1_000_000
        return
    assert answer.status_code == 422, what
    assert 'role="alert"' in answer.content.decode()
    assert not RowFile.objects.exists() and not (home / "attachments").exists()


def test_a_picture_that_is_an_archive_too_loses_the_archive(row, home):
    assert send(row, a_geotagged_jpeg() + a_zip(b"secret" * 10), "图.jpg").status_code == 302
    content = (home / "attachments" / str(RowFile.objects.get().pk)).read_bytes()
    assert b"PK\x03\x04" not in content and not zipfile.is_zipfile(io.BytesIO(content))


def test_a_file_too_large_is_refused_unread(row, home):
    assert send(row, b"%PDF-" + bytes(21 * 2**20)).status_code == 422
    assert not RowFile.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../x.pdf", "..\\x.pdf", "a\0b.php", "\u202efdp.exe", "x" * 500, "", ".pdf"]
)
def test_a_name_is_only_shown(row, home, name):
    from jingwei.doors.entry.documents import read_document

    kept = read_document(name, PDF).name
    assert kept.endswith(".pdf") and len(kept) <= 200
    assert not set('/\\:"<>|?*\0\u202e') & set(kept) and not kept.startswith(".")


def test_a_full_disk_is_said_and_nothing_is_attached(row, home, monkeypatch):
    import errno
    import os

    def full(fd):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = send(row, PDF)
    assert answer.status_code == 503 and "存不下" in answer.content.decode()
    assert not RowFile.objects.exists() and not list((home / "attachments").glob("*"))
    monkeypatch.undo()


def test_who_does_not_keep_the_register_attaches_nothing_and_opens_nothing(row, home):
    send(row, PDF)
    kept = RowFile.objects.get()
    assert send(row, PDF.replace(b"1.4", b"1.5"), user="yuzijin").status_code in (403, 404), "a county"
    opened = signed_in("yuzijin").post(f"/registers/teams/{row}/files/{kept.pk}/open")
    assert opened.status_code == 403 and PDF not in opened.content
    other = "01890000-0000-7000-8000-000000000000"
    assert signed_in("lisiyuan").post(f"/registers/teams/{other}/files/{kept.pk}/open").status_code == 404


def test_a_backup_takes_attachments_along():
    from jingwei.wiring.backup.make import HOME_PARTS

    assert "attachments" in HOME_PARTS
