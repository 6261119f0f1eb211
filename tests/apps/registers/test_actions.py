"""Rows of a register: entered, changed, struck and undone, each on the record, none overwritten unseen."""

import uuid

import pytest

from jingwei.apps.agencies.models import Holding, Organization
from jingwei.apps.agencies.queries import NotAllowed, get_authority
from jingwei.apps.journal import queries as journal
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import RowChanged, RowRevealed, Sought
from jingwei.apps.registers.models import Change, SavedView
from jingwei.apps.registers.rules import RegisterRefused
from jingwei.apps.resources.models import Team
from jingwei.apps.resources.registers import TEAMS
from tests import rights
from tests.refusing import refusing

pytestmark = pytest.mark.django_db

M = rights.moment()


@pytest.fixture
def keeper() -> uuid.UUID:
    return rights.a_holding("duty_officer", place=rights.PLACE)


def a_team(by: uuid.UUID, name: str = "荥阳市抢险队", **values: object) -> uuid.UUID:
    given = {"name": name, "place": rights.PLACE, "kind": "PRO-FLOOD", "members": 20, "phone": "13612342071"}
    return actions.add_row("teams", given | values, by=by, moment=M)


def history(row_id: uuid.UUID) -> list[str]:
    return [c.what for c in queries.list_changes(TEAMS, row_id)]


def test_a_row_is_entered_with_its_fact_and_what_it_is_found_by(keeper):
    row = Team.objects.get(pk=a_team(keeper))
    assert (row.version, row.home, row.removed_at) == (1, journal.get_node(), None)
    assert "荥阳市抢险队" in row.found_by and "xysqxd" in row.found_by
    assert "13612342071" not in row.found_by
    (said,) = journal.list_entries(kinds=[RowChanged])
    assert (said.fact.what, said.fact.register, said.fact.row_id) == ("added", "teams", str(row.pk))
    assert "phone" in said.fact.columns


def test_facts_hold_no_content_of_a_row(keeper):
    row = a_team(keeper, leader="王小明")
    actions.change_row("teams", row, {"phone": "13900000000"}, version=1, by=keeper, moment=M)
    from jingwei.apps.journal.models import Entry

    bodies = str(list(Entry.objects.filter(kind=RowChanged.KIND).values_list("body", "rows")))
    assert "136" + "12342071" not in bodies and "王小明" not in bodies and "13900000000" not in bodies


def test_the_same_row_is_not_entered_twice(keeper):
    a_team(keeper)
    with refusing(RegisterRefused, "row_double"):
        a_team(keeper, "荥阳市　抢险队")  # the same but for white space
    a_team(keeper, "荥阳市抢险队", place="410182109")


def test_canary_without_the_look_for_doubles_the_table_itself_refuses(keeper, monkeypatch):
    from django.db import IntegrityError

    from jingwei.apps.registers.actions import rows

    a_team(keeper)
    monkeypatch.setattr(rows, "check_duplicate", lambda *_: None)
    with pytest.raises(IntegrityError):
        a_team(keeper)


def test_what_must_be_there_must_be_there(keeper):
    with refusing(RegisterRefused, "row_incomplete"):
        actions.add_row("teams", {"name": "x", "place": rights.PLACE}, by=keeper, moment=M)
    row = a_team(keeper)
    with refusing(RegisterRefused, "row_incomplete"):
        actions.change_row("teams", row, {"kind": ""}, version=1, by=keeper, moment=M)


def test_an_unknown_register_and_row_are_refused(keeper):
    with refusing(RegisterRefused, "register_unknown"):
        actions.add_row("dragons", {}, by=keeper, moment=M)
    with refusing(RegisterRefused, "row_unknown"):
        actions.confirm_row("teams", uuid.uuid4(), by=keeper, moment=M)


def test_who_was_slower_is_told_and_overwrites_nothing(keeper):
    row = a_team(keeper)
    actions.change_row("teams", row, {"members": 30}, version=1, by=keeper, moment=M)
    with refusing(RegisterRefused, "changed_meanwhile"):
        actions.change_row("teams", row, {"members": 40}, version=1, by=keeper, moment=M)
    assert Team.objects.get(pk=row).members == 30


def test_a_change_without_a_difference_leaves_no_trace(keeper):
    row = a_team(keeper)
    before = journal.count_entries()
    assert actions.change_row("teams", row, {"members": 20}, version=1, by=keeper, moment=M) is None
    assert journal.count_entries() == before and history(row) == ["added"]


