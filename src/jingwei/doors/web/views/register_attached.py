"""Files kept with a row: sent in, taken off, put back, looked into."""

import logging
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.registers import actions, queries
from jingwei.doors.entry import refusals
from jingwei.doors.entry.documents import LARGEST_PDF, read_document
from jingwei.doors.web.door import Asked, act, signed_in, status_of
from jingwei.kernel.refusals import Refused, Unavailable

from .registers import row_missing

log = logging.getLogger(__name__)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: Asked, code: str, row_id: uuid.UUID) -> HttpResponse:
    """Choose a file and keep it; what is wrong with it is said, and nothing of it is kept then."""
    register = queries.get_register(code)
    line = queries.find_row(register, row_id, authority=request.caller.authority)
    if line is None:
        return row_missing(request)
    refused = None
    if request.method == "POST":
        try:
            _attach(request, code, row_id)
            return redirect(f"/registers/{code}/{row_id}#files")
        except Refused as no:
            refused = no
    context = {
        "register": register,
        "line": line,
        "name": line.values["name"],
        "error": refusals.sentence(refused) if refused else "",
        "most_mib": LARGEST_PDF // 2**20,
    }
    status = 503 if refused and refused.code == "file_not_kept" else status_of(refused) if refused else 200
    return render(request, "web/registers/attach.html", context, status=status)


def _attach(request: Asked, code: str, row_id: uuid.UUID) -> None:
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("file_missing")
    if (sent.size or 0) > LARGEST_PDF:
        raise Refused("file_too_large_unreadable", most_mib=LARGEST_PDF // 2**20)
    document = read_document(sent.name or "", sent.read())
    try:
        actions.attach_file(code, row_id, document, **act(request))
    except Unavailable as error:
        log.error("a file could not be kept: %s", error.__cause__)
        raise Refused("file_not_kept") from error


@signed_in
@require_POST
def take_off(request: Asked, code: str, row_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    actions.take_file_off(code, row_id, file_id, **act(request))
    return redirect(f"/registers/{code}/{row_id}#files")


@signed_in
@require_POST
def put_back(request: Asked, code: str, row_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    actions.put_file_back(code, row_id, file_id, **act(request))
    return redirect(f"/registers/{code}/{row_id}#files")


@signed_in
@require_POST
def look(request: Asked, code: str, row_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """The file, to be saved. By POST, because the look is written down."""
    found = actions.open_file(code, row_id, file_id, **act(request))
    answer = HttpResponse(found.content, content_type=found.mime)
    # the name in any script, as Django writes it (RFC 6266); never shown inside a page of ours
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
