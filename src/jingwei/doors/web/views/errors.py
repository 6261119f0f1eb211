"""When a page cannot be given: what happened, what was kept, what to do, a number to quote."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jingwei.doors.entry import troubles
from jingwei.doors.entry.board import get_board

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context = {
        "title": _("Not understood"),
        "what": _("The request could not be read."),
        "kept": _("Nothing was changed."),
    }
    return render(request, "web/error.html", context, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context = {
        "title": _("Not allowed"),
        "what": _("Your post may not do this here."),
        "kept": _("Nothing was changed."),
    }
    return render(request, "web/error.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context = {"title": _("Not found"), "what": _("There is no page at this address."), "kept": ""}
    return render(request, "web/error.html", context, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or did not come from this node; what was typed stands in the browser's draft."""
    context = {
        "title": _("Not sent"),
        "what": _("The form was older than the session, so it was not taken."),
        "kept": _("Go back: what you typed is still in the form. Reload the page, then send again."),
    }
    return render(request, "web/error.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug, loudly: the number stands in the log too. Asks the database nothing.

    Unless the node itself is in trouble: then the page says which, and comes back by itself.
    """
    trouble = troubles.note_error(sys.exc_info()[1])
    if trouble is not None:
        return _in_trouble(request, trouble)
    number = secrets.token_hex(4)
    log.error("error page %s for %s", number, request.path)
    context = {
        "title": _("Something broke here"),
        "what": _("The node could not give this page. It is a fault of the software, not yours."),
        "kept": _(
            "What was saved before is kept. Go back and try again; if it stays, tell the operator the number."
        ),
        "number": number,
    }
    return HttpResponseServerError(render_to_string("web/broken.html", context))


def _in_trouble(request: HttpRequest, what: str) -> HttpResponse:
    """What is wrong with the node, with the words of the strip on the desk. Asks the database nothing."""
    found = [troubles.say(one) for one in get_board().list_troubles()]
    context = {
        "page": {"troubles": sorted(found, key=lambda one: one.what != what)},
        "theme": request.COOKIES.get("jw_theme", ""),
        "sent": request.method not in ("GET", "HEAD"),
        "retry_s": troubles.RETRY_AFTER_S * 5,
    }
    response = HttpResponse(render_to_string("web/trouble.html", context), status=503)
    response["Retry-After"] = str(troubles.RETRY_AFTER_S)
    return response
