"""The public's own report: at most five fields, no sign-in, no script. And the photos that came with it."""

import logging
import re
import uuid
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.places import queries as places
from jingwei.apps.reports import actions
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.facts import Received, Told
from jingwei.doors.entry import refusals
from jingwei.doors.entry.photos import LARGEST_PHOTO, Unusable, read_photo
from jingwei.doors.entry.troubles import note_error
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, uuid_of
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By
from jingwei.kernel.refusals import Refused, Unavailable

log = logging.getLogger(__name__)

#: Largest body read at all, bytes; a photo that is too large but below this is set aside, the report kept.
#: Source: our estimate, the largest phone pictures are under 30 MB, 2026-11-22.
LARGEST_FORM = 32 * 1024 * 1024
MOST_WORDS = 5_000
_NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
PHOTO_STATES = ("kept", "heic", "type", "broken", "too_large", "too_many_pixels", "not_kept")


class Entered(msgspec.Struct, frozen=True):
    """What was typed, as typed: it comes back unchanged when it cannot be taken."""

    words: str = ""
    where: str = ""
    phone: str = ""
    rescue: bool = False
    key: str = ""

    def told(self, post: agencies.Authority) -> Told:
        place, site = _place(self.where, within=post.place)
        return Told(
            key=self.key,
            channel="web",
            words=self.words.strip(),
            lang="zh" if re.search(r"[\u4e00-\u9fff]", self.words) else "en",
            place=place,
            site=site,
            place_words=self.where.strip(),
            caller_phone=self.phone.strip(),
            rescue=self.rescue,
        )


def _place(words: str, *, within: str) -> tuple[str, str]:
    """The one place of the area that goes by these words; else the words stay for a person to read."""
    text = words.strip()[:100]
    found = places.search_places(text, within=within, limit=2) if text else []
    return (found[0].code, found[0].site) if len(found) == 1 else ("", "")


def _public_post(request: Asked) -> agencies.Authority | None:
    """The post the form acts for; None when this node has no door for the public."""
    code = settings.JINGWEI_PUBLIC_POST
    by = agencies.find_holding_of_post(code, at=request.moment.at) if code else None
    return agencies.find_authority(by, at=request.moment.at) if by else None


@csrf_exempt  # looked at below, once the size is known: else the whole body would be read first
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Asked) -> HttpResponse:
    """Say what happens. Only the words are needed."""
    post = _public_post(request)
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
    form = Entered(
        words=request.POST.get("words", "")[:MOST_WORDS],
        where=request.POST.get("where", "")[:300],
        phone=request.POST.get("phone", "")[:40],
        rescue=bool(request.POST.get("rescue")),
        key=str(uuid_of(request.POST.get("key", "")) or new_id()),
    )
    if not form.words.strip():
        return _form(request, form, error=refusals.say("words_missing"), status=422)
    try:
        answer = _received(request, form, post)
    except Refused as refused:
        return _form(request, form, error=refusals.sentence(refused), status=429)
    # the report is safe now; whatever the photo is, it cannot take the report back
    kept = {"n": reports.number_of(answer.id)} | _photo(request, answer.id, post.holding)
    return redirect(f"/report/thanks?{urlencode(kept)}")


def _received(request: Asked, form: Entered, post: agencies.Authority) -> Received:
    """Taken in once, also when two taps arrive at the same instant."""
    told, address = form.told(post), request.META.get("REMOTE_ADDR", "")
    try:
        return actions.receive_public_report(told, address=address, by=post.holding, moment=request.moment)
    except IntegrityError:
        return actions.receive_public_report(told, address=address, by=post.holding, moment=request.moment)


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
    return render(request, "web/releases/report.html", {"form": form, "error": error}, status=status)


@require_safe
def thanks(request: Asked) -> HttpResponse:
    """The number to quote, and what happens next. It says nothing about the report itself."""
    number, photo = request.GET.get("n", ""), request.GET.get("photo", "")
    if not _NUMBER.fullmatch(number):
        return redirect("/report")
    context = {"number": number, "photo": photo if photo in PHOTO_STATES else ""}
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
