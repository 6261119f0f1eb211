"""How each action of the seals is performed, for the questions about rights."""

from jingwei.apps.seals import actions
from tests.rights import Act, Stage, action_case


@action_case("seals.begin_epoch", scoped=False)
def begin_epoch(stage: Stage) -> Act:
    return lambda by, moment: actions.begin_epoch("first_start", by=by, moment=moment)
