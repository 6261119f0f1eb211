"""Overlays end to end: what was shown before is what the engines make of it; only of its area and days."""

from datetime import date, timedelta

import pytest

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.hazards import actions as hazards
from jingwei.apps.hazards import queries as queries_of_hazards
from jingwei.apps.hazards.facts import Overlay
from jingwei.apps.hazards.queries import find_grading_table
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.reports.facts import Claim
from jingwei.apps.sitreps import actions, queries
from jingwei.apps.sitreps.models import Obligation
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told
from tests.rights import a_holding

pytestmark = pytest.mark.django_db

CITY, PROVINCE = "4101", "41"


def a_storm(deaths: int = 12, place: str = CITY, **changes) -> Incident:
    given = {"kind": "11B03", "place": place, "channel": "official"} | changes
    figures = (Claim(measure="deaths", value=deaths, unit="person"),)
    (answer,) = receive(told("暴雨", figures=figures, **given), by=holding_of("lisiyuan"))
    settle()
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


def a_draft(rule_id: str, value: str, place: str = CITY, **changes) -> Overlay:
    table = "grading-rules" if rule_id.startswith("GR") else "reporting-deadlines"
    given = {"table": table, "rule_id": rule_id, "place": place, "value": value,
             "valid_from": date(2021, 1, 1), "reason": "市里要求更严", "basis": "市总体预案"}  # fmt: skip
    return Overlay(**given | changes)


def lay(draft: Overlay, **given):
    """Proposed by one person and confirmed by another; then all that follows from it."""
    by = a_holding("duty_chief", place=draft.place, at=STORM)
    found = hazards.propose_overlay(draft, by=by, moment=a_moment(), **given)
    other = a_holding("duty_chief", place=draft.place, at=STORM)
    hazards.confirm_overlay(found, version=1, by=other, moment=a_moment())
    settle()
    return found


def trial(draft: Overlay | None, place: str = CITY, without: str = ""):
    return queries.try_overlay(place, draft=draft, without=without, authority=authority_of("hejing"))


def key_of(change) -> str:
    return f"{change.rule_id} {change.from_organization} {change.to_organization}"


def due(row: Incident) -> dict[str, object]:
    found = Obligation.objects.filter(incident=row, state="open")
    return {f"{o.rule_id} {o.from_organization} {o.to_organization}": o.due_at for o in found}


def test_a_stricter_deadline_moves_the_clock_of_an_open_incident_and_was_shown_before():
    row = a_storm()
    before = due(row)
    draft = a_draft("HN-02", "20")
    shown = trial(draft)
    (effect,) = shown.effects
    assert effect.before.id == row.id and not effect.graded_anew
    assert {(c.rule_id, c.what) for c in effect.clocks} == {("HN-02", "sooner")}
    assert due(row) == before  # nothing was written
    lay(draft)
    after = due(row)
    moved = {key for key in before if after.get(key) != before[key]}
    assert moved and {key.split()[0] for key in moved} == {"HN-02"}
    for change in effect.clocks:
        key = key_of(change)
        assert (before[key], after[key]) == (change.before, change.after)
        assert change.before - change.after == timedelta(minutes=15)


def test_a_lower_threshold_grades_an_open_incident_anew_and_its_clocks_follow():
    row = a_storm(deaths=12)
    assert row.proposed_grade == 2
    draft = a_draft("GR142", "12")
    (effect,) = trial(draft).effects
    assert (effect.before.grade, effect.after.grade) == (2, 1)
    owed = set(due(row))
    lay(draft)
    row.refresh_from_db()
    assert (row.proposed_grade, row.proposed_clauses) == (1, ["GR142"])
    keys = {what: {key_of(c) for c in effect.clocks if c.what == what} for what in ("gone", "new")}
    gone, new = keys["gone"], keys["new"]
    assert set(due(row)) == owed - gone | new
    clause = next(r.clause for r in find_grading_table("11B03", date(2021, 7, 20), CITY).rows
                  if r.clause.rule_id == "GR142")  # fmt: skip
    assert clause.value == "12" and clause.overlay


def test_taken_back_the_rule_holds_again_and_that_was_shown_too():
    row = a_storm()
    before = due(row)
    found = lay(a_draft("HN-02", "20"))
    (effect,) = trial(None, without=str(found)).effects
    assert {(c.rule_id, c.what) for c in effect.clocks} == {("HN-02", "later")}
    by = a_holding("duty_chief", place=CITY, at=STORM)
    hazards.withdraw_overlay(found, reason="写错", version=2, by=by, moment=a_moment())
    settle()
    assert due(row) == before


