"""What people decide in a run as the rules say: the post that may, through the same actions as on any day.

Nothing here judges. What the machine proposed is taken up as it stands, by whoever the rights name; where
they name nobody, nothing happens and that is said.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import actions as incidents_do
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.facts import GradeProposed
from jingwei.apps.journal.queries import Said
from jingwei.apps.plans import actions as plans_do
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.facts import ActivationProposed, Change, Ending, Order
from jingwei.apps.releases import actions as releases_do
from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.actions import Written
from jingwei.apps.releases.facts import ReleaseDrafted, ReleaseEdited
from jingwei.apps.sitreps import actions as sitreps_do
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.sitreps.facts import DeadlineForeseen, ObligationArose, SitrepSubmitted
from jingwei.apps.tasks import actions as tasks_do
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.facts import TaskIssued
from jingwei.kernel.moments import By, Moment

#: How long a response is expected to last, and a release to hold, as the forms propose it.
#: Source: our estimate, the same as on the pages of activation and release, 2026-11-22.
EXPECTED = timedelta(hours=24)
#: Why a decision of the run was taken; it stands in the fact.
REASON = "按规则推演 / as the rules say"
#: Modes of reporting that are a telephone call: who made it records that it was made.
BY_PHONE = ("phone",)


class Nobody(Exception):
    """No post may do this: the action, and the body among whose posts one was sought ('' = any)."""

    def __init__(self, action: str, organization: str = "") -> None:
        super().__init__(action)
        self.action, self.organization = action, organization


#: Takes the decision at this moment. Raises `Nobody`.
Decide = Callable[[Moment], None]


class Deciders:
    """Who may decide what, read from the rights of the node."""

    def __init__(self, *, at: datetime) -> None:
        #: The machine's reach, for reading what stands; every write asks the rights of who writes.
        self._all = agencies.get_authority(agencies.get_machine(), at=at)
        bodies = agencies.list_organizations()
        posts = [p.code for p in agencies.list_posts_of({b.code for b in bodies})]
        #: Who holds a post; nobody takes or leaves one while a case is run.
        self._holders = list(agencies.list_holders(posts, at=at).values())

    def list_who_may(
        self, action: str, *, place: str | None = None, hazard: str | None = None, organization: str = ""
    ) -> list[Authority]:
        """People whose post may do this, the nearest to the place first. The action asks again."""
        found = [
            one
            for one in self._holders
            if (not organization or one.organization_code == organization)
            and agencies.may_with(one, action, place=place, hazard=hazard)
        ]
        return sorted(found, key=lambda a: (-len(a.place), a.post_code))

    def first(self, action: str, *, organization: str = "", **asked: str | None) -> Authority:
        """The first of them. Raises `Nobody`."""
        found = self.list_who_may(action, organization=organization, **asked)
        if not found:
            raise Nobody(action, organization)
        return found[0]

    # --- what calls for a decision ---------------------------------------------------------------------

    def waiting(self, entry: Said) -> Decide | None:
        """How what was just written down is decided; None where it calls for no person."""
        fact = entry.fact
        if isinstance(fact, ActivationProposed):
            return lambda m: self._order(uuid.UUID(fact.proposal_id), m)
        if isinstance(fact, GradeProposed) and fact.grade is not None:
            return lambda m: self._confirm(fact, m)
        if isinstance(fact, ObligationArose) and (fact.stage == "first" or fact.due_at is None):
            return lambda m: self._report(uuid.UUID(fact.obligation_id), None, m)
        if isinstance(fact, DeadlineForeseen):
            holding = uuid.UUID(fact.holding) if fact.holding else None
            return lambda m: self._report(uuid.UUID(fact.obligation_id), holding, m)
        if isinstance(fact, SitrepSubmitted) and fact.to_organization:
            return lambda m: self._receive(fact, m)
        if isinstance(fact, ReleaseDrafted) and entry.by == agencies.get_machine():
            return lambda m: self._write(uuid.UUID(fact.release_id), m)
        if isinstance(fact, ReleaseEdited) and fact.ready:
            return lambda m: self._publish(uuid.UUID(fact.release_id), m)
        if isinstance(fact, TaskIssued):
            return lambda m: self._take_on(uuid.UUID(fact.task_id), fact, m)
        return None

    # --- plans -----------------------------------------------------------------------------------------

    def _order(self, proposal_id: uuid.UUID, moment: Moment) -> None:
        """Activate, raise, lower or end as proposed, if it still stands."""
        one = plans.find_proposal(proposal_id, authority=self._all)
        if one is None or one.state != "open":
            return
        body = plans.get_body(one.plan_id)
        running = next(
            (a for a in plans.list_activations(authority=self._all)
             if (a.plan_code, a.place) == (one.plan_code, one.place)),
            None,
        )  # fmt: skip
        action = {
            "activate": "plans.activate_plan", "raise": "plans.raise_level",
            "lower": "plans.lower_level", "end": "plans.end_activation",
        }[one.change]  # fmt: skip
        level = min(n for n in (one.level, one.from_level) if n)
        ranked = self.list_who_may(action, place=one.place, hazard=body.hazards[0])
        who = next(
            (a for a in ranked if plans.may_order(a, action, body=body, place=one.place, level=level)), None
        )
        if who is None:
            raise Nobody(action)
        scope = next(a.scope for a in body.areas if a.place == one.place)
        until = moment.at + EXPECTED
        if one.change == "activate" or running is None:
            plan = plans.find_plan(one.plan_code, on=moment.at.date())
            if plan is None or one.level is None:
                return
            order = Order(
                place=one.place,
                level=one.level,
                matter=body.matter_zh,
                expected_until=until,
                measures=tuple(m.id for m in body.measures if m.scope == scope and m.level >= one.level),
                reason=REASON,
                incident_id=_incident_of(one.why),
            )
            plans_do.activate_plan(plan.id, order, version=plan.version, by=who.holding, moment=moment)
            return
        act = {"by": who.holding, "moment": moment, "version": running.version}
        if one.level is None:
            still = {t.id: REASON for t in tasks.list_of_activation(running.id, at=moment.at) if t.open}
            plans_do.end_activation(running.id, ending=Ending(reason=REASON, keep=still), **act)  # type: ignore[arg-type]
            return
        change = Change(
            level=one.level,
            reason=REASON,
            expected_until=until,
            measures=tuple(m.id for m in body.measures if m.scope == scope and m.level >= one.level),
        )
        do = plans_do.raise_level if one.change == "raise" else plans_do.lower_level
        do(running.id, change, **act)  # type: ignore[arg-type]

    # --- grades ----------------------------------------------------------------------------------------

    def _confirm(self, fact: GradeProposed, moment: Moment) -> None:
        """Confirm the grade proposed, if it is still the one proposed and not yet confirmed."""
        line = incidents.find_line(uuid.UUID(fact.incident_id))
        if line is None or line.state != "open" or fact.grade is None:
            return
        if line.proposed_grade != fact.grade or line.confirmed_grade == fact.grade:
            return
        who = self.first("incidents.confirm_grade", place=line.place, hazard=line.kind)
        incidents_do.confirm_grade(
            line.id, grade=fact.grade, version=line.version, by=who.holding, moment=moment
        )

    # --- reports upward --------------------------------------------------------------------------------

    def _report(self, obligation_id: uuid.UUID, holding: By | None, moment: Moment) -> None:
        """Report what is owed, by who was reminded or by the body that owes it; gaps marked as such."""
        owed = sitreps.find_obligation(obligation_id, authority=self._all, now=moment.at)
        if owed is None or owed.state not in ("open", "late"):
            return
        if owed.mode in BY_PHONE and owed.from_organization:
            who = self._who_reports("sitreps.meet_obligation", owed, holding, moment)
            sitreps_do.meet_obligation(owed.id, words=REASON, by=who.holding, moment=moment)
            return
        if not owed.by_sitrep:
            if not owed.from_organization:
                raise Nobody("sitreps.submit_sitrep", owed.from_role)
            return
        who = self._who_reports("sitreps.submit_sitrep", owed, holding, moment)
        act = {"by": who.holding, "moment": moment}
        draft = sitreps_do.draft_sitrep(
            owed.incident_id,
            stage=owed.stage,
            organization=owed.from_organization,
            to_organization=owed.to_organization,
            **act,  # type: ignore[arg-type]
        )
        line = sitreps.find_sitrep(draft, authority=self._all)
        if line is None:
            return
        if line.gaps:
            marked = list(dict.fromkeys([*line.to_check, *line.gaps]))
            sitreps_do.edit_sitrep(line.id, texts={}, to_check=marked, version=line.version, **act)  # type: ignore[arg-type]
            line = sitreps.find_sitrep(draft, authority=self._all) or line
        sitreps_do.submit_sitrep(line.id, version=line.version, **act)  # type: ignore[arg-type]

    def _who_reports(
        self, action: str, owed: sitreps.ObligationLine, holding: By | None, moment: Moment
    ) -> Authority:
        """Who was reminded, if that post may; else the first of the body that owes it."""
        named = agencies.find_authority(holding, at=moment.at) if holding else None
        if named is not None and agencies.may_with(named, action, place=owed.from_place):
            return named
        return self.first(action, place=owed.from_place, organization=owed.from_organization)

    def _receive(self, fact: SitrepSubmitted, moment: Moment) -> None:
        """The body above says that it has the report."""
        line = sitreps.find_sitrep(uuid.UUID(fact.sitrep_id), authority=self._all)
        if line is None or line.state != "submitted":
            return
        who = self.first(
            "sitreps.receive_sitrep",
            place=line.to_place,
            organization=fact.to_organization,
        )
        sitreps_do.receive_sitrep(line.id, by=who.holding, moment=moment)

    # --- the public ------------------------------------------------------------------------------------

    def _writer(self, place: str, hazard: str, moment: Moment) -> Authority:
        """Who writes: one who may not approve, where there is one, so that another can."""
        asked = {"place": place, "hazard": hazard}
        may = self.list_who_may("releases.edit_release", **asked)
        if not may:
            raise Nobody("releases.edit_release")
        only = [a for a in may if not agencies.may_with(a, "releases.approve_release", **asked)]
        return (only or may)[0]

    def _write(self, release_id: uuid.UUID, moment: Moment) -> None:
        """Put the text forward; sentences with a gap the record cannot fill are left out."""
        line = releases.find_release(release_id, authority=self._all)
        if line is None or line.edition.state != "draft":
            return
        edition = line.edition
        written = Written(
            title_zh=_full(edition.title_zh),
            title_en=_full(edition.title_en),
            text_zh=_full(edition.text_zh),
            text_en=_full(edition.text_en),
            valid_until=moment.at + EXPECTED,
        )
        who = self._writer(line.place, line.kind, moment)
        releases_do.edit_release(
            line.id, written, ready=True, version=line.version, by=who.holding, moment=moment
        )

    def _publish(self, release_id: uuid.UUID, moment: Moment) -> None:
        """A second person approves and publishes."""
        line = releases.find_release(release_id, authority=self._all)
        if line is None or line.edition.state != "waiting":
            return
        asked = {"place": line.place, "hazard": line.kind}
        may = self.list_who_may("releases.approve_release", **asked)
        who = next((a for a in may if str(a.person) not in line.edition.authors), None)
        if who is None:
            raise Nobody("releases.approve_release")
        releases_do.approve_release(line.id, version=line.version, by=who.holding, moment=moment)
        line = releases.find_release(release_id, authority=self._all) or line
        releases_do.publish_release(line.id, version=line.version, by=who.holding, moment=moment)

    # --- orders ----------------------------------------------------------------------------------------

    def _take_on(self, task_id: uuid.UUID, fact: TaskIssued, moment: Moment) -> None:
        """The addressed take the order on. Whether it was carried out no run can know."""
        line = tasks.find_task(task_id, authority=self._all, at=moment.at)
        if line is None or line.acknowledged_at is not None or not line.open:
            return
        may = self.list_who_may("tasks.acknowledge_task", organization=fact.to_organization)
        who = next((a for a in may if not fact.to_post or a.post_code == fact.to_post), None)
        if who is None:
            raise Nobody("tasks.acknowledge_task", fact.to_organization)
        tasks_do.acknowledge_task(line.id, version=line.version, by=who.holding, moment=moment)


def _incident_of(why: dict[str, str]) -> uuid.UUID | None:
    """The incident behind a proposal: named by its grade, or that of the report that warned."""
    if why.get("incident_id"):
        return uuid.UUID(why["incident_id"])
    if not why.get("report_id"):
        return None
    report = uuid.UUID(why["report_id"])
    found = incidents.get_incident_of_reports([report]).get(report)
    return found.id if found else None


def _full(text: str) -> str:
    """The text without the sentences that have a gap left: in braces, or marked as to be filled."""
    lines = []
    for line in text.splitlines():
        ends = line.replace("。", "。\0").replace(". ", ".\0").split("\0")
        kept = [s for s in ends if s.strip() and "{" not in s and not releases.list_gaps(s)]
        lines.append("".join(s if s.endswith("。") else f"{s} " for s in kept).strip())
    return "\n".join(filter(None, lines))
