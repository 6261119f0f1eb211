"""Files into a register: good lines taken, wrong ones handed back with why, nothing doubled, all undone."""

import uuid
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies.queries import NotAllowed, get_authority
from jingwei.apps.journal import queries as journal
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import ImportAdvanced
from jingwei.apps.registers.models import Change, Import
from jingwei.apps.registers.rules import RegisterRefused
from jingwei.apps.resources.models import Team
from jingwei.apps.resources.registers import TEAMS
from tests import rights
from tests.refusing import refusing

pytestmark = pytest.mark.django_db

M = rights.moment()
HEAD = ("队伍名称*", "行政区划", "类别", "人数（人）", "电话")
GOOD = (("一队", "410182", "抗洪抢险队伍", "１２", "13612342071"), ("二队", "荥阳市", "PRO-FLOOD", "", ""))


@pytest.fixture
def keeper() -> uuid.UUID:
    return rights.a_holding("duty_officer", place=rights.PLACE)


def begin(by: uuid.UUID, lines: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> uuid.UUID:
    return actions.begin_import("teams", "队伍.xlsx", head, list(enumerate(lines, 2)), by=by, moment=M)


def carry_on() -> None:
    machine = rights.a_holding("machine", kind="machine")
    while actions.carry_on_imports(by=machine, moment=M):
        pass


def take_in(by: uuid.UUID, lines: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> Import:
    import_id = begin(by, lines, head)
    matched = queries.propose_columns(TEAMS, head) | {"0": "name"}
    actions.order_import(import_id, matched, by=by, moment=M)
    carry_on()
    return Import.objects.get(pk=import_id)


def counts(row: Import) -> tuple[int, int, int, int]:
    return row.added, row.updated, row.same, row.wrong


def wrong(row: Import) -> dict[int, list[tuple[str, str]]]:
    return {one.number: [(e.column, e.code) for e in one.errors] for one in queries.list_wrong(row.pk)}


def test_headings_are_known_by_their_names_their_units_and_what_was_said_before(keeper):
    found = queries.propose_columns(TEAMS, ("名  称", "区划", "类别", "人数（人）", "手机", "谁也不知道"))
    assert found == {"0": "name", "1": "place", "2": "kind", "3": "members", "4": "phone"}
    import_id = begin(keeper, GOOD, ("队号", "区划", "类别", "人数", "电话"))
    matched = {"0": "name", "1": "place", "2": "kind"}
    actions.order_import(import_id, matched, by=keeper, moment=M)
    again = queries.propose_columns(TEAMS, ("队号", "区划", "类别", "人数"))
    assert again == matched, "also what was left out is remembered"


def test_good_lines_are_taken_in_the_name_of_who_ordered_it(keeper):
    row = take_in(keeper, GOOD)
    assert (row.state, counts(row)) == ("done", (2, 0, 0, 0))
    one = Team.objects.get(name="一队")
    assert (one.members, one.phone, one.created_by, one.place) == (12, "13612342071", keeper, "410182")
    assert set(Change.objects.filter(batch=row.pk).values_list("by", flat=True)) == {keeper}
    steps = [said.fact.step for said in journal.list_entries(kinds=[ImportAdvanced])]
    assert steps == ["begun", "ordered", "done"]


def test_wrong_lines_are_kept_with_why_and_the_others_are_taken(keeper):
    lines = [
        *GOOD,
        ("三队", "没有的县", "抗洪抢险队伍", "很多", ""),
        ("", "410182", "抗洪抢险队伍", "1", ""),
        ("四队", "410182", "=A1", "1", ""),
        ("五队", "410181", "抗洪抢险队伍", "1", ""),
        ("六队", "410182"),
        ("一队", "410182", "抗洪抢险队伍", "99", ""),
    ]
    row = take_in(keeper, lines)
    assert counts(row) == (2, 0, 0, 6)
    assert wrong(row) == {
        4: [("place", "cell_no_place"), ("members", "cell_no_number")],
        5: [("name", "cell_missing")],
        6: [("kind", "cell_formula")],
        7: [("place", "cell_not_yours")],
        8: [("kind", "cell_missing")],
        9: [("name", "cell_double")],
    }
    assert Team.objects.get(name="一队").members == 12


def test_what_comes_again_is_brought_up_to_date_and_not_doubled(keeper):
    take_in(keeper, GOOD)
    row = take_in(keeper, [("一 队", "410182", "抗洪抢险队伍", "30", "136****71"), GOOD[1]])
    assert counts(row) == (0, 1, 1, 0)
    assert Team.objects.count() == 2
    one = Team.objects.get(name="一 队")
    assert (one.members, one.phone) == (30, "13612342071"), "a masked cell of our own file says nothing"
    row = take_in(keeper, [("一队", "410182", "", "", "")])
    assert Team.objects.filter(members=30).exists(), "an empty cell leaves what stands"


def test_a_whole_import_is_taken_back_but_for_what_was_changed_since(keeper):
    take_in(keeper, [("旧队", "410182", "抗洪抢险队伍", "5", "")])
    row = take_in(keeper, [*GOOD, ("旧队", "410182", "抗洪抢险队伍", "6", "")])
    touched = Team.objects.get(name="二队")
    actions.change_row("teams", touched.pk, {"kind": "FIRE"}, version=1, by=keeper, moment=M)
    actions.undo_import(row.pk, by=keeper, moment=M)
    carry_on()
    row.refresh_from_db()
    assert (row.state, row.kept) == ("undone", 1)
    standing = set(Team.objects.filter(removed_at=None).values_list("name", "members"))
    assert standing == {("二队", None), ("旧队", 5)}
    again = take_in(keeper, GOOD[:1])
    assert counts(again) == (1, 0, 0, 0)


def test_more_lines_are_not_taken_back_by_more_queries(keeper, monkeypatch):
    from jingwei.apps.registers.actions import carrying

    def asked(count: int) -> int:
        row = take_in(keeper, [(f"{count}队{n}", "410182", "抗洪抢险队伍", "5", "") for n in range(count)])
        actions.undo_import(row.pk, by=keeper, moment=M)
        with CaptureQueriesContext(connection) as seen:
            carry_on()
        row.refresh_from_db()
        assert (row.state, row.kept) == ("undone", 0)
        return len(seen)

    few, many = asked(5), asked(60)
    assert many <= few + 3
    monkeypatch.setattr(carrying, "_at_once", lambda _register: 1)
    assert asked(20) > few + 20, "canary: line by line each asks anew"


def test_an_import_may_be_left_and_goes_on(keeper, monkeypatch):
    from jingwei.apps.registers.actions import carrying, importing

    monkeypatch.setattr(carrying, "AT_ONCE", 3)
    monkeypatch.setattr(importing, "TICK_S", -1.0)
    import_id = begin(keeper, [(f"{n}队", "410182", "抗洪抢险队伍") for n in range(8)])
    actions.order_import(import_id, {"0": "name", "1": "place", "2": "kind"}, by=keeper, moment=M)
    monkeypatch.setattr(importing, "perf_counter", iter(range(1000)).__next__)
    machine, seen = rights.a_holding("machine", kind="machine"), []
    monkeypatch.setattr(importing, "TICK_S", 1.5)
    for _ in range(6):
        actions.carry_on_imports(by=machine, moment=M)
        card = queries.find_import(TEAMS, import_id, authority=get_authority(keeper, at=M.at))
        seen.append((card.state, card.done))
    assert seen[0] == ("running", 3) and seen[-1] == ("done", 8)


def test_who_lost_the_right_meanwhile_writes_nothing_more(keeper):
    from jingwei.apps.agencies.models import Holding

    import_id = begin(keeper, GOOD)
    actions.order_import(import_id, queries.propose_columns(TEAMS, HEAD) | {"0": "name"}, by=keeper, moment=M)
    Holding.objects.filter(pk=keeper).update(released_at=M.at)
    carry_on()
    row = Import.objects.get(pk=import_id)
    assert counts(row) == (0, 0, 0, 2) and wrong(row)[2] == [("place", "cell_not_yours")]


def test_what_an_import_needs_is_asked_before(keeper):
    with refusing(RegisterRefused, "import_empty_missing"):
        begin(keeper, [])
    import_id = begin(keeper, GOOD)
    with refusing(RegisterRefused, "key_column_missing"):
        actions.order_import(import_id, {"0": "name"}, by=keeper, moment=M)
    with refusing(RegisterRefused, "column_twice"):
        actions.order_import(import_id, {"0": "name", "1": "name"}, by=keeper, moment=M)
    with refusing(RegisterRefused, "import_elsewhere"):
        actions.undo_import(import_id, by=keeper, moment=M)
    with refusing(RegisterRefused, "import_unknown"):
        actions.undo_import(uuid.uuid4(), by=keeper, moment=M)
    elsewhere = rights.a_holding("duty_officer", place=rights.NEXT_DOOR)
    with refusing(NotAllowed, "not_allowed"):
        actions.order_import(import_id, {"0": "name", "1": "place"}, by=elsewhere, moment=M)
    assert queries.find_import(TEAMS, import_id, authority=get_authority(elsewhere, at=M.at)) is None


def test_a_file_of_three_hundred_columns_is_matched(keeper):
    head = [f"栏{n}" for n in range(297)] + ["名称", "行政区划", "队伍类别"]
    lines = [[""] * 297 + ["宽队", "410182", "抗洪抢险队伍"]]
    import_id = begin(keeper, lines, head)
    matched = queries.propose_columns(TEAMS, head)
    assert matched == {"297": "name", "298": "place", "299": "kind"}
    actions.order_import(import_id, matched, by=keeper, moment=M)
    carry_on()
    assert Team.objects.filter(name="宽队").exists()
