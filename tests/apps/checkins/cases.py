"""How each action of the watch over people in danger is performed, for the questions about rights."""

import uuid
from datetime import timedelta

from jingwei.apps.checkins import actions
from jingwei.apps.checkins.facts import NewWatch, WatchChange
from jingwei.kernel.moments import Moment
from tests.rights import Act, Stage, action_case


def new_watch(stage: Stage) -> NewWatch:
    return NewWatch(party="搜救一组", names="甲、乙、丙", heads=3, place=stage.place, every_min=20)


def a_watch(stage: Stage) -> uuid.UUID:
    return actions.start_watch(new_watch(stage), by=stage.operator, moment=stage.moment)


@action_case("checkins.start_watch")
def start_watch(stage: Stage) -> Act:
    return lambda by, moment: actions.start_watch(new_watch(stage), by=by, moment=moment)


@action_case("checkins.check_in")
def check_in(stage: Stage) -> Act:
    watch = a_watch(stage)
    return lambda by, moment: actions.check_in(watch, words="一切正常", by=by, moment=moment)


@action_case("checkins.change_watch")
def change_watch(stage: Stage) -> Act:
    watch, change = a_watch(stage), WatchChange(heads=4, every_min=10)
    return lambda by, moment: actions.change_watch(
        watch, change, reason="又进去一人", version=1, by=by, moment=moment
    )


@action_case("checkins.end_watch")
def end_watch(stage: Stage) -> Act:
    watch = a_watch(stage)
    return lambda by, moment: actions.end_watch(watch, heads_out=3, version=1, by=by, moment=moment)


@action_case("checkins.reopen_watch")
def reopen_watch(stage: Stage) -> Act:
    watch = a_watch(stage)
    actions.end_watch(watch, heads_out=3, version=1, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.reopen_watch(watch, reason="误报撤出", version=2, by=by, moment=moment)


@action_case("checkins.reveal_party")
def reveal_party(stage: Stage) -> Act:
    watch = a_watch(stage)
    return lambda by, moment: actions.reveal_party(watch, reason="核对人员", by=by, moment=moment)


@action_case("checkins.escalate_missed", scoped=False)
def escalate_missed(stage: Stage) -> Act:
    earlier = stage.moment.at - timedelta(minutes=30)
    before = Moment(at=earlier, recorded_at=earlier)
    actions.start_watch(new_watch(stage), by=stage.operator, moment=before)
    return lambda by, moment: actions.escalate_missed(by=by, moment=moment)
