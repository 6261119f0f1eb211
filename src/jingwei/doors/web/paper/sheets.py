"""What is printed: forms with serials of their own, and lists filled in from the node, with their date."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace

from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal import queries as journal
from jingwei.apps.papers.facts import ALPHABET
from jingwei.apps.plans import queries as plans

from .forms import FORMS, Form, Table

#: Lists that are filled in from the node.
TITLES = {"deadlines": "信息报告时限表", "plans": "应急预案", "roster": "值守名册与通讯录"}
PRINTABLE = (*FORMS, *TITLES)
#: Copies of a form at once. Source: our estimate, a shift's pad, 2026-11-22.
MOST_COPIES = 50


def sheets_of(
    code: str, *, at: datetime, copies: int = 1, called: Sequence[agencies.Called] = (), place: str = ""
) -> SimpleNamespace:
    """One kind of sheet, ready to be drawn: so many copies of a form, or a list as it is now.

    `place`: whose own values stand in the list of deadlines, each marked.
    """
    view = SimpleNamespace(
        code=code,
        at=localtime(at),
        node=journal.get_node(),
        forms=[],
        form=None,
        template=f"web/paper/{code}.html",
    )
    view.title = FORMS[code].zh if code in FORMS else TITLES.get(code, "")
    if code in FORMS:
        form = FORMS[code]
        view.form = form
        serials: set[str] = set()
        while len(serials) < max(1, min(copies, MOST_COPIES)):
            serials.add(_serial(form, at))
        view.forms = [SimpleNamespace(form=form, serial=one, rows=_laid_out(form)) for one in sorted(serials)]
    elif code == "deadlines":
        on = view.at.date()
        view.deadlines = hazards.get_laid().over(hazards.list_deadlines(on=on), place, on)
    elif code == "plans":
        view.plans = plans.list_plans(on=view.at.date())
    elif code == "roster":
        view.called = called
    else:
        raise LookupError(code)
    return view


def _serial(form: Form, at: datetime) -> str:
    """The day of printing and five letters drawn at random: two sheets of a day alike, once in 33 million.

    Nobody has to ask a machine for the next number; a serial met twice is noticed when it is entered.
    """
    letters = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"{form.letters}-{localtime(at):%y%m%d}-{letters}"


def _laid_out(form: Form) -> list[SimpleNamespace]:
    """The rows as the template draws them: how many ruled lines, and which of two halves is on the left."""
    found, left = [], True
    for one in form.body:
        if isinstance(one, Table):
            found.append(SimpleNamespace(zh=one.zh, en=one.en, columns=one.columns, first=one.first,
                                         blank=range(one.empty)))  # fmt: skip
            continue
        found.append(SimpleNamespace(zh=one.zh, en=one.en, columns=(), checks=one.checks, half=one.half,
                                     left=one.half and left, blank=range(one.lines)))  # fmt: skip
        left = not left if one.half else True
    return found
