"""Codes and names over the years: nothing is deleted, what was given up leads to what it became."""

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.apps.places import actions, queries, rules
from jingwei.apps.places.facts import ChangeRow, DivisionRow, DivisionsChanged
from jingwei.apps.places.models import Division, DivisionChange
from jingwei.apps.places.rules import PlaceRefused
from tests.refusing import refusing
from tests.rights import a_holding, moment

pytestmark = pytest.mark.django_db

BEFORE = {
    "99": "试省",
    "9901": "甲市",
    "990101": "老城区",
    "990102": "河东县",
    "990102001": "河东镇",
    "990102001201": "柳林村委会",
    "990103": "南区",
    "990103001": "南关街道",
}
AFTER = {
    "99": "试省",
    "9901": "甲市",
    "990101": "古城区",
    "990104": "河东县",
    "990104001": "河东镇",
    "990104001201": "柳林村委会",
    "990104002": "新设镇",
}


def table(names: dict[str, str]) -> list[DivisionRow]:
    return [DivisionRow(code=code, name=name) for code, name in names.items()]


@pytest.fixture
def said():
    by = a_holding("operator")
    actions.load_table(table(BEFORE), source="2023", by=by, moment=moment())
    return {"source": "2024", "by": by, "moment": moment()}


def test_a_newer_table_renames_recodes_and_ends_and_deletes_nothing(said):
    before = Division.objects.count()
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    assert Division.objects.count() == before + 4
    kinds = dict(DivisionChange.objects.filter(on="2024-05-01").values_list("code", "kind"))
    assert kinds == {
        "990101": "renamed",
        "990102": "recoded",
        "990102001": "recoded",
        "990102001201": "recoded",
        "990103": "ended",
        "990103001": "ended",
    }
    assert queries.get_division("990102").valid_to == "2024-05-01"
    assert queries.get_division("990104").valid_from == "2024-05-01"
    assert queries.get_division("990101").name == "古城区"
    (fact,) = journal.list_entries(kinds=[DivisionsChanged], newest=1)
    assert (fact.fact.rows, fact.fact.source) == (6, "2024")


def test_the_same_table_again_changes_nothing(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    entries = journal.count_entries()
    assert actions.update_table(table(AFTER), on="2024-06-01", **said) == (0, 0)
    assert journal.count_entries() == entries


def test_a_code_of_an_older_year_leads_to_what_it_became(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    assert queries.resolve_place("990102001201").codes == ("990104001201",)
    assert queries.resolve_place("990102", on="2023-12-31").codes == ("990102",)
    assert queries.resolve_place("990103").codes == (), "nobody knows what it became"
    assert queries.resolve_place("990103").changes[0].kind == "ended"


def test_a_code_under_a_changed_one_is_carried_over_and_not_sure(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    found = queries.resolve_place("990102999")
    assert (found.codes, found.sure) == (("990104",), False)


def test_an_older_table_brings_no_name_back(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    actions.load_table(table(BEFORE), **said)
    assert queries.get_division("990101").name == "古城区"
    assert queries.get_division("990102").valid_to == "2024-05-01"


def test_search_finds_an_old_name_and_says_what_it_is_now(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    (renamed,) = queries.search_places("老城区", within="99")
    assert (renamed.code, renamed.name, renamed.former) == ("990101", "古城区", "老城区")
    ended = {hit.code: (hit.former, hit.valid_to) for hit in queries.search_places("河东县", within="99")}
    assert ended["990102"] == ("", "2024-05-01") and "990104" in ended


def test_a_division_without_a_successor_is_still_found_and_says_it_ended(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    (found,) = queries.search_places("南区", within="99")
    assert (found.code, found.valid_to) == ("990103", "2024-05-01")


def test_changes_that_ship_lead_from_codes_of_former_years(said):
    load = {"by": said["by"], "moment": moment()}
    actions.load_shipped_places(**load)
    assert queries.resolve_place("410381").codes == ("410307",)
    assert queries.resolve_place("410306").codes == ("410308",) == queries.resolve_place("410322").codes
    (hit,) = queries.search_places("孟津县")
    assert (hit.code, hit.name, hit.former) == ("410308", "孟津区", "孟津县")
    assert queries.search_places("410224")[0].name == "祥符区"


@pytest.mark.parametrize(
    "row",
    [
        ChangeRow("12345", "错码", "ended", "", "2024", "test"),
        ChangeRow("990101", "老城区", "renamed", "990103", "2024", "test"),
        ChangeRow("990101", "老城区", "merged", "", "2024", "test"),
        ChangeRow("990101", "老城区", "vanished", "", "2024", "test"),
        ChangeRow("990101", "老城区", "ended", "", "yesterday", "test"),
        ChangeRow("990101", "老城区", "merged", "998877", "2024", "test"),
        ChangeRow("990101", "老城区", "ended", "", "2024", ""),
    ],
)
def test_a_bad_change_is_refused(said, row):
    with refusing(PlaceRefused, "places_table_bad"):
        actions.change_divisions([row], **said)


def test_a_name_borne_twice_leads_nowhere_by_itself():
    before = {"9901": "甲市", "990101": "东区"}
    after = {"9901": "甲市", "990105": "东区", "990106": "东区"}
    (row,) = rules.differences(before, after, {}, on="2024", source="test")
    assert (row.kind, row.successor) == ("ended", "")


def test_an_event_is_read_by_the_division_of_its_day(said):
    actions.update_table(table(AFTER), on="2024-05-01", **said)
    before = queries.find_place_then("990101", on="2024-04-30")
    assert before is not None and before.path == "试省 甲市 老城区" and before.codes == ("990101",)
    assert queries.find_place_then("990101", on="2024-05-01") is None
    below = queries.find_place_then("990102001201", on="2023-01-01")
    assert below is not None and below.path == "试省 甲市 河东县 河东镇 柳林村委会"
    assert below.codes == ("990104001201",)
    ended = queries.find_place_then("990103", on="2023-01-01")
    assert ended is not None and ended.path == "试省 甲市 南区" and ended.codes == ()


def test_a_name_of_a_day_is_the_one_that_was_given_up_after_it(said):
    later = BEFORE | {"990101": "旧城区"}
    actions.update_table(table(later), on="2024-05-01", **said)
    actions.update_table(table(AFTER), on="2025-05-01", **said)
    days = ("2024-04-30", "2024-05-01", "2025-04-30", "2025-05-01", "")
    assert [queries.name_on("990101", on=day) for day in days] == [
        "老城区",
        "旧城区",
        "旧城区",
        "古城区",
        "古城区",
    ]


def test_a_preview_says_what_a_table_would_change_and_writes_nothing(said):
    before = Division.objects.count(), DivisionChange.objects.count()
    found = queries.preview_table(table(AFTER), on="2024-05-01", source="2024")
    assert found.new == (("990104002", "新设镇"),)
    assert [(c.code, c.successor) for c in found.renamed] == [("990101", "990101")]
    assert [c.code for c in found.recoded] == ["990102", "990102001", "990102001201"]
    assert [c.code for c in found.gone] == ["990103", "990103001"]
    assert found.same == 2  # the province and the city
    assert (Division.objects.count(), DivisionChange.objects.count()) == before