def test_a_change_is_undone_and_the_undoing_too(keeper):
    row = a_team(keeper)
    change = actions.change_row("teams", row, {"members": 30, "state": "out"}, version=1, by=keeper, moment=M)
    undone = actions.undo_change(change, by=keeper, moment=M)
    assert (Team.objects.get(pk=row).members, Team.objects.get(pk=row).state) == (20, "")
    actions.undo_change(undone, by=keeper, moment=M)
    assert (Team.objects.get(pk=row).members, Team.objects.get(pk=row).state) == (30, "out")
    assert history(row) == ["undone", "undone", "changed", "added"]


def test_nothing_newer_is_lost_by_undoing(keeper):
    row = a_team(keeper)
    change = actions.change_row("teams", row, {"members": 30}, version=1, by=keeper, moment=M)
    actions.change_row("teams", row, {"members": 40}, version=2, by=keeper, moment=M)
    with refusing(RegisterRefused, "undo_overtaken"):
        actions.undo_change(change, by=keeper, moment=M)
    assert Team.objects.get(pk=row).members == 40


def test_a_later_change_of_another_column_does_not_stand_in_the_way(keeper):
    row = a_team(keeper)
    change = actions.change_row("teams", row, {"members": 30}, version=1, by=keeper, moment=M)
    actions.change_row("teams", row, {"state": "out"}, version=2, by=keeper, moment=M)
    actions.undo_change(change, by=keeper, moment=M)
    found = Team.objects.get(pk=row)
    assert (found.members, found.state) == (20, "out")


def test_a_row_struck_through_stays_and_comes_back(keeper):
    row = a_team(keeper)
    with refusing(RegisterRefused, "reason_missing"):
        actions.strike_row("teams", row, reason="  ", by=keeper, moment=M)
    struck = actions.strike_row("teams", row, reason="已解散", by=keeper, moment=M)
    own = get_authority(keeper, at=M.at)
    assert queries.list_rows(TEAMS, Sought(), authority=own).rows == []
    assert len(queries.list_rows(TEAMS, Sought(struck=True), authority=own).rows) == 1
    assert [w.words for w in queries.list_comments(row)] == ["已解散"]
    with refusing(RegisterRefused, "row_struck"):
        actions.change_row("teams", row, {"members": 1}, version=2, by=keeper, moment=M)
    actions.undo_change(struck, by=keeper, moment=M)
    assert Team.objects.get(pk=row).removed_at is None


def test_a_row_does_not_come_back_beside_its_double(keeper):
    row = a_team(keeper)
    struck = actions.strike_row("teams", row, reason="登记有误", by=keeper, moment=M)
    a_team(keeper)
    with refusing(RegisterRefused, "row_double"):
        actions.undo_change(struck, by=keeper, moment=M)


def test_undoing_an_entry_strikes_the_row_and_undoing_that_brings_it_back(keeper):
    row = a_team(keeper)
    added = Change.objects.get(row_id=row).pk
    undone = actions.undo_change(added, by=keeper, moment=M)
    assert Team.objects.get(pk=row).removed_at is not None
    actions.undo_change(undone, by=keeper, moment=M)
    assert Team.objects.get(pk=row).removed_at is None


def test_an_unknown_change_is_refused(keeper):
    with refusing(RegisterRefused, "change_unknown"):
        actions.undo_change(uuid.uuid4(), by=keeper, moment=M)


def test_confirming_moves_only_the_time(keeper):
    row = a_team(keeper)
    later = rights.moment(rights.NOW.replace(day=25))
    actions.confirm_row("teams", row, by=keeper, moment=later)
    found = Team.objects.get(pk=row)
    assert found.confirmed_at == later.at and history(row) == ["confirmed", "added"]


def test_many_rows_change_together_or_not_at_all(keeper):
    rows = [a_team(keeper, name) for name in ("一队", "二队", "三队")]
    actions.change_row("teams", rows[2], {"members": 1}, version=1, by=keeper, moment=M)
    with refusing(RegisterRefused, "changed_meanwhile"):
        actions.change_rows("teams", [(r, 1) for r in rows], {"state": "out"}, by=keeper, moment=M)
    assert set(Team.objects.values_list("state", flat=True)) == {""}
    shown = [(rows[0], 1), (rows[1], 1), (rows[2], 2)]
    batch, count = actions.change_rows("teams", shown, {"state": "out"}, by=keeper, moment=M)
    assert count == 3 and Change.objects.filter(batch=batch).count() == 3
    with refusing(RegisterRefused, "rows_missing"):
        actions.change_rows("teams", [], {"state": "out"}, by=keeper, moment=M)