def test_ended_early_the_clock_goes_back_as_was_shown_and_so_it_does_when_that_is_undone():
    row = a_storm()
    before = due(row)
    found = lay(a_draft("HN-02", "20"))
    during = due(row)
    by = a_holding("duty_chief", place=CITY, at=STORM)
    laid = queries_of_hazards.find_overlay(found, authority=authority_of("hejing"))
    ended = queries_of_hazards.check_end(laid, date(2021, 7, 19))
    (effect,) = trial(ended, without=str(found)).effects
    assert {(c.rule_id, c.what) for c in effect.clocks} == {("HN-02", "later")}
    hazards.end_overlay(found, last=date(2021, 7, 19), reason="文件废止", version=2, by=by, moment=a_moment())
    settle()
    assert due(row) == before
    hazards.undo_overlay_end(found, reason="没有废止", version=3, by=by, moment=a_moment())
    settle()
    assert due(row) == during != before


def test_an_end_behind_the_event_changes_nothing_of_it():
    row = a_storm()
    found = lay(a_draft("HN-02", "20"))
    during = due(row)
    laid = queries_of_hazards.find_overlay(found, authority=authority_of("hejing"))
    ended = queries_of_hazards.check_end(laid, date(2022, 1, 1))
    assert trial(ended, without=str(found)).effects == ()
    by = a_holding("duty_chief", place=CITY, at=STORM)
    hazards.end_overlay(found, last=date(2022, 1, 1), reason="文件废止", version=2, by=by, moment=a_moment())
    settle()
    assert due(row) == during


def test_an_event_is_judged_by_the_rules_of_its_day_and_place():
    row = a_storm()
    before = due(row)
    for draft in (a_draft("HN-02", "20", valid_from=date(2021, 7, 21)),
                  a_draft("HN-02", "20", valid_from=date(2020, 1, 1), valid_to=date(2021, 7, 20)),
                  a_draft("HN-02", "20", place="4103")):  # fmt: skip
        assert trial(draft, draft.place).effects == ()
        lay(draft)
        assert due(row) == before


def test_what_was_met_or_is_late_stays():
    row = a_storm()
    one = Obligation.objects.filter(incident=row, rule_id="HN-02", state="open").first()
    actions.meet_obligation(one.id, words="电话已报", by=holding_of("lisiyuan"), moment=a_moment())
    draft = a_draft("HN-02", "20")
    left = {c.to_organization for e in trial(draft).effects for c in e.clocks if c.from_organization ==
            one.from_organization}  # fmt: skip
    assert one.to_organization not in left
    lay(draft)
    one.refresh_from_db()
    assert one.state == "met"


def test_a_new_incident_gets_the_areas_own_clock():
    lay(a_draft("HN-02", "20"))
    row = a_storm()
    found = Obligation.objects.filter(incident=row, rule_id="HN-02")
    assert {(o.due_at - o.trigger_at) for o in found} == {timedelta(minutes=20)}


def test_the_next_of_a_series_keeps_the_areas_own_time():
    lay(a_draft("ND-03", "720"))
    row = a_storm()
    first = Obligation.objects.filter(incident=row, rule_id="ND-03", state="open").first()
    assert first.due_at - first.trigger_at == timedelta(hours=12)
    actions.watch_clocks(by=get_machine(), moment=a_moment(first.due_at + timedelta(minutes=1)))
    rows = Obligation.objects.filter(incident=row, rule_id="ND-03", from_organization=first.from_organization)
    assert [o.due_at for o in rows.order_by("due_at")][:2] == [
        first.due_at, first.due_at + timedelta(hours=12)
    ]  # fmt: skip


def test_a_series_that_runs_already_moves_from_the_report_before_as_was_shown():
    row = a_storm()
    first = Obligation.objects.filter(incident=row, rule_id="ND-03", state="open").first()
    at = first.due_at + timedelta(minutes=1)
    actions.watch_clocks(by=get_machine(), moment=a_moment(at))
    series = Obligation.objects.filter(
        incident=row, rule_id="ND-03", state="open", from_place=first.from_place
    )
    assert [o.due_at for o in series] == [first.due_at + timedelta(hours=24)]
    draft = a_draft("ND-03", "720")
    (effect,) = trial(draft).effects
    moved = {c.after for c in effect.clocks if c.from_place == first.from_place}
    assert moved == {first.due_at + timedelta(hours=12)}
    lay(draft)
    assert {o.due_at for o in series.all()} == moved


def test_canary_without_the_overlays_nothing_moves(monkeypatch):
    """Takes the overlays out of what computes the clocks: then no clock moves, so it was their work."""
    from jingwei.apps.hazards.facts import Laid

    row = a_storm()
    before = due(row)
    monkeypatch.setattr(Laid, "over", lambda self, rows, place, on: list(rows))
    lay(a_draft("HN-02", "20"))
    assert due(row) == before
