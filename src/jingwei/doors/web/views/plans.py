"""Plans: the list and the reading room; what they propose, for the desk and the room."""

from collections.abc import Iterable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.plans import queries
from jingwei.apps.plans.facts import PlanBody, PlanClause
from jingwei.apps.plans.queries import ActivationLine, PlanLine, ProposalLine
from jingwei.doors.entry.once import once
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, mark, missing_page, signed_in
from jingwei.doors.web.names import Names
from jingwei.kernel.grades import Grade


@signed_in
@require_safe
def list_plans(request: Asked) -> HttpResponse:
    names, authority = Names(), request.caller.authority
    found = queries.list_plans(on=localtime(pages.now_of(request)).date())
    shown = [p for p in found if any(agencies.sees(authority, a.place) for a in p.body.areas)]
    names.know(divisions=[a.place for p in shown for a in p.body.areas])
    context = {
        "plans": [_row(p, names) for p in shown],
        "proposals": proposal_rows(queries.list_proposals(authority=authority), names, request),
        "running": activation_rows(queries.list_activations(authority=authority), names),
        "over": activation_rows(queries.list_activations(authority=authority, state="ended")[:20], names),
    }
    return render(request, "web/plans/list.html", context)


@signed_in
@require_safe
def plan(request: Asked, code: str) -> HttpResponse:
    authority = request.caller.authority
    on = localtime(pages.now_of(request)).date()
    found = queries.find_plan(code, on=on)
    if found is None or not any(agencies.sees(authority, a.place) for a in found.body.areas):
        return missing_page(request, _("This plan is not known here. Look for it in the list."))
    names, body = Names(), found.body
    scopes = list(dict.fromkeys(a.scope for a in body.areas))
    wanted = request.GET.get("for", "")
    own = next((a.scope for a in body.areas if a.place == authority.place), scopes[0])
    scope = wanted if wanted in scopes else own
    clauses, posts = Clauses(on), Posts(found, scope, authority.place)
    context = {
        "plan": _row(found, names),
        "body": body,
        "hazards": [names.kind(h) for h in body.hazards],
        "scope": scope,
        "scopes": [(s, [names.place(a.place) for a in body.areas if a.scope == s]) for s in scopes],
        "levels": [_level(found, scope, level.value, clauses, posts, names) for level in Grade],
        "may_activate": any(
            queries.may_order(authority, "plans.activate_plan", body=body, place=a.place, level=level.value)
            for a in body.areas
            for level in Grade
        ),
    }
    return render(request, "web/plans/plan.html", context)


class Clauses:
    """Clauses with how they stand on the day, each source asked once."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._known: dict[PlanClause, SimpleNamespace] = {}

    def __call__(self, clause: PlanClause) -> SimpleNamespace:
        if clause not in self._known:
            standing = queries.standing_of(clause, on=self.on)
            self._known[clause] = SimpleNamespace(
                label=clause.label, evidence=clause.evidence, source=clause.source, article=clause.article,
                text_zh=clause.text_zh, text_en=clause.text_en, standing=standing,
            )  # fmt: skip
        return self._known[clause]


def post_names(codes: Iterable[str]) -> dict[str, SimpleNamespace]:
    """Posts with their organization, in both languages; codes nobody knows are left out."""
    cards = agencies.list_posts_by_code(set(codes))
    bodies = agencies.list_organizations_by_code({c.organization_code for c in cards.values()})
    return {
        code: SimpleNamespace(
            name_zh=f"{bodies[c.organization_code].name_zh} {c.name_zh}",
            name_en=f"{c.name_en}, {bodies[c.organization_code].name_en}",
        )
        for code, c in cards.items()
    }


class Posts:
    """The posts a plan names for one scope; where it says the place, that of one's own or of the first."""

    def __init__(self, found: PlanLine, scope: str, own: str) -> None:
        fits = [a.place for a in found.body.areas if a.scope == scope]
        self.place = own if own in fits else fits[0]
        rows = [s for s in found.body.command if s.scope == scope]
        codes = [p for s in rows for p in (s.post, *s.deputies)]
        codes += [t.to_post for t in found.body.tasks if t.to_post and t.scope == scope]
        codes += [c.post for c in found.body.calls if c.scope == scope]
        self._names = post_names(c.replace("{place}", self.place) for c in codes)

    def __call__(self, code: str) -> SimpleNamespace:
        code = code.replace("{place}", self.place)
        return self._names.get(code) or SimpleNamespace(name_zh=code, name_en=code)


