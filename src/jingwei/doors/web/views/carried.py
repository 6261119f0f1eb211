"""A phone that was without a signal: the form it keeps, a fresh token, and what it sends when it is back.

Two doors: `/report` for the public, `/informant` for a person in a post or a post's token. Nothing of a
person's stands in what the phone keeps of these pages.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.reports import actions
from jingwei.apps.reports import queries as reports
from jingwei.doors.entry import refusals
from jingwei.doors.entry.callers import caller_of_token
from jingwei.doors.entry.photos import LARGEST_PHOTO, Unusable, read_photo
from jingwei.doors.entry.troubles import RETRY_AFTER_S, note_error
from jingwei.doors.web import carried, statics
from jingwei.doors.web.door import Asked, missing_page, status_of, uuid_of
from jingwei.kernel.refusals import Refused, Unavailable

#: Largest body of a photo's form, bytes: one photo and the form around it.
LARGEST_BODY = LARGEST_PHOTO + 256 * 1024
#: What the phone keeps beside the form.
FILES = ("jingwei.css", "parts.css", "pages.css", "carried.css", "carried.js", "mark.svg", "icon-192.png")
#: What one door's form needs besides.
MORE_FILES = {"shelters/register": ("shelters.css", "shelters.js")}
#: What each door's form is drawn from.
FORMS = {
    "report": "web/releases/report.html",
    "informant": "web/releases/report.html",
    "shelters/register": "web/shelters/register.html",
}
#: The right that is asked for before a form of this door is sent.
RIGHTS = {"informant": "reports.receive_reports", "shelters/register": "shelters.register_family"}
LANGUAGES = {"zh-Hans": "zh-hans", "en": "en"}
ICONS = [
    {"src": f"/static/{name}", "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
    for name, side, purpose in (
        ("icon-192.png", 192, "any"),
        ("icon-512.png", 512, "any"),
        ("icon-512.png", 512, "maskable"),
    )
]
#: A page that reads cards with the camera: this node's own page, and nothing in it from elsewhere.
CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
View = Callable[..., HttpResponse]


def _post(request: Asked, door: str) -> agencies.Authority | None:
    """Which post speaks through this door now."""
    if door == "report":
        return carried.public_post(request.moment)
    if "authorization" in request.headers:  # a program's: no session stands in for it
        by = caller_of_token({"authorization": request.headers["authorization"]})
        return agencies.find_authority(by, at=request.moment.at) if by else None
    return request.caller.authority if request.caller else None


def _nobody(door: str) -> HttpResponse:
    if door == "report":
        message = _(
            "This node has no form for the public. "
            "Nothing you write could reach anybody, so no form is shown."
        )
        return _said(404, "not_found", message)
    return _said(
        401,
        "caller_unknown",
        _("Nobody is signed in. What you wrote stays on this phone; sign in, and it is sent."),
    )


def _said(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": code, "message": message}, status=status)


def spoken(view: View) -> View:
    """Answers as data; refusals as their sentence, and the node's troubles as: later."""

    @wraps(view)
    def inner(request: Asked, door: str) -> HttpResponse:
        post = _post(request, door)
        if post is None:
            return _nobody(door)
        try:
            return view(request, door, post)
        except Refused as refused:
            status = 429 if refused.code == "too_many_reports" else status_of(refused)
            return _said(status, refused.code, refusals.sentence(refused))
        except Unavailable as error:
            note_error(error)
            answer = _said(503, "try_again", refusals.say("try_again", {"what": error.what}))
            answer["Retry-After"] = str(RETRY_AFTER_S)
            return answer

    return inner


def guarded(view: View) -> View:
    """Size first, then the page's token; a program's token stands for itself, no browser adds it unasked."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def inner(request: Asked, door: str) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return _said(
                413,
                "too_large",
                _("The photo is too large to be read. Send the report without it, or with a smaller one."),
            )
        bearer = door == "informant" and "authorization" in request.headers
        return view(request, door) if bearer else csrf_protect(view)(request, door)

    return inner


@require_safe
def page(request: Asked) -> HttpResponse:
    """The informant's form. It holds nothing: who sends is asked when it is sent."""
    context = {"form": carried.Entered(), "door": "/informant", "frame": "web/frame.html"}
    return render(request, "web/releases/report.html", context | {"most_photos": carried.MOST_PHOTOS})


