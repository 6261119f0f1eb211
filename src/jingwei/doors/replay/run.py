"""`jingwei replay`: play a case on a node made for it, check it, print what was found."""

import os
import sys
import time
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.assessments import queries as assessments
from jingwei.apps.assessments.facts import Assessment
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.journal import queries as journal

from .case import Case, read_case
from .player import Settle, find_feed, play_all
from .table import Lang, print_assessment, print_incidents


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What one replay found, as it is written to the JSON file."""

    case: str
    rows: int
    told: int
    entries: int
    failures: int
    unplaced: int
    took_s: float
    assessment: Assessment
    incidents: tuple[IncidentLine, ...]


def run(
    name: str,
    json_path: str | None = None,
    out: TextIO | None = None,
    *,
    settle: Settle | None = None,
    lang: Lang | None = None,
) -> int:
    """Play, check, print; 1 when a row was lost or a reaction failed, else 0. Needs a node made for it."""
    out, lang = out or sys.stdout, lang or lang_of(os.environ)
    case = read_case(name)
    found = play_and_assess(case, settle=settle)
    print_assessment(found.assessment, out, lang=lang)
    print_incidents(found.incidents, out, lang=lang, zone=ZoneInfo(case.info.time_zone))
    print(_last_line(found, lang), file=out)
    if json_path:
        Path(json_path).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    return 0 if found.told == found.rows and not found.failures else 1


def play_and_assess(case: Case, *, settle: Settle | None = None) -> Played:
    """Play the whole case and compute its checks from the journal that came of it."""
    started = time.monotonic()
    told = play_all(case, settle=settle)
    last_at = max((r.at for r in case.rows), default=case.live_from_at)
    authority = agencies.get_authority(find_feed(case, at=last_at), at=last_at)
    return Played(
        case=case.name,
        rows=len({r.told.key for r in case.rows}),
        told=told,
        entries=journal.count_entries(),
        failures=journal.count_failures(),
        unplaced=incidents.count_unplaced(authority=authority),
        assessment=assessments.assess_case(case.name, folder=case.folder),
        incidents=tuple(incidents.list_incidents(authority=authority, state="", limit=500)),
        took_s=round(time.monotonic() - started, 2),
    )


def lang_of(environment: "os._Environ[str]") -> Lang:
    """The language of the terminal, by its environment."""
    told = next((environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), "")
    return "zh" if told.startswith("zh") else "en"


def _last_line(found: Played, lang: Lang) -> str:
    if lang == "zh":
        return (
            f"时间线 {found.rows} 行，入库 {found.told} 件，待人工 {found.unplaced} 件，"
            f"日志 {found.entries} 条，失败 {found.failures} 条，用时 {found.took_s} 秒"
        )
    return (
        f"{found.rows} rows of the timeline, {found.told} reports, {found.unplaced} waiting for a person, "
        f"{found.entries} journal entries, {found.failures} failures, {found.took_s} s"
    )
