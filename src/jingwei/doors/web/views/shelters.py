"""Shelters: the board, the desk of one, a family, its card, files, paper, and what the public sees."""

import uuid
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal import queries as journal
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import WENT
from jingwei.apps.shelters.queries import Asked as Wanted
from jingwei.apps.shelters.queries import HouseholdLine, OpeningLine, PerHead, Sought
from jingwei.doors.entry import refusals
from jingwei.doors.web import qr, terms
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheltered import choices_of, counted_needs, guest_row, household_rows, needs_of
from jingwei.engines.sheets import writing
from jingwei.kernel.refusals import Refused

from .carried import CAMERA
from .register_calendar import base_of
from .register_files import TYPES
from .stock import PAGE, pages_of

Table = Iterator[Sequence[str | int | float | None]]
RIGHTS = (
    "open_shelter",
    "change_opening",
    "close_shelter",
    "reopen_shelter",
    "register_family",
    "change_guest",
    "move_guests",
    "let_guests_leave",
    "bring_guests_back",
    "strike_guest",
    "restore_guest",
    "join_guests",
    "part_guests",
    "reveal_guest",
    "search_guests",
    "take_list",
    "erase_guest",
    "note_consent",
    "decide_consent",
    "ask_seeking",
    "answer_seeking",
    "end_seeking",
    "reopen_seeking",
    "count_supply",
    "adopt_heads",
)
STATES = ("open", "closed", "")
#: Shelters one may move to, as a form offers them. Source: our estimate, a city's on a bad day.
MOST_GOALS = 300
#: Families on one page, and people who may be registered twice: a page stays light on a phone.
#: Source: our estimate, what a person looks through at a go, 2026-11-30.
HOUSEHOLDS, MOST_SAME = 20, 8


def can(request: Asked, place: str | None = None) -> set[str]:
    """What this post may do in shelters, there."""
    return offers(request, *[f"shelters.{one}" for one in RIGHTS], place=place)


def shelter_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This shelter is not open here. Look for it in the list of shelters."))


def person_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This person is not known in the shelters of your area."))


def sought_of(request: Asked) -> Sought:
    asked = request.GET
    state = asked.get("state", "open")
    return Sought(
        text=asked.get("q", "")[:100],
        state=state if state in STATES else "open",
        incident_id=uuid_of(asked.get("incident", "")),
    )


def rows_of(found: Sequence[OpeningLine], names: Names) -> list[SimpleNamespace]:
    """Openings as lists draw them: place by name, how many have which need."""
    names.know(divisions={one.place for one in found}, people=[one.opened_by for one in found])
    needs = queries.count_needs([one.id for one in found if one.stands])
    return [
        SimpleNamespace(
            line=one,
            place=names.place(one.place),
            who=names.person(one.opened_by),
            needs=counted_needs(needs.get(one.id, {})),
        )
        for one in found
    ]


@signed_in
@require_safe
def board(request: Asked) -> HttpResponse:
    """Every shelter of one's area: who is in it, how much room there is."""
    authority, sought, names = request.caller.authority, sought_of(request), Names()
    count = queries.count_openings(sought, authority=authority)
    paged = pages_of(request, count)
    found = queries.list_openings(sought, authority=authority, offset=paged["offset"] or 0, limit=PAGE)
    incident = (
        incidents.find_incident(sought.incident_id, authority=authority) if sought.incident_id else None
    )
    areas = queries.list_heads_by_area(incident.id, authority=authority) if incident else []
    names.know(divisions={one.area for one in areas})
    context = {
        "rows": rows_of(found, names),
        "count": count,
        "totals": queries.get_totals(authority=authority),
        "asked": SimpleNamespace(q=sought.text, state=sought.state),
        "states": [("open", _("open now")), ("closed", _("closed")), ("", _("all"))],
        "question": urlencode(
            [(n, request.GET[n][:100]) for n in ("q", "state", "incident") if request.GET.get(n)]
        ),
        "incident": incident,
        "areas": [SimpleNamespace(line=one, place=names.place(one.area)) for one in areas],
        "tab": "board",
        "can": can(request),
        **paged,
    }
    return render(request, "web/shelters/board.html", context)


