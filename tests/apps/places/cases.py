"""How each action of places is performed, for the questions about rights."""

from jingwei.apps.places import actions
from jingwei.apps.places.facts import DivisionRow, SiteRow
from tests.rights import Act, Stage, action_case


@action_case("places.load_divisions", scoped=False)
def load_divisions(stage: Stage) -> Act:
    rows = [DivisionRow(code="41", name="河南省")]
    return lambda by, moment: actions.load_divisions(rows, source="test", by=by, moment=moment)


@action_case("places.load_sites", scoped=False)
def load_sites(stage: Stage) -> Act:
    row = SiteRow(
        id="test-site",
        place="4101",
        kind="reservoir",
        name_zh="某水库",
        name_en="Some reservoir",
        lon=113.0,
        lat=34.5,
        precision="approximate",
        source="test",
    )
    return lambda by, moment: actions.load_sites([row], source="test", by=by, moment=moment)
