"""Founding, the register, and who may do what, in the database."""

import uuid
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from jingwei.apps.agencies import actions, queries
from jingwei.apps.agencies.facts import Founding, PersonRow, Roster
from jingwei.apps.agencies.models import (
    Holding,
    Organization,
    OrganizationLink,
    Person,
    Post,
    Token,
    User,
)
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.models import Entry
from jingwei.apps.journal.queries import list_entries
from jingwei.kernel.moments import By
from tests.apps.agencies.cases import (
    PASSWORD,
    a_made_city,
    a_made_post,
    a_post,
    an_organization,
    refusal,
)
from tests.rights import ABOVE, NEXT_DOOR, NOW, PLACE, a_holding, a_stage, moment

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
ROWS = (Token, User, Holding, Post, OrganizationLink, Person, Organization)


def empty_the_register() -> None:
    for model in ROWS:
        model.objects.all().delete()


def a_founding() -> Founding:
    operator = PersonRow(name_zh="钟毓", name_en="Zhong Yu", username="ZhongYu", fictional=True)
    return Founding(organization=an_organization(ABOVE, "first"), operator=operator)


def test_a_node_is_founded_once_with_its_operator_and_its_machine() -> None:
    empty_the_register()
    assert not queries.is_founded()
    operator = actions.found_node(a_founding(), password=PASSWORD, moment=moment())
    authority = queries.require(operator, "agencies.add_post", at=NOW, place="", hazard="")
    assert (authority.role, authority.organization_code) == ("operator", "first")
    machine = queries.get_authority(queries.get_machine(), at=NOW)
    assert (machine.role, machine.person_kind) == ("machine", "machine")
    fact = list_entries(newest=1)[0]
    assert fact.kind == "agencies.node_founded/1"
    assert fact.by == operator
    again = refusal(lambda: actions.found_node(a_founding(), password=PASSWORD, moment=moment()))
    assert again == "already_founded"


def test_the_founders_may_end_a_scenario_of_any_past_year() -> None:
    empty_the_register()
    operator = actions.found_node(a_founding(), password=PASSWORD, moment=moment())
    assert queries.may(operator, "clock.end_scenario", at=NOW.replace(year=1976))


def test_before_founding_there_is_no_machine() -> None:
    empty_the_register()
    assert refusal(queries.get_machine) == "node_not_founded"


def test_the_shipped_roster_loads_and_loading_it_again_changes_nothing() -> None:
    empty_the_register()
    roster = queries.read_roster("zhengzhou")
    founding = queries.find_founding(roster)
    assert founding is not None
    operator = actions.found_node(founding, password=PASSWORD, moment=moment())
    actions.load_agencies(roster, password=PASSWORD, by=operator, moment=moment())
    counts = [model.objects.count() for model in ROWS]
    assert Organization.objects.count() == len(roster.organizations)
    assert Post.objects.count() == len(roster.posts) + 1  # and the machine's
    assert Person.objects.count() == len(roster.people) + 1
    assert User.objects.filter(person__kind="human").count() == Person.objects.filter(kind="human").count()
    again = actions.load_agencies(roster, password=PASSWORD, by=operator, moment=moment())
    assert [model.objects.count() for model in ROWS] == counts
    assert (again.people, again.holdings) == (0, 0)
    assert Entry.objects.latest("seq").rows == []


def test_a_changed_row_of_a_roster_follows_with_its_digest() -> None:
    stage = a_stage()
    row = an_organization(PLACE)
    actions.load_agencies(Roster(source="a", organizations=(row,)), by=stage.operator, moment=stage.moment)
    changed = msgspec.structs.replace(row, name_en="Renamed bureau")
    actions.load_agencies(
        Roster(source="b", organizations=(changed,)), by=stage.operator, moment=stage.moment
    )
    found = queries.find_organization(row.code)
    assert found is not None
    assert found.name_en == "Renamed bureau"
    assert [r["id"] for r in Entry.objects.latest("seq").rows] == [str(found.id)]


def test_a_roster_may_not_reach_beyond_ones_own_place() -> None:
    stage = a_stage()
    county = a_holding("operator", place=PLACE)
    inside, outside = an_organization(PLACE), an_organization(NEXT_DOOR)
    roster = Roster(source="t", organizations=(inside, outside))
    call = lambda: actions.load_agencies(roster, by=county, moment=stage.moment)  # noqa: E731
    assert refusal(call) == "not_allowed"
    assert queries.find_organization(inside.code) is None
    # nor take a registered post of another place into its own
    post = a_made_post(stage)
    mine = Roster(
        source="t",
        organizations=(an_organization(NEXT_DOOR, post.organization),),
        posts=(msgspec.structs.replace(post, place=NEXT_DOOR),),
    )
    neighbor = a_holding("operator", place=NEXT_DOOR)
    assert refusal(lambda: actions.load_agencies(mine, by=neighbor, moment=stage.moment)) == "not_allowed"


