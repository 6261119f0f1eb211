"""What every page needs to know: who sits here, what time it is, in which language and light."""

from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.assessments import queries as assessments
from jingwei.apps.clock import queries as clocks
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal import queries as journal
from jingwei.doors.entry import troubles
from jingwei.doors.entry.moments import real_now

from . import terms

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "jw_theme"


def now_of(request: HttpRequest) -> datetime:
    """The node's time of this request; `request.moment` is read once, by the callers' middleware."""
    moment = getattr(request, "moment", None)
    if moment is not None:
        return moment.at
    return clocks.get_clock().at(real_now())


def page_context(request: HttpRequest) -> dict[str, object]:
    caller = getattr(request, "caller", None)
    authority = caller.authority if caller else None
    now = localtime(now_of(request))
    clock = clocks.get_clock()
    offset = now.utcoffset()
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    page = SimpleNamespace(
        authority=authority,
        by=caller.by if caller else None,
        now=now,
        now_text=now.strftime("%H:%M:%S"),
        now_field=now.strftime("%Y-%m-%dT%H:%M"),
        now_long=now.strftime("%Y-%m-%d %H:%M:%S"),
        day_text=day_text(now, real_now()),
        zone_offset=int(offset.total_seconds() // 60) if offset else 0,
        clock=clock,
        case=SimpleLazyObject(lambda: terms.bilingual(*case_title(clock.name))),
        speed=0 if clock.paused else clock.speed if clock.scenario else 1,
        speed_text=f"{clock.speed:g}",
        is_zh=terms.is_zh(),
        lang_tag="zh-Hans" if terms.is_zh() else "en",
        theme=theme if theme in THEMES else "auto",
        sources=SimpleLazyObject(hazards.list_source_titles),
        lawless=SimpleLazyObject(hazards.find_lawless),
        node=journal.get_node(),
        troubles=troubles.list_said(),
        here=request.get_full_path() if request.method == "GET" else "/",
        asked=request.GET.get("q", "")[:200] if request.path == "/search" else "",
        section=request.path.strip("/").split("/")[0] or "desk",
        may_report=_may(authority, "reports.receive_reports"),
    )
    page.menu = _menu(_may(authority, "agencies.retry_reaction"))
    page.bar = page.menu[:3]
    return {"page": page}


def _may(authority: agencies.Authority | None, action: str) -> bool:
    return authority is not None and agencies.may_with(authority, action)


#: What the menu folds away where the window is not wide: the desk leads there too.
FOLDS = ("clocks", "releases", "replay", "operate")


def _menu(operates: bool) -> list[dict[str, Any]]:
    items = [
        ("desk", "/", _("Desk")),
        ("incidents", "/incidents", _("Incidents")),
        ("reports", "/reports", _("Reports")),
        ("map", "/map", _("Map")),
        ("plans", "/plans", _("Plans")),
        ("tasks", "/tasks", _("Orders")),
        ("needs", "/needs", _("Needs")),
        ("dispatch", "/dispatch", _("Dispatch")),
        ("shelters", "/shelters", _("Shelters")),
        ("registers", "/registers", _("Registers")),
        ("clocks", "/clocks", _("Clocks")),
        ("releases", "/releases", _("Releases")),
        ("replay", "/replay", _("Replay")),
    ]
    if operates:
        items.append(("operate", "/operate", _("Operation")))
    return [{"key": key, "href": href, "text": text, "folds": key in FOLDS} for key, href, text in items]


@cache
def case_title(name: str) -> tuple[str, str]:
    """What the case that is replayed is called; package data."""
    if name not in assessments.list_cases():
        return (name, name)
    title = assessments.get_case(assessments.get_folder(name)).title
    return (title.zh, title.en)


def day_text(now: datetime, real: datetime) -> str:
    """Month, day and weekday; the year too when it is not this year."""
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    form = "%m-%d" if now.year == real.year else "%Y-%m-%d"
    return f"{now.strftime(form)} {days[now.weekday()]}"
