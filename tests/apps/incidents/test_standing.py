"""Incidents on the map as they stood at a time: opened by then, not closed by then, graded as then."""

from datetime import timedelta

import pytest

from jingwei.apps.incidents import actions, queries
from jingwei.apps.incidents.models import Incident
from jingwei.apps.incidents.queries import standing
from jingwei.engines.cells import WORLD, Grid
from tests.builders import STORM, a_moment, an_incident, authority_of, holding_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def an_open_one(n: int = 0, **changes: object) -> Incident:
    return an_incident(**{"lon": 113.6 + n / 10, "lat": 34.7, "title_zh": f"事件{n}", **changes})


def chief(hours: float) -> dict:
    return {"by": holding_of("hejing"), "moment": a_moment(STORM + hours * HOUR)}


def titles(hours: float | None = None, user: str = "hejing") -> list[str]:
    at = None if hours is None else STORM + hours * HOUR
    authority = authority_of(user)
    found = queries.list_standing_points(WORLD, authority=authority, at=at, limit=100)
    cells = queries.count_standing_cells(WORLD, Grid(8), authority=authority, at=at)
    assert sum(cell.count for cell in cells) == len(found)
    return sorted(line.title_zh for line in found)


def version(row: Incident) -> int:
    row.refresh_from_db()
    return row.version


def test_now_it_is_what_is_open_and_has_a_point():
    an_open_one(0)
    an_open_one(1, state="closed")
    an_open_one(2, lon=None, lat=None)
    assert titles() == ["事件0"]


def test_an_incident_stands_from_its_opening_to_its_closing_and_again_when_reopened():
    row = an_open_one(0)
    actions.close_incident(row.id, reason="已处置", version=version(row), **chief(2))
    actions.reopen_incident(row.id, reason="复燃", version=version(row), **chief(4))
    actions.close_incident(row.id, reason="已处置", version=version(row), **chief(6))
    assert [titles(h) for h in (-1, 0, 1, 3, 5, 7)] == [[], ["事件0"], ["事件0"], [], ["事件0"], []]
    assert titles() == []


def test_at_the_very_moment_of_closing_it_is_closed():
    row = an_open_one(0)
    actions.close_incident(row.id, reason="已处置", version=version(row), **chief(2))
    assert titles(2) == [] and titles(1.999) == ["事件0"]


def test_what_was_merged_later_stood_by_itself_before():
    one, two = an_open_one(0), an_open_one(1)
    versions = {one.id: version(one), two.id: version(two)}
    actions.merge_incidents([two.id], one.id, reason="同一件事", versions=versions, **chief(3))
    assert titles(2) == ["事件0", "事件1"] and titles(4) == ["事件0"] == titles()


def test_the_grade_is_the_one_held_then():
    row = an_open_one(0)
    actions.judge_grade(row.id, grade=3, reason="现场判断", version=version(row), **chief(1))
    actions.confirm_grade(row.id, grade=2, reason="核实", version=version(row), **chief(3))

    def grade(hours: float) -> tuple[int | None, str]:
        at = STORM + hours * HOUR
        (line,) = queries.list_standing_points(WORLD, authority=authority_of("hejing"), at=at, limit=9)
        found = queries.list_standing_by_id([str(row.id)], authority=authority_of("hejing"), at=at)
        assert found[str(row.id)] == line
        return line.grade, line.grade_state

    assert grade(0.5) == (None, "not_gradable")
    assert grade(2) == (3, "preliminary")
    assert grade(4) == (2, "confirmed")


def test_another_city_is_not_seen_then_either():
    an_open_one(0)
    an_open_one(1, place="4103")
    assert titles(1, "hejing") == ["事件0"]


def test_canary_without_the_changes_since_the_closed_one_is_missing(monkeypatch):
    row = an_open_one(0)
    actions.close_incident(row.id, reason="已处置", version=version(row), **chief(2))
    assert titles(1) == ["事件0"]
    monkeypatch.setattr(standing, "_states_then", lambda at: {})
    assert titles(1) == []
