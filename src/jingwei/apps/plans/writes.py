"""What activating and raising share: the command body filled, tasks issued, measures, notices, proposals."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DeadlineRule
from jingwei.apps.places import queries as places
from jingwei.apps.tasks import actions as tasks
from jingwei.apps.tasks.facts import TaskDraft
from jingwei.kernel.grades import Grade
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import PlanBody, PlanTask
from .models import Activation, CallLine, NoticeDraft, Proposed


def seats(body: PlanBody, *, scope: str, place: str, level: int, moment: Moment) -> list[dict[str, object]]:
    """The command body at this level: of each seat who holds its post now, else its first deputy."""
    rows = rules.rows_at(body.command, scope=scope, level=level)
    order = {r: [rules.filled(p, place=place) for p in (r.post, *r.deputies)] for r in rows}
    holders = agencies.list_holders({p for posts in order.values() for p in posts}, at=moment.at)
    found: list[dict[str, object]] = []
    for row, posts in order.items():
        post = next((p for p in posts if p in holders), posts[0])
        found.append(
            {
                "duty_zh": row.duty_zh,
                "duty_en": row.duty_en,
                "post": post,
                "deputy": post != posts[0],
                "holding": str(holders[post].holding) if post in holders else None,
            }
        )
    return found


def vacant(command: Sequence[dict[str, object]]) -> tuple[str, ...]:
    return tuple(str(s["post"]) for s in command if s["holding"] is None)


def start_tasks(row: Activation, body: PlanBody, *, scope: str, by: By, moment: Moment) -> tuple[str, ...]:
    """Issue the tasks of this level that do not run yet, all at once. Returns receivers nobody knows."""
    drafts: list[tuple[str, TaskDraft]] = []
    for task in rules.rows_at(body.tasks, scope=scope, level=row.level):
        for county in _receivers(task, body):
            key = f"{task.id} {county}".strip()
            if key not in row.started:
                drafts.append((key, _draft(task, county, row, body, moment)))
    posts = agencies.list_posts_by_code({d.to_post for _, d in drafts if d.to_post})
    known = agencies.list_organizations_by_code({d.to_organization for _, d in drafts if d.to_organization})
    fit = [(k, d) for k, d in drafts if (d.to_post in posts if d.to_post else d.to_organization in known)]
    tasks.issue_tasks([d for _, d in fit], by=by, moment=moment)
    row.started = [*row.started, *(k for k, _ in fit)]
    sent = {k for k, _ in fit}
    return tuple(sorted({d.to_post or d.to_organization or "" for k, d in drafts if k not in sent}))


def _receivers(task: PlanTask, body: PlanBody) -> list[str]:
    """Counties in turn for a task that goes to each, else ''."""
    return [a.place for a in body.areas if a.scope == "county"] if task.each else [""]


def _draft(task: PlanTask, county: str, row: Activation, body: PlanBody, moment: Moment) -> TaskDraft:
    gaps = {"place": row.place, "county": county}
    return TaskDraft(
        title_zh=f"{task.title_zh}（完成标准：{task.accept_zh}）",
        title_en=f"{task.title_en} (done when: {task.accept_en})",
        to_post=rules.filled(task.to_post, **gaps) or None,
        to_organization=rules.filled(task.to_organization, **gaps) or None,
        place=county or row.place,
        due_at=moment.at + timedelta(minutes=task.minutes),
        incident_id=str(row.incident_id) if row.incident_id else None,
        activation_id=str(row.id),
        clause=f"{body.name_zh} {Grade(row.level).numeral} {task.id} · {task.clause.label}",
        source=task.clause.source,
    )


def ordered(chosen: Sequence[str], body: PlanBody, *, scope: str, moment: Moment) -> list[dict[str, str]]:
    """Measures with their end, in the plan's order."""
    return [
        {"id": m.id, "until_at": (moment.at + timedelta(hours=m.hours)).isoformat()}
        for m in body.measures
        if m.scope == scope and m.id in chosen
    ]


