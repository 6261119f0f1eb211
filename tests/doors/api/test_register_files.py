"""Programs keep files with the rows they keep: checked as on the page, handed out on the record."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jingwei.apps.journal.models import Entry
from jingwei.apps.registers.models import RowFile
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.api.test_register_writes import ROWS, a_writer, call, enter
from tests.doors.attack.test_bombs import BOMBS
from tests.doors.entry.test_photos import a_geotagged_jpeg
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_register_attached import HARMLESS, PDF, a_zip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def writer():
    return a_writer()


@pytest.fixture
def here(writer) -> str:
    return f"{ROWS}/{enter(writer).json()['id']}/files"


def send(client, here: str, content: bytes, name: str = "合同.pdf"):
    return client.post(here, {"file": SimpleUploadedFile(name, content, content_type="text/html")})


def test_a_file_is_sent_in_listed_handed_out_taken_off_and_put_back(writer, here, home):
    sent = send(writer, here, PDF)
    assert sent.status_code == 201, sent.content
    file = sent.json()
    assert file | {"name": "合同.pdf", "mime": "application/pdf", "bytes": len(PDF), "removed": False} == file
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (home / "attachments" / file["id"]).read_bytes() == PDF
    assert send(writer, here, PDF, "again.pdf").json()["id"] == file["id"], "the same content is known"
    assert [one["id"] for one in writer.get(here).json()] == [file["id"]]
    one = f"{here}/{file['id']}"
    opened = writer.post(f"{one}/open")
    assert (opened.status_code, opened.content, opened["Content-Type"]) == (200, PDF, "application/pdf")
    assert (
        opened["Content-Disposition"].startswith("attachment")
        and "sandbox" in opened["Content-Security-Policy"]
    )
    looks = Entry.objects.filter(kind="registers.file_opened/1")
    assert looks.count() == 1 and looks.get().body["file_id"] == file["id"]
    assert writer.post(f"{one}/take-off").json()["removed"]
    assert writer.post(f"{one}/take-off").status_code == 404
    assert not writer.post(f"{one}/put-back").json()["removed"]
    assert writer.post(f"{one}/put-back").json()["error"] == "file_stands"


def test_a_picture_is_drawn_anew(writer, here):
    sent = send(writer, here, a_geotagged_jpeg(), "现场.png").json()
    content = writer.post(f"{here}/{sent['id']}/open").content
    assert sent["mime"] == "image/jpeg" and sent["name"] == "现场.jpg"
    assert b"Exif" not in content and hashlib.sha256(content).hexdigest() == sent["sha256"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_missing"),
        (b"hello", 422, "file_type_unreadable"),
        (PDF.replace(b"%%EOF", b""), 422, "file_broken_unreadable"),
        (PDF + a_zip(), 422, "file_two_unreadable"),
        (b"%PDF-1.4 <script>" + PDF, 422, "file_two_unreadable"),
    ],
)
def test_what_the_page_refuses_is_refused_here(writer, here, content, status, code):
    answer = send(writer, here, content)
    assert (answer.status_code, answer.json()["error"]) == (status, code) and answer.json()["message"]
    assert not RowFile.objects.exists()


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_no_bomb_goes_off(writer, here, bomb):
    sent = send(writer, here, BOMBS[bomb], f"{bomb}.png")
    if sent.status_code == 201:  # what is harmless once it is drawn anew
        assert bomb in HARMLESS and sent.json()["bytes"] < 1_000_000
        return
    assert sent.status_code in (413, 422) and not RowFile.objects.exists()


def test_nothing_sent_is_said(writer, here):
    assert writer.post(here).json()["error"] == "file_missing"


def test_a_file_too_large_is_not_read(writer, here, monkeypatch):
    monkeypatch.setattr("jingwei.doors.api.register_files.LARGEST_PDF", 10)
    assert send(writer, here, PDF).status_code == 413


def test_a_program_that_only_reads_does_not_send_nor_look(program, writer, here):  # noqa: F811
    file = send(writer, here, PDF).json()["id"]
    assert send(program, here, PDF + b"\n").status_code == 403
    assert program.post(f"{here}/{file}/open").status_code == 403
    assert program.get(here).status_code == 200, "that there is one, it may see"
    for what in ("take-off", "put-back"):
        assert program.post(f"{here}/{file}/{what}").status_code == 403


def test_another_organizations_program_does_not_send_nor_look(writer, here):
    file = send(writer, here, PDF).json()["id"]
    other = a_writer("410182-yjj", "4101")
    assert send(other, here, PDF + b"\n").status_code == 403
    assert other.post(f"{here}/{file}/open").status_code == 403
    assert not Entry.objects.filter(kind="registers.file_opened/1").exists()


def test_without_a_token_or_with_a_session_alone_nothing_opens(client, here):
    for one in (client, signed_in("lisiyuan")):
        assert one.get(here).status_code == send(one, here, PDF).status_code == 401


def test_a_row_or_file_that_is_not_there_is_not_found(writer, here):
    nobody = "00000000-0000-7000-8000-000000000000"
    assert writer.get(f"{ROWS}/{nobody}/files").status_code == 404
    assert writer.post(f"{here}/{nobody}/open").status_code == 404
    assert writer.get("/api/v1/registers/none/rows/x/files").status_code in (404, 422)
    assert call(writer, "post", f"{ROWS}/{nobody}/files").status_code == 404
