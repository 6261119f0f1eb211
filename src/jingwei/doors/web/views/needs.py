"""Needs: the list, one with arithmetic and history, totals, what is not to be brought, the public's page."""

import uuid
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import queries
from jingwei.apps.needs.facts import ORIGINS, STATES
from jingwei.apps.needs.queries import NeedLine, Sought, ToldBy, Total
from jingwei.apps.reports import queries as reports
from jingwei.apps.stock import queries as stock
from jingwei.doors.web import ruled, terms
from jingwei.doors.web.door import Asked, missing_page, offers, signed_in, uuid_of
from jingwei.doors.web.names import Names
from jingwei.doors.web.surged import surge_of
from jingwei.engines.sheets import writing
from jingwei.kernel.codes import normal_place

from .phone import code_of
from .register_files import TYPES
from .stock import PAGE, pages_of

RIGHTS = (
    "ask_need", "change_need", "confirm_need", "meet_need", "withdraw_need", "restore_need", "join_needs",
    "part_needs", "serve_need", "advise_against", "end_advice",
)  # fmt: skip
ASKED = ("q", "state", "origin", "class", "place", "incident", "how")
#: Characters shown on either side of the words that say how much, in a list.
NEAR = 24
HOW = ("fresh", "stale", "late", "double", "unserved")


def can(request: Asked, place: str | None = None) -> set[str]:
    """What this post may do with needs, there."""
    return offers(request, *[f"needs.{one}" for one in RIGHTS], place=place)


def need_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This need is not known here. Look for it in the list of needs."))


def sought_of(request: Asked) -> Sought:
    """What the address asks for; what cannot be read asks for nothing."""
    asked = request.GET
    return Sought(
        text=asked.get("q", "")[:100],
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        origin=asked.get("origin", "") if asked.get("origin") in ORIGINS else "",
        item_class=asked.get("class", "")[:16],
        place=normal_place(code_of(asked.get("place", "")))[:12],
        incident_id=uuid_of(asked.get("incident", "")),
        how=asked.get("how", "") if asked.get("how") in HOW else "",
    )


def classes_of(request: Asked) -> list[tuple[str, str, str]]:
    """The classes of needs as a form offers them, the most urgent first."""
    found = hazards.list_need_classes(on=localdate(request.moment.at)).values()
    ordered = sorted(found, key=lambda c: (c.priority, c.rule_id))
    return [(c.item_class, c.name_zh, c.name_en) for c in ordered]


def rows_of(request: Asked, found: Sequence[NeedLine], names: Names) -> list[SimpleNamespace]:
    """Needs as lists draw them: place and people by name, what is stale, late, probably the same."""
    names.know(
        divisions={one.place for one in found if not one.site},
        sites={one.site for one in found if one.site},
        people=[one.by for one in found],
    )
    alike = queries.count_alike(found, authority=request.caller.authority)
    quotes = _quotes(request, found)
    return [
        SimpleNamespace(
            line=one,
            place=names.place(one.place, one.site),
            who=names.person(one.by),
            stale=one.is_stale(request.moment.at),
            late=one.is_late(request.moment.at),
            alike=alike.get(one.id, 0),
            quote=quotes.get(one.id),
        )
        for one in found
    ]


def _quotes(request: Asked, found: Sequence[NeedLine]) -> dict[uuid.UUID, SimpleNamespace]:
    """Of what words say how much of: those words, cut short, of reports that this post may see."""
    said = {one.id: one.said for one in found if one.said is not None and one.is_read}
    seen = (
        reports.list_report_points_by_id(
            {str(amount.report_id) for amount in said.values()}, authority=request.caller.authority
        )
        if said
        else {}
    )
    quotes = {}
    for need_id, amount in said.items():
        report = seen.get(str(amount.report_id))
        if report is not None and report.words:
            words, begin, end = report.words, amount.begin, amount.end
            quotes[need_id] = SimpleNamespace(
                lang=report.lang or "zh-Hans", before=words[max(0, begin - NEAR) : begin],
                said=words[begin:end], after=words[end : end + NEAR],
            )  # fmt: skip
    return quotes


