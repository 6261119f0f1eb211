"""How each action of roads is performed, for the questions about rights."""

from jingwei.apps.roads import actions
from jingwei.apps.roads.facts import NewClosure
from tests.apps.roads.nets import a_net
from tests.rights import Act, Stage, action_case


def a_closure(stage: Stage) -> NewClosure:
    return NewClosure(shape="point", points=(XINGYANG,), radius_m=200, reason="积水")


#: In the county of the stage, Xingyang.
XINGYANG = (113.391, 34.789)


@action_case("roads.load_roads", scoped=False)
def load_roads(stage: Stage) -> Act:
    content = a_net()
    return lambda by, moment: actions.load_roads(content, file="t.osm", by=by, moment=moment)


@action_case("roads.close_road")
def close_road(stage: Stage) -> Act:
    new = a_closure(stage)
    return lambda by, moment: actions.close_road(new, by=by, moment=moment)


@action_case("roads.reopen_road")
def reopen_road(stage: Stage) -> Act:
    closure = actions.close_road(a_closure(stage), by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.reopen_road(closure, by=by, moment=moment)