def test_one_password_for_all_is_only_for_fictional_people() -> None:
    stage = a_stage()
    real = PersonRow(name_zh="某人", name_en="Someone", username="someone1")
    roster = Roster(source="t", people=(real,))
    call = lambda: actions.load_agencies(  # noqa: E731
        roster, password=PASSWORD, by=stage.operator, moment=stage.moment
    )
    assert refusal(call) == "one_password_only_for_fictional_people"


def test_nobody_establishes_a_post_that_reaches_further_than_their_own() -> None:
    stage = a_stage()
    county = a_holding("operator", place=PLACE)
    organization = an_organization(PLACE)
    actions.add_organization(organization, by=county, moment=stage.moment)
    for place in (ABOVE, "", NEXT_DOOR):
        row = a_post(place, organization.code)
        assert refusal(lambda row=row: actions.add_post(row, by=county, moment=stage.moment)) == "not_allowed"
    flood = a_holding("operator", place=PLACE, hazard="11A00")
    wide = a_post(PLACE, organization.code)
    assert refusal(lambda: actions.add_post(wide, by=flood, moment=stage.moment)) == "not_allowed"


def test_organizations_answer_along_several_lines_but_never_in_a_circle() -> None:
    stage = a_stage()
    a, b, c = (a_made_city(stage) for _ in range(3))
    options = {"by": stage.operator, "moment": stage.moment}
    actions.link_organizations(a, b, line="territory", **options)
    actions.link_organizations(b, c, line="territory", **options)
    actions.link_organizations(c, a, line="profession", **options)
    assert ("profession", c, a) in queries.list_links(a)
    circle = lambda: actions.link_organizations(c, a, line="territory", **options)  # noqa: E731
    assert refusal(circle) == "link_in_circle"
    assert refusal(lambda: actions.link_organizations(a, a, line="party", **options)) == "link_in_circle"
    assert refusal(lambda: actions.link_organizations(a, b, line="fief", **options)) == "unknown_line"


def test_an_action_the_table_does_not_name_is_loud() -> None:
    with pytest.raises(LookupError):
        queries.require(a_holding("operator"), "agencies.invented", at=NOW)


def test_require_is_one_query_and_remembers_nothing(django_assert_num_queries: Any) -> None:
    holding = a_holding("duty_officer", place=PLACE)
    queries.get_rights()
    with django_assert_num_queries(1):
        queries.require(holding, "incidents.confirm_grade", at=NOW, place=PLACE, hazard="11B03")
    Holding.objects.filter(pk=holding).update(released_at=NOW)
    with pytest.raises(NotAllowed) as refused:
        queries.require(holding, "incidents.confirm_grade", at=NOW, place=PLACE, hazard="11B03")
    assert refused.value.code == "not_allowed"


def test_a_refused_right_is_in_the_log_and_a_question_is_not(caplog: Any) -> None:
    holding = a_holding("field_reporter", place=PLACE)
    asked: dict[str, Any] = {"at": NOW, "place": PLACE, "hazard": "11B03"}
    assert not queries.may(holding, "incidents.confirm_grade", **asked)
    assert caplog.messages == []
    with pytest.raises(NotAllowed, match="not_allowed"):
        queries.require(holding, "incidents.confirm_grade", **asked)
    assert caplog.messages == [f"refused: incidents.confirm_grade asked by holding {holding}: role"]


def test_organizations_are_found_by_name_code_and_place() -> None:
    stage = a_stage()
    row = msgspec.structs.replace(an_organization(PLACE, "x-unique"), name_zh="独有局")
    actions.add_organization(row, by=stage.operator, moment=stage.moment)
    for text in ("独有", "x-uni", "X-UNIQUE"):
        assert row.code in [o.code for o in queries.search_organizations(text)]
    assert row.code in [o.code for o in queries.list_organizations(within=ABOVE)]
    assert row.code not in [o.code for o in queries.list_organizations(within=NEXT_DOOR)]
    taken = lambda: actions.add_organization(row, by=stage.operator, moment=stage.moment)  # noqa: E731
    assert refusal(taken) == "code_taken"


def test_who_did_something_long_ago_is_still_named() -> None:
    holding: By = a_holding("duty_officer", place=PLACE, at=NOW.replace(year=2010))
    assert queries.find_authority(holding, at=NOW) is None
    assert queries.list_authorities([holding])[holding].role == "duty_officer"


def test_retrying_what_has_not_failed_or_works_again_is_refused() -> None:
    stage = a_stage()
    call = lambda: actions.retry_reaction(  # noqa: E731
        uuid.uuid4(), "incidents.fuse_reports", by=stage.operator, moment=stage.moment
    )
    assert refusal(call) == "nothing_failed"


def test_a_search_with_odd_characters_finds_nothing_and_breaks_nothing() -> None:
    assert queries.search_organizations("\0") == queries.search_organizations("  ") == []
    assert queries.search_organizations("%'\0\"") == []
