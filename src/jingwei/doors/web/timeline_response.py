"""The response in an incident's timeline: levels, orders, reports upward, what the public was told."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.facts import CallNoted
from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.queries import ReleaseLine
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.queries import TaskLine
from jingwei.doors.entry.once import once
from jingwei.kernel.grades import NUMERALS

from . import clocks, terms
from .names import Names
from .timeline import STEP, Row

#: Orders of one incident that its timeline tells of. Source: our estimate, above it the list of orders
#: is the place to look, and the page stays under 150 kB, 2026-11-22.
MOST_TASKS = 60


def rows(incident: IncidentLine, names: Names, *, authority: Authority, now: datetime) -> list[Row]:
    """What was done about the incident, each line leading to its page; in no order."""
    found = _Lines(incident, names, authority, now)
    return [
        *found.levels(),
        *found.proposals(),
        *found.calls(),
        *found.orders(),
        *found.sent(),
        *found.told(),
    ]


def list_orders(incident_id: uuid.UUID, authority: Authority, at: datetime) -> list[TaskLine]:
    """The orders of an incident that its room shows, at most `MOST_TASKS`; asked for once a page."""
    return list(once(tasks.list_incident_tasks, incident_id, authority=authority, at=at, limit=MOST_TASKS))


class _Lines:
    def __init__(self, incident: IncidentLine, names: Names, authority: Authority, now: datetime) -> None:
        self.incident, self.names, self.authority, self.now = incident, names, authority, now
        self.activations = once(
            plans.list_activations, authority=authority, state="", incident_id=incident.id
        )
        self.steps = plans.list_plan_steps(incident.id, authority=authority)

    def _row(
        self, at: datetime, by: uuid.UUID | None, title: str, href: str, *, mark: str = "action",
        words: str = "", to: tuple[str, str] = ("", ""),
    ) -> Row:  # fmt: skip
        return Row(
            at=at, precision="minute", mark=mark, title=title, words=words, lang=_lang(words), href=href,
            kind_zh="", kind_en="", body_zh=to[0], body_en=to[1], level=None, number=None, type=STEP,
            source="", evidence="", channel="", who=self.names.person(by),
        )  # fmt: skip

    def levels(self) -> Iterator[Row]:
        """Response levels ordered: started, raised, lowered, ended."""
        for line in self.activations:
            for step in plans.get_history(line.id):
                level = NUMERALS[getattr(step.fact, "level", line.level)]
                title = {
                    "activated": _("Response level {level} activated"),
                    "raised": _("Response raised to level {level}"),
                    "lowered": _("Response lowered to level {level}"),
                    "ended": _("Response ended"),
                }[step.what].format(level=level)
                reason = getattr(step.fact, "reason", "")
                href = f"/activations/{line.id}"
                yield self._row(step.at, step.by, title, href, mark="decision", words=reason)

    def proposals(self) -> Iterator[Row]:
        """What a plan called for, and what a person declined with the reason."""
        for step in self.steps:
            if step.activation_id is not None:
                continue
            level = NUMERALS[step.level] if step.level else ""
            change = terms.say("plan_change", getattr(step.fact, "change", ""))
            proposed = step.what == "proposed"
            title = _("Plan proposes: {change} {level}") if proposed else _("Proposal declined")
            title = title.format(change=change, level=level).strip()
            mark = "system" if proposed else "decision"
            yield self._row(step.at, step.by, title, "/plans", mark=mark, words=step.reason)

    def calls(self) -> Iterator[Row]:
        """Posts of the call-out that were rung: reached, or no answer."""
        rung = [(s, s.fact) for s in self.steps if isinstance(s.fact, CallNoted)]
        posts = agencies.list_posts_by_code({fact.post for __, fact in rung})
        for step, fact in rung:
            post = posts.get(fact.post)
            name = (post.name_zh if terms.is_zh() else post.name_en) if post else fact.post
            words = f"{name}: {terms.say('call_state', fact.state)}"
            yield self._row(
                step.at, step.by, _("Call-out"), f"/activations/{step.activation_id}", words=words
            )

    def orders(self) -> Iterator[Row]:
        """Orders given, those of one moment in one line; then how each that is over came to its end."""
        found = list_orders(self.incident.id, self.authority, self.now)
        seen = {t.id for t in found}
        for line in self.activations:
            found += [t for t in tasks.list_of_activation(line.id, at=self.now) if t.id not in seen]
        self.names.know(people=[by for t in found for by in (t.issued_by, t.state_by)])
        given: dict[tuple[datetime, uuid.UUID], list[TaskLine]] = defaultdict(list)
        for one in found:
            given[one.issued_at, one.issued_by].append(one)
        for (at, by), some in given.items():
            if len(some) == 1:
                yield self._row(at, by, _("Order issued"), f"/tasks/{some[0].id}", words=_title(some[0]))
            else:
                href = f"/activations/{some[0].activation}" if some[0].activation else "/tasks?view=all"
                yield self._row(at, by, _("Orders issued: {n}").format(n=len(some)), href)
        for one in found:
            if one.closed_at is not None:
                title = _("Order {state}").format(state=terms.say("task_state", one.state))
                words = " · ".join(w for w in (_title(one), one.words) if w)
                yield self._row(one.closed_at, one.state_by, title, f"/tasks/{one.id}", words=words)

    def sent(self) -> Iterator[Row]:
        """Situation reports sent up and received there."""
        for one in once(sitreps.list_sitreps, authority=self.authority, incident_id=self.incident.id):
            stage, href = clocks.word("stage", one.stage), f"/sitreps/{one.id}"
            to = self.names.organization(one.to_organization)
            if one.submitted_at is not None:
                title = _("{stage} sent").format(stage=stage)
                yield self._row(one.submitted_at, one.submitted_by, title, href, mark="decision", to=to)
            if one.received_at is not None:
                title = _("{stage} received").format(stage=stage)
                yield self._row(one.received_at, one.received_by, title, href)

    def told(self) -> Iterator[Row]:
        """What the public was told, corrections and withdrawals with their reasons."""
        issued = once(releases.list_releases_of, self.incident.id, authority=self.authority)
        found = {r.id: r for r in issued}
        for line in self.activations:
            notices = releases.list_releases_of_activation(line.id, authority=self.authority)
            found |= {r.id: r for r in notices}
        for one in found.values():
            yield from self._released(one)

    def _released(self, one: ReleaseLine) -> Iterator[Row]:
        href = f"/releases/{one.id}"
        published = [e for e in one.editions if e.published_at is not None]
        for n, edition in enumerate(published):
            assert edition.published_at is not None  # noqa: S101 - chosen above
            title = _("Published to the public") if n == 0 else _("Correction published")
            name = (edition.title_zh if terms.is_zh() else edition.title_en) or edition.title_zh
            words = " · ".join(w for w in (name, edition.reason) if w)
            yield self._row(
                edition.published_at, edition.published_by, title, href, mark="decision", words=words
            )
        if one.withdrawn_at is not None:
            yield self._row(
                one.withdrawn_at, one.withdrawn_by, _("Release withdrawn"), href,
                mark="decision", words=one.withdrawn_reason,
            )  # fmt: skip


def _title(one: TaskLine) -> str:
    return (one.title_zh if terms.is_zh() else one.title_en) or one.title_zh or one.title_en


def _lang(text: str) -> str:
    return "zh" if any("\u3400" <= c <= "\u9fff" for c in text) else "en"
