"""Clocks as pages show them: when, what, to whom, under which rule, and what can be done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.sitreps.queries import ObligationLine
from jingwei.kernel.moments import Moment

from .names import Names, Pair

WORDS: dict[str, dict[str, str]] = {
    "stage": {"first": n_("First report"), "continued": n_("Continued report"), "final": n_("Final report")},
    "state": {
        "draft": n_("Draft"),
        "submitted": n_("Sent"),
        "received": n_("Received above"),
        "discarded": n_("Discarded"),
    },
    "mode": {
        "phone": n_("by telephone"),
        "written": n_("in writing"),
        "any": n_("in any way"),
        "follow_up": n_("continued"),
        "supplement": n_("supplement"),
        "system": n_("through the system"),
        "network": n_("over the network"),
        "verified": n_("verified"),
        "level by level": n_("level by level"),
        "initial_release": n_("first release to the public"),
        "press_conference": n_("press conference"),
    },
    "look": {
        "late": n_("Late"),
        "soon": n_("About to run out"),
        "immediately": n_("At once"),
        "running": n_("Running"),
        "ahead": n_("Not yet"),
        "met": n_("Done"),
        "void": n_("Fell away"),
    },
    "body": {
        "government": n_("government"),
        "emergency": n_("emergency management department"),
        "health": n_("health department"),
        "environment": n_("environment department"),
        "resources": n_("natural resources department"),
    },
    "why": {
        "of_others": n_("a duty of others: their time is not on our record"),
        "trigger": n_("no record tells when it begins: a person watches it"),
        "scope": n_("a person judges whether the event is of this kind"),
        "allows": n_("it allows, it does not oblige"),
    },
}  # fmt: skip

#: From this span on the time left is written in hours and minutes.
HOUR = timedelta(hours=1)


def word(group: str, code: str) -> str:
    """The word for a code of the clocks in the page's language."""
    text = WORDS[group].get(code)
    return _(text) if text else code


def span_text(span: timedelta) -> tuple[str, str]:
    """A span and its unit: minutes and seconds under an hour, else hours and minutes."""
    seconds = int(abs(span).total_seconds())
    if abs(span) < HOUR:
        return f"{seconds // 60}:{seconds % 60:02d}", _("min:s")
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}", _("h:min")


def body(code: str, kind: str, role: str, place: str, names: Names) -> Pair:
    """A body by its name; where the roster has none, by what it is and where."""
    if code:
        return names.organization(code)
    if role == "public":
        return (_("the public"), _("the public"))
    where, what = names.place(place), word("body", kind) if kind else role
    return (f"{where[0]} {what}".strip(), f"{where[1]} {what}".strip())


def clock_rows(lines: Sequence[ObligationLine], names: Names, now: datetime) -> list[SimpleNamespace]:
    """Duties to report as blocks or rows."""
    names.know(
        bodies=[code for line in lines for code in (line.from_organization, line.to_organization)],
        divisions=[line.from_place for line in lines if not line.from_organization],
        people=[line.met_by or line.foreseen_holding for line in lines],
    )
    names.know_rules(line.rule_id for line in lines)
    return [clock(line, names, now) for line in lines]


def clock(line: ObligationLine, names: Names, now: datetime) -> SimpleNamespace:
    """One duty to report as a block or a row."""
    mark = line.due_at or line.trigger_at
    text, unit = span_text(now - mark)
    sign = "+" if line.look in ("late", "immediately") else ""
    sender = body(line.from_organization, line.from_kind, line.from_role, line.from_place, names)
    receiver = body(line.to_organization, line.to_kind, line.to_role, "", names)
    total = int((line.due_at - line.trigger_at).total_seconds()) if line.due_at else 0
    return SimpleNamespace(
        line=line,
        id=line.id,
        look=line.look,
        word=word("look", line.look),
        title_zh=line.title_zh,
        title_en=line.title_en,
        what=word("stage", line.stage),
        mode=word("mode", line.mode),
        at=mark,
        due_at=line.due_at,
        text=sign + text,
        sign=sign,
        unit=unit,
        from_zh=sender[0],
        from_en=sender[1],
        to_zh=receiver[0],
        to_en=receiver[1],
        clause=names.clause_at(line.rule_id, line.incident_place, line.incident_at),
        total=total,
        left=max(0, int((mark - now).total_seconds())),
        late_text=span_text(line.met_at - line.due_at)[0]
        if line.met_at and line.due_at and line.lapsed_at
        else "",
        took=span_text(line.met_at - line.trigger_at) if line.met_at else None,
        who=names.person(line.met_by or line.foreseen_holding),
        open=line.state in ("open", "late"),
    )


def with_people(found: Sequence[SimpleNamespace], names: Names, moment: Moment) -> list[SimpleNamespace]:
    """The clocks with who is to act on each now."""
    asked = [one for one in found if one.who is None]
    acting = sitreps.list_people_to_act([one.line for one in asked], moment=moment)
    names.know(people=acting)
    for one, by in zip(asked, acting, strict=True):
        one.who = names.person(by)
    return list(found)


def rule_row(rule_id: str, why: str, incident: object, names: Names) -> SimpleNamespace:
    """A rule that needs a person, with the incidents it reaches."""
    return SimpleNamespace(clause=names.clause(rule_id), why=word("why", why), incidents=[incident])