@signed_in
@require_safe
def export(request: Asked, kind: str) -> HttpResponse:
    """The board as a file: numbers, nobody's name."""
    found = queries.list_openings(sought_of(request), authority=request.caller.authority, limit=20_000)
    return _file(_board_table(found), kind, "shelters", _("Shelters"))


def _file(table: Table, kind: str, name: str, title: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    body = writing.write_csv(table) if kind == "csv" else writing.write_xlsx(table, name=title)
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _board_table(found: Sequence[OpeningLine]) -> Table:
    needs, zh = queries.count_needs([one.id for one in found]), terms.is_zh()
    kinds = choices_of("guest_need")
    yield [
        _("Shelter"),
        _("Division code"),
        _("For how long"),
        _("Room for"),
        _("Heads now"),
        _("Free places"),
        _("Over its room"),
        _("Opened at"),
        _("Closed at"),
        _("Longitude"),
        _("Latitude"),
        *[zh_ if zh else en for _code, zh_, en in kinds],
    ]
    for one in found:
        counts = needs.get(one.id, {})
        yield [
            one.name,
            one.place,
            terms.say("shelter_stage", one.stage),
            one.room,
            one.heads,
            one.free,
            one.over,
            one.opened_at.isoformat(),
            one.closed_at.isoformat() if one.closed_at else "",
            one.lon,
            one.lat,
            *[counts.get(code, 0) for code, _zh, _en in kinds],
        ]


def find(request: Asked, opening_id: uuid.UUID) -> OpeningLine | None:
    return queries.find_opening(opening_id, authority=request.caller.authority)


def wanted_of(request: Asked) -> Wanted:
    """What the list of a desk is narrowed to."""
    asked = request.GET
    state = asked.get("state", "here")
    return Wanted(
        text=asked.get("q", "")[:100],
        state=state if state in ("here", "gone", "") else "here",
        need=asked.get("need", "")[:20],
    )


@signed_in
@require_safe
def desk(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    return camera(render(request, "web/shelters/desk.html", desk_context(request, line)))


def camera(answer: HttpResponse) -> HttpResponse:
    """A page whose cards are read with the camera."""
    answer["Permissions-Policy"] = CAMERA
    return answer


def desk_context(request: Asked, line: OpeningLine, **more: object) -> dict[str, object]:
    """Who is here, probably twice, which need, and what the desk may do."""
    authority, wanted, names = request.caller.authority, wanted_of(request), Names()
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    found, count = queries.list_households(line.id, wanted, offset=offset, limit=HOUSEHOLDS)
    incident = incidents.find_incident(line.incident_id, authority=authority) if line.incident_id else None
    names.know_rules({line.rule_id} - {""})
    return {
        "row": rows_of([line], names)[0],
        "line": line,
        "incident": incident,
        "rule": names.clause(line.rule_id) if line.rule_id else None,
        "households": household_rows(found),
        "count": count,
        "same": [
            SimpleNamespace(one=guest_row(s.one), other=guest_row(s.other))
            for s in queries.list_same(line.id, authority=authority, most=MOST_SAME)
        ]
        if line.stands
        else [],
        "goals": _goals(request, line),
        "went": [(code, terms.say("guest_went", code)) for code in WENT if code != "shelter"],
        "gone_to": [(terms.say("guest_went", w), n) for w, n in queries.list_went(line.id).items()],
        "needs": choices_of("guest_need"),
        "asked": wanted,
        "states": [(code, terms.say("guest_state", code)) for code in ("here", "gone", "")],
        "question": urlencode(
            [(n, request.GET[n][:100]) for n in ("q", "state", "need") if n in request.GET]
        ),
        "earlier": max(0, offset - HOUSEHOLDS) if offset else None,
        "later": offset + HOUSEHOLDS if offset + HOUSEHOLDS < count else None,
        "can": can(request, line.place),
        "tab": "desk",
        **more,
    }


def _goals(request: Asked, line: OpeningLine) -> list[OpeningLine]:
    """Other open shelters, those with room first."""
    found = queries.list_openings(authority=request.caller.authority, limit=MOST_GOALS)
    return sorted(
        (one for one in found if one.id != line.id),
        key=lambda o: (o.free == 0, o.place != line.place, o.name),
    )


@signed_in
@require_safe
def numbers(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    """Heads by the hour and by need, and supplies per head beside the standards."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    return render(request, "web/shelters/numbers.html", numbers_context(request, line))


def numbers_context(request: Asked, line: OpeningLine, **more: object) -> dict[str, object]:
    at, names = request.moment.at, Names()
    hours = queries.list_hours(line.id, at=at)
    most = max([h.heads for h in hours] + [line.room or 0, 1])
    needs = sorted({code for h in hours for code in h.needs})
    per_head = queries.list_per_head(line, at=at)
    names.know_rules({one.standard.rule_id for one in per_head})
    return {
        "row": rows_of([line], names)[0],
        "line": line,
        "hours": [
            SimpleNamespace(hour=h, share=round(100 * h.heads / most), needs=counted_needs(h.needs))
            for h in reversed(hours)
        ],
        "has_needs": bool(needs),
        "per_head": [
            SimpleNamespace(line=one, clause=names.clause(one.standard.rule_id), ask=_ask(line, one))
            for one in per_head
        ],
        "can": can(request, line.place) | offers(request, "needs.ask_need", place=line.place),
        "tab": "numbers",
        **more,
    }


def _ask(line: OpeningLine, one: PerHead) -> str:
    """The form of a need, filled with what is lacking: a person sends it."""
    if not one.short:
        return ""
    zh = terms.is_zh()
    asked = {
        "words": one.standard.name_zh if zh else one.standard.name_en,
        "unit": one.standard.unit_zh if zh else one.standard.unit_en,
        "class": one.standard.item_class,
        "quantity": one.short,
        "place": line.place,
        "people": line.heads,
        "asker": line.name,
        "incident": line.incident_id or "",
    }
    return f"/needs/new?{urlencode(asked)}"


@signed_in
@require_safe
def export_people(request: Asked, opening_id: uuid.UUID, kind: str) -> HttpResponse:
    """Who is or was here, masked, as a file."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    found, _count = queries.list_households(line.id, wanted_of(request), limit=20_000)
    return _file(_people_table(found), kind, "shelter-people", line.name)


def _people_table(found: Sequence[HouseholdLine]) -> Table:
    zh = terms.is_zh()
    yield [
        _("Number of the family"),
        _("Name"),
        _("Sex"),
        _("Age"),
        _("Special needs"),
        _("May be told"),
        _("Came at"),
        _("Left at"),
        _("Where to"),
        _("Shelter"),
    ]
    for household in found:
        for g in household.guests:
            needs = (
                "、".join(z for z, _e in needs_of(g.needs))
                if zh
                else ", ".join(e for _z, e in needs_of(g.needs))
            )
            yield [
                household.number,
                g.name,
                terms.say("sex", g.sex),
                g.age,
                needs,
                terms.say("guest_consent", g.consent),
                g.from_at.isoformat(),
                g.until_at.isoformat() if g.until_at else "",
                terms.say("guest_went", g.went) if g.went else "",
                g.opening,
            ]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: Asked, opening_id: uuid.UUID) -> HttpResponse:
    """The list for a day without a machine: names by POST with a reason, on the record; else empty rows."""
    line = find(request, opening_id)
    if line is None:
        return shelter_missing(request)
    names = Names()
    context: dict[str, object] = {
        "row": rows_of([line], names)[0],
        "line": line,
        "can": can(request, line.place),
        "tab": "paper",
        "blank": range(20),
        "people": None,
        "error": "",
    }
    if request.method != "POST":
        return render(request, "web/shelters/paper.html", context)
    try:
        found = actions.take_list(opening_id, reason=request.POST.get("reason", ""), **act(request))
    except Refused as no:
        context["error"] = refusals.sentence(no)
        return render(request, "web/shelters/paper.html", context, status=status_of(no))
    context["people"] = [SimpleNamespace(number=number, one=one) for number, one in found]
    return render(request, "web/shelters/paper.html", context)


@signed_in
@require_safe
def household(request: Asked, household_id: uuid.UUID) -> HttpResponse:
    line = queries.find_household(household_id, authority=request.caller.authority)
    if line is None:
        return person_missing(request)
    return render(request, "web/shelters/household.html", household_context(request, line))


def household_context(request: Asked, line: HouseholdLine, **more: object) -> dict[str, object]:
    """A family, its card, what was done, and what may be done."""
    names, ids = Names(), [str(g.id) for g in line.guests]
    entries = journal.list_entries(subjects=ids, newest=100)
    names.know(people=[e.by for e in entries] + [line.by])
    place = line.guests[0].place if line.guests else ""
    number_of = {str(g.id): g.number for g in line.guests}
    return {
        "line": line,
        "guests": [guest_row(g, names) for g in line.guests],
        "joined": [guest_row(g, names) for g in queries.list_joined([g.id for g in line.guests])],
        "who": names.person(line.by),
        "qr": qr.drawn(
            f"{base_of(request)}/shelters/card/{line.number}",
            _("The number of the family as a QR code"),
            fits=True,
        ),
        "history": [
            SimpleNamespace(
                entry=e,
                code=e.kind.split("/")[0],
                who=names.person(e.by),
                number=number_of.get(e.subject, ""),
            )
            for e in reversed(entries)
        ],
        "can": can(request, place),
        **more,
    }


@signed_in
@require_safe
def card(request: Asked, number: str = "") -> HttpResponse:
    """A card was shown: the family, where it may be seen, else where one may receive it."""
    number = (number or request.GET.get("number", "")).strip()
    found, at = queries.find_by_number(number), uuid_of(request.GET.get("at", ""))
    line = find(request, at) if at else None
    if found is None:
        return missing_page(request, _("No family with this number is known here. Check the card."))
    if line is None:
        mine = queries.find_household(found.id, authority=request.caller.authority)
        return redirect(f"/shelters/households/{found.id}") if mine else person_missing(request)
    context = {
        "household": SimpleNamespace(line=found, guests=[guest_row(g) for g in found.guests]),
        "line": line,
        "from_here": sum(g.here and g.counts and g.opening_id == line.id for g in found.guests),
        "elsewhere": [guest_row(g) for g in found.guests if g.here and g.counts and g.opening_id != line.id],
        "can": can(request, line.place),
    }
    return render(request, "web/shelters/card.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def find_person(request: Asked) -> HttpResponse:
    """Look for a person by their whole name in all shelters of one's area: on the record, masked."""
    context: dict[str, object] = {
        "tab": "find",
        "can": can(request),
        "found": None,
        "error": "",
        "values": request.POST,
    }
    if request.method != "POST":
        return render(request, "web/shelters/find.html", context)
    v, authority, names = request.POST.get, request.caller.authority, Names()
    try:
        ids = actions.search_guests(
            v("name", "")[:100],
            place=authority.place,
            age=whole(v("age"), None),
            id_last4=v("id_last4", ""),
            reason=v("reason", ""),
            **act(request),
        )
    except Refused as no:
        context["error"] = refusals.sentence(no)
        return render(request, "web/shelters/find.html", context, status=status_of(no))
    context["found"] = [guest_row(g, names) for g in queries.list_guests(ids, authority=authority)]
    return render(request, "web/shelters/find.html", context)


@require_safe
def public(request: Asked) -> HttpResponse:
    """Open shelters, for anybody: where, and whether there is room. Nobody's name, no number of people."""
    found, names = queries.list_public_shelters(), Names()
    names.know(divisions={one.place for one in found})
    rows = [SimpleNamespace(line=one, place=names.place(one.place)) for one in found]
    return render(request, "web/shelters/public.html", {"rows": rows})
