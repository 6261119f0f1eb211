"""Records of dispatch systems (110, 119, 122, 120, 12345) as reports: mapped by a table, nothing thrown away.

Tables stand in data/dispatch; their codes are an illustration, see docs/dispatch-adapters.md.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from django.conf import settings

from jingwei.apps.reports.facts import Told

from .intake import decode, read_report

#: Most records in one body. Source: our estimate, a busy hour of a city's 110, 2026-11-29.
MOST_RECORDS = 500
SYSTEMS = ("110", "119", "122", "120", "12345")
_FIGURES = ("trapped", "injured", "deaths")
_PLAIN = ("occurred_at", "place", "place_words", "lon", "lat", "caller_name", "caller_phone")
_YES = ("1", "true", "yes", "是")


class State(msgspec.Struct, frozen=True):
    """One state of their table: code, their words, and what it means here."""

    code: str
    zh: str
    en: str
    means: str


class Category(msgspec.Struct, frozen=True):
    """One category of theirs, and our kind; '' when a person must choose."""

    kind: str
    zh: str


class System(msgspec.Struct, frozen=True):
    """How one dispatch system writes its records. `fields`: their name to ours."""

    system: str
    name_zh: str
    name_en: str
    source: str
    datum: str
    fields: dict[str, str]
    states: tuple[State, ...]
    categories: dict[str, Category]
    replies: dict[str, str]


class Record(msgspec.Struct, frozen=True):
    """One telling of a case. `case` is their number, '' when it has none that can be read."""

    case: str
    version: str
    told: Told


@cache
def get_system(code: str) -> System:
    """The table of one system. Raises `FileNotFoundError`, `msgspec.DecodeError`."""
    path = settings.JINGWEI_DATA / "dispatch" / f"{code}.json"
    return msgspec.json.decode(path.read_bytes(), type=System)


def read_records(body: bytes, charset: str, system: System) -> list[Record]:
    """Each record of the body; what cannot be read at all is one record, kept raw."""
    text, flags = decode(body, charset)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        told = Told(raw=text or "(empty)", channel=system.system, flags=(*flags, "json_unreadable"))
        return [Record(case="", version="", told=told)]
    if isinstance(content, dict) and isinstance(content.get("records"), list):
        content = content["records"]
    many = content if isinstance(content, list) else [content]
    return [read_record(one, system, flags) for one in many]


def read_record(content: object, system: System, flags: list[str] | None = None) -> Record:
    """One record as a report: known fields by the table, all of it raw where a field has no place."""
    noticed, raw = list(flags or []), json.dumps(content, ensure_ascii=False, default=str)
    if not isinstance(content, dict):
        return Record("", "", read_report(content, noticed, channel=system.system))
    ours = {system.fields[name]: value for name, value in content.items() if name in system.fields}
    case, version = _short(ours.get("case")), _short(ours.get("version"))
    if not case:
        noticed.append("case_missing")
    if not version:
        noticed.append("version_assumed")
        version = hashlib.sha256(raw.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    state, kind = _state(ours, system, noticed), _kind(ours, system, noticed)
    report = _report(ours, system, kind) | {"key": f"{system.system}:{case}:{version}"}
    report["source"] = " ".join(filter(None, (system.system, case, version, state)))
    told = read_report(report, noticed, channel=system.system)
    extra = set(content) - set(system.fields)
    if extra:
        told = msgspec.structs.replace(told, flags=(*told.flags, "fields_unknown"))
    kept = extra or told.raw or {"state_unknown", "category_unknown"} & set(told.flags)
    return Record(case, version, msgspec.structs.replace(told, raw=raw if kept else ""))


def _report(ours: Mapping[str, Any], system: System, kind: str) -> dict[str, Any]:
    figures = [
        {"measure": name, "value": ours[name], "unit": "person"}
        for name in _FIGURES
        if ours.get(name) not in (None, "")
    ]
    report: dict[str, Any] = {name: ours[name] for name in _PLAIN if name in ours}
    words = ours.get("feedback") or ours.get("words") or ""
    report |= {"words": words, "kind": kind, "lang": "zh", "datum": system.datum, "figures": figures}
    if _short(ours.get("rescue")).lower() in _YES or any(f["measure"] == "trapped" for f in figures):
        report["rescue"] = True
    return report


def _state(ours: Mapping[str, Any], system: System, noticed: list[str]) -> str:
    code = _short(ours.get("state"))
    found = next((one for one in system.states if one.code == code), None)
    if found is None:
        noticed.append("state_unknown")
    return f"{code} {found.zh}" if found else code


def _kind(ours: Mapping[str, Any], system: System, noticed: list[str]) -> str:
    code = _short(ours.get("category"))
    found = system.categories.get(code)
    if found is None:
        noticed.append("category_unknown")
    return found.kind if found else ""


def _short(value: object) -> str:
    """A number or code as text; anything else has none."""
    return str(value).strip()[:60] if isinstance(value, str | int) and not isinstance(value, bool) else ""
