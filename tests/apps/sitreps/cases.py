"""How each action of sitreps is performed, for the questions about rights."""

import uuid
from dataclasses import replace
from datetime import timedelta

from jingwei.apps.incidents.facts import ReportFused
from jingwei.apps.incidents.models import Incident
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import actions as plans
from jingwei.apps.plans.facts import ActivationEnded, Ending
from jingwei.apps.releases.facts import ReleasePublished
from jingwei.apps.sitreps import actions
from jingwei.apps.sitreps.models import Obligation, Sitrep
from jingwei.apps.tasks import queries as tasks
from tests.apps.incidents.cases import an_incident_with_a_report
from tests.apps.plans.cases import an_activation
from tests.apps.releases.cases import published
from tests.rights import ABOVE, Act, Stage, a_holding, action_case

OFFICE, TOWN = "410182-zbs", "410182109-zf"


def an_obligation(stage: Stage) -> Obligation:
    """Owed under article 17: at once, from the county's government to the city's."""
    row, _ = an_incident_with_a_report(stage, occurred_at=stage.moment.at)
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[ReportFused])
    actions.recompute(entries, by=stage.machine, moment=stage.moment)
    return Obligation.objects.get(incident=row, rule_id="ERL-01")


def a_draft(stage: Stage, organization: str = OFFICE, to: str = "4101-zbs") -> Sitrep:
    row: Incident = an_incident_with_a_report(stage)[0]
    officer = a_holding("duty_officer", place=stage.place)
    found: uuid.UUID = actions.draft_sitrep(
        row.id, stage="first", organization=organization, to_organization=to, by=officer, moment=stage.moment
    )
    Sitrep.objects.filter(pk=found).update(to_check=["deaths", "missing", "injured"])
    return Sitrep.objects.get(pk=found)


@action_case("sitreps.recompute", scoped=False)
def recompute(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[ReportFused])
    return lambda by, moment: actions.recompute(entries, by=by, moment=moment)


@action_case("sitreps.watch_clocks", scoped=False)
def watch_clocks(stage: Stage) -> Act:
    owed = an_obligation(stage)
    passed = stage.moment.at - timedelta(minutes=1)
    Obligation.objects.filter(pk=owed.pk).update(due_at=passed, next_at=passed)
    return lambda by, moment: actions.watch_clocks(by=by, moment=moment)


@action_case("sitreps.meet_obligation")
def meet_obligation(stage: Stage) -> Act:
    owed = an_obligation(stage)
    return lambda by, moment: actions.meet_obligation(owed.id, words="电话报市值班室", by=by, moment=moment)


@action_case("sitreps.draft_sitrep")
def draft_sitrep(stage: Stage) -> Act:
    """Of an incident in the whole city, which every county sees: only the right keeps the others out."""
    row, _ = an_incident_with_a_report(replace(stage, place=ABOVE))
    return lambda by, moment: actions.draft_sitrep(
        row.id, stage="first", organization=OFFICE, by=by, moment=moment
    )


@action_case("sitreps.edit_sitrep")
def edit_sitrep(stage: Stage) -> Act:
    row = a_draft(stage)
    return lambda by, moment: actions.edit_sitrep(
        row.id, texts={"next": "继续排查"}, to_check=[], version=row.version, by=by, moment=moment
    )


@action_case("sitreps.submit_sitrep")
def submit_sitrep(stage: Stage) -> Act:
    row = a_draft(stage)
    return lambda by, moment: actions.submit_sitrep(row.id, version=row.version, by=by, moment=moment)


@action_case("sitreps.receive_sitrep")
def receive_sitrep(stage: Stage) -> Act:
    row = a_draft(stage, TOWN, OFFICE)
    sender = a_holding("duty_officer", place=stage.place)
    actions.submit_sitrep(row.id, version=row.version, by=sender, moment=stage.moment)
    return lambda by, moment: actions.receive_sitrep(row.id, by=by, moment=moment)


@action_case("sitreps.meet_by_releases", scoped=False)
def meet_by_releases(stage: Stage) -> Act:
    row = published(stage)
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[ReleasePublished])
    return lambda by, moment: actions.meet_by_releases(entries, by=by, moment=moment)


@action_case("sitreps.draft_finals", scoped=False)
def draft_finals(stage: Stage) -> Act:
    row = an_activation(stage)
    keep = dict.fromkeys(tasks.list_open_of(row.id), "善后")
    chief = a_holding("duty_chief", place=stage.place)
    plans.end_activation(
        row.id, ending=Ending(reason="水已退", keep=keep), version=1, by=chief, moment=stage.moment
    )
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[ActivationEnded])
    return lambda by, moment: actions.draft_finals(entries, by=by, moment=moment)


@action_case("sitreps.discard_sitrep")
def discard_sitrep(stage: Stage) -> Act:
    row = a_draft(stage)
    return lambda by, moment: actions.discard_sitrep(
        row.id, reason="重复", version=row.version, by=by, moment=moment
    )


@action_case("sitreps.restore_sitrep")
def restore_sitrep(stage: Stage) -> Act:
    row = a_draft(stage)
    by = a_holding("duty_officer", place=stage.place)
    actions.discard_sitrep(row.id, reason="重复", version=row.version, by=by, moment=stage.moment)
    return lambda by, moment: actions.restore_sitrep(row.id, reason="误删", by=by, moment=moment)
