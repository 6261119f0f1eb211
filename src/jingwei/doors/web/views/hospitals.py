"""Hospitals: beds by kind, surge plans, patients on the way with their receipts."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.hospitals import actions, queries
from jingwei.apps.hospitals.facts import TRANSFER_STATES, NewBeds, NewStep, NewTransfer
from jingwei.apps.hospitals.queries import HospitalLine, TransferLine
from jingwei.apps.journal import queries as journal
from jingwei.doors.entry import refusals
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, uuid_of
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Field, given_of, number_of, sheet, tried
from jingwei.doors.web.sheltered import choices_of, pairs_of
from jingwei.engines.sheets import writing
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

from .register_files import TYPES
from .stock import PAGE, pages_of

RIGHTS = (
    "report_beds",
    "plan_surge",
    "start_surge",
    "end_surge",
    "ask_transfer",
    "accept_transfer",
    "refuse_transfer",
    "send_transfer",
    "receive_transfer",
    "cancel_transfer",
)
ON_TRANSFER = ("accept", "refuse", "send", "receive", "cancel")
Table = Iterator[Sequence[str | int | float | None]]


def can(request: Asked, place: str | None = None) -> set[str]:
    return offers(request, *[f"hospitals.{one}" for one in RIGHTS], place=place)


def hospital_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This hospital is not in the register, or was struck through."))


def _rows(request: Asked, found: Sequence[HospitalLine], names: Names) -> list[SimpleNamespace]:
    names.know(divisions={one.card.place for one in found})
    kinds = pairs_of("bed_kind")
    return [
        SimpleNamespace(
            line=one,
            place=names.place(one.card.place),
            beds=[
                SimpleNamespace(
                    line=b, kind=kinds.get(b.kind, (b.kind, b.kind)), stale=b.is_stale(request.moment.at)
                )
                for b in one.beds
            ],
        )
        for one in found
    ]


@signed_in
@require_safe
def list_hospitals(request: Asked) -> HttpResponse:
    """Free beds by kind in one's area, and hospital by hospital."""
    text, names, kinds = request.GET.get("q", "")[:100], Names(), pairs_of("bed_kind")
    found = queries.list_hospitals(authority=request.caller.authority, text=text)
    context = {
        "rows": _rows(request, found, names),
        "totals": [
            SimpleNamespace(line=one, kind=kinds.get(one.kind, (one.kind, one.kind)))
            for one in queries.list_totals(found)
        ],
        "text": text,
        "question": urlencode({"q": text}) if text else "",
        "tab": "hospitals",
        "can": can(request),
    }
    return render(request, "web/hospitals/list.html", context)


