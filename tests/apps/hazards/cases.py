"""How each action of hazards is performed, for the questions about rights."""

from jingwei.apps.hazards import actions, queries
from jingwei.apps.hazards.models import RuleTable
from jingwei.kernel.moments import By, Moment
from tests.rights import Act, Stage, action_case


@action_case("hazards.load_rules", scoped=False)
def load_rules(stage: Stage) -> Act:
    RuleTable.objects.filter(table="metrics").update(rows_digest="of another time")
    metrics = {"metrics": queries.list_shipped_tables()["metrics"]}

    def act(by: By, moment: Moment) -> object:
        return actions.load_rules(metrics, by=by, moment=moment)

    return act
