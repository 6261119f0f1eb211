"""The day without a machine: what to print now, and what was entered from paper afterwards."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.papers import actions
from jingwei.apps.papers import queries as papers
from jingwei.apps.papers.queries import SlipLine
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.paper import FORMS, PRINTABLE, sheets_of

from .paper_entry import ENTRIES


@signed_in
@require_safe
def paper(request: Asked) -> HttpResponse:
    authority, names = request.caller.authority, Names()
    context = {
        "forms": list(FORMS.values()),
        "entries": [(code, one.title()) for code, one in ENTRIES.items()],
        "slips": [slip_row(line, names) for line in papers.list_slips(authority=authority)],
        "can": offers(request, "papers.enter_slip", "papers.print_call_list"),
    }
    return render(request, "web/paper/index.html", context)


def slip_row(line: SlipLine, names: Names) -> SimpleNamespace:
    """A slip as lists show it: what it was, whose decision, who entered it, and where it led."""
    to = {"report": "/reports/", "count": "/reports/", "order": "/tasks/", "activation": "/activations/"}
    to["release"] = "/releases/"
    return SimpleNamespace(
        serial=line.serial,
        form=FORMS[line.form],
        taken_at=line.taken_at,
        entered_at=line.entered_at,
        decided=names.person(line.decided_by),
        entered=names.person(line.entered_by),
        reason=line.reason,
        href=f"{to[line.form]}{line.subject}" if line.form in to else "/clocks",
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Asked, code: str) -> HttpResponse:
    """A sheet to print. The roster holds telephone numbers: asked for by POST, and written down."""
    if code not in PRINTABLE:
        return missing_page(request, _("There is no such form."))
    if code == "roster" and request.method != "POST":
        return missing_page(request, _("The call list is printed from the page of forms; that is recorded."))
    called = actions.print_call_list(**act(request)) if code == "roster" else ()
    copies = whole(request.GET.get("copies"), 1) or 1
    view = sheets_of(code, at=request.moment.at, copies=copies, called=called,
                     place=request.caller.authority.place)  # fmt: skip
    return render(request, "web/paper/sheet.html", {"view": view})