@signed_in
@require_safe
def export(request: Asked, kind: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    text = request.GET.get("q", "")[:100]
    table = _table(queries.list_hospitals(authority=request.caller.authority, text=text))
    body = writing.write_csv(table) if kind == "csv" else writing.write_xlsx(table, name=_("Hospital beds"))
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="hospital-beds.{kind}"'
    return answer


def _table(found: Sequence[HospitalLine]) -> Table:
    kinds, zh = pairs_of("bed_kind"), terms.is_zh()
    yield [
        _("Hospital"),
        _("Division code"),
        _("Kind of beds"),
        _("Usable"),
        _("Taken"),
        _("Held"),
        _("Free beds"),
        _("Surge could add"),
        _("As of"),
    ]
    for one in found:
        for b in one.beds:
            yield [
                one.card.name,
                one.card.place,
                kinds[b.kind][0 if zh else 1],
                b.usable,
                b.taken,
                b.held,
                b.free,
                b.could,
                b.at.isoformat(),
            ]


@signed_in
@require_safe
def hospital(request: Asked, hospital_id: uuid.UUID) -> HttpResponse:
    line = queries.find_hospital(hospital_id, authority=request.caller.authority)
    if line is None:
        return hospital_missing(request)
    return render(request, "web/hospitals/hospital.html", _context(request, line))


def _context(request: Asked, line: HospitalLine, **more: object) -> dict[str, object]:
    names, kinds, authority = Names(), pairs_of("bed_kind"), request.caller.authority
    entries = journal.list_entries(subjects=[str(line.card.id)], newest=50)
    names.know(people=[e.by for e in entries])
    transfers = queries.list_transfers(authority=authority, hospital_id=line.card.id, limit=20)
    return {
        "row": _rows(request, [line], names)[0],
        "line": line,
        "steps": [
            SimpleNamespace(line=s, kind=kinds.get(s.kind, (s.kind, s.kind)))
            for s in queries.list_steps(line.card.id)
        ],
        "transfers": _transfer_rows(transfers, names),
        "kinds": choices_of("bed_kind"),
        "history": [
            SimpleNamespace(
                entry=e,
                code=e.kind.split("/")[0],
                who=names.person(e.by),
                kind=kinds.get(getattr(e.fact, "bed", ""), ("", "")),
            )
            for e in reversed(entries)
            if e.kind.startswith("hospitals.")
        ],
        "can": can(request, line.card.place),
        "values": request.POST,
        **more,
    }


def _transfer_rows(found: Sequence[TransferLine], names: Names) -> list[SimpleNamespace]:
    kinds = pairs_of("bed_kind")
    names.know(people=[one.by for one in found])
    return [
        SimpleNamespace(line=one, kind=kinds.get(one.kind, (one.kind, one.kind)), who=names.person(one.by))
        for one in found
    ]


@signed_in
@require_POST
def report_beds(request: Asked, hospital_id: uuid.UUID) -> HttpResponse:
    v = request.POST.get

    def do() -> None:
        new = NewBeds(
            hospital_id=hospital_id,
            kind=v("kind", ""),
            usable=number_of(v("usable", "")),
            taken=number_of(v("taken", "")),
        )
        actions.report_beds(new, **act(request))

    return _done(request, hospital_id, do)


def _done(request: Asked, hospital_id: uuid.UUID, do: Callable[[], object]) -> HttpResponse:
    line = queries.find_hospital(hospital_id, authority=request.caller.authority)
    if line is None:
        return hospital_missing(request)
    try:
        do()
    except Refused as no:
        context = _context(request, line, error=refusals.sentence(no))
        return render(request, "web/hospitals/hospital.html", context, status=status_of(no))
    return redirect(f"/hospitals/{hospital_id}")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan_surge(request: Asked, hospital_id: uuid.UUID) -> HttpResponse:
    line = queries.find_hospital(hospital_id, authority=request.caller.authority)
    if line is None:
        return hospital_missing(request)
    v = given_of(request).get

    def do() -> str:
        new = NewStep(
            hospital_id=hospital_id,
            number=number_of(v("number", "")),
            kind=v("kind", ""),
            adds=number_of(v("adds", "")),
            within_h=float(number_of(v("within_h", ""))),
            how=v("how", ""),
        )
        actions.plan_surge(new, **act(request))
        return f"/hospitals/{hospital_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    steps = queries.list_steps(hospital_id)
    fields = [
        Field(
            name="number",
            label=_("Number of the step"),
            number=True,
            required=True,
            longest=3,
            value=v("number", "") or str(max((s.number for s in steps), default=0) + 1),
        ),
        Field(
            name="kind",
            label=_("Kind of beds"),
            value=v("kind", ""),
            choices=choices_of("bed_kind"),
            required=True,
        ),
        Field(
            name="adds",
            label=_("So many beds more"),
            value=v("adds", ""),
            number=True,
            required=True,
            longest=6,
        ),
        Field(
            name="within_h",
            label=_("Within so many hours"),
            value=v("within_h", ""),
            number=True,
            required=True,
            longest=3,
        ),
        Field(
            name="how",
            label=_("How: rooms, people, devices"),
            value=v("how", ""),
            longest=300,
            text=True,
            required=True,
        ),
    ]
    return sheet(
        request,
        refused,
        title=_("Step of the surge plan"),
        fields=fields,
        button=_("Write it down"),
        back=f"/hospitals/{hospital_id}",
        about=(line.card.name, line.card.name),
        note=_("A step with the same number is written anew, unless it is running."),
    )


@signed_in
@require_POST
def on_step(request: Asked, step_id: uuid.UUID, what: str) -> HttpResponse:
    """Set a step going, or end it."""
    step = queries.find_step(step_id)
    if step is None:
        raise Refused("surge_step_unknown")
    reason, mine = request.POST.get("reason", ""), act(request)
    calls: dict[str, Callable[[], object]] = {
        "start": lambda: actions.start_surge(step_id, **mine),
        "end": lambda: actions.end_surge(step_id, reason=reason, **mine),
    }
    return _done(request, step.hospital_id, calls[what])


@signed_in
@require_safe
def list_transfers(request: Asked) -> HttpResponse:
    authority, names, state = request.caller.authority, Names(), request.GET.get("state", "")
    state = state if state in TRANSFER_STATES else ""
    count = queries.count_transfers(authority=authority, state=state)
    paged = pages_of(request, count)
    found = queries.list_transfers(authority=authority, state=state, offset=paged["offset"] or 0, limit=PAGE)
    context = {
        "rows": _transfer_rows(found, names),
        "count": count,
        "state": state,
        "tab": "transfers",
        "states": [("", _("all")), *((c, terms.say("transfer_state", c)) for c in TRANSFER_STATES)],
        "can": can(request),
        **paged,
    }
    return render(request, "web/hospitals/transfers.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask_transfer(request: Asked) -> HttpResponse:
    v = given_of(request).get

    def do() -> uuid.UUID:
        new = NewTransfer(
            to_id=uuid_of(v("to", "")) or uuid.UUID(int=0),
            from_id=uuid_of(v("from", "")),
            kind=v("kind", ""),
            from_words=v("from_words", ""),
            patient=v("patient", ""),
            why=v("why", ""),
            key=v("key", "")[:100],
        )
        return actions.ask_transfer(new, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/hospitals/transfers/{done}")
    goals = [(str(h.id), h.name, h.name) for h in queries.list_goals()]
    fields = [
        Field(name="to", label=_("To which hospital"), value=v("to", ""), choices=goals, required=True),
        Field(
            name="kind",
            label=_("Kind of beds"),
            value=v("kind", ""),
            choices=choices_of("bed_kind"),
            required=True,
        ),
        Field(
            name="patient",
            label=_("Patient: number of the tag or wristband, no name"),
            value=v("patient", ""),
            required=True,
            longest=60,
        ),
        Field(
            name="from", label=_("From which hospital (empty: in words)"), value=v("from", ""), choices=goals
        ),
        Field(name="from_words", label=_("From where, in words"), value=v("from_words", ""), longest=200),
        Field(name="why", label=_("Why"), value=v("why", ""), longest=300, text=True),
    ]
    return sheet(
        request,
        refused,
        title=_("Ask for a bed"),
        fields=fields,
        button=_("Ask"),
        back="/hospitals/transfers",
        key=v("key", "") or str(new_id()),
        note=_("The receiving hospital accepts, and holds a bed, or refuses and says why."),
    )


@signed_in
@require_safe
def transfer(request: Asked, transfer_id: uuid.UUID) -> HttpResponse:
    line = queries.find_transfer(transfer_id, authority=request.caller.authority)
    if line is None:
        return missing_page(request, _("This transfer is not known here. Look for it in the list."))
    return render(request, "web/hospitals/transfer.html", _transfer_context(request, line))


def _transfer_context(request: Asked, line: TransferLine, **more: object) -> dict[str, object]:
    names = Names()
    entries = journal.list_entries(subjects=[str(line.id)], newest=50)
    names.know(people=[e.by for e in entries] + [line.arrived_by])
    ends = can(request, line.to_place) | (
        (can(request, line.from_place) & {"send_transfer", "cancel_transfer"}) if line.from_place else set()
    )
    return {
        "row": _transfer_rows([line], names)[0],
        "line": line,
        "received_by": names.person(line.arrived_by),
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": ends,
        "values": request.POST,
        **more,
    }


@signed_in
@require_POST
def on_transfer(request: Asked, transfer_id: uuid.UUID, what: str) -> HttpResponse:
    line = queries.find_transfer(transfer_id, authority=request.caller.authority)
    if line is None:
        return missing_page(request, _("This transfer is not known here. Look for it in the list."))
    words, mine = request.POST.get("words", ""), act(request)
    calls: dict[str, Callable[[], object]] = {
        "accept": lambda: actions.accept_transfer(transfer_id, **mine),
        "refuse": lambda: actions.refuse_transfer(transfer_id, reason=words, **mine),
        "send": lambda: actions.send_transfer(transfer_id, carrier=words, **mine),
        "receive": lambda: actions.receive_transfer(transfer_id, condition=words, **mine),
        "cancel": lambda: actions.cancel_transfer(transfer_id, reason=words, **mine),
    }
    try:
        calls[what]()
    except Refused as no:
        context = _transfer_context(request, line, error=refusals.sentence(no))
        return render(request, "web/hospitals/transfer.html", context, status=status_of(no))
    return redirect(f"/hospitals/transfers/{transfer_id}")