def test_a_look_at_what_is_masked_is_recorded_with_its_reason(keeper):
    row = a_team(keeper, leader="王小明")
    line = queries.find_row(TEAMS, row, authority=get_authority(keeper, at=M.at))
    assert (line.values["phone"], line.values["leader"]) == ("136****71", "王**")
    assert "13612342071" not in str(queries.list_changes(TEAMS, row))
    with refusing(RegisterRefused, "reason_missing"):
        actions.reveal_row("teams", row, reason="", by=keeper, moment=M)
    seen = actions.reveal_row("teams", row, reason="调度", by=keeper, moment=M)
    assert seen == {"phone": "13612342071", "leader": "王小明"}
    (said,) = journal.list_entries(kinds=[RowRevealed])
    assert (said.fact.reason, said.by, said.fact.columns) == ("调度", keeper, ["leader", "phone"])


def test_a_row_is_not_moved_to_where_one_has_no_right(keeper):
    row = a_team(keeper)
    with refusing(NotAllowed, "not_allowed"):
        actions.change_row("teams", row, {"place": rights.NEXT_DOOR}, version=1, by=keeper, moment=M)
    assert Team.objects.get(pk=row).place == rights.PLACE


def test_a_post_that_keeps_its_own_rows_keeps_no_others():
    keeper = rights.a_holding("duty_officer", place=rights.PLACE)
    own = rights.a_holding("field_reporter", place=rights.PLACE)
    body = Holding.objects.get(pk=own).post.organization.code
    Organization.objects.create(code="other", name_zh="别家", name_en="Other", kind="enterprise")
    theirs = a_team(keeper, "别家的队", owner="other")
    ours = a_team(own, "自己的队", owner=body)
    actions.change_row("teams", ours, {"members": 9}, version=1, by=own, moment=M)
    with refusing(NotAllowed, "not_allowed"):
        actions.change_row("teams", theirs, {"members": 9}, version=1, by=own, moment=M)
    with refusing(NotAllowed, "not_allowed"):
        actions.change_row("teams", ours, {"owner": "other"}, version=2, by=own, moment=M)
    with refusing(NotAllowed, "not_allowed"):
        a_team(own, "无主的队")


def test_a_role_that_does_not_keep_this_register_is_refused(keeper, monkeypatch):
    from jingwei.apps.agencies import queries as agencies

    weather = rights.a_holding("weather_officer", place=rights.PLACE)
    grants = agencies.list_authorities([weather])[weather]
    monkeypatch.setattr(agencies, "require", lambda *_, **__: grants)
    with pytest.raises(NotAllowed) as refused:
        a_team(weather)
    assert refused.value.facts["reason"] == "role"


def test_a_view_is_kept_for_the_organization_and_forgotten(keeper):
    own = get_authority(keeper, at=M.at)
    with refusing(RegisterRefused, "view_name_missing"):
        actions.save_view("teams", " ", "q=x", by=keeper, moment=M)
    actions.save_view("teams", "待命", "q=x", by=keeper, moment=M)
    actions.save_view("teams", "待命", "q=y", by=keeper, moment=M)
    assert [(v.name, v.asked) for v in queries.list_views("teams", authority=own)] == [("待命", "q=y")]
    elsewhere = rights.a_holding("duty_officer", place=rights.NEXT_DOOR)
    view = SavedView.objects.get(removed_at=None).pk
    with refusing(NotAllowed, "not_allowed"):
        actions.forget_view(view, by=elsewhere, moment=M)
    actions.forget_view(view, by=keeper, moment=M)
    with refusing(RegisterRefused, "view_unknown"):
        actions.forget_view(view, by=keeper, moment=M)


def test_words_beside_a_row_are_kept(keeper):
    row = a_team(keeper)
    with refusing(RegisterRefused, "words_missing"):
        actions.comment_row("teams", row, "\x00 ", by=keeper, moment=M)
    actions.comment_row("teams", row, "队长换了", by=keeper, moment=M)
    assert [w.words for w in queries.list_comments(row)] == ["队长换了"]


def test_a_row_changed_behind_the_records_back_is_named_by_the_check(keeper):
    from jingwei.apps.seals.queries.digests import list_digesters

    row = Team.objects.get(pk=a_team(keeper))
    assert "resources.Team" in list_digesters("sqlite") and "registers.Change" in list_digesters("sqlite")
    before = row.digest()
    row.members = 21
    assert row.digest() != before
