"""An area's own standard: its estimates change as was shown before, only its own, and back again."""

from datetime import date

import pytest

from jingwei.apps.hazards import actions as hazards
from jingwei.apps.hazards.facts import Laid, Overlay
from jingwei.apps.hazards.rules import RulesRefused
from jingwei.apps.needs import actions, queries
from jingwei.apps.needs.models import Need
from tests.apps.needs.acts import act, line
from tests.apps.needs.test_needs import adopt, an_incident, estimates
from tests.builders import STORM, a_moment, authority_of, settle
from tests.rights import a_holding

pytestmark = pytest.mark.django_db


def a_draft(value: str, rule_id: str = "DS001", place: str = "4101", **changes) -> Overlay:
    given = {"table": "demand-standards", "rule_id": rule_id, "place": place, "value": value,
             "valid_from": date(2021, 1, 1), "reason": "缺水地区", "basis": "市救助预案"}  # fmt: skip
    return Overlay(**given | changes)


def lay(draft: Overlay, **given):
    by = a_holding("duty_chief", place=draft.place, at=STORM)
    found = hazards.propose_overlay(draft, by=by, moment=a_moment(), **given)
    other = a_holding("duty_chief", place=draft.place, at=STORM)
    hazards.confirm_overlay(found, version=1, by=other, moment=a_moment())
    settle()
    return found


def trial(draft: Overlay | None, without: str = "", place: str = "4101"):
    return queries.try_standard(place, draft=draft, without=without, authority=authority_of("hejing"))


def quantities(incident) -> dict[str, int]:
    return {code: row.quantity for code, row in estimates(incident).items()}


def test_an_areas_own_standard_changes_its_estimates_as_was_shown_and_back_again():
    incident = an_incident()
    adopt(incident, 1001)
    before = quantities(incident)
    (change,) = trial(a_draft("20"))
    assert (change.standard.rule_id, change.people, change.before, change.after) == (
        "DS001", 1001, 45_045, 60_060
    )  # fmt: skip
    assert quantities(incident) == before, "nothing was written"
    found = lay(a_draft("20"))
    assert quantities(incident) == before | {"DS001": 60_060}
    (back,) = trial(None, without=str(found))
    assert (back.before, back.after) == (60_060, 45_045)
    by = a_holding("duty_chief", place="4101", at=STORM)
    hazards.withdraw_overlay(found, reason="写错", version=2, by=by, moment=a_moment())
    settle()
    assert quantities(incident) == before


def test_other_areas_other_days_and_what_a_person_confirmed_stay():
    incident = an_incident()
    adopt(incident, 1001)
    actions.confirm_need(estimates(incident)["DS001"].pk, **act())
    held = line(Need.objects.get(incident=incident, standard="DS001").pk)
    before = quantities(incident)
    for draft in (a_draft("20", place="4103"), a_draft("20", valid_from=date(2022, 1, 1))):
        assert trial(draft, place=draft.place) == []
        lay(draft)
    assert quantities(incident) == before
    lay(a_draft("4", "DS008"))
    assert quantities(incident) == before | {"DS008": 251}
    assert line(held.id).quantity == held.quantity


@pytest.mark.parametrize(
    ("rule_id", "value", "code"),
    [
        ("DS001", "10", "overlay_weaker_missing"),  # less water a day
        ("DS008", "40", "overlay_weaker_missing"),  # more people to a toilet
        ("DS008", "0", "overlay_value_missing"),
        ("DS002", "8", "overlay_fixed"),  # shown, never estimated by
        ("NC001", "2", "overlay_fixed"),
    ],
)
def test_what_asks_less_than_the_standard_and_what_has_no_figure(rule_id, value, code):
    by = a_holding("duty_chief", place="4101", at=STORM)
    with pytest.raises(RulesRefused) as no:
        hazards.propose_overlay(a_draft(value, rule_id), by=by, moment=a_moment())
    assert no.value.code == code


def test_canary_without_the_overlay_in_what_computes_nothing_changes(monkeypatch):
    incident = an_incident()
    adopt(incident, 1001)
    before = quantities(incident)
    monkeypatch.setattr(Laid, "over", lambda self, rows, place, on: list(rows))
    lay(a_draft("20"))
    assert quantities(incident) == before
