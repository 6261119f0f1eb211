"""What people do with shelters and the people in them, each on its sheet or by one button of a page."""

import uuid
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.resources import queries as resources
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import STAGES, NewGuest, NewOpening
from jingwei.apps.shelters.queries import OpeningLine
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Choices, Field, given_of, number_of, sheet, terms_of, tried
from jingwei.doors.web.sheltered import choices_of, guest_row
from jingwei.kernel.refusals import Refused

from .shelters import (
    desk_context,
    find,
    household_context,
    numbers_context,
    person_missing,
    shelter_missing,
)

#: Sites a form offers at most; others are found in the register. Source: our estimate, a city's.
MOST_SITES = 1_000
ON_OPENING = ("close", "reopen")
ON_PEOPLE = ("move", "leave", "back")
ON_GUEST = ("strike", "restore", "reveal", "agree", "refuse", "decide", "part", "erase")


def _sites(request: Asked) -> Choices:
    """Sites of the register in one's area, with their division."""
    found, names = resources.list_shelters(within=request.caller.authority.place, most=MOST_SITES), Names()
    names.know(divisions={one.place for one in found})
    return [
        (str(s.id), f"{s.name}（{names.place(s.place)[0]}）", f"{s.name} ({names.place(s.place)[1]})")
        for s in found
    ]


def _incidents(request: Asked) -> Choices:
    found = incidents.list_incidents(authority=request.caller.authority, limit=100)
    return [(str(one.id), one.title_zh, one.title_en) for one in found]


def _fields(request: Asked, v: Callable[[str], str], *, sites: Choices = ()) -> list[Field]:
    fields = [
        Field(
            name="shelter", label=_("Site of the register"), value=v("shelter"), choices=sites, required=True
        )
    ]
    return (fields if sites else []) + [
        Field(
            name="stage",
            label=_("For how long"),
            value=v("stage") or "temporary",
            required=True,
            choices=terms_of("shelter_stage", STAGES),
        ),
        Field(
            name="incident",
            label=_("For which incident (may stay empty)"),
            value=v("incident"),
            choices=_incidents(request),
        ),
        Field(
            name="room",
            label=_("Room for so many people (empty: by register and standard)"),
            value=v("room"),
            number=True,
            longest=9,
        ),
        Field(name="words", label=_("Words for the desk"), value=v("words"), longest=300, text=True),
    ]


