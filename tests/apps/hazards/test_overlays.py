"""An area's own value for a rule: who may, what is missing, what asks less than the law."""

from datetime import date

import pytest

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.hazards import actions, models, queries
from jingwei.apps.hazards.facts import (
    DeadlineRule,
    GradingRule,
    Laid,
    Overlay,
    OverlayConfirmed,
    OverlayProposed,
    OverlayRestored,
    OverlayWithdrawn,
    laid_over,
)
from jingwei.apps.hazards.rules import RulesRefused, hazard_of, is_weaker, may_be_overlaid, read_value
from jingwei.apps.journal import queries as journal
from tests.apps.hazards.cases import a_draft
from tests.rights import a_holding, moment

ON = date(2026, 6, 1)


def a_deadline(minutes: int = 30, **changes) -> DeadlineRule:
    given = {"rule_id": "ZZ-01", "source": "SRC-X", "regime": "general", "event_scope": "all",
             "grade_scope": "all", "from_role": "county_government", "to_role": "next_higher_government",
             "trigger": "event_occurred", "limit_minutes": minutes, "mode": "any"}  # fmt: skip
    return DeadlineRule(**given | changes)


def a_threshold(op: str = ">=", value: str = "30") -> GradingRule:
    return GradingRule(
        rule_id="GR001", source="SRC-X", table="t", kind="12000", grade=1, alt_group="a", metric="deaths",
        op=op, value=value, unit="person",
    )  # fmt: skip


def an_overlay(place: str = "41", value: str = "10", **changes) -> Overlay:
    given = {"id": f"id-{place}-{value}", "table": "reporting-deadlines", "rule_id": "ZZ-01", "place": place,
             "value": value, "valid_from": date(2026, 1, 1)}  # fmt: skip
    return Overlay(**given | changes)


# --- pure ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "value", "weaker"),
    [
        (a_deadline(30), "29", False),
        (a_deadline(30), "31", True),
        (a_deadline(0), "1", True),
        (a_threshold(">="), "29", False),
        (a_threshold(">="), "31", True),
        (a_threshold("<"), "31", False),
        (a_threshold("<"), "29", True),
    ],
)
def test_what_asks_less_than_the_law(rule, value, weaker):
    assert is_weaker(rule, value) is weaker


@pytest.mark.parametrize("text", ["", "soon", "0", "-5", "1.5", "nan", "inf", "44641", "1e400"])
def test_a_deadline_takes_whole_minutes(text):
    with pytest.raises(RulesRefused) as refused:
        read_value(a_deadline(), text)
    assert refused.value.code == "overlay_value_missing"


def test_a_row_without_a_number_cannot_be_laid_over():
    assert may_be_overlaid(a_deadline()) and may_be_overlaid(a_threshold())
    assert not may_be_overlaid(a_deadline(trigger="daily 08:00 and 17:00"))
    assert not may_be_overlaid(a_threshold("judged", "true"))
    assert not may_be_overlaid(a_threshold("==", "true"))


def test_a_right_is_asked_for_the_kinds_a_row_reaches():
    assert hazard_of(a_threshold()) == "12000"
    assert hazard_of(a_deadline(event_scope="environmental")) == "12Q00"
    assert hazard_of(a_deadline(event_scope="natural_disaster")) == "11000"
    assert hazard_of(a_deadline()) == hazard_of(a_deadline(event_scope="accident+natural")) == ""


def test_the_narrowest_area_goes_before_a_wider_one_within_its_days():
    province, county = an_overlay("41", "20"), an_overlay("410182", "10", valid_to=date(2026, 7, 1))
    laid = Laid([province, county])
    assert laid.find("ZZ-01", "410182", ON) == county
    assert laid.find("ZZ-01", "410182", date(2026, 7, 1)) == province  # the last day is excluded
    assert laid.find("ZZ-01", "410181", ON) == province
    assert laid.find("ZZ-01", "4101", date(2025, 12, 31)) is None
    assert laid.find("ZZ-01", "36", ON) is laid.find("ZZ-02", "41", ON) is None
    (held,) = laid.over([a_deadline()], "410182", ON)
    assert (held.limit_minutes, held.node) == (10, county.id)
    assert laid_over(a_threshold(), an_overlay(value="29")).value == "29"


def test_a_mark_differs_where_what_holds_differs():
    laid = Laid([an_overlay("4101", "20")])
    assert laid.mark("410182", ON) != "" and laid.mark("36", ON) == Laid([]).mark("4101", ON) == ""
    many = [an_overlay("41", "5", rule_id=f"R{n}", id=f"overlay-{n}") for n in range(9)]
    assert len(Laid(many).mark("41", ON)) < 20 and Laid(many).mark("41", ON) != Laid(many[1:]).mark("41", ON)


# --- on a node -------------------------------------------------------------------------------------------

COUNTY = "410182"


@pytest.fixture
def chief(db):
    return a_holding("duty_chief", place=COUNTY)


@pytest.fixture
def second(db):
    return a_holding("duty_chief", place=COUNTY)


def refused(draft: Overlay, by, **given) -> str:
    with pytest.raises(RulesRefused) as no:
        actions.propose_overlay(draft, by=by, moment=moment(), **given)
    return no.value.code


