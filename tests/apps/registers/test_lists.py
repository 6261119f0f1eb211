"""Lists of a register: by place and name, page by page without loss, found by characters and initials."""

import uuid

import pytest

from jingwei.apps.agencies.queries import get_authority
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Sought
from jingwei.apps.resources.registers import TEAMS
from tests import rights

pytestmark = pytest.mark.django_db

M = rights.moment()
#: What the post of one county sees: its own, what lies within, and what covers it.
SEEN = [("41", "省队"), ("4101", "市队"), ("410182", "甲队"), ("410182", "乙队"), ("410182109", "镇队")]


def teams(rows: list[tuple[str, str]]) -> None:
    by = rights.a_holding("operator")
    for place, name in rows:
        actions.add_row("teams", {"name": name, "place": place, "kind": "PRO-FLOOD"}, by=by, moment=M)


def own(place: str = rights.PLACE):
    return get_authority(rights.a_holding("duty_officer", place=place), at=M.at)


def names(sought: Sought = Sought(), place: str = rights.PLACE) -> set[str]:  # noqa: B008 - frozen
    return {r.values["name"] for r in queries.list_rows(TEAMS, sought, authority=own(place)).rows}


def pages(sought: Sought, authority, limit: int) -> list[list[str]]:
    found, after = [], ""
    while True:
        page = queries.list_rows(TEAMS, sought, authority=authority, after=after, limit=limit)
        found.append([r.values["name"] for r in page.rows])
        after = page.next
        if not after:
            return found


def test_a_post_sees_its_own_area_what_lies_within_and_what_covers_it():
    teams([*SEEN, ("410181", "邻县队"), ("4103", "外市队")])
    assert names() == {name for _, name in SEEN}
    assert names(place="") == {name for _, name in SEEN} | {"邻县队", "外市队"}
    assert queries.count_rows(TEAMS, Sought(), authority=own()) == len(SEEN)


def test_a_place_narrows_the_list_and_never_widens_it():
    teams([*SEEN, ("410181", "邻县队")])
    assert names(Sought(place="410182109")) == {"镇队"}
    assert names(Sought(place="410181")) == set()
    assert names(Sought(place="4101")) == {"市队"}


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 50])
@pytest.mark.parametrize("order", ["place", "stale"])
def test_pages_hold_every_row_once_whatever_their_length(limit, order):
    teams([*SEEN, ("410182", "甲队二"), ("410182", "丙"), ("410182001", "丙")])
    found = pages(Sought(order=order), own(), limit)
    flat = [name for page in found for name in page]
    assert len(flat) == 8 and sorted(flat) == sorted([n for _, n in SEEN] + ["甲队二", "丙", "丙"])
    assert all(len(page) == limit for page in found[:-1])


def test_rows_of_one_name_and_place_are_told_apart_by_their_id():
    teams([("410182", f"队{n:02}") for n in range(12)])
    from jingwei.apps.resources.models import Team

    Team.objects.update(name="同名")
    flat = [name for page in pages(Sought(), own(), 5) for name in page]
    assert flat == ["同名"] * 12


@pytest.mark.parametrize("after", ["x", "!!!", "W10", "WyJhIl0", "ImEi", "\x00", "WyI0MSIsInkiLCJ6Il0"])
def test_a_page_from_nowhere_is_the_first(after):
    teams(SEEN[:2])
    page = queries.list_rows(TEAMS, Sought(), authority=own(), after=after)
    assert len(page.rows) == 2


@pytest.mark.parametrize("text", ["乙队", "乙", "yd", "YD", "ＹＤ", "y", "乙 队"])
def test_a_row_is_found_by_characters_and_by_first_letters(text):
    teams(SEEN)
    assert "乙队" in names(Sought(text=text))


@pytest.mark.parametrize("text", ["丁队", "yx", "%", "_", "\x00yyy"])
def test_what_is_not_there_is_not_found(text):
    teams(SEEN)
    assert names(Sought(text=text)) == set()


def test_the_word_chooses_how_a_character_is_read():
    teams([("410182", "重庆路队"), ("410182", "重型救援队")])
    assert names(Sought(text="cql")) == {"重庆路队"}
    assert names(Sought(text="zxj")) == {"重型救援队"}


def test_filters_and_what_was_not_confirmed_for_long():
    teams(SEEN)
    by = rights.a_holding("operator")
    later = rights.moment(rights.NOW.replace(day=25))
    line = queries.list_rows(TEAMS, Sought(text="乙队"), authority=own()).rows[0]
    actions.change_row("teams", line.id, {"state": "out"}, version=1, by=by, moment=later)
    assert names(Sought(equal={"state": "out"})) == {"乙队"}
    assert names(Sought(equal={"phone": "x"})) == {n for _, n in SEEN}, "only declared filters filter"
    assert "乙队" not in names(Sought(stale_before=rights.NOW.replace(day=22).isoformat()))
    assert len(names(Sought(stale_before=rights.NOW.replace(day=22).isoformat()))) == len(SEEN) - 1


def test_a_row_elsewhere_is_not_found():
    teams([("410181", "邻县队")])
    from jingwei.apps.resources.models import Team

    row = Team.objects.get()
    assert queries.find_row(TEAMS, row.pk, authority=own()) is None
    assert queries.find_row(TEAMS, uuid.uuid4(), authority=own("")) is None
    assert queries.find_row(TEAMS, row.pk, authority=own("4101")) is not None


def test_a_page_far_down_asks_as_much_as_the_first(django_assert_max_num_queries):
    teams([("410182", f"队{n:03}") for n in range(60)])
    authority = own()
    first = queries.list_rows(TEAMS, Sought(), authority=authority, limit=20)
    with django_assert_max_num_queries(12):
        queries.list_rows(TEAMS, Sought(), authority=authority, after=first.next, limit=20)
