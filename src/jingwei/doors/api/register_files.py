"""Files with rows of registers, for programs: sent in, listed, handed out, taken off and put back.

The same checks as the page's: the type known by content, a picture drawn anew, a PDF kept as it came.
"""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Schema, Status
from ninja.files import UploadedFile

from jingwei.apps.registers import actions, queries
from jingwei.doors.entry.documents import LARGEST_PDF, read_document
from jingwei.kernel.refusals import Refused

from .register_writes import SaidOut, acting, seen
from .registers import find_register, router

#: HTTP's word for what is wrong with a file.
STATUS = {
    "file_missing": 422,
    "file_type_unreadable": 422,
    "file_heic_unreadable": 422,
    "file_broken_unreadable": 422,
    "file_two_unreadable": 422,
    "file_too_large_unreadable": 413,
}
_HERE = "/{code}/rows/{row_id}/files"
_NOT: dict[int, Any] = {403: SaidOut, 404: SaidOut, 409: SaidOut}


class FileOut(Schema):
    """A file of a row, without its content. `removed`: taken off, and could be put back."""

    id: uuid.UUID
    name: str
    mime: str
    bytes: int
    sha256: str
    at: datetime
    removed: bool


@router.get(_HERE, response=list[FileOut], summary="The files of a row, those that stand first")
def list_files(request: HttpRequest, code: str, row_id: uuid.UUID):
    seen(request, find_register(code), row_id)
    return [_out(line) for line in queries.list_files(row_id)]


@router.post(
    _HERE,
    response={201: FileOut, 413: SaidOut, 422: SaidOut | dict[str, Any], **_NOT},
    summary="Keep a picture or a PDF with a row; the same content again is known",
)
def attach_file(request: HttpRequest, code: str, row_id: uuid.UUID, file: UploadedFile = File(None)):  # type: ignore[type-arg] # noqa: B008 - the library's way
    seen(request, find_register(code), row_id)
    if file is None:
        raise Refused("file_missing")
    if (file.size or 0) > LARGEST_PDF:
        raise Refused("file_too_large_unreadable", most_mib=LARGEST_PDF // 2**20)
    kept = actions.attach_file(code, row_id, read_document(file.name or "", file.read()), **acting(request))
    return Status(201, _one(row_id, kept))


@router.post(
    _HERE + "/{file_id}/open",
    summary="The content of a file; the look is recorded",
    response=_NOT,
    openapi_extra={"responses": {"200": {"description": "The file", "content": {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        "image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
def open_file(request: HttpRequest, code: str, row_id: uuid.UUID, file_id: uuid.UUID):
    seen(request, find_register(code), row_id)
    found = actions.open_file(code, row_id, file_id, **acting(request))
    answer = HttpResponse(found.content, content_type=found.mime)
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@router.post(
    _HERE + "/{file_id}/take-off", response={200: FileOut, **_NOT}, summary="Take a file off its row"
)
def take_file_off(request: HttpRequest, code: str, row_id: uuid.UUID, file_id: uuid.UUID):
    seen(request, find_register(code), row_id)
    actions.take_file_off(code, row_id, file_id, **acting(request))
    return _one(row_id, file_id)


@router.post(
    _HERE + "/{file_id}/put-back", response={200: FileOut, **_NOT}, summary="Put a file back on its row"
)
def put_file_back(request: HttpRequest, code: str, row_id: uuid.UUID, file_id: uuid.UUID):
    seen(request, find_register(code), row_id)
    actions.put_file_back(code, row_id, file_id, **acting(request))
    return _one(row_id, file_id)


def _one(row_id: uuid.UUID, file_id: uuid.UUID) -> FileOut:
    return next(_out(line) for line in queries.list_files(row_id) if line.id == file_id)


def _out(line: queries.FileLine) -> FileOut:
    return FileOut(**{name: getattr(line, name) for name in FileOut.model_fields})