def proposed(by, **changes) -> models.Overlay:
    found = actions.propose_overlay(a_draft(COUNTY, **changes), by=by, moment=moment())
    return models.Overlay.objects.get(pk=found)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rule_id": "NONE"}, "overlay_fixed"),
        ({"rule_id": "WS001"}, "overlay_fixed"),
        ({"rule_id": "HN-05"}, "overlay_fixed"),
        ({"value": "fast"}, "overlay_value_missing"),
        ({"value": "15"}, "overlay_same_value"),
        ({"valid_to": date(2026, 1, 1)}, "overlay_days_missing"),
        ({"reason": " "}, "overlay_reason_missing"),
        ({"basis": " "}, "overlay_basis_missing"),
        ({"value": "60"}, "overlay_weaker_missing"),
    ],
)
def test_what_is_missing_is_said(chief, changes, code):
    assert refused(a_draft(COUNTY, **changes), chief) == code
    assert not models.Overlay.objects.exists()


def test_what_asks_less_than_the_law_needs_a_person_to_say_so(chief):
    draft = a_draft(COUNTY, value="60")
    found = actions.propose_overlay(draft, accepts_weaker=True, by=chief, moment=moment())
    row = models.Overlay.objects.get(pk=found)
    assert (row.weaker, row.instead_of) == (True, "15")


def test_less_than_a_wider_area_asks_is_less_too(chief, second):
    city = a_holding("duty_chief", place="4101")
    found = actions.propose_overlay(a_draft("4101", value="5"), by=city, moment=moment())
    actions.confirm_overlay(found, version=1, by=a_holding("duty_chief", place="4101"), moment=moment())
    assert refused(a_draft(COUNTY, value="10"), chief) == "overlay_weaker_missing"


def test_one_proposes_and_another_person_confirms(chief, second):
    row = proposed(chief)
    assert queries.get_laid().find("HN-01", COUNTY, ON) is None
    with pytest.raises(RulesRefused) as no:
        actions.confirm_overlay(row.id, version=1, by=chief, moment=moment())
    assert no.value.code == "overlay_own"
    actions.confirm_overlay(row.id, version=1, by=second, moment=moment())
    held = queries.get_laid().find("HN-01", COUNTY, ON)
    assert held is not None and held.value == "10"
    kinds = [OverlayProposed, OverlayConfirmed]
    said = journal.list_entries(subjects=[str(row.id)], kinds=kinds)
    assert [type(e.fact) for e in said] == kinds and said[0].fact.instead_of == "15"
    assert refused(a_draft(COUNTY, value="5"), chief) == "overlay_stands_already"


def test_it_is_taken_back_and_put_forward_again_with_another_second_person(chief, second):
    row = proposed(chief)
    actions.confirm_overlay(row.id, version=1, by=second, moment=moment())
    with pytest.raises(RulesRefused) as no:
        actions.withdraw_overlay(row.id, reason=" ", version=2, by=chief, moment=moment())
    assert no.value.code == "overlay_reason_missing"
    actions.withdraw_overlay(row.id, reason="文件未生效", version=2, by=chief, moment=moment())
    assert queries.get_laid().find("HN-01", COUNTY, ON) is None
    actions.restore_overlay(row.id, reason="文件已生效", version=3, by=second, moment=moment())
    with pytest.raises(RulesRefused) as no:
        actions.confirm_overlay(row.id, version=4, by=second, moment=moment())
    assert no.value.code == "overlay_own"
    actions.confirm_overlay(row.id, version=4, by=chief, moment=moment())
    assert queries.get_laid().find("HN-01", COUNTY, ON) is not None
    said = [type(e.fact) for e in journal.list_entries(subjects=[str(row.id)])]
    assert said == [OverlayProposed, OverlayConfirmed, OverlayWithdrawn, OverlayRestored, OverlayConfirmed]


def test_two_people_on_one_overlay_and_states_that_forbid_it(chief, second):
    row = proposed(chief)
    with pytest.raises(RulesRefused) as no:
        actions.confirm_overlay(row.id, version=9, by=second, moment=moment())
    assert no.value.code == "overlay_changed_meanwhile"
    with pytest.raises(RulesRefused) as no:
        actions.restore_overlay(row.id, reason="x", version=1, by=second, moment=moment())
    assert no.value.code == "overlay_not_withdrawn"
    actions.withdraw_overlay(row.id, reason="x", version=1, by=second, moment=moment())
    with pytest.raises(RulesRefused) as no:
        actions.withdraw_overlay(row.id, reason="x", version=2, by=second, moment=moment())
    assert no.value.code == "overlay_withdrawn_already"
    with pytest.raises(RulesRefused) as no:
        actions.confirm_overlay(row.id, version=2, by=second, moment=moment())
    assert no.value.code == "overlay_not_waiting"
    with pytest.raises(RulesRefused) as no:
        actions.confirm_overlay(chief, version=2, by=second, moment=moment())
    assert no.value.code == "overlay_unknown"


def test_a_county_lays_nothing_over_the_city_or_another_hazard(chief):
    for draft in (a_draft("4101"), a_draft("410181"), a_draft("")):
        with pytest.raises(NotAllowed) as no:
            actions.propose_overlay(draft, by=chief, moment=moment())
        assert no.value.facts["reason"] == "place"
    natural = a_holding("commander", place=COUNTY, hazard="11000")
    accident = a_draft(COUNTY, table="grading-rules", rule_id="GR001", value="20")
    with pytest.raises(NotAllowed) as no:
        actions.propose_overlay(accident, by=natural, moment=moment())
    assert no.value.facts["reason"] == "hazard"
