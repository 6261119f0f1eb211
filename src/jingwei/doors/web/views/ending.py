"""What an ending still asks: each open order taken back or kept, and whether the incident closes with it."""

import uuid
from types import SimpleNamespace
from typing import Any

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.plans.facts import Ending
from jingwei.apps.plans.queries import ActivationLine
from jingwei.apps.tasks import queries as tasks
from jingwei.doors.web import page as pages
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, offers, uuid_of, whole
from jingwei.doors.web.names import Names


def asked_to_end(request: Asked) -> dict[str, Any]:
    """What the sheet says of the open orders and of the incident, as it came."""
    given = request.POST
    return {
        "others": given.get("others", ""),
        "others_why": given.get("others_why", ""),
        "close": given.get("close", ""),
        "chosen": {k.removeprefix("task-"): v for k, v in given.items() if k.startswith("task-")},
        "why": {k.removeprefix("why-"): v for k, v in given.items() if k.startswith("why-")},
    }


def ending_of(values: dict[str, Any], line: ActivationLine) -> Ending:
    """The order as the person gives it; an order of the sheet without a mark follows the last line."""
    chosen: dict[str, dict[uuid.UUID, str]] = {"withdraw": {}, "keep": {}}
    for key in values["why"]:
        one, said = uuid_of(key), values["chosen"].get(key) or values["others"]
        if one is not None and said in chosen:
            last = values["others_why"].strip() or values["reason"].strip()
            chosen[said][one] = values["why"][key].strip() or last
    close = whole(values["close"], None) if line.incident_id else None
    return Ending(reason=values["reason"], withdraw=chosen["withdraw"], keep=chosen["keep"], close=close)


def ending_context(
    request: Asked, line: ActivationLine, values: dict[str, Any], names: Names
) -> dict[str, Any]:
    """For the sheet: the orders still open, and the incident if this post may close it."""
    now = pages.now_of(request)
    still = [t for t in tasks.list_of_activation(line.id, at=now) if t.open]
    chosen, why = values.get("chosen", {}), values.get("why", {})
    rows = [
        SimpleNamespace(
            task=t,
            to=names.organization(t.to_organization),
            chosen=chosen.get(str(t.id), ""),
            why=why.get(str(t.id), ""),
        )
        for t in still
    ]
    return {"open_tasks": rows, "incident": _incident(request, line, names)}


def _incident(request: Asked, line: ActivationLine, names: Names) -> Any:
    if line.incident_id is None:
        return None
    found = incidents.find_incident(line.incident_id, authority=request.caller.authority)
    if found is None or found.state != "open":
        return None
    can = offers(request, "incidents.close_incident", place=found.place, hazard=found.kind)
    return shapes.incident_row(found, names) if can else None
