"""How each action of places is performed, for the questions about rights."""

from jingwei.apps.places import actions
from jingwei.apps.places.facts import ChangeRow, DivisionRow, NeighborRow, OutlineRow, SiteRow
from jingwei.kernel.moments import By, Moment
from tests.rights import Act, Stage, action_case


@action_case("places.load_divisions", scoped=False)
def load_divisions(stage: Stage) -> Act:
    rows = [DivisionRow(code=f"{stage.place}998", name="试验镇")]

    def act(by: By, moment: Moment) -> object:
        return actions.load_divisions(rows, source="test", by=by, moment=moment)

    return act


@action_case("places.load_sites", scoped=False)
def load_sites(stage: Stage) -> Act:
    row = SiteRow(
        id="test-site",
        place=stage.place,
        kind="reservoir",
        name_zh="试验水库",
        name_en="Test reservoir",
        lon=113.0,
        lat=34.0,
        precision="approximate",
        source="our estimate, for a test, 2026-11-22",
    )
    return lambda by, moment: actions.load_sites([row], source="test", by=by, moment=moment)


@action_case("places.change_divisions", scoped=False)
def change_divisions(stage: Stage) -> Act:
    row = ChangeRow(stage.place, "试验县", "renamed", stage.place, "2026-01-01", "a test's own")

    def act(by: By, moment: Moment) -> object:
        return actions.change_divisions([row], source="test", by=by, moment=moment)

    return act


@action_case("places.load_outlines", scoped=False)
def load_outlines(stage: Stage) -> Act:
    ring = [(113_000_000, 34_000_000), (113_100_000, 34_000_000), (113_000_000, 34_100_000)]
    row = OutlineRow(stage.place, [ring], "a test's own")
    return lambda by, moment: actions.load_outlines([row], source="test", by=by, moment=moment)


@action_case("places.load_neighbors", scoped=False)
def load_neighbors(stage: Stage) -> Act:
    row = NeighborRow("410182", "410183", "a test's own")
    return lambda by, moment: actions.load_neighbors([row], source="test", by=by, moment=moment)
