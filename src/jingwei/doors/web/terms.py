"""The field's words for the codes that pages show. Texts are English here and translated by gettext."""

import csv
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from jingwei.apps.hazards import queries as hazards
from jingwei.doors.entry.once import once

from .terms_purchases import MORE_TERMS

_CODE = re.compile(r"\d{2,12}-[a-z]+(-[a-z]+)*")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]{2}")

TERMS: dict[str, dict[str, str]] = {
    "stock_move": {
        "receive": n_("Received"),
        "move": n_("Moved"),
        "count": n_("Counted"),
        "write_off": n_("Written off"),
        "ship": n_("Sent off"),
        "arrive": n_("Arrived"),
    },
    "stock_account": {
        "purchase": n_("bought"),
        "donation": n_("given"),
        "allotted": n_("allotted from above"),
        "returned": n_("brought back"),
        "opening": n_("opening balance"),
        "store": n_("another store"),
        "road": n_("on the road"),
        "delivered": n_("delivered"),
        "lost": n_("missing on arrival"),
        "difference": n_("stocktaking difference"),
        "written_off": n_("written off"),
    },
    "stock_why": {
        "expired": n_("expired"),
        "broken": n_("broken"),
        "lost": n_("lost"),
        "used": n_("used up"),
        "other": n_("other"),
    },
    "closure_shape": {
        "point": n_("a point with its reach"),
        "line": n_("along a line"),
        "area": n_("an area"),
    },
    "need_origin": {
        "asked": n_("asked"),
        "found": n_("found in a report"),
        "estimated": n_("estimated"),
    },
    "need_state": {
        "open": n_("not confirmed"),
        "confirmed": n_("confirmed as needed"),
        "met": n_("met"),
        "withdrawn": n_("withdrawn"),
    },
    "need_how": {
        "fresh": n_("fresh"),
        "stale": n_("stale"),
        "late": n_("past its deadline"),
        "double": n_("probably asked twice"),
        "unserved": n_("nothing promised yet"),
    },
    "need_priority": {
        "1": n_("saves lives"),
        "2": n_("basic living"),
        "3": n_("what help needs"),
        "4": n_("other"),
    },
    "need_group": {
        "infants": n_("infants"),
        "children": n_("children"),
        "elderly": n_("elderly"),
        "disabled": n_("disabled"),
        "pregnant": n_("pregnant or nursing"),
        "ill": n_("ill or injured"),
    },
    "need_rough": {
        "about": n_("about"),
        "least": n_("at least"),
        "most": n_("at most"),
    },
    "need_fact": {
        "needs.asked": n_("Asked"),
        "needs.found": n_("Found in a report"),
        "needs.told_again": n_("Told again"),
        "needs.quantity_read": n_("Quantity read in the words"),
        "needs.estimated": n_("Estimated"),
        "needs.estimate_lapsed": n_("Estimate no longer follows from the counts"),
        "needs.changed": n_("Changed"),
        "needs.confirmed": n_("Confirmed"),
        "needs.met": n_("Met"),
        "needs.withdrawn": n_("Withdrawn"),
        "needs.restored": n_("Restored"),
        "needs.joined": n_("Joined"),
        "needs.parted": n_("Taken apart"),
        "needs.served": n_("Stock promised"),
    },
    "promise_state": {
        "open": n_("promised"),
        "sent": n_("on the road"),
        "arrived": n_("arrived"),
        "cancelled": n_("cancelled"),
    },
    "grade": {
        "1": n_("especially major"),
        "2": n_("major"),
        "3": n_("relatively large"),
        "4": n_("ordinary"),
    },
    "color": {"1": n_("red"), "2": n_("orange"), "3": n_("yellow"), "4": n_("blue")},
    "disc": {"full": n_("checked"), "half": n_("seen"), "empty": n_("to be checked")},
    "channel": {
        "110": n_("Police 110"),
        "119": n_("Fire 119"),
        "120": n_("Ambulance 120"),
        "122": n_("Traffic 122"),
        "12345": n_("Hotline 12345"),
        "duty_phone": n_("Duty phone"),
        "app": n_("App"),
        "web": n_("Web form"),
        "api": n_("Program"),
        "sensor": n_("Sensor"),
        "weather": n_("Weather service"),
        "media": n_("Media"),
        "official": n_("Official notice"),
        "file": n_("File"),
    },
    "type": {
        "occurrence": n_("Occurrence"),
        "observation": n_("Observation"),
        "warning": n_("Warning"),
        "response": n_("Response level"),
        "figures": n_("Figures"),
        "action": n_("Action"),
        "finding": n_("Finding"),
        "decision": n_("Decision"),
    },
    "mark": {
        "fact": n_("Fact"),
        "action": n_("Action"),
        "decision": n_("Decision"),
        "warning": n_("Warning"),
        "finding": n_("Finding"),
        "figures": n_("Figures"),
        "response": n_("Response level"),
        "system": n_("Proposal of the tables"),
    },
    "precision": {"hour": n_("to the hour"), "day": n_("to the day"), "approx": n_("about"), "minute": ""},
    "state": {"accepted": n_("Taken in"), "quarantined": n_("Cannot be read")},
    "flag": {
        "from_paper": n_("Entered later from paper"),
        "time_assumed": n_("Time taken from the clock"),
        "time_of_writing": n_("Time it was written on the phone"),
        "time_in_future": n_("Time lies ahead"),
        "clock_hours_off": n_("Sender's clock off by whole hours"),
        "clock_off": n_("Sender's clock is off"),
        "place_missing": n_("No place"),
        "place_unknown": n_("Place unknown"),
        "outside_area": n_("Outside the sender's area"),
        "point_impossible": n_("Impossible point"),
        "datum_unstated": n_("Datum not stated"),
        "kind_missing": n_("No kind"),
        "kind_unknown": n_("Kind unknown"),
        "type_unknown": n_("Type unknown"),
        "precision_unknown": n_("Precision unknown"),
        "words_cut": n_("Words cut, the rest kept as raw text"),
        "words_missing": n_("No words"),
        "photo_unreadable": n_("A photo came that cannot be used"),
        "key_reused": n_("Same number, other content"),
        "characters_escaped": n_("Unstorable characters written out"),
        "rumor": n_("Rumor, to be checked, not deleted"),
        "encoding_unknown": n_("Encoding unknown"),
        "encoding_gb18030": n_("Came in GB 18030, converted"),
        "encoding_utf16": n_("Came in UTF-16, converted"),
        "json_unreadable": n_("Not readable as data"),
        "not_an_object": n_("Not a report"),
        "fields_unknown": n_("Fields without a place here, kept as raw text"),
        "state_unknown": n_("State of the sender's table unknown"),
        "category_unknown": n_("Category of the sender's table unknown"),
        "case_missing": n_("No case number"),
        "version_assumed": n_("No version; known by its content"),
    },
    "why": {
        "kind": n_("Kind"),
        "place": n_("Place"),
        "time": n_("Time"),
        "words": n_("Words"),
        "point": n_("Its point"),
        "event_ref": n_("Event number"),
        "reference": n_("Event number"),
        "total": n_("Total"),
    },
    "unplaced": {
        "speaks_of_something_known": n_("speaks of an event that is not known here"),
        "kind_unknown": n_("its kind is not known"),
        "place_unknown": n_("its place is not known"),
        "separated": n_("separated by a person"),
    },
    "grade_state": {
        "confirmed": n_("confirmed by a person"),
        "preliminary": n_("preliminary, to be confirmed"),
        "proposed": n_("proposed, not confirmed"),
        "not_gradable": n_("not gradable yet"),
        "no_table": n_("no grading table for this kind and day"),
    },
    "step": {
        "proposed": n_("proposed by the tables"),
        "judged": n_("preliminary"),
        "confirmed": n_("confirmed"),
    },
    "change": {
        "merged": n_("Incidents merged"),
        "split": n_("Incident split"),
        "separated": n_("Report separated"),
        "joined": n_("Report joined"),
        "renamed": n_("Renamed"),
        "closed": n_("Incident closed"),
        "reopened": n_("Incident reopened"),
        "judged": n_("Preliminary grade given"),
        "confirmed": n_("Grade confirmed"),
        "undone": n_("Undone"),
        "report_fused": n_("a report that came in since"),
    },
    "row_error": {
        "name_missing": n_("no name"),
        "age_unreadable": n_("the age is no age in years"),
        "sex_unreadable": n_("the sex is neither male nor female"),
        "id_unreadable": n_("the end of the identity number is not four characters"),
        "too_long": n_("an entry is too long"),
    },
    "sex": {"m": n_("male"), "f": n_("female")},
    "level": {
        "county_city": n_("county-level city"),
        "international": n_("international"),
        "provincial": n_("provincial"),
    },
    "needs": {
        "warnings": n_("needs warnings"),
        "watch": n_("needs the watch"),
        "chains": n_("needs hazard chains"),
        "findings": n_("needs findings"),
    },
    "plan_change": {
        "activate": n_("activate"),
        "raise": n_("raise"),
        "lower": n_("lower"),
        "end": n_("end"),
    },
    "plan_role": {"commander": n_("commander"), "duty_chief": n_("leader on duty")},
    "plan_clause": {"illustration": n_("illustration"), "default lead": n_("usual mapping")},
    "plan_step": {
        "activated": n_("activated"),
        "raised": n_("raised"),
        "lowered": n_("lowered"),
        "ended": n_("ended"),
    },
    "call_state": {
        "to_ring": n_("to be rung"),
        "reached": n_("reached"),
        "no_answer": n_("no answer"),
    },
    "call_answer": {
        "reached": n_("reached"),
        "no_answer": n_("no answer"),
        "engaged": n_("engaged"),
        "wrong_number": n_("wrong number"),
    },
    "standing": {
        "in_force": n_("in force on this day"),
        "later": n_("a later text, not in force on this day"),
        "over": n_("no longer in force on this day"),
        "unknown": n_("when it was in force is not known"),
        "unverified": n_("not verified"),
    },
    "source_status": {"repealed": n_("repealed"), "superseded": n_("replaced")},
    "task_state": {
        "issued": n_("issued"),
        "read": n_("read"),
        "acknowledged": n_("acknowledged"),
        "under_way": n_("under way"),
        "done": n_("done"),
        "refused": n_("refused"),
        "withdrawn": n_("withdrawn"),
    },
    "run_mark": {
        "in_force": n_("in force that day"),
        "later": n_("of today, not in force then"),
        "undated": n_("dates in force not known"),
        "recalled": n_("recalled, unverified"),
        "illustration": n_("illustration of a plan"),
        "estimate": n_("our estimate"),
        "generated": n_("generated readings"),
    },
    "check": {
        "met": n_("met"),
        "differs": n_("differs"),
        "conflict": n_("sources differ"),
        "not_assessable": n_("record lacks something"),
        "not_yet": n_("not yet possible"),
    },
}
TERMS.update(MORE_TERMS)


