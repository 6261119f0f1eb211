"""The public's own report: at most five fields, no sign-in, works without script. And the photos with it."""

import logging
import re
import uuid
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.reports import actions
from jingwei.apps.reports import queries as reports
from jingwei.doors.entry import refusals
from jingwei.doors.entry.photos import LARGEST_PHOTO, Unusable, read_photo
from jingwei.doors.entry.troubles import note_error
from jingwei.doors.web.carried import MOST_PHOTOS, Entered, entered, public_post, receive_public
from jingwei.doors.web.door import Asked, act, missing_page, signed_in
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By
from jingwei.kernel.refusals import Refused, Unavailable

log = logging.getLogger(__name__)

#: Largest body read at all, bytes; a photo that is too large but below this is set aside, the report kept.
#: Source: our estimate, the largest phone pictures are under 30 MB, 2026-11-22.
LARGEST_FORM = 32 * 1024 * 1024
_NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
PHOTO_STATES = ("kept", "heic", "type", "broken", "too_large", "too_many_pixels", "not_kept")


@csrf_exempt  # looked at below, once the size is known: else the whole body would be read first
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Asked) -> HttpResponse:
    """Say what happens. Only the words are needed."""
    post = public_post(request.moment)
    if post is None:
        return render(request, "web/releases/report_closed.html", status=404)
    if request.method != "POST":
        return _form(request, Entered(key=str(new_id())))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_FORM:
        said = _("The photo is too large to be read. Send the report without it, or with a smaller one.")
        return _form(request, Entered(key=str(new_id())), error=said, status=413)
    return _sent(request, post)


@csrf_protect
def _sent(request: Asked, post: agencies.Authority) -> HttpResponse:
    form = entered(request)
    if not form.words.strip():
        return _form(request, form, error=refusals.say("words_missing"), status=422)
    try:
        answer = receive_public(request, form, post)
    except Refused as refused:
        return _form(request, form, error=refusals.sentence(refused), status=429)
    # the report is safe now; whatever the photo is, it cannot take the report back
    kept = {"n": reports.number_of(answer.id)} | ({"rescue": "1"} if form.rescue else {})
    kept |= _photo(request, answer.id, post.holding)
    return redirect(f"/report/thanks?{urlencode(kept)}")


def _photo(request: Asked, report_id: uuid.UUID, by: By) -> dict[str, str]:
    sent = request.FILES.get("photo")
    if sent is None or not sent.size:
        return {}
    large = sent.size > LARGEST_PHOTO
    photo = Unusable("too_large") if large else read_photo(sent.read())
    if not isinstance(photo, Unusable):
        try:
            actions.attach_photo(report_id, photo, by=by, moment=request.moment)
            return {"photo": "kept"}
        except Unavailable as error:
            log.error("a photo could not be kept: %s", error.__cause__)
            note_error(error)
            photo = Unusable("not_kept")
    actions.set_photo_aside(report_id, reason=photo.reason, by=by, moment=request.moment)
    return {"photo": photo.reason}


def _form(request: Asked, form: Entered, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "error": error, "door": "/report", "frame": "web/frame.html"}
    return render(request, "web/releases/report.html", context | {"most_photos": MOST_PHOTOS}, status=status)


@require_safe
def thanks(request: Asked) -> HttpResponse:
    """The number to quote, and what happens next. It says nothing about the report itself."""
    number, photo = request.GET.get("n", ""), request.GET.get("photo", "")
    if not _NUMBER.fullmatch(number):
        return redirect("/report")
    rescue = "1" if request.GET.get("rescue") == "1" else ""
    context = {"number": number, "rescue": rescue, "photo": photo if photo in PHOTO_STATES else ""}
    return render(request, "web/releases/report_thanks.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: Asked, report_id: uuid.UUID, photo_id: uuid.UUID) -> HttpResponse:
    """A photo, for those who may see its report and whose look has been recorded; a post records it."""
    if request.method == "POST":
        actions.look_at_photo(report_id, photo_id, **act(request))
        return redirect(f"/reports/{report_id}#photos")
    asking = request.caller.authority
    if photo_id not in reports.list_looked_at(report_id, by=asking.holding, now=request.moment.recorded_at):
        return missing_page(request, _("A look at a photo is recorded. Open it from its report."))
    found = reports.find_photo(report_id, photo_id, authority=request.caller.authority)
    if found is None:
        return missing_page(request, _("This photo is not known here."))
    line, content = found
    return HttpResponse(
        content,
        content_type=line.mime,
        headers={
            "Content-Disposition": f'inline; filename="{reports.number_of(report_id)}.jpg"',
            "X-Content-Type-Options": "nosniff",
        },
    )