@signed_in
@require_safe
def list_needs(request: Asked) -> HttpResponse:
    authority, at, sought = request.caller.authority, request.moment.at, sought_of(request)
    count = queries.count_needs(sought, authority=authority, at=at)
    paged, names = pages_of(request, count), Names()
    found = queries.list_needs(sought, authority=authority, at=at, offset=paged["offset"] or 0, limit=PAGE)
    context = {
        "rows": rows_of(request, found, names),
        "count": count,
        "asked": request.GET,
        "question": urlencode([(n, request.GET[n][:100]) for n in ASKED if request.GET.get(n)]),
        "classes": classes_of(request),
        "origins": ORIGINS,
        "states": STATES,
        "hows": HOW,
        "tab": "needs",
        "can": can(request),
        **paged,
    }
    return render(request, "web/needs/list.html", context)


@signed_in
@require_safe
def need(request: Asked, need_id: uuid.UUID) -> HttpResponse:
    line = queries.find_need(need_id, authority=request.caller.authority)
    return (
        render(request, "web/needs/need.html", need_context(request, line)) if line else need_missing(request)
    )


def need_context(request: Asked, line: NeedLine, **more: object) -> dict[str, object]:
    """All that is known of a need: who, which report, which arithmetic, which stock, what was done."""
    authority, names = request.caller.authority, Names()
    entries = journal.list_entries(subjects=[str(line.id)], newest=100)
    names.know(people=[e.by for e in entries])
    alike = queries.list_alike(line, authority=authority)
    incident = incidents.find_incident(line.incident_id, authority=authority) if line.incident_id else None
    into = queries.find_need(line.joined_into_id, authority=authority) if line.joined_into_id else None
    names.know_rules({line.fresh_rule, line.standard} - {""})
    return {
        "row": rows_of(request, [line], names)[0],
        "line": line,
        "incident": incident,
        "into": into,
        "joined": rows_of(request, queries.list_joined(line.id), names),
        "alike": rows_of(request, alike, names),
        "told": _told(line, request),
        "sum": _sum(line, names),
        "fresh_rule": names.clause(line.fresh_rule),
        "promises": stock.list_promises_by_id(queries.list_promises(line.id)),
        "confirmed_by": names.person(line.confirmed_by),
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": can(request, line.place),
        "values": request.POST,
        "takes": _takes(line, can(request, line.place)),
        **surge_of(request, line),
        **more,
    }


def _takes(line: NeedLine, may: set[str]) -> bool:
    """Whether the newest number can be taken by this post: it counts in the unit of the need."""
    newest = line.newest
    if newest is None or "change_need" not in may or not line.stands or line.joined_into_id is not None:
        return False
    return newest.quantity != line.quantity and newest.unit_zh == line.unit_zh


def _told(line: NeedLine, request: Asked) -> list[SimpleNamespace]:
    """The reports that ask for it which this post may see, cut at the words that say so."""
    found = []
    for one in queries.list_tellings(line.id)[:20]:
        report = reports.find_report(one.report_id, authority=request.caller.authority)
        if report is not None:
            words = report.words
            found.append(
                SimpleNamespace(
                    id=report.id, at=report.occurred_at, lang=report.lang or "zh-Hans",
                    before=words[max(0, one.begin - 60) : one.begin], parts=_parts(words, one),
                    after=words[one.end : one.end + 60],
                )
            )  # fmt: skip
    return found


def _parts(words: str, one: ToldBy) -> list[tuple[str, bool]]:
    """The words that ask for it, cut where they say how much: text, and whether it says so."""
    if one.quantity_begin is None or one.quantity_end is None:
        return [(words[one.begin : one.end], False)]
    cuts = [
        (min(one.begin, one.quantity_begin), one.quantity_begin, False),
        (one.quantity_begin, one.quantity_end, True),
        (one.quantity_end, max(one.end, one.quantity_end), False),
    ]
    return [(words[begin:end], says) for begin, end, says in cuts if begin < end]


def _sum(line: NeedLine, names: Names) -> SimpleNamespace | None:
    """The arithmetic of an estimate, with its standard as the rules show it."""
    if not line.estimate:
        return None
    rule = hazards.find_row("demand-standards", line.standard)
    words, area = ruled.Words(), str(line.estimate["area"])
    return SimpleNamespace(
        **line.estimate,
        rule=rule,
        where=names.area(area),
        basis_words=words.word("basis", line.estimate["basis"]),
        differs=line.quantity != line.estimate["quantity"],
    )


@signed_in
@require_safe
def export(request: Asked, kind: str) -> HttpResponse:
    """What the list seeks, all pages of it, as a file."""
    found = queries.list_needs(
        sought_of(request), authority=request.caller.authority, at=request.moment.at, limit=20_000
    )
    return _file(_table(request, found), kind, "needs", _("Needs"))


