"""How each action of hazards is performed, for the questions about rights."""

from jingwei.apps.hazards import actions
from tests.rights import Act, Stage, action_case


@action_case("hazards.load_rules", scoped=False)
def load_rules(stage: Stage) -> Act:
    return lambda by, moment: actions.load_rules({}, by=by, moment=moment)
