"""How each action of hazards is performed, for the questions about rights."""

from datetime import date

from jingwei.apps.hazards import actions, models, queries
from jingwei.apps.hazards.facts import Overlay
from jingwei.apps.hazards.models import RuleTable
from jingwei.kernel.moments import By, Moment
from tests.rights import Act, Stage, a_holding, action_case


@action_case("hazards.load_rules", scoped=False)
def load_rules(stage: Stage) -> Act:
    RuleTable.objects.filter(table="metrics").update(rows_digest="of another time")
    metrics = {"metrics": queries.list_shipped_tables()["metrics"]}

    def act(by: By, moment: Moment) -> object:
        return actions.load_rules(metrics, by=by, moment=moment)

    return act


def a_draft(place: str, **changes: object) -> Overlay:
    given = {"table": "reporting-deadlines", "rule_id": "HN-01", "place": place, "value": "10",
             "valid_from": date(2026, 1, 1), "reason": "县里要求更快", "basis": "县应急预案 3.2"}  # fmt: skip
    return Overlay(**given | changes)  # type: ignore[arg-type]


def an_overlay(stage: Stage) -> models.Overlay:
    """One that waits, proposed by somebody who asks for nothing else."""
    by = a_holding("duty_chief", place=stage.place)
    found = actions.propose_overlay(a_draft(stage.place), by=by, moment=stage.moment)
    return models.Overlay.objects.get(pk=found)


def withdrawn(stage: Stage) -> models.Overlay:
    row = an_overlay(stage)
    actions.withdraw_overlay(
        row.id, reason="写错", version=1, by=a_holding("duty_chief", place=stage.place), moment=stage.moment
    )
    return row


@action_case("hazards.propose_overlay")
def propose_overlay(stage: Stage) -> Act:
    return lambda by, moment: actions.propose_overlay(a_draft(stage.place), by=by, moment=moment)


@action_case("hazards.confirm_overlay")
def confirm_overlay(stage: Stage) -> Act:
    row = an_overlay(stage)
    return lambda by, moment: actions.confirm_overlay(row.id, version=1, by=by, moment=moment)


@action_case("hazards.withdraw_overlay")
def withdraw_overlay(stage: Stage) -> Act:
    row = an_overlay(stage)
    return lambda by, moment: actions.withdraw_overlay(row.id, reason="写错", version=1, by=by, moment=moment)


def standing(stage: Stage) -> models.Overlay:
    """One in force, confirmed by somebody who asks for nothing else."""
    row = an_overlay(stage)
    by = a_holding("duty_chief", place=stage.place)
    actions.confirm_overlay(row.id, version=1, by=by, moment=stage.moment)
    return row


@action_case("hazards.end_overlay")
def end_overlay(stage: Stage) -> Act:
    row, last = standing(stage), date(2026, 6, 1)
    return lambda by, moment: actions.end_overlay(
        row.id, last=last, reason="文件废止", version=2, by=by, moment=moment
    )


@action_case("hazards.undo_overlay_end")
def undo_overlay_end(stage: Stage) -> Act:
    row = standing(stage)
    actions.end_overlay(
        row.id, last=date(2026, 6, 1), reason="文件废止", version=2,
        by=a_holding("duty_chief", place=stage.place), moment=stage.moment,
    )  # fmt: skip
    return lambda by, moment: actions.undo_overlay_end(row.id, reason="写错", version=3, by=by, moment=moment)


@action_case("hazards.restore_overlay")
def restore_overlay(stage: Stage) -> Act:
    row = withdrawn(stage)
    return lambda by, moment: actions.restore_overlay(row.id, reason="没错", version=2, by=by, moment=moment)
