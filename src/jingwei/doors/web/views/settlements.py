"""What help cost whom: what is not settled, statements, and one statement as both sides read and print it."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal import queries as journal
from jingwei.apps.settlements import actions, queries
from jingwei.apps.settlements.queries import ChargeView, StatementView, Unsettled
from jingwei.doors.entry import refusals
from jingwei.doors.web import terms
from jingwei.doors.web.door import (
    Asked,
    act,
    missing_page,
    offers,
    refusal_page,
    signed_in,
    status_of,
    uuid_of,
    whole,
)
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Field, given_of, sheet, tried
from jingwei.engines.sheets import writing
from jingwei.kernel.refusals import Refused

from .purchases_acts import fen_of
from .stock import PAGE, pages_of

THEIRS, OURS = ("price_charge", "present_statement"), ("agree_charges", "dispute_charge")


def statement_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This statement is not known here. Look at the list of costs of help."))


def _sides(one: StatementView | Unsettled, names: Names) -> SimpleNamespace:
    return SimpleNamespace(
        row=one,
        keeper=names.organization(one.keeper) if one.keeper else names.place(one.keeper_place),
        receiver=names.organization(one.receiver),
    )


@signed_in
@require_safe
def list_statements(request: Asked) -> HttpResponse:
    authority, names = request.caller.authority, Names()
    count = queries.count_statements(authority=authority)
    paged = pages_of(request, count)
    found = queries.list_statements(authority=authority, offset=paged["offset"] or 0, limit=PAGE)
    waiting = queries.list_unsettled(authority=authority)[:PAGE]
    both: list[StatementView | Unsettled] = [*found, *waiting]
    names.know(
        bodies={one.keeper for one in both if one.keeper} | {one.receiver for one in both},
        divisions={one.keeper_place for one in both if not one.keeper},
    )
    context = {
        "rows": [_sides(one, names) for one in found],
        "waiting": [_sides(one, names) for one in waiting],
        "count": count,
        "can": offers(request, "settlements.open_statement", place=authority.place),
        "tab": "costs",
        "question": "",
        **paged,
    }
    return render(request, "web/settlements/list.html", context)


@signed_in
@require_POST
def open_statement(request: Asked) -> HttpResponse:
    v = request.POST.get
    try:
        of = actions.open_statement(
            v("keeper", "")[:64], v("receiver", "")[:64], keeper_place=v("keeper_place", "")[:16],
            incident_id=uuid_of(v("incident", "")), **act(request),
        )  # fmt: skip
    except Refused as refused:
        return refusal_page(request, refused)
    return redirect(f"/settlements/{of}")


@signed_in
@require_safe
def statement(request: Asked, statement_id: uuid.UUID) -> HttpResponse:
    found = queries.find_statement(statement_id, authority=request.caller.authority)
    return _page(request, found) if found else statement_missing(request)


def _page(request: Asked, found: StatementView, refused: Refused | None = None) -> HttpResponse:
    authority, names = request.caller.authority, Names()
    charges = queries.list_charges(found.id)
    entries = journal.list_entries(subjects=[str(found.id)], newest=100)
    names.know(
        divisions={one.place for one in charges},
        people=[e.by for e in entries] + [one.state_by for one in charges] + [found.opened_by],
    )
    can = offers(request, *[f"settlements.{one}" for one in THEIRS], place=found.keeper_place)
    can |= offers(request, *[f"settlements.{one}" for one in OURS], place=found.place)
    incident = incidents.find_incident(found.incident_id, authority=authority) if found.incident_id else None
    context = {
        "s": found,
        "sides": _sides(found, names),
        "charges": [
            SimpleNamespace(line=one, where=names.place(one.place), who=names.person(one.state_by))
            for one in charges
        ],
        "incident": incident,
        "opened_by": names.person(found.opened_by),
        "presented_by": names.person(found.presented_by),
        "agreed_by": names.person(found.agreed_by),
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": can,
        "error": refusals.sentence(refused) if refused else "",
    }
    status = status_of(refused) if refused else 200
    return render(request, "web/settlements/statement.html", context, status=status)


#: What one button of the statement's page does.
ON_STATEMENT: dict[str, Callable[[uuid.UUID, Asked], object]] = {
    "present": lambda of, r: actions.present_statement(of, version=whole(r.POST.get("version")), **act(r)),
    "agree": lambda of, r: actions.agree_charges(
        of, _charges_of(r), version=whole(r.POST.get("version")), **act(r)
    ),
}


def _charges_of(request: Asked) -> list[uuid.UUID] | None:
    """The charges that are meant; None: all that are not disputed."""
    found = [uuid_of(one) for one in request.POST.getlist("charge")]
    return [one for one in found if one is not None] or None


@signed_in
@require_POST
def on_statement(request: Asked, statement_id: uuid.UUID, what: str) -> HttpResponse:
    found = queries.find_statement(statement_id, authority=request.caller.authority)
    if found is None:
        return statement_missing(request)
    try:
        ON_STATEMENT[what](statement_id, request)
    except Refused as refused:
        return _page(request, found, refused)
    return redirect(f"/settlements/{statement_id}")


def _charge(request: Asked, of: uuid.UUID, charge_id: uuid.UUID) -> ChargeView | None:
    found = queries.find_statement(of, authority=request.caller.authority)
    rows = queries.list_charges(of) if found else []
    return next((one for one in rows if one.id == charge_id), None)


def _about(one: ChargeView) -> tuple[str, str]:
    figures_zh = f"到 {one.arrived}，返还 {one.returned}，计费 {one.charged} {one.unit_zh}"
    figures_en = f"{one.arrived} came, {one.returned} went back, {one.charged} charged"
    return (
        f"{one.order_number} {one.item_zh}：{figures_zh}",
        f"{one.order_number} {one.item_en}: {figures_en}",
    )


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen // 100}.{fen % 100:02}"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def price(request: Asked, statement_id: uuid.UUID, charge_id: uuid.UUID) -> HttpResponse:
    """What a unit costs, on what ground, and what else was spent."""
    one = _charge(request, statement_id, charge_id)
    if one is None:
        return statement_missing(request)
    v, back = given_of(request).get, f"/settlements/{statement_id}"

    def do() -> str:
        unit = fen_of(v("unit", ""))
        if unit is None:
            raise Refused("statement_money_impossible")
        actions.price_charge(
            charge_id, unit_fen=unit, basis=v("basis", ""), costs_fen=fen_of(v("costs", "")) or 0,
            costs_for=v("costs_for", ""), **act(request),
        )  # fmt: skip
        return back

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    fields = [
        Field(name="unit", label=_("Price of a unit, yuan"), value=v("unit", _yuan(one.unit_fen)),
              required=True, longest=14, hint=_("0 where it is given for nothing")),
        Field(name="basis", label=_("On what ground"), value=v("basis", one.basis or one.agreed),
              required=True, longest=300),
        Field(name="costs", label=_("Other costs, yuan"), value=v("costs", _yuan(one.costs_fen or None)),
              longest=14),
        Field(name="costs_for", label=_("For what: freight, loading, damage"),
              value=v("costs_for", one.costs_for), longest=300),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Price a charge"), fields=fields, button=_("Keep the price"), back=back,
        about=_about(one),
        note=_("Charged is what came and did not go back. Quantities are taken anew from the order."),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: Asked, statement_id: uuid.UUID, charge_id: uuid.UUID) -> HttpResponse:
    """Do not agree to a charge, and say why."""
    one = _charge(request, statement_id, charge_id)
    if one is None:
        return statement_missing(request)
    v, back = given_of(request).get, f"/settlements/{statement_id}"
    done, refused = tried(
        request,
        lambda: actions.dispute_charge(charge_id, words=v("words", ""), **act(request)) or back,
    )
    if done:
        return redirect(str(done))
    fields = [Field(name="words", label=_("What is wrong"), value=v("words", ""), required=True, longest=300)]
    return sheet(
        request, refused, title=_("Dispute a charge"), fields=fields, button=_("Dispute"), back=back,
        about=_about(one),
        note=_("It stays on the statement until it is priced anew or agreed to; the rest can be agreed."),
    )  # fmt: skip


@signed_in
@require_safe
def export(request: Asked, statement_id: uuid.UUID) -> HttpResponse:
    """The statement as a file."""
    found = queries.find_statement(statement_id, authority=request.caller.authority)
    if found is None:
        return statement_missing(request)
    body = writing.write_csv(_table(queries.list_charges(found.id)))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statement-{str(found.id)[:8]}.csv"'
    return answer


def _table(found: Sequence[ChargeView]) -> Iterator[Sequence[str | int | float | None]]:
    zh = terms.is_zh()
    yield [
        _("Dispatch order"), _("Supply"), _("Unit"), _("Store"), _("Division code"), _("Whose store"),
        _("Agreement"), _("Received at"), _("Sent"), _("Arrived"), _("Used"), _("Brought back"), _("Charged"),
        _("Price of a unit, yuan"), _("On what ground"), _("Other costs, yuan"), _("For what"),
        _("Amount, yuan"), _("How it stands"), _("What is wrong"),
    ]  # fmt: skip
    for one in found:
        yield [
            one.order_number, one.item_zh if zh else one.item_en, one.unit_zh if zh else one.unit_en,
            one.store, one.place, terms.say("dispatch_tier", one.tier), one.agreed,
            localtime(one.received_at).strftime("%Y-%m-%d %H:%M") if one.received_at else "",
            one.sent, one.arrived, one.used, one.returned, one.charged, _yuan(one.unit_fen), one.basis,
            _yuan(one.costs_fen), one.costs_for, _yuan(one.amount_fen),
            terms.say("charge_state", one.state), one.dispute,
        ]  # fmt: skip
