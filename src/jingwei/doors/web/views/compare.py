"""A case as recorded beside the case as the rules say: the page, each of its facts, each of its rules."""

import uuid
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.assessments import queries as assessments
from jingwei.apps.assessments.facts import Basis, Compared, Pair, RunLine, Silence
from jingwei.apps.assessments.queries import Kept
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.facts import Row
from jingwei.doors.entry import comparing
from jingwei.doors.web import double_axis, terms
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, missing_page, signed_in

#: Sorts of lines that the page leaves to the full list: what follows day by day from the others.
QUIET = ("received", "lapsed", "nobody", "refused", "owed", "overdue")
#: Lines of the full list on one page.
PAGE = 60


@signed_in
@require_safe
def compare(request: Asked) -> HttpResponse:
    kept = _kept(request.GET.get("case", ""))
    if kept is None:
        left = {"cases": _cases(), "step": comparing.find_step(), "steps": comparing.STEPS}
        return render(request, "web/compare/none.html", left)
    found, everything = kept.found, request.GET.get("all") == "1"
    lines = [r for r in found.lines if everything or r.track == "recorded" or r.what not in QUIET]
    lines.sort(key=lambda r: (r.at, r.track, r.id))
    start = max(0, _whole(request.GET.get("from", "")))
    shown = lines[start : start + PAGE]
    told = assessments.list_told(found.case, [r.row for r in found.lines if r.row], at=request.moment.at)
    context = {
        "found": found,
        "kept": kept,
        "pairs": [_pair(p, found) for p in found.pairs],
        "rows": [_row(r, told) for r in shown],
        "total": len(lines),
        "all": everything,
        "next_from": start + PAGE if start + PAGE < len(lines) else None,
        "earlier_from": max(0, start - PAGE) if start else None,
        "drawing": double_axis.draw(found, _silent(found), zone=_zone(found)) if not start else None,
        "withheld": found.withheld,
        "unlogged": sum(1 for r in found.lines if r.what in QUIET),
    }
    return render(request, "web/compare/compare.html", context)


def _cases() -> list[str]:
    """The cases that can be computed here: those of the node's country."""
    cases = {name: assessments.get_case(assessments.get_folder(name)) for name in assessments.list_cases()}
    return [name for name, case in cases.items() if case.country == settings.JINGWEI_COUNTRY]


def _kept(case: str) -> Kept | None:
    cases = assessments.list_compared_cases()
    wanted = case if case in cases else next(iter(cases), "")
    return assessments.find_comparison(wanted) if wanted else None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _zone(found: Compared) -> ZoneInfo:
    if found.case in assessments.list_cases():
        return ZoneInfo(assessments.get_case(assessments.get_folder(found.case)).time_zone)
    return ZoneInfo("UTC")


def _silent(found: Compared) -> list[str]:
    details = [d for c in found.assessment.checks for d in c.details]
    return [day.isoformat() for d in details if isinstance(d, Silence) for day in d.days]


def _pair(pair: Pair, found: Compared) -> SimpleNamespace:
    fields = msgspec.structs.asdict(pair)
    by_id = {r.id: r for r in found.lines}
    return SimpleNamespace(
        **fields,
        recorded_fact=_fact_of(by_id, fields["recorded_lines"]),
        rules_fact=_fact_of(by_id, fields["rules_lines"]),
        others=[(o, _fact_of(by_id, (o.line,))) for o in pair.otherwise],
    )


def _fact_of(by_id: dict[str, RunLine], ids: tuple[str, ...]) -> str:
    line = next((by_id[i] for i in ids if i in by_id), None)
    return line.facts[0] if line and line.facts else ""


def _row(line: RunLine, told: dict[str, uuid.UUID]) -> SimpleNamespace:
    return SimpleNamespace(
        line=line,
        fact=line.facts[0] if line.facts else "",
        bases=[
            (SimpleNamespace(said=terms.say("plan_clause", b.label), evidence=b.evidence), _href(b))
            for b in line.bases
        ],
        report=told.get(line.row) if line.row else None,
    )


def _href(basis: Basis) -> str:
    return f"/rules/{basis.table}/{basis.row}" if basis.table and basis.row else ""


@signed_in
@require_safe
def fact(request: Asked, entry_id: uuid.UUID) -> HttpResponse:
    """One fact of a run: what was said, by whom, when, under which clause, and its own JSON."""
    known = assessments.find_fact(entry_id)
    if known is None:
        return missing_page(request, _("This fact belongs to no comparison that is kept here."))
    kept, one = known
    lines = assessments.list_lines_of(kept, one.id)
    told = assessments.list_told(kept.found.case, [one.row] if one.row else [], at=request.moment.at)
    context = {
        "one": one,
        "kept": kept,
        "rows": [_row(line, told) for line in lines],
        "report": told.get(one.row),
        "body": msgspec.json.format(msgspec.json.encode(one.body), indent=2).decode(),
    }
    return render(request, "web/compare/fact.html", context)


@signed_in
@require_safe
def rule(request: Asked, row: str) -> HttpResponse:
    """One clause of a plan: text, source, evidence, validity. Rows of the tables have pages of their own."""
    found = _clause(row, request)
    if found is None:
        return missing_page(request, _("This rule is not in the tables of this node."))
    source = hazards.find_source(found.source) if found.source else None
    return render(request, "web/compare/rule.html", {"rule": found, "source": source})


def _clause(row: str, request: Asked) -> SimpleNamespace | None:
    """A clause of a plan by its address: code, scope, and the row's id."""
    code, _colon, rest = row.partition(":")
    scope, _colon, name = rest.partition(":")
    found = plans.find_plan(code, on=localtime(pages.now_of(request)).date())
    if found is None:
        return None
    part, _dash, one = name.partition("-")
    body = found.body
    rows: list[Row] = []
    if part == "competence":
        rows = [c for c in body.competences if c.scope == scope and str(c.level) == one]
    elif part in ("measure", "task"):
        rows = [m for m in (body.measures if part == "measure" else body.tasks)
                if m.scope == scope and m.id == one]  # fmt: skip
    else:
        rows = [c for c in body.conditions if c.scope == scope and c.id in name.split("+")]
    if not rows:
        return None
    clause = rows[0].clause
    words = getattr(rows[0], "text_zh", "") or getattr(rows[0], "title_zh", "")
    words_en = getattr(rows[0], "text_en", "") or getattr(rows[0], "title_en", "")
    source = hazards.find_source(clause.source) if clause.source else None
    return SimpleNamespace(
        id=clause.label, text_zh=clause.text_zh, text_en=clause.text_en,
        source=clause.source or body.name_zh,
        article=clause.article, evidence=clause.evidence,
        known=source is None or source.in_force is not None,
        valid_from=source.in_force if source else found.valid_from,
        valid_to=source.repealed_on if source else found.valid_to,
        cells=[(_("Plan"), body.name_zh), (_("Row"), words or name), ("", words_en)],
        illustration=body.illustration,
    )  # fmt: skip