def _new(v: Callable[..., str], shelter: uuid.UUID, kind: str = "") -> NewOpening:
    return NewOpening(
        shelter_id=shelter,
        incident_id=uuid_of(v("incident", "")),
        stage=v("stage", ""),
        kind=kind,
        room=number_of(v("room", "")) if v("room", "").strip() else None,
        words=v("words", ""),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: Asked) -> HttpResponse:
    """Open a site of the register for people."""
    given = given_of(request)

    def v(name: str, default: str = "") -> str:
        return given.get(name, default)

    def do() -> uuid.UUID:
        shelter = uuid_of(v("shelter"))
        if shelter is None:
            raise Refused("shelter_unknown")
        return actions.open_shelter(_new(v, shelter), **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/shelters/{done}")
    return sheet(
        request,
        refused,
        title=_("Open a shelter"),
        fields=_fields(request, v, sites=_sites(request)),
        button=_("Open it"),
        back="/shelters",
        note=_("Without a number the smaller counts: what the register says, or the area by the standard."),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    """For how long, for what, for how many people."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    version = whole(request.POST.get("version"), line.version)
    known = {
        "stage": line.stage,
        "incident": str(line.incident_id or ""),
        "words": line.words,
        "room": str(line.room) if line.by_what == "person" else "",
    }
    given = request.POST if request.method == "POST" else known

    def v(name: str, default: str = "") -> str:
        return given.get(name, default) or default

    def do() -> str:
        actions.change_opening(
            opening_id, _new(v, line.shelter_id, line.kind), version=version, **act(request)
        )
        return f"/shelters/{opening_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    return sheet(
        request,
        refused,
        title=_("Change the opening"),
        fields=_fields(request, v),
        button=_("Change"),
        back=f"/shelters/{opening_id}",
        about=(line.name, line.name),
        version=version,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def on_opening(request: Asked, opening_id: uuid.UUID, what: str) -> HttpResponse:
    """Close it, or open it again; with the reason."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    reason = request.POST.get("reason", "")
    call = actions.close_shelter if what == "close" else actions.reopen_shelter

    def do() -> str:
        call(opening_id, reason=reason, **act(request))
        return f"/shelters/{opening_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    closes = what == "close"
    return sheet(
        request,
        refused,
        title=_("Close the shelter") if closes else _("Open the shelter again"),
        fields=[Field(name="reason", label=_("Reason"), value=reason, required=True, longest=300)],
        button=_("Close it") if closes else _("Open it again"),
        back=f"/shelters/{opening_id}",
        about=(line.name, line.name),
        note=_("It closes when nobody is inside: of everybody it is known where they went.")
        if closes
        else "",
    )


def _refused(request: Asked, line: OpeningLine, no: Refused) -> HttpResponse:
    context = desk_context(request, line, error=refusals.sentence(no))
    return render(request, "web/shelters/desk.html", context, status=status_of(no))


@signed_in
@require_POST
def on_people(request: Asked, opening_id: uuid.UUID, what: str) -> HttpResponse:
    """The ticked people move, leave, or are here after all."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    v, mine = request.POST.get, act(request)
    guests = [one for one in map(uuid_of, request.POST.getlist("guest")[:500]) if one]
    to = uuid_of(v("to", "")) or uuid.UUID(int=0)
    calls: dict[str, Callable[[], object]] = {
        "move": lambda: actions.move_guests(opening_id, guests, to, **mine),
        "leave": lambda: actions.let_guests_leave(
            opening_id, guests, went=v("went", ""), words=v("words", ""), **mine
        ),
        "back": lambda: actions.bring_guests_back(opening_id, guests, **mine),
    }
    try:
        calls[what]()
    except Refused as no:
        return _refused(request, line, no)
    return redirect(f"/shelters/{opening_id}")


@signed_in
@require_POST
def receive_card(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    """A family with its card comes from other shelters: those who are there are here from now on."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    found = queries.find_by_number(request.POST.get("number", ""))
    try:
        if found is None:
            raise Refused("household_unknown")
        elsewhere: dict[uuid.UUID, list[uuid.UUID]] = {}
        for g in found.guests:
            if g.here and g.counts and g.opening_id != opening_id:
                elsewhere.setdefault(g.opening_id, []).append(g.id)
        if not elsewhere:
            raise Refused("guests_missing")
        for at, guests in elsewhere.items():
            actions.move_guests(at, guests, opening_id, **act(request))
    except Refused as no:
        return _refused(request, line, no)
    return redirect(f"/shelters/households/{found.id}")


@signed_in
@require_POST
def join(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    """Two lines are one person: the first is not counted any more."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    one, into = (uuid_of(request.POST.get(n, "")) or uuid.UUID(int=0) for n in ("guest", "into"))
    try:
        actions.join_guests(one, into, **act(request))
    except Refused as no:
        return _refused(request, line, no)
    return redirect(f"/shelters/{opening_id}")


@signed_in
@require_POST
def count_supply(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    try:
        quantity = number_of(request.POST.get("quantity", ""))
        actions.count_supply(opening_id, request.POST.get("rule", ""), quantity, **act(request))
    except Refused as no:
        context = numbers_context(request, line, error=refusals.sentence(no))
        return render(request, "web/shelters/numbers.html", context, status=status_of(no))
    return redirect(f"/shelters/{opening_id}/numbers#per-head")


@signed_in
@require_POST
def adopt_heads(request: Asked) -> HttpResponse:
    """Stand by the heads as the count of people relocated: needs are estimated from it."""
    incident, area = uuid_of(request.POST.get("incident", "")), request.POST.get("area", "")[:16]
    if incident is None:
        raise Refused("incident_unknown")
    actions.adopt_heads(incident, area, **act(request))
    return redirect(f"/incidents/{incident}/people")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_guest(request: Asked, guest_id: uuid.UUID) -> HttpResponse:
    """What is known of a person. What is masked stays empty, and empty keeps it."""
    line = queries.find_guest(guest_id, authority=request.caller.authority)
    if line is None:
        return person_missing(request)
    version, back = (
        whole(request.POST.get("version"), line.version),
        f"/shelters/households/{line.household_id}",
    )
    posted = request.method == "POST"

    def v(name: str, known: object = "") -> str:
        return request.POST.get(name, "") if posted else str(known if known is not None else "")

    def do() -> str:
        new = NewGuest(
            name=v("name"),
            sex=v("sex"),
            age=number_of(v("age")) if v("age").strip() else None,
            id_last4=v("id_last4"),
            phone=v("phone"),
            needs=tuple(request.POST.getlist("needs")),
        )
        actions.change_guest(guest_id, new, version=version, **act(request))
        return back

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    needs = request.POST.getlist("needs") if posted else line.needs
    fields = [
        Field(name="name", label=_("Name (empty: stays as it is)"), value=v("name"), longest=50),
        Field(name="sex", label=_("Sex"), value=v("sex", line.sex), choices=terms_of("sex", ("m", "f"))),
        Field(name="age", label=_("Age"), value=v("age", line.age), number=True, longest=3),
        Field(
            name="id_last4",
            label=_("Identity number ends in (empty: stays as it is)"),
            value=v("id_last4"),
            longest=4,
        ),
        Field(name="phone", label=_("Telephone (empty: stays as it is)"), value=v("phone"), longest=40),
        Field(
            name="needs",
            label=_("Special needs"),
            value=" ".join(needs),
            several=True,
            choices=choices_of("guest_need"),
        ),
    ]
    return sheet(
        request,
        refused,
        title=_("Put right what is known"),
        fields=fields,
        button=_("Change"),
        back=back,
        about=(f"{line.household} · {line.name}",) * 2,
        version=version,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def on_guest(request: Asked, guest_id: uuid.UUID, what: str) -> HttpResponse:
    """Strike through, restore, look at, consent, decide, take apart, erase: each with what it asks for."""
    line = queries.find_guest(guest_id, authority=request.caller.authority)
    if line is None:
        return person_missing(request)
    back, words, mine = (
        f"/shelters/households/{line.household_id}",
        request.POST.get("reason", ""),
        act(request),
    )
    calls: dict[str, Callable[[], object]] = {
        "strike": lambda: actions.strike_guest(guest_id, reason=words, **mine),
        "restore": lambda: actions.restore_guest(guest_id, reason=words, **mine),
        "reveal": lambda: actions.reveal_guest(guest_id, reason=words, **mine),
        "agree": lambda: actions.note_consent(guest_id, agrees=True, **mine),
        "refuse": lambda: actions.note_consent(guest_id, agrees=False, **mine),
        "decide": lambda: actions.decide_consent(guest_id, reason=words, **mine),
        "part": lambda: actions.part_guests(guest_id, **mine),
        "erase": lambda: actions.erase_guest(guest_id, clause=words, **mine),
    }
    refused = shown = None
    if request.method == "POST":
        try:
            shown = calls[what]()
            if what != "reveal":
                return redirect(back)
        except Refused as no:
            refused = no
    if refused is not None and what in ("agree", "refuse", "part"):
        household = queries.find_household(line.household_id, authority=request.caller.authority)
        if household is not None:
            context = household_context(request, household, error=refusals.sentence(refused))
            return render(request, "web/shelters/household.html", context, status=status_of(refused))
    context = {
        "what": what,
        "guest": guest_row(line, Names()),
        "line": line,
        "shown": shown,
        "back": back,
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/shelters/guest.html", context, status=status_of(refused) if refused else 200)