@require_safe
@spoken
def token(request: Asked, door: str, post: agencies.Authority) -> HttpResponse:
    """A fresh token for the next form, whatever was signed in or open when it was written."""
    said = {"token": get_token(request)}
    if door in RIGHTS:
        agencies.require(post.holding, RIGHTS[door], at=request.moment.at)
        name = post.post_zh if translation.get_language() == "zh-hans" else post.post_en
        said |= {"who": str(post.holding), "name": name}
    return JsonResponse(said)


@guarded
@spoken
def send(request: Asked, door: str, post: agencies.Authority) -> HttpResponse:
    """A report that waited on a phone: taken in once, under its own time; its number is the receipt."""
    form = carried.entered(request)
    if not form.words.strip():
        raise Refused("words_missing")
    receive = carried.receive_public if door == "report" else carried.receive_informant
    answer = receive(request, form, post)
    return JsonResponse({"number": reports.number_of(answer.id), "status": answer.status})


@guarded
@spoken
def photo(request: Asked, door: str, post: agencies.Authority) -> HttpResponse:
    """A photo of a report sent before under the same key: attached once, or set aside."""
    key, sent = str(uuid_of(request.POST.get("key", "")) or ""), request.FILES.get("photo")
    report_id = reports.list_ids_of_keys([key], by=post.holding).get(key) if key else None
    if report_id is None:
        raise Refused("report_unknown")
    if sent is None:
        return _said(422, "photo_missing", _("This photo is not known here."))
    act: dict[str, Any] = {"by": post.holding, "moment": request.moment}
    found = Unusable("too_large") if (sent.size or 0) > LARGEST_PHOTO else read_photo(sent.read())
    if not isinstance(found, Unusable) and not _has_room(report_id, found.content):
        found = Unusable("too_many")
    if isinstance(found, Unusable):
        actions.set_photo_aside(report_id, reason=found.reason, **act)
        return JsonResponse({"photo": found.reason})
    actions.attach_photo(report_id, found, **act)
    return JsonResponse({"photo": "kept"})


def _has_room(report_id: Any, content: bytes) -> bool:
    """Whether the report may have one more; one that it has already comes again and is known."""
    held = reports.list_photos(report_id)
    return len(held) < carried.MOST_PHOTOS or len(content) in {one.bytes for one in held}


@require_safe
def shell(request: Asked, door: str) -> HttpResponse:
    """The form as the phone keeps it: no token, nobody's name, no clock."""
    if door == "report" and carried.public_post(request.moment) is None:
        return missing_page(request, _("There is no page at this address."))
    tag = request.GET.get("lang", "")
    answer = HttpResponse(_shell(door, tag if tag in LANGUAGES else "zh-Hans"))
    if door == "shelters/register":
        answer["Permissions-Policy"] = CAMERA
    return answer


@cache
def _shell(door: str, tag: str) -> str:
    context = {"form": carried.Entered(), "door": f"/{door}", "frame": "web/carried/bare.html", "shell": True}
    with translation.override(LANGUAGES[tag]):
        return render_to_string(FORMS[door], context | {"lang_tag": tag, "most_photos": carried.MOST_PHOTOS})


@require_safe
def worker(request: Asked, door: str) -> HttpResponse:
    """The script that gives the form without a signal; a new version whenever what it keeps is another."""
    answer = HttpResponse(_worker(door), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = f"/{door}"
    return answer


@cache
def _worker(door: str) -> str:
    kept, names = hashlib.sha256(), (*FILES, *MORE_FILES.get(door, ()))
    for name in (*names, "carried_worker.js"):
        kept.update((statics.FOLDER / name).read_bytes())
    for tag in LANGUAGES:
        kept.update(_shell(door, tag).encode())
    said = {
        "base": f"/{door}",
        "version": kept.hexdigest()[:16],
        "files": [f"{statics.PREFIX}{name}" for name in names],
        "pages": {tag: f"/{door}/shell?lang={tag}" for tag in LANGUAGES},
    }
    script = Path(statics.FOLDER / "carried_worker.js").read_text(encoding="utf-8")
    return f"const KEPT = {json.dumps(said)};\n{script}"


@require_safe
def manifest(request: Asked, door: str) -> HttpResponse:
    """What a phone needs to put the form on its screen. Source: W3C Web Application Manifest."""
    names = {"report": _("Report what happens"), "informant": _("Informant's report")}
    name = names.get(door) or _("Register people")
    said = {
        "id": f"/{door}",
        "name": name,
        "short_name": name,
        "lang": "en" if translation.get_language() == "en" else "zh-Hans",
        "start_url": f"/{door}",
        "scope": f"/{door}",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1f2326",
        "icons": ICONS,
    }
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/manifest+json")
