"""What people do with needs, each on its sheet or by one button of the need's page."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.needs import actions, queries
from jingwei.apps.needs.facts import GROUPS, NewAdvice, NewNeed
from jingwei.apps.needs.queries import NeedLine
from jingwei.apps.places import queries as places
from jingwei.apps.stock import queries as stock
from jingwei.apps.stock.facts import Wanted
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.sheets import Choices, Field, given_of, number_of, sheet, terms_of, time_of, tried
from jingwei.kernel.codes import normal_place
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

from .needs import classes_of, need_context, need_missing
from .phone import code_of
from .stock_acts import supplies_of

#: What one button of a need's page does.
ON_NEED = ("confirm", "meet", "withdraw", "restore", "join", "part")


def place_given(text: str) -> tuple[str, str]:
    """The division or the site that a suggestion names."""
    code = code_of(text)
    return ("", code) if code and places.find_site(code) else (normal_place(code), "")


def _maybe(text: str) -> int | None:
    return number_of(text) if text.strip() else None


def _new(request: HttpRequest) -> NewNeed:
    """The need as the form tells it."""
    v = request.POST.get
    place, site = place_given(v("place", ""))
    return NewNeed(
        supply_id=uuid_of(v("supply", "")),
        words=v("words", "")[:100],
        unit=v("unit", "")[:24],
        item_class=v("class", ""),
        quantity=_maybe(v("quantity", "")),
        in_packs=bool(v("in_packs")),
        place=place,
        site=site,
        due_at=time_of(v("due", "")),
        people=_maybe(v("people", "")),
        groups=tuple(request.POST.getlist("groups")),
        incident_id=uuid_of(v("incident", "")),
        why=v("why", ""),
        asker=v("asker", ""),
        key=v("key", "")[:100],
    )


def _fields(request: Asked, values: dict[str, Any]) -> list[Field]:
    v = lambda name: str(values.get(name) or "")  # noqa: E731
    return [
        Field(name="supply", label=_("Supply of the stock (empty: in words)"), value=v("supply"),
              choices=supplies_of()),
        Field(name="words", label=_("What is needed, in words"), value=v("words"), longest=100),
        Field(name="unit", label=_("Unit (for words)"), value=v("unit"), longest=24),
        Field(name="class", label=_("Class of needs: says how urgent it is"), value=v("class"),
              choices=classes_of(request), required=True),
        Field(name="quantity", label=_("How many (empty: not said)"), value=v("quantity"), number=True,
              longest=14),
        Field(name="in_packs", label=_("Counted in packages"), value=v("in_packs"), tick=True),
        Field(name="place", label=_("Where"), value=v("place"), place=True, required=True),
        Field(name="due", label=_("Needed by (empty: no limit)"), value=v("due"), hint="2026-01-31 08:00",
              longest=25),
        Field(name="people", label=_("For how many people"), value=v("people"), number=True, longest=14),
        Field(name="groups", label=_("Who of them"), value=" ".join(values.get("groups") or ()), several=True,
              choices=terms_of("need_group", GROUPS)),
        Field(name="why", label=_("Why"), value=v("why"), longest=300, text=True),
        Field(name="asker", label=_("Who asks: body or site, no private person"), value=v("asker"),
              longest=100),
    ]  # fmt: skip


def _typed(request: Asked) -> dict[str, Any]:
    given = given_of(request)
    return {**given.dict(), "groups": given.getlist("groups")}  # type: ignore[attr-defined]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Asked) -> HttpResponse:
    """Write down what somebody needs."""

    def do() -> uuid.UUID:
        return actions.ask_need(_new(request), **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/needs/{done}")
    values = _typed(request)
    key = values.get("key") or str(new_id())
    fields = _fields(request, values)
    return sheet(
        request, refused, title=_("Ask for what is needed"), fields=fields, button=_("Write it down"),
        back="/needs", key=key, incident=values.get("incident", ""),
        note=_("It stands as asked, and not confirmed, until a person confirms it."),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, need_id: uuid.UUID) -> HttpResponse:
    """Put what is needed right."""
    line = queries.find_need(need_id, authority=request.caller.authority)
    if line is None:
        return need_missing(request)
    version = whole(request.POST.get("version"), line.version)

    def do() -> str:
        actions.change_need(need_id, _new(request), version=version, **act(request))
        return f"/needs/{need_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    values = _typed(request) if request.method == "POST" else _values(line)
    if request.method != "POST" and (taken := whole(request.GET.get("quantity"), None)) is not None:
        values["quantity"] = taken  # the newest number that words say, for a person to decide
    return sheet(
        request, refused, title=_("Change the need"), fields=_fields(request, values), button=_("Change"),
        back=f"/needs/{need_id}", version=version, incident=str(line.incident_id or ""),
        note=_("Another item, quantity, place or deadline is to be confirmed anew."),
    )  # fmt: skip


def _values(line: NeedLine) -> dict[str, Any]:
    """The need as its form shows it."""
    return {
        "supply": line.supply_id, "words": "" if line.supply_id else line.item_zh,
        "unit": "" if line.supply_id else line.unit_zh, "class": line.item_class, "quantity": line.quantity,
        "place": line.site or line.place, "due": line.due_at.isoformat(" ", "minutes") if line.due_at else "",
        "people": line.people, "groups": line.groups, "why": line.why, "asker": line.asker,
    }  # fmt: skip


@signed_in
@require_POST
def on_need(request: Asked, need_id: uuid.UUID, what: str) -> HttpResponse:
    """Confirm, met, withdraw, restore, join with another, take apart."""
    line = queries.find_need(need_id, authority=request.caller.authority)
    if line is None:
        return need_missing(request)
    reason, seen = request.POST.get("reason", ""), whole(request.POST.get("version"), None)
    into = uuid_of(request.POST.get("into", "")) or uuid.UUID(int=0)
    mine = act(request)
    calls: dict[str, Callable[[], object]] = {
        "confirm": lambda: actions.confirm_need(need_id, version=seen, **mine),
        "meet": lambda: actions.meet_need(need_id, reason=reason, version=seen, **mine),
        "withdraw": lambda: actions.withdraw_need(need_id, reason=reason, version=seen, **mine),
        "restore": lambda: actions.restore_need(need_id, reason=reason, **mine),
        "join": lambda: actions.join_needs(need_id, into, **mine),
        "part": lambda: actions.part_needs(need_id, **mine),
    }
    try:
        calls[what]()
    except Refused as no:
        context = need_context(request, line, error=refusals.sentence(no))
        return render(request, "web/needs/need.html", context, status=status_of(no))
    return redirect(f"/needs/{need_id}")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def serve(request: Asked, need_id: uuid.UUID) -> HttpResponse:
    """Promise stock for the need."""
    line = queries.find_need(need_id, authority=request.caller.authority)
    if line is None:
        return need_missing(request)
    v = given_of(request).get

    def do() -> uuid.UUID:
        if line.supply_id is None:
            raise Refused("need_without_supply")
        store = uuid_of(v("store", ""))
        if store is None:
            raise Refused("store_unknown")
        wanted = Wanted(
            supply_id=line.supply_id, quantity=number_of(v("quantity", "")), for_whom=v("for_whom", "")[:200],
            place=line.place, due_at=line.due_at, reason=v("reason", "")[:300], key=v("key", "")[:100],
        )  # fmt: skip
        return actions.serve_need(need_id, store, wanted, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/needs/{need_id}")
    left = line.still_open
    fields = [
        Field(name="store", label=_("Store, and what of it is free"), value=v("store", ""),
              choices=_stores_with(request, line), required=True),
        Field(name="quantity", label=_("How many"), value=v("quantity", "") or str(left or ""), number=True,
              required=True, longest=14),
        Field(name="for_whom", label=_("For whom"), value=v("for_whom", "") or line.asker, required=True),
        Field(name="reason", label=_("Reason"), value=v("reason", ""), longest=300),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Promise supplies"), fields=fields, button=_("Promise"),
        back=f"/needs/{need_id}", about=(line.item_zh, line.item_en), key=v("key", "") or str(new_id()),
        note=_("It is held from now on: nobody else can be promised the same. First expired goes first."),
    )  # fmt: skip


def _stores_with(request: Asked, line: NeedLine) -> Choices:
    """The stores of one's area that have any of it free, the fullest first."""
    if line.supply_id is None:
        return []
    found = stock.list_balances(
        authority=request.caller.authority,
        on=localdate(request.moment.at),
        supply_id=line.supply_id,
        limit=500,
    )
    free = sorted((b for b in found if b.free), key=lambda b: (-b.free, b.store))
    return [(str(b.store_id), f"{b.store}（{b.free}）", f"{b.store} ({b.free})") for b in free]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def advise(request: Asked) -> HttpResponse:
    """Say what is not to be brought."""
    v = given_of(request).get

    def do() -> object:
        until = time_of(v("until", ""))
        if until is None:
            raise Refused("advice_until_missing")
        new = NewAdvice(
            supply_id=uuid_of(v("supply", "")), words_zh=v("words_zh", ""), words_en=v("words_en", ""),
            place=place_given(v("place", ""))[0], reason_zh=v("reason_zh", ""), reason_en=v("reason_en", ""),
            valid_until=until,
        )  # fmt: skip
        return actions.advise_against(new, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect("/needs/advice")
    fields = [
        Field(name="supply", label=_("Supply of the stock (empty: in words)"), value=v("supply", ""),
              choices=supplies_of()),
        Field(name="words_zh", label=_("What is not to be brought, in Chinese"), value=v("words_zh", ""),
              longest=100),
        Field(name="words_en", label=_("What is not to be brought, in English"), value=v("words_en", ""),
              longest=100),
        Field(name="place", label=_("Where"), value=v("place", ""), place=True, required=True),
        Field(name="reason_zh", label=_("Reason, in Chinese; the public reads it"), value=v("reason_zh", ""),
              longest=300, text=True, required=True),
        Field(name="reason_en", label=_("Reason, in English"), value=v("reason_en", ""), longest=300,
              text=True),
        Field(name="until", label=_("Valid until"), value=v("until", ""), hint="2026-01-31 08:00", longest=25,
              required=True),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Do not bring"), fields=fields, button=_("Publish"), back="/needs/advice",
        note=_("It stands on the public page at once, until its time or until it is ended."),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def end_advice(request: Asked, advice_id: uuid.UUID) -> HttpResponse:
    """It may be brought again."""
    line = queries.find_advice(advice_id, authority=request.caller.authority)
    if line is None:
        return need_missing(request)
    v = given_of(request).get

    def do() -> str:
        actions.end_advice(advice_id, reason=v("reason", ""), **act(request))
        return "/needs/advice"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    fields = [Field(name="reason", label=_("Reason"), value=v("reason", ""), required=True, longest=300)]
    return sheet(
        request, refused, title=_("It may be brought again"), fields=fields, button=_("End the advice"),
        back="/needs/advice", about=(line.item_zh, line.item_en),
    )  # fmt: skip
