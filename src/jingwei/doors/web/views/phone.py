"""The phone report: written down while the caller speaks; nothing but the words is needed to save it."""

import re
import unicodedata
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localtime
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.places import queries as places
from jingwei.apps.reports import actions
from jingwei.apps.reports.facts import Claim, Told
from jingwei.doors.entry import refusals
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, act, signed_in
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

#: Suggestions under a field. Source: our estimate, what one reads at a glance, 2026-11-22.
MOST_SUGGESTIONS = 8
#: Figures a caller can give at once: the measures that grade and that rescue needs first.
FIGURES = ("deaths", "missing", "injured", "trapped")
_CODE = re.compile(r"\[([0-9A-Za-z][0-9A-Za-z_-]*)\]\s*$")


class Entered(msgspec.Struct, frozen=True):
    """What was typed, as typed: it comes back unchanged when the form cannot be taken."""

    words: str
    kind: str = ""
    place: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    day: str = ""
    time: str = ""
    precision: str = "minute"
    channel: str = "duty_phone"
    rescue: bool = False
    key: str = ""
    deaths: str = ""
    missing: str = ""
    injured: str = ""
    trapped: str = ""

    def told(self) -> Told:
        """The report as the node takes it: what cannot be resolved to a code stays as words."""
        kind = kind_of(self.kind)
        place, site = place_of(self.place)
        return Told(
            key=self.key,
            type="occurrence",
            channel=self.channel,
            words=self.words,
            lang="zh" if re.search(r"[\u4e00-\u9fff]", self.words) else "en",
            occurred_at=self.occurred_at(),
            precision=self.precision,
            kind=kind or self.kind.strip()[:16],
            place=place,
            site=site,
            place_words=self.place.strip(),
            caller_name=self.caller_name.strip(),
            caller_phone=self.caller_phone.strip(),
            rescue=self.rescue,
            figures=self.claims(),
        )

    def claims(self) -> tuple[Claim, ...]:
        """The figures given; an empty field says nothing, least of all zero. Refused when not a number."""
        found = []
        for measure in FIGURES:
            text = unicodedata.normalize("NFKC", getattr(self, measure)).strip()
            if text and not text.isdecimal():
                raise Refused("figure_unreadable", given=text[:40])
            if text:
                found.append(Claim(measure=measure, value=int(text[:9]), unit="person", words=text[:40]))
        return tuple(found)

    def occurred_at(self) -> datetime | None:
        """The time as typed; None when it cannot be read: the node's clock then stands for it."""
        digits = re.sub(r"\D", "", self.time)
        text = f"{self.day.strip()} {digits[:2]}:{digits[2:4]}" if len(digits) >= 4 else ""
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=get_current_timezone())
        except ValueError:
            return None


def code_of(text: str) -> str:
    """The code at the end of a suggestion, `暴雨 [11B03]`, or the text itself."""
    found = _CODE.search(text.strip())
    return found.group(1) if found else text.strip()


def kind_of(text: str) -> str:
    """The kind's code: from the suggestion, or the one kind whose name it is."""
    code = code_of(text)
    if not code or hazards.find_kind(code):
        return code
    same = [k for k in hazards.search_kinds(code, 50) if code in (k.name_zh, k.name_en)]
    return same[0].code if len(same) == 1 else ""


def place_of(text: str) -> tuple[str, str]:
    """The place's code and site: from the suggestion, or the first place found by that name."""
    code = code_of(text)
    if not code:
        return "", ""
    site = places.find_site(code)
    if site is not None:
        return site.place, site.id
    if places.find_division(code) is not None:
        return code, ""
    found = places.search_places(code, limit=2)
    return (found[0].code, found[0].site) if len(found) == 1 else ("", "")


def entered(request: Asked) -> Entered:
    fields = {name: request.POST.get(name, "") for name in Entered.__struct_fields__ if name != "rescue"}
    precision = "approx" if request.POST.get("approx") else "minute"
    return Entered(**(fields | {"precision": precision, "channel": fields["channel"] or "duty_phone"}),
                   rescue=bool(request.POST.get("rescue")))  # fmt: skip


def phone_context(request: Asked, form: Entered) -> dict[str, Any]:
    now = localtime(request.moment.at)
    if not form.time and request.method != "POST":
        form = msgspec.structs.replace(form, day=now.strftime("%Y-%m-%d"), time=now.strftime("%H:%M"))
    return {
        "form": form if form.key else msgspec.structs.replace(form, key=str(new_id())),
        "channels": [
            (c, terms.say("channel", c)) for c in ("duty_phone", "110", "119", "120", "122", "12345")
        ],
        "figures": [(m, terms.say("measure", m), getattr(form, m)) for m in FIGURES],
        "action": "/phone",
        "filled": request.method == "POST",
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Asked) -> HttpResponse:
    form = entered(request) if request.method == "POST" else Entered(words="")
    context = phone_context(request, form)
    if request.method != "POST":
        return render(request, "web/phone.html", context)
    try:
        if not form.words.strip():
            raise Refused("words_missing")
        (answer,) = actions.receive_reports([form.told()], **act(request))
    except Refused as refused:
        return render(request, "web/phone.html", context | {"error": refusals.sentence(refused)}, status=422)
    return redirect(f"/reports/{answer.id}?kept=phone")


@signed_in
@require_safe
def suggest_kinds(request: Asked) -> HttpResponse:
    found = hazards.search_kinds(request.GET.get("q", "")[:100], MOST_SUGGESTIONS)
    items = [(k.name_zh if terms.is_zh() else k.name_en or k.name_zh, k.code, "") for k in found]
    return render(request, "web/parts/suggestions.html", {"items": items})


@signed_in
@require_safe
def suggest_places(request: Asked) -> HttpResponse:
    """Places by name, code or path; those inside the post's own area first."""
    text, own = request.GET.get("q", "")[:100], request.caller.authority.place
    found = places.search_places(text, within=own, limit=MOST_SUGGESTIONS)
    if len(found) < MOST_SUGGESTIONS and own:
        known = {(p.code, p.site) for p in found}
        wider = places.search_places(text, limit=MOST_SUGGESTIONS)
        found = [*found, *(p for p in wider if (p.code, p.site) not in known)][:MOST_SUGGESTIONS]
    items = [
        (p.name if terms.is_zh() or not p.name_en else p.name_en, p.site or p.code, p.path) for p in found
    ]
    return render(request, "web/parts/suggestions.html", {"items": items})