def _level(
    found: PlanLine, scope: str, level: int, clauses: Clauses, posts: "Posts", names: Names
) -> SimpleNamespace:
    """One level of the plan: what calls for it, who orders it, and what it adds to the milder ones."""
    body = found.body

    def own(rows: Sequence[Any]) -> list[Any]:
        return [r for r in rows if r.scope == scope and r.level == level]

    def shown(row: Any) -> SimpleNamespace:
        return SimpleNamespace(row=row, clause=clauses(row.clause))

    competent = next((c for c in body.competences if c.scope == scope and c.level == level), None)
    return SimpleNamespace(
        level=level,
        conditions=[shown(c) for c in own(body.conditions)],
        roles=competent.roles if competent else (),
        competence=clauses(competent.clause) if competent else None,
        seats=[
            SimpleNamespace(
                duty_zh=s.duty_zh,
                duty_en=s.duty_en,
                post=posts(s.post),
                deputies=[posts(d) for d in s.deputies],
            )
            for s in own(body.command)
        ],
        measures=[shown(m) for m in own(body.measures)],
        tasks=[
            SimpleNamespace(
                row=t,
                clause=clauses(t.clause),
                to=names.organization(t.to_organization.replace("{place}", posts.place)),
                post=posts(t.to_post) if t.to_post else None,
            )
            for t in own(body.tasks)
        ],
        calls=[SimpleNamespace(order=c.order, post=posts(c.post)) for c in own(body.calls)],
        notices=[shown(n) for n in own(body.notices)],
    )


def _row(found: PlanLine, names: Names) -> SimpleNamespace:
    where = [names.place(a.place) for a in found.body.areas]
    return SimpleNamespace(
        code=found.code, version=found.version, name_zh=found.name_zh, name_en=found.name_en,
        illustration=found.illustration, valid_from=found.valid_from, valid_to=found.valid_to,
        in_force=found.in_force, places=len(where), place_zh=where[0][0], place_en=where[0][1],
        note_zh=found.body.note_zh, note_en=found.body.note_en, id=found.id,
    )  # fmt: skip


def proposal_row(one: ProposalLine, names: Names, request: Asked) -> SimpleNamespace:
    """A proposal with its clause, what was compared, and where to decide it."""
    return proposal_rows([one], names, request)[0]


def proposal_rows(found: Sequence[ProposalLine], names: Names, request: Asked) -> list[SimpleNamespace]:
    if not found:
        return []
    bodies = queries.get_bodies([one.plan_id for one in found])
    running = once(queries.list_activations, authority=request.caller.authority)
    names.know(divisions=[one.place for one in found])
    return [_proposal_row(one, bodies[one.plan_id], running, names, request) for one in found]


