"""Questions: whether a report speaks of an incident where the matcher is not sure; answered by a person."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.apps.incidents import actions
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import Asked as Question
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, act, mark, missing_page, offers, refusal_page, signed_in
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .room import joined_parts

RIGHT = "incidents.answer_question"
#: Questions shown at once: the queue is short, the most valuable come first.
MOST = 20


@signed_in
@require_safe
def list_questions(request: Asked) -> HttpResponse:
    if not offers(request, RIGHT):
        return refusal_page(request, Refused("not_allowed"))
    return _page(request)


def _page(request: Asked, refused: Refused | None = None) -> HttpResponse:
    names = Names()
    found = incidents.list_questions(authority=request.caller.authority, limit=MOST)
    mine = [q for q in found if offers(request, RIGHT, place=q.incident.place, hazard=q.incident.kind)]
    shapes.know([line for q in mine for line in (q.report, q.incident, q.stands, *q.others) if line], names)
    rows = [_row(q, names) for q in mine]
    context = {
        "rows": rows,
        "total": incidents.count_questions(authority=request.caller.authority),
        "error": refusals.sentence(refused) if refused else "",
        "mark": mark([q.id for q in mine]),
    }
    return render(request, "web/questions.html", context, status=409 if refused else 200)


def _row(asked: Question, names: Names) -> SimpleNamespace:
    stands = asked.stands
    return SimpleNamespace(
        id=asked.id,
        report=shapes.report_row(asked.report, names),
        incident=shapes.incident_row(asked.incident, names),
        others=[shapes.report_row(line, names) for line in asked.others],
        here=stands is not None and stands.id == asked.incident.id,
        stands=shapes.incident_row(stands, names) if stands else None,
        life=asked.life,
        percent=round(100 * asked.chance),
        parts=joined_parts(asked.parts, names),
        score=None,
    )


@signed_in
@require_POST
def answer(request: Asked, question_id: int) -> HttpResponse:
    """Yes or no; then the next question."""
    said = request.POST.get("same", "")
    asked = incidents.find_question(question_id, authority=request.caller.authority)
    if asked is None or said not in ("yes", "no"):
        return missing_page(request, _("This question is not known here. Look at the list."))
    try:
        actions.answer_question(question_id, same=said == "yes", **act(request))
    except Refused as refused:
        if refused.code == "not_allowed":
            return refusal_page(request, refused)
        return _page(request, refused)
    return redirect("/questions")