def start_calls(row: Activation, body: PlanBody, *, scope: str, moment: Moment) -> list[CallLine]:
    """Lines of the call-out for posts that are not on it yet, with who holds each now.

    The fact of the step speaks of them too.
    """
    wanted = [
        (c.order, rules.filled(c.post, place=row.place))
        for c in rules.rows_at(body.calls, scope=scope, level=row.level)
    ]
    there = set(row.calls.values_list("post", flat=True))
    holders = agencies.list_holders({p for _, p in wanted}, at=moment.at)
    lines = CallLine.objects.bulk_create(
        CallLine(
            activation=row, order=n, post=post, holding=holders[post].holding if post in holders else None
        )
        for n, post in wanted
        if post not in there
    )
    give_turn(row.pk, moment=moment)
    return lines


def give_turn(activation_id: uuid.UUID, *, moment: Moment) -> CallLine | None:
    """Let the next post be rung that was not reached and was passed least; nobody where one has its turn."""
    lines = CallLine.objects.select_for_update().filter(activation_id=activation_id)
    found = list(lines.order_by("passed", "order"))
    due = [one for one in found if one.state != "reached" and one.passed < rules.CALL_ROUNDS]
    if not due or any(one.next_at is not None for one in found):
        return None
    rule = hazards.find_rule(rules.CALL_RULE)
    minutes = rule.limit_minutes if isinstance(rule, DeadlineRule) else rules.CALL_MIN
    line = due[0]
    line.turn_at, line.next_at = moment.at, moment.at + timedelta(minutes=minutes)
    line.save(update_fields=["turn_at", "next_at"])
    return line


def draft_notices(
    row: Activation,
    body: PlanBody,
    authority: Authority,
    *,
    scope: str,
    on: str,
    before: int = 0,
    moment: Moment,
) -> None:
    """The plan's texts for this step with the gaps filled that we know. Nothing is published.

    `before`: the level that was raised or lowered.
    """
    chosen = [m for m in body.measures if m.scope == scope and m.id in {o["id"] for o in row.measures}]
    gaps = {
        "place": places.name_of(row.place, "zh"),
        "place_en": places.name_of(row.place, "en"),
        "level": Grade(row.level).numeral,
        "from_level": Grade(before).numeral if before else "",
        "time": f"{localtime(moment.at):%Y-%m-%d %H:%M}",
        "until": f"{localtime(row.expected_until):%Y-%m-%d %H:%M}",
        "organization": authority.organization_zh,
        "organization_en": authority.organization_en,
        "matter": row.matter,
        "reason": row.end_reason,
        "measures": "；".join(m.text_zh for m in chosen),
        "measures_en": "; ".join(m.text_en for m in chosen),
    }
    NoticeDraft.objects.bulk_create(
        NoticeDraft(
            activation=row,
            notice=n.id,
            level=row.level,
            version=row.version,
            title_zh=rules.filled(n.title_zh, **gaps)[:200],
            title_en=rules.filled(n.title_en, **gaps)[:200],
            text_zh=rules.filled(n.text_zh, **gaps),
            text_en=rules.filled(n.text_en, **gaps),
            drafted_at=moment.at,
        )
        for n in rules.rows_at(body.notices, scope=scope, level=row.level)
        if n.on == on or (n.on == "level" and on != "end")
    )


def close_proposal(row: Activation, *, by: By, moment: Moment) -> str:
    """The open proposal for this plan and place that the decision answers is taken. Returns its id or ''.

    One that calls for a graver level than was ordered stays open.
    """
    open_ = (
        Proposed.objects.select_for_update()
        .filter(plan_code=row.plan_code, place=row.place, state="open")
        .first()
    )
    if open_ is None or (row.state == "in_force" and open_.level is not None and open_.level < row.level):
        return ""
    open_.state, open_.closed_at, open_.closed_by = "taken", moment.at, by
    open_.save()
    return str(open_.id)


def locked(activation_id: uuid.UUID) -> Activation:
    """The activation, locked for this transaction, so that its facts are in order."""
    row = Activation.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=activation_id)
    found = row.first()
    if found is None:
        raise rules.PlansRefused("activation_unknown")
    return found


def plan_of(row: Activation) -> PlanBody:
    return msgspec.convert(row.plan.body, PlanBody)
