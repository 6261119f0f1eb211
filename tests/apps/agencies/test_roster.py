"""The roster that ships: whole, marked as fictional, and able to act for every level."""

from collections import Counter

import pytest

from jingwei.apps.agencies import queries, rules
from jingwei.apps.agencies.queries.tables import get_rights
from jingwei.kernel.codes import is_kind_code, is_place_code

ROSTER = queries.read_roster("zhengzhou")
ORGANIZATIONS = {o.code: o for o in ROSTER.organizations}
POSTS = {p.code: p for p in ROSTER.posts}

#: Districts, counties and county-level cities of Zhengzhou. Source: the table of divisions.
COUNTIES = [
    "410102",
    "410103",
    "410104",
    "410105",
    "410106",
    "410108",
    "410122",
    "410181",
    "410182",
    "410183",
    "410184",
    "410185",
]


def test_codes_and_user_names_are_unique() -> None:
    names = [p.username for p in ROSTER.people if p.username]
    for values in ([o.code for o in ROSTER.organizations], [p.code for p in ROSTER.posts], names):
        assert [v for v, n in Counter(values).items() if n > 1] == []


def test_everything_refers_to_something() -> None:
    assert {p.organization for p in ROSTER.posts} <= ORGANIZATIONS.keys()
    assert {code for p in ROSTER.people for code in p.posts} <= POSTS.keys()
    assert {upper for o in ROSTER.organizations for _, upper in o.links} <= ORGANIZATIONS.keys()
    assert {line for o in ROSTER.organizations for line, _ in o.links} == set(rules.LINES)


def test_everyone_is_marked_as_fictional_and_has_no_telephone_number() -> None:
    assert all(p.fictional and not p.phone for p in ROSTER.people)
    assert all(o.fictional for o in ROSTER.organizations)


def test_scopes_roles_and_kinds_are_known() -> None:
    assert all(is_place_code(p.place) for p in ROSTER.posts)
    assert all(not p.hazard or is_kind_code(p.hazard) for p in ROSTER.posts)
    assert {p.role for p in ROSTER.posts} <= get_rights().roles.keys()
    assert {o.kind for o in ROSTER.organizations} <= set(rules.ORGANIZATION_KINDS)
    assert {p.kind for p in ROSTER.people} == {"human", "program"}


@pytest.mark.parametrize("county", COUNTIES)
def test_every_county_has_a_duty_office_with_a_leader(county: str) -> None:
    roles = {p.role for p in ROSTER.posts if p.organization == f"{county}-zbs"}
    assert {"duty_officer", "duty_chief"} <= roles


def test_every_level_down_to_the_village_has_someone_to_report() -> None:
    held = {code for p in ROSTER.people for code in p.posts}
    reaching = {len(p.place) for p in ROSTER.posts if p.code in held}
    assert reaching == {0, 2, 4, 6, 9, 12}


def test_every_role_but_the_machines_is_held_by_someone() -> None:
    held = {POSTS[code].role for p in ROSTER.people for code in p.posts}
    assert held == get_rights().roles.keys() - {"machine"}


def test_members_of_the_flood_command_hold_posts_elsewhere() -> None:
    for command in ("41-fz", "4101-fz"):
        members = [p for p in ROSTER.people if any(POSTS[c].organization == command for c in p.posts)]
        assert members
        assert all(any(POSTS[c].organization != command for c in p.posts) for p in members)


def test_the_node_is_founded_from_the_citys_operator() -> None:
    founding = queries.find_founding(ROSTER)
    assert founding is not None
    assert founding.organization.code == "4101-zbs"
    assert POSTS[founding.operator.posts[0]].place == ""


@pytest.mark.django_db
def test_every_place_of_the_roster_is_a_real_division() -> None:
    from jingwei.apps.places import queries as places

    codes = {o.place for o in ROSTER.organizations} | {p.place for p in ROSTER.posts}
    assert codes - {""} <= places.list_known_codes(codes - {""})
