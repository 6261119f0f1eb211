"""Files of reports: handed in, matched by column, taken in while one may go."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.views.decorators.http import require_http_methods

from jingwei.apps.reports import actions, queries
from jingwei.apps.reports.queries import FileCard
from jingwei.doors.entry import refusals
from jingwei.doors.entry.report_files import FIELDS, match, read_line
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of
from jingwei.kernel.refusals import Refused

from .register_import import read_table

#: Lines that are shown as they will be read.
SHOWN = 8
NAMES = {
    "words": n_("Words"),
    "occurred_at": n_("Time"),
    "kind": n_("Code of the kind of event"),
    "place": n_("Division code"),
    "place_words": n_("Where, in words"),
    "lon": n_("Longitude"),
    "lat": n_("Latitude"),
    "datum": n_("Datum"),
    "source": n_("Source"),
    "caller_name": n_("Caller"),
    "caller_phone": n_("Telephone"),
    "event_ref": n_("Number of the event"),
    "title": n_("Title"),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Asked) -> HttpResponse:
    """Hand a file in; one's last ones stand below."""
    refused = None
    if request.method == "POST":
        try:
            name, table = read_table(request)
            cells = [line for _number, line in table.lines]
            file_id = actions.begin_file(name, table.headings, cells, table.notes, **act(request))
            return redirect(f"/reports/files/{file_id}")
        except Refused as no:
            refused = no
    context = {
        "files": queries.list_files(by=request.caller.authority.holding),
        "can": offers(request, "reports.begin_file"),
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(
        request, "web/report_files/begin.html", context, status=status_of(refused) if refused else 200
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, file_id: uuid.UUID) -> HttpResponse:
    """A file: its columns to be matched and looked at, or how far it is."""
    card = queries.find_file(file_id, by=request.caller.authority.holding)
    if card is None:
        return missing_page(request, _("This file is not known here, or somebody else handed it in."))
    if card.state != "waiting":
        context = {"card": card, "working": card.state == "running"}
        return render(request, "web/report_files/progress.html", context)
    columns, refused = _columns(request, card), None
    if request.POST.get("do"):
        try:
            lines = queries.list_lines(file_id, by=request.caller.authority.holding)
            told = [read_line(card.headings, line, columns) for line in lines]
            named = {field: card.headings[number] for field, number in columns.items()}
            actions.take_file(file_id, named, told, **act(request))
            return redirect(f"/reports/files/{file_id}")
        except Refused as no:
            refused = no
    return _to_be_matched(request, card, columns, refused)


def _columns(request: Asked, card: FileCard) -> dict[str, int]:
    """Field to column: as a person chose, else by what the columns are called."""
    if request.method != "POST":
        return match(card.headings)
    chosen = {n: request.POST.get(f"m_{n}", "") for n in range(len(card.headings))}
    found: dict[str, int] = {}
    for number, field in chosen.items():
        if field in FIELDS:
            found.setdefault(field, number)
    return found


def _to_be_matched(
    request: Asked, card: FileCard, columns: dict[str, int], refused: Refused | None
) -> HttpResponse:
    lines = queries.list_lines(card.id, by=request.caller.authority.holding, limit=SHOWN)
    field_of = {number: field for field, number in columns.items()}
    heads = [
        SimpleNamespace(
            number=number,
            heading=heading,
            sample=next((line[number][:60] for line in lines if number < len(line) and line[number]), ""),
            field=field_of.get(number, ""),
        )
        for number, heading in enumerate(card.headings)
    ]
    context = {
        "card": card,
        "heads": heads,
        "fields": [(field, _(name)) for field, name in NAMES.items()],
        "preview": [read_line(card.headings, line, columns) for line in lines],
        "can": offers(request, "reports.take_file"),
        "error": refusals.sentence(refused) if refused else "",
    }
    status = status_of(refused) if refused else 200
    return render(request, "web/report_files/match.html", context, status=status)