def say(group: str, code: str) -> str:
    """The word for a code in the page's language; a code without a word stays as it is."""
    if group == "measure":
        return measure(code)
    text = TERMS.get(group, {}).get(str(code or ""))
    if text is None:
        return str(code or "")
    return _(text) if text else ""


def disc(evidence: str) -> str:
    """full = checked against the original, half = seen in a source, '' = to be checked or an estimate."""
    tag = (evidence or "").split("(")[0].split(",")[0].strip()
    return {"verified": "full", "checked": "full", "seen": "half"}.get(tag, "")


@cache
def _measures(data: Path) -> dict[str, tuple[str, str]]:
    with (data / "measures.csv").open(encoding="utf-8") as file:
        return {row["code"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}


def is_zh() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def has_han(text: str) -> bool:
    return _HAN.search(text) is not None


def bilingual(zh: str, en: str) -> SafeString | str:
    """The name in the page's language; where it has none, in the other, marked with its language."""
    text, lang = spoken(zh, en)
    if zh == en and _CODE.fullmatch(zh):
        return format_html("<code>{}</code>", zh)  # a post or body that is not in the register yet
    if zh == en and is_zh() and _LATIN.search(zh) and not _HAN.search(zh):
        lang = "en"  # a name or code in Latin letters alone
    return format_html('<span lang="{}">{}</span>', lang, text) if lang else text


def spoken(zh: str, en: str) -> tuple[str, str]:
    """The name, and its language where that is not the page's. An English name in Han is a Chinese one."""
    if is_zh():
        return (zh, "") if zh or not en else (en, "en")
    if en and not _HAN.search(en):
        return en, ""
    return (zh or en), "zh-Hans" if zh or en else ""


def measure(code: str) -> str:
    """The name of a measure: of reported figures, else of the grading tables."""
    pair = measure_pair(code)
    return pair[0] if is_zh() else pair[1]


def measure_pair(code: str) -> tuple[str, str]:
    """The same in both languages."""
    pair = _measures(settings.JINGWEI_DATA).get(code)
    if pair is None:
        metric = once(hazards.list_metrics).get(code)
        pair = (metric.name_zh, metric.name_en) if metric else (code, code)
    return pair


#: Units of figures; one that says nothing beside a figure is empty.
UNITS = {
    "person": n_("people"),
    "10k_person": n_("×10,000 people"),
    "10k_CNY": n_("×10,000 yuan"),
    "100m_CNY": n_("×100 million yuan"),
    "vehicle": n_("vehicles"),
    "day": n_("days"),
    "time": n_("times"),
    "household": n_("households"),
    "house": n_("houses"),
    "hour": n_("hours"),
    "case": n_("cases"),
    "car": n_("carriages"),
    "room": n_("rooms"),
    "year": n_("years"),
    "hectare": n_("hectares"),
    "percent": "%",
    "degC": n_("°C"),
    "x": n_("times as much"),
    "beaufort": n_("Beaufort"),
    "litre/person/day": n_("litres a person a day"),
    "person/tap": n_("people to a tap"),
    "metre": n_("metres"),
    "person/toilet": n_("people to a toilet"),
    "m2/person": n_("m² a person"),
    "metre per 300 m built-up": n_("metres for each 300 m built over"),
    "kcal/person/day": n_("kcal a person a day"),
    "gram/person/day": n_("grams a person a day"),
    "gram/person/month": n_("grams a person a month"),
    "container(10-20 L)/household": n_("containers of 10 to 20 litres a household"),
    "piece/person": n_("pieces a person"),
    "person/tent": n_("people to a tent"),
    "household/bin": n_("households to a bin"),
    "bed/10000 person": n_("beds for 10,000 people"),
    "person/unit": n_("people to a health point"),
    "death/10000/day": n_("deaths of 10,000 people a day"),
    "kg/person/day": n_("kg a person a day"),
    "bool": "",
    "qualitative": "",
    "level": "",
    "grade": "",
}


def unit(code: str) -> str:
    """The unit's word in the page's language; one without a word stays as it is."""
    word = UNITS.get(code or "", code or "")
    return _(word) if code in UNITS and word else word
