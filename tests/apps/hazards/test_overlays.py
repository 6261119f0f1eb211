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
    OverlayEnded,
    OverlayEndUndone,
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
        ({"rule_id": "RT001"}, "overlay_fixed"),
        ({"rule_id": "WS001"}, "overlay_province_only"),
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


def test_a_province_has_a_standard_of_its_own_for_a_warning_signal_and_nobody_below(db):
    province = a_holding("duty_chief", place="41")
    given = {"table": "warning-signals", "rule_id": "WS001", "value": "5"}
    assert refused(a_draft("41", **given | {"value": "7"}), province) == "overlay_weaker_missing"
    found = actions.propose_overlay(a_draft("41", **given), by=province, moment=moment())
    row = models.Overlay.objects.get(pk=found)
    assert (row.instead_of, row.weaker) == ("6", False)
    for place in ("4101", COUNTY):
        assert refused(a_draft(place, **given), province) == "overlay_province_only"


# --- ended early ------------------------------------------------------------------------------------------


def in_force(chief, second, **changes) -> models.Overlay:
    row = proposed(chief, **changes)
    actions.confirm_overlay(row.id, version=1, by=second, moment=moment())
    return models.Overlay.objects.get(pk=row.pk)


def end(row, by, last=date(2026, 5, 1), reason="文件废止", version=2) -> None:
    actions.end_overlay(row.id, last=last, reason=reason, version=version, by=by, moment=moment())


def held(on: date):
    return queries.get_laid().find("HN-01", COUNTY, on)


def test_ended_early_it_holds_for_the_days_before_and_the_end_is_taken_back(chief, second):
    row = in_force(chief, second, valid_to=date(2027, 1, 1))
    end(row, second)
    assert held(date(2026, 4, 30)) and not held(date(2026, 5, 1))
    actions.undo_overlay_end(row.id, reason="没有废止", version=3, by=chief, moment=moment())
    assert held(date(2026, 12, 31)) and not held(date(2027, 1, 1))
    said = journal.list_entries(subjects=[str(row.id)], kinds=[OverlayEnded, OverlayEndUndone])
    assert [(e.fact.valid_to, e.fact.reason) for e in said] == [
        (date(2026, 5, 1), "文件废止"), (date(2027, 1, 1), "没有废止")
    ]  # fmt: skip
    assert said[0].fact.instead_of == date(2027, 1, 1)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_reason, row.ended_instead_of) == (None, "", None)


@pytest.mark.parametrize(
    ("changes", "given", "code"),
    [
        ({}, {"last": date(2026, 1, 1)}, "overlay_end_outside"),
        ({}, {"last": date(2025, 1, 1)}, "overlay_end_outside"),
        ({"valid_to": date(2026, 5, 1)}, {"last": date(2026, 5, 1)}, "overlay_end_outside"),
        ({}, {"reason": "  "}, "overlay_reason_missing"),
        ({}, {"version": 1}, "overlay_changed_meanwhile"),
    ],
)
def test_an_end_leaves_a_day_lies_before_the_other_and_says_why(chief, second, changes, given, code):
    row = in_force(chief, second, **changes)
    with pytest.raises(RulesRefused) as no:
        end(row, second, **given)
    assert no.value.code == code and held(date(2026, 4, 30))


def test_only_what_holds_ends_and_once(chief, second):
    waiting = proposed(chief)
    with pytest.raises(RulesRefused) as no:
        end(waiting, second, version=1)
    assert no.value.code == "overlay_not_in_force"
    with pytest.raises(RulesRefused) as no:
        actions.undo_overlay_end(waiting.id, reason="x", version=1, by=chief, moment=moment())
    assert no.value.code == "overlay_not_ended"
    actions.confirm_overlay(waiting.id, version=1, by=second, moment=moment())
    end(waiting, second)
    with pytest.raises(RulesRefused) as no:
        end(waiting, chief, last=date(2026, 3, 1), version=3)  # a double click, or two people
    assert no.value.code == "overlay_ended_already"


def test_the_days_given_up_may_be_another_ones_and_then_the_end_stays(chief, second):
    row = in_force(chief, second)
    end(row, second)
    in_force(chief, second, value="5", valid_from=date(2026, 5, 1))
    assert held(date(2026, 4, 30)).value == "10" and held(date(2026, 5, 1)).value == "5"
    with pytest.raises(RulesRefused) as no:
        actions.undo_overlay_end(row.id, reason="没有废止", version=3, by=chief, moment=moment())
    assert no.value.code == "overlay_stands_already" and held(date(2026, 5, 1)).value == "5"


def test_taken_back_and_put_forward_again_it_has_the_days_of_its_end_and_no_end_to_undo(chief, second):
    row = in_force(chief, second)
    end(row, second)
    actions.withdraw_overlay(row.id, reason="错", version=3, by=chief, moment=moment())
    actions.restore_overlay(row.id, reason="对", version=4, by=chief, moment=moment())
    actions.confirm_overlay(row.id, version=5, by=second, moment=moment())
    assert held(date(2026, 4, 30)) and not held(date(2026, 5, 1))
    with pytest.raises(RulesRefused) as no:
        actions.undo_overlay_end(row.id, reason="x", version=6, by=chief, moment=moment())
    assert no.value.code == "overlay_not_ended"
