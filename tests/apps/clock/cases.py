"""How each action of the clock is performed, for the questions about rights."""

from collections.abc import Callable
from datetime import timedelta

from jingwei.apps.clock import actions
from tests.rights import Act, Stage, action_case


def _running(stage: Stage) -> None:
    actions.start_scenario("test", start_at=stage.moment.at, speed=1, by=stage.operator, moment=stage.moment)


@action_case("clock.start_scenario", scoped=False)
def start_scenario(stage: Stage) -> Act:
    return lambda by, moment: actions.start_scenario(
        "test", start_at=stage.moment.at, speed=1, by=by, moment=moment
    )


@action_case("clock.set_speed", scoped=False)
def set_speed(stage: Stage) -> Act:
    _running(stage)
    return lambda by, moment: actions.set_speed(60, by=by, moment=moment)


@action_case("clock.seek_forward", scoped=False)
def seek_forward(stage: Stage) -> Act:
    _running(stage)
    later = stage.moment.at + timedelta(hours=1)
    return lambda by, moment: actions.seek_forward(later, by=by, moment=moment)


def _plain(action: Callable[..., None]) -> Callable[[Stage], Act]:
    def prepare(stage: Stage) -> Act:
        _running(stage)
        return lambda by, moment: action(by=by, moment=moment)

    return prepare


for one in (actions.pause, actions.resume, actions.end_scenario):
    action_case(f"clock.{one.__name__}", scoped=False)(_plain(one))