def _file(
    table: Iterator[Sequence[str | int | float | None]], kind: str, name: str, title: str
) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    body = writing.write_csv(table) if kind == "csv" else writing.write_xlsx(table, name=title)
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _table(request: Asked, found: Sequence[NeedLine]) -> Iterator[Sequence[str | int | float | None]]:
    zh, at = terms.is_zh(), request.moment.at
    yield [
        _("What is needed"), _("How many"), _("Unit"), _("Priority"), _("Division code"), _("Site"),
        _("needed by"), _("People"), _("Origin"), _("State of the need"), _("stale"), _("Promised"),
        _("On the road"),
        _("Arrived"), _("Still open"), _("Who asks"), _("Why"),
    ]  # fmt: skip
    for one in found:
        yield [
            one.item_zh if zh else one.item_en, one.quantity, one.unit_zh if zh else one.unit_en,
            one.priority, one.place, one.site, one.due_at.isoformat() if one.due_at else "", one.people,
            terms.say("need_origin", one.origin), terms.say("need_state", one.state),
            _("yes") if one.is_stale(at) else "", one.served.promised, one.served.sent, one.served.arrived,
            one.still_open, one.asker, one.why,
        ]  # fmt: skip


def _totals(request: Asked) -> list[Total]:
    return queries.list_totals(
        authority=request.caller.authority,
        on=localdate(request.moment.at),
        incident_id=uuid_of(request.GET.get("incident", "")),
    )


@signed_in
@require_safe
def list_totals(request: Asked) -> HttpResponse:
    found, names = _totals(request), Names()
    names.know(divisions={one.place for one in found})
    rows = [SimpleNamespace(line=one, place=names.place(one.place)) for one in found]
    incident = uuid_of(request.GET.get("incident", ""))
    question = urlencode({"incident": incident}) if incident else ""
    return render(request, "web/needs/totals.html", {"rows": rows, "tab": "totals", "question": question})


@signed_in
@require_safe
def export_totals(request: Asked, kind: str) -> HttpResponse:
    return _file(_totals_table(_totals(request)), kind, "needs-totals", _("Totals of needs"))


def _totals_table(found: Sequence[Total]) -> Iterator[Sequence[str | int | float | None]]:
    zh = terms.is_zh()
    yield [
        _("What is needed"), _("Unit"), _("Division code"), _("Needs"), _("Needs without a quantity"),
        _("asked"), _("found in a report"), _("estimated"), _("confirmed as needed"), _("Promised"),
        _("On the road"),
        _("Arrived"), _("Still open"), _("On hand in stores"), _("Free in stores"),
    ]  # fmt: skip
    for one in found:
        yield [
            one.item_zh if zh else one.item_en, one.unit_zh if zh else one.unit_en, one.place, one.needs,
            one.unsaid, one.asked, one.found, one.estimated, one.confirmed, one.served.promised,
            one.served.sent, one.served.arrived, one.still_open, one.stock.on_hand if one.stock else None,
            one.stock.free if one.stock else None,
        ]  # fmt: skip


@signed_in
@require_safe
def list_advice(request: Asked) -> HttpResponse:
    authority = request.caller.authority
    count = queries.count_advice(authority=authority)
    paged, names = pages_of(request, count), Names()
    found = queries.list_advice(authority=authority, offset=paged["offset"] or 0, limit=PAGE)
    names.know(people=[one.by for one in found], divisions={one.place for one in found})
    rows = [
        SimpleNamespace(
            line=one,
            who=names.person(one.by),
            place=names.place(one.place),
            holds=one.holds(request.moment.at),
        )
        for one in found
    ]
    context = {"rows": rows, "count": count, "tab": "advice", "can": can(request), **paged}
    return render(request, "web/needs/advice.html", context)


@require_safe
def public(request: Asked) -> HttpResponse:
    """What is needed most and what is not to be brought. Nobody signs in; nobody is named."""
    at, names = request.moment.at, Names()
    needed, against = queries.list_public_needs(at=at), queries.list_public_advice(at=at)
    names.know(divisions={one.place for one in needed} | {one.place for one in against})
    context = {
        "needed": [SimpleNamespace(line=one, place=names.place(one.place)) for one in needed],
        "against": [SimpleNamespace(line=one, place=names.place(one.place)) for one in against],
    }
    return render(request, "web/needs/public.html", context)
