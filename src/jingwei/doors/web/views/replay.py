"""Replay control: the scenario clock, how far the case has run, and what the checks find so far."""

from datetime import datetime
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_http_methods

from jingwei.apps.assessments import queries as assessments
from jingwei.apps.clock import actions
from jingwei.apps.clock import queries as clocks
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, offers, signed_in, status_of
from jingwei.kernel.clocks import ClockState
from jingwei.kernel.refusals import Refused

#: Speeds offered, times real time.
#: Source: our estimate, an hour a minute shows a day in 24 minutes, 2026-11-22.
SPEEDS = (1, 10, 60, 300, 600, 1800, 3600)
RIGHTS = ("clock.set_speed", "clock.pause", "clock.resume", "clock.seek_forward", "clock.end_scenario")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: Asked) -> HttpResponse:
    error, status = "", 200
    if request.method == "POST":
        try:
            _set(request)
            return redirect("/replay")
        except Refused as refused:
            error, status = refusals.sentence(refused), status_of(refused)
    clock = clocks.get_clock()
    context: dict[str, object] = {
        "clock": clock,
        "case": _case(clock, request.moment.at),
        "speeds": SPEEDS,
        "error": error,
        "wanted": request.POST.get("to", ""),
        "can": offers(request, *RIGHTS),
    }
    if clock.scenario and clock.name in assessments.list_cases():
        context["found"] = assessments.assess_case(clock.name, authority=request.caller.authority)
    return render(request, "web/replay.html", context, status=status)


def _set(request: Asked) -> None:
    """One button, one change of the clock."""
    what = request.POST.get("do", "")
    if what == "pause":
        actions.pause(**act(request))
    elif what == "resume":
        actions.resume(**act(request))
    elif what == "speed":
        actions.set_speed(_speed(request.POST.get("speed", "")), **act(request))
    elif what == "seek":
        actions.seek_forward(_time(request.POST.get("to", "")), **act(request))
    elif what == "end":
        actions.end_scenario(**act(request))
    else:
        raise Refused("form_unreadable")


def _speed(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=get_current_timezone())
    except ValueError as error:
        raise Refused("time_unreadable") from error


def _case(clock: ClockState, now: datetime) -> SimpleNamespace | None:
    """How far the case has run, by its own time."""
    if not clock.scenario or clock.name not in assessments.list_cases():
        return None
    case = assessments.get_case(assessments.get_folder(clock.name))
    total = case.live_until_at - case.live_from_at
    gone = min(max((now - case.live_from_at) / total, 0.0), 1.0)
    return SimpleNamespace(
        title_zh=case.title.zh,
        title_en=case.title.en,
        from_at=case.live_from_at,
        until_at=case.live_until_at,
        percent=round(100 * gone),
        day=max(0, (now - case.live_from_at).days) + 1,
        days=total.days + 1,
    )