def _proposal_row(
    one: ProposalLine, body: PlanBody, running: Sequence[ActivationLine], names: Names, request: Asked
) -> SimpleNamespace:
    authority = request.caller.authority
    place, level = names.place(one.place), min(n for n in (one.level, one.from_level) if n)
    action = {"activate": "activate_plan", "raise": "raise_level", "lower": "lower_level"}.get(
        one.change, "end_activation"
    )
    own = next((a for a in running if (a.place, a.plan_code) == (one.place, one.plan_code)), None)
    where = f"/plans/{one.plan_code}/activate?proposal={one.id}"
    if own is not None:
        where = f"/activations/{own.id}/{one.change}"
    scope = next((a.scope for a in body.areas if a.place == one.place), "")
    known = {c.id: c for c in body.conditions if c.scope == scope}
    return SimpleNamespace(
        id=one.id, change=one.change, level=one.level, from_level=one.from_level,
        plan_zh=one.plan_zh, plan_en=one.plan_en, illustration=one.illustration,
        place=one.place, place_zh=place[0], place_en=place[1], clause=one.clause,
        conditions=[known[i] for i in one.conditions if i in known],
        report_id=one.why.get("report_id", ""), incident_id=one.why.get("incident_id", ""),
        grade_state=one.why.get("grade_state", ""), proposed_at=one.proposed_at, href=where,
        may=queries.may_order(authority, f"plans.{action}", body=body, place=one.place, level=level),
        may_decline=queries.may_order(
            authority, "plans.decline_proposal", body=body, place=one.place, level=level
        ),
    )  # fmt: skip


def activation_rows(found: Sequence[ActivationLine], names: Names) -> list[SimpleNamespace]:
    names.know(divisions=[one.place for one in found], people=[one.activated_by for one in found])
    return [activation_row(one, names) for one in found]


def activation_row(one: ActivationLine, names: Names) -> SimpleNamespace:
    place = names.place(one.place)
    return SimpleNamespace(
        id=one.id, level=one.level, state=one.state, matter=one.matter, plan_zh=one.plan_zh,
        plan_en=one.plan_en, plan_code=one.plan_code, illustration=one.illustration,
        place_zh=place[0], place_en=place[1], started_at=one.started_at, level_since_at=one.level_since_at,
        expected_until=one.expected_until, ended_at=one.ended_at, end_reason=one.end_reason,
        who=names.person(one.activated_by), tasks=one.tasks_started, version=one.version,
    )  # fmt: skip


def desk_context(request: Asked, names: Names) -> dict[str, object]:
    """For the desk: proposals that wait for a person, and responses of our own in force."""
    authority = request.caller.authority
    proposals = queries.list_proposals(authority=authority)
    running = once(queries.list_activations, authority=authority)
    own = _own(proposals, authority.place)
    return {
        "plan_proposals": proposal_rows(own[:6], names, request),
        "plan_proposal_count": len(proposals),
        "plan_proposals_below": len(proposals) - len(own),
        "plan_running": activation_rows(running[:6], names),
        "plan_mark": mark([(p.id, p.state) for p in proposals], [(a.id, a.version) for a in running]),
    }


def _own(proposals: Sequence[ProposalLine], place: str) -> list[ProposalLine]:
    """Proposals for one's own place and the widest ones: those for places within another's are counted."""
    places = {(p.plan_code, p.place) for p in proposals}

    def within_another(one: ProposalLine) -> bool:
        over = (one.place[:n] for n in range(2, len(one.place)))
        return any((one.plan_code, upper) in places for upper in over)

    return [p for p in proposals if p.place == place or not within_another(p)]


def room_context(request: Asked, incident: IncidentLine, names: Names) -> dict[str, object]:
    """For an incident's room: responses ordered for it, and those in force where it lies."""
    authority = request.caller.authority
    ordered = once(queries.list_activations, authority=authority, state="", incident_id=incident.id)
    here = [
        a
        for a in once(queries.list_activations, authority=authority)
        if incident.place.startswith(a.place) and a.id not in {o.id for o in ordered}
    ]
    proposals = [
        p for p in queries.list_proposals(authority=authority) if p.why.get("incident_id") == str(incident.id)
    ]
    found = [*ordered, *here]
    return {
        "plan_running": activation_rows(found, names),
        "plan_proposals": proposal_rows(proposals, names, request),
        "plan_mark": mark([p.id for p in proposals], [(a.id, a.version) for a in found]),
    }
