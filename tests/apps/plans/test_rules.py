"""What a plan calls for, on both sides of every condition, and who may order it."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.plans import rules
from jingwei.apps.plans.facts import PlanArea, PlanBody
from jingwei.apps.plans.rules import Heard, PlansRefused

DATA = Path(rules.__file__).parents[2] / "data" / "plans" / "zhengzhou-flood.json"
TABLES = Path(__file__).parents[2] / "tables"
NOON = datetime(2021, 7, 20, 4, 0, tzinfo=UTC)


def a_plan() -> PlanBody:
    return rules.read_plan(DATA.read_bytes())


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize("row", table("plan_proposals"), ids=lambda r: r["case"])
def test_the_plan_calls_for_the_level_of_the_table(row):
    known = {m: float(row[m]) for m in ("warning_level", "event_grade") if row[m]}
    conditions = [c for c in a_plan().conditions if c.scope == row["scope"]]
    judged = {row["judged"]: True} if row["judged"] else None
    result = rules.propose(conditions, known, judged)
    assert (result.level, result.conditions) == (number(row["level"]), tuple(row["by"].split()))


def test_level_one_by_a_red_warning_says_that_it_is_recalled():
    result = rules.propose(a_plan().conditions, {"warning_level": 1.0})
    assert result.clause is not None and result.clause.label == "RL-5"
    assert result.clause.source == "SRC-ZZREPORT2022" and result.evidence == "recalled, unverified"


def test_canary_without_the_row_the_red_warning_calls_for_nothing():
    city = [c for c in a_plan().conditions if c.scope == "city" and c.id != "W1"]
    assert rules.propose(city, {"warning_level": 1.0}).level is None


def test_what_only_a_person_can_judge_is_named_and_never_assumed():
    city = [c for c in a_plan().conditions if c.scope == "city"]
    result = rules.propose(city, {"warning_level": 3.0})
    assert result.level == 3 and "J1reservoir" in result.judgement and "J2dike" in result.judgement


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_more_bad_news_never_makes_it_milder(warning, grade, graver):
    city = [c for c in a_plan().conditions if c.scope == "city"]
    before = rules.propose(city, {"warning_level": warning, "event_grade": grade}).level
    after = rules.propose(city, {"warning_level": min(warning, graver), "event_grade": grade}).level
    assert before is not None and after is not None and after <= before


@pytest.mark.parametrize("row", table("plan_changes"), ids=lambda r: r["case"])
def test_what_is_proposed_next(row):
    waiting = (row["waiting"], number(row["waiting_level"])) if row["waiting"] else None
    change = rules.next_change(
        proposed=number(row["proposed"]),
        in_force=number(row["in_force"]),
        waiting=waiting,
        eased=row["eased"] == "1",
    )
    assert change == row["change"]


def heard(level: int, minutes: int, series: str = "a") -> Heard:
    return Heard(series=series, level=level, at=NOON + timedelta(minutes=minutes), report_id=f"{minutes}")


def test_the_gravest_of_the_newest_warnings_counts():
    found = rules.warned([heard(1, 0, "rain"), heard(3, 5, "flood")], at=NOON + timedelta(hours=1))
    assert (found.level, found.report_id, found.eased) == (1, "0", False)


@pytest.mark.parametrize(("then", "level", "eased"), [(3, 3, True), (0, None, True), (1, 1, False)])
def test_a_warning_lowered_or_lifted_eases(then, level, eased):
    found = rules.warned([heard(2, 0), heard(then, 30)], at=NOON + timedelta(hours=1))
    assert (found.level, found.eased) == (level, eased)


@pytest.mark.parametrize(("minutes", "level"), [(24 * 60, 1), (24 * 60 + 1, None)])
def test_a_warning_nobody_lifts_counts_for_a_day(minutes, level):
    assert rules.warned([heard(1, 0)], at=NOON + timedelta(minutes=minutes)).level == level


@pytest.mark.parametrize(
    ("on", "holds"),
    [("2020-12-31", False), ("2021-01-01", True), ("2022-05-31", True), ("2022-06-01", False)],
)
def test_a_plan_is_in_force_from_its_first_day_up_to_its_last(on, holds):
    day = date.fromisoformat(on)
    assert rules.is_in_force(valid_from=date(2021, 1, 1), valid_to=date(2022, 6, 1), on=day) is holds


def test_a_warning_speaks_of_the_smallest_area_that_holds_it_and_never_of_less():
    areas = a_plan().areas
    assert rules.nearest_area(areas, "4101").scope == "city"
    assert rules.nearest_area(areas, "410182109").place == "410182"
    assert rules.nearest_area(areas, "41") is None and rules.nearest_area(areas, "") is None
    assert [a.place for a in rules.areas_over(areas, "410182109")] == ["410182", "4101"]


@pytest.mark.parametrize(
    "row", table("plan_competence"), ids=lambda r: f"{r['scope']}-{r['level']}-{r['role']}"
)
def test_who_may_activate(row):
    call = lambda: rules.may_activate(  # noqa: E731
        a_plan().competences, scope=row["scope"], level=int(row["level"]), role=row["role"]
    )
    if row["may"] == "1":
        call()
    else:
        with pytest.raises(PlansRefused) as refused:
            call()
        assert refused.value.code == "level_above_post"


@pytest.mark.parametrize(
    ("state", "held", "reason", "code"),
    [
        ("in_force", 1, "x", "changed_meanwhile"),
        ("ended", 2, "x", "activation_over"),
        ("in_force", 2, " ", "reason_missing"),
    ],
)
def test_a_change_needs_the_newest_version_a_running_response_and_a_reason(state, held, reason, code):
    with pytest.raises(PlansRefused) as refused:
        rules.may_change(state=state, held=held, current=2, reason=reason)
    assert refused.value.code == code
    rules.may_change(state="in_force", held=2, current=2, reason="水位上涨")


@pytest.mark.parametrize(
    ("level", "up", "fits"), [(2, True, True), (3, True, False), (3, False, False), (4, False, True)]
)
def test_raising_goes_to_a_graver_level_only(level, up, fits):
    if fits:
        rules.check_direction(current=3, level=level, up=up)
        return
    with pytest.raises(PlansRefused) as refused:
        rules.check_direction(current=3, level=level, up=up)
    assert refused.value.code in {"level_not_graver", "level_not_milder"}


def test_the_expected_end_lies_ahead():
    assert rules.check_expected(NOON + timedelta(seconds=1), at=NOON)
    for when, code in ((None, "expected_until_missing"), (NOON, "expected_until_past")):
        with pytest.raises(PlansRefused) as refused:
            rules.check_expected(when, at=NOON)
        assert refused.value.code == code


def test_a_measure_below_its_least_level_is_refused():
    body = a_plan()
    rules.check_measures(["work"], body=body, scope="city", level=1)
    with pytest.raises(PlansRefused) as refused:
        rules.check_measures(["work"], body=body, scope="city", level=2)
    assert refused.value.code == "measure_unknown"


def test_gaps_that_nobody_fills_stay_for_a_person():
    text = rules.filled("{place}启动{level}级：{hotline}", place="郑州市", level="I")
    assert text == "郑州市启动I级：{hotline}" and rules.gaps_of(text) == ["hotline"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"id": "W1", "scope": "city"', '"id": "W1", "scope": "moon"'),
        ('"id": "W2"', '"id": "W1"'),
        ('"11B03"', '"rain"'),
        ("{", "["),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_with_what_is_wrong(old, new):
    text = DATA.read_text(encoding="utf-8")
    broken = text.replace(old, new, 1) if new == "[" else text.replace(old, new)
    with pytest.raises(PlansRefused) as refused:
        rules.read_plan(broken.encode())
    assert refused.value.code == "plan_unreadable" and refused.value.facts["what"]


def test_every_row_of_the_illustration_says_how_well_its_clause_is_known():
    body = a_plan()
    assert body.illustration
    rows = [*body.conditions, *body.competences, *body.measures, *body.tasks, *body.notices]
    assert all(r.clause.label and r.clause.evidence for r in rows)


AREAS = [
    PlanArea(place="4101", scope="city"),
    PlanArea(place="410182", scope="county"),
    PlanArea(place="410181", scope="county"),
]


@pytest.mark.parametrize(
    ("place", "named", "city", "county"),
    [
        ("4101", False, True, True),
        ("410182", False, False, True),
        ("410182109", False, False, True),
        ("410181", False, False, False),
        ("41", False, False, False),
        ("41", True, True, True),
        ("4102", True, False, False),
        ("", True, False, False),
    ],
)
def test_which_warnings_concern_the_city_and_its_county(place, named, city, county):
    assert rules.concerns(AREAS, AREAS[0], place, named=named) is city
    assert rules.concerns(AREAS, AREAS[1], place, named=named) is county
