"""Every row of the deadlines, on both sides of its limit; who owes to whom; what a draft says."""

import csv
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from jingwei.apps.hazards.facts import DeadlineRule
from jingwei.apps.hazards.rules import read_table
from jingwei.apps.sitreps import rules
from jingwei.apps.sitreps.rules import Body, Case, Content, FigureLine, Line, SitrepRefused

ROOT = Path(__file__).parents[3]
ZONE = timezone(timedelta(hours=8))
SECOND = timedelta(seconds=1)
SHIPPED = {
    r.rule_id: r
    for r in read_table(
        "reporting-deadlines",
        (ROOT / "src/jingwei/data/rules/reporting-deadlines.csv").read_bytes(),
    )
}
with (ROOT / "tests/tables/reporting-deadlines.csv").open(encoding="utf-8", newline="") as file:
    TABLE = [pytest.param(row, id=row["rule_id"]) for row in csv.DictReader(file)]

KINDS = ("government", "emergency", "health", "environment", "resources")
BODIES = [
    Body(code=f"{place or 'CN'}-{kind}", kind=kind, place=place)
    for place in ("", "41", "4101", "410182")
    for kind in KINDS
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def a_case(row: dict[str, str]) -> Case:
    grade, since = int(row["grade"]), at(row["trigger_at"])
    return Case(
        kind=row["kind"],
        place="410182",
        occurred_at=since,
        received_at=since,
        grade=grade,
        judged_grade=grade,
        judged_at=since,
        casualties=True,
        reached={body.code: since for body in BODIES},
    )


def assess(rule: DeadlineRule, case: Case) -> rules.Assessed:
    return rules.assess(rule, case, bodies=BODIES, zone=ZONE)


def test_the_table_has_every_shipped_row():
    assert [p.id for p in TABLE] == list(SHIPPED)


@pytest.mark.parametrize("row", TABLE)
def test_each_row_on_both_sides_of_its_limit(row):
    """One second before the limit it is open, at the limit still, one second after it is late.

    A row that says at once has no limit to pass: before its trigger there is no clock, then it counts up.
    """
    rule, since = SHIPPED[row["rule_id"]], at(row["trigger_at"])
    assert (rule.trigger, rule.limit_minutes) == (row["trigger"], int(row["limit_minutes"]))
    due = rules.due_after(rule.trigger, rule.limit_minutes, since, zone=ZONE)
    if row["due_at"] == "at once":
        assert due is None
        assert rules.state_at(since - SECOND, since=since, due_at=due) == "ahead"
        assert rules.state_at(since + SECOND, since=since, due_at=due) == "immediately"
        return
    assert due == at(row["due_at"])
    assert rules.state_at(due - SECOND, since=since, due_at=due) == "soon"
    assert rules.state_at(due, since=since, due_at=due) == "soon"
    assert rules.state_at(due + SECOND, since=since, due_at=due) == "late"


@pytest.mark.parametrize("row", TABLE)
def test_each_row_gets_a_clock_or_a_person_or_belongs_elsewhere(row):
    """In a county of Henan, under the kind and grade its words name."""
    found = assess(SHIPPED[row["rule_id"]], a_case(row))
    expected, _, why = row["expected"].partition(":")
    assert found.answer == {"clock": "owed", "person": "person", "elsewhere": "no"}[expected], found
    assert found.why == (why or ("elsewhere" if expected == "elsewhere" else ""))
    if expected == "clock":
        assert found.owed and all(o.from_organization for o in found.owed)
        wanted = None if row["due_at"] == "at once" else at(row["due_at"])
        assert {o.due_at for o in found.owed} == {wanted}


@pytest.mark.parametrize(
    ("rule_id", "grades"),
    [
        ("NAT-01", {1, 2}),
        ("PRC-01", {1, 2, 3}),
        ("HN-01", {1, 2}),
        ("HN-03", {3}),
        ("HN-04", {4}),
        ("HN-05", {1, 2, 3}),
        ("PS-05", set()),
        ("ND-04", {1, 2, 3, 4, None}),
    ],
)
def test_a_row_binds_the_grades_it_names(rule_id, grades):
    case = {"kind": "11B03", "place": "410182", "occurred_at": at("2021-07-20 16:00")}
    found = {
        grade
        for grade in (1, 2, 3, 4, None)
        if assess(SHIPPED[rule_id], Case(**case, received_at=case["occurred_at"], grade=grade)).answer
        == "owed"
    }
    assert found == grades


def test_who_owes_to_whom_under_the_rows_of_henan():
    row = {"kind": "11B03", "grade": "1", "trigger_at": "2021-07-20 16:00"}
    owed = assess(SHIPPED["HN-02"], a_case(row)).owed
    assert [(o.from_organization, o.to_organization) for o in owed] == [
        ("410182-emergency", "41-emergency"),
        ("4101-emergency", "41-emergency"),
    ]


def test_rows_of_one_province_stay_in_it():
    assert rules.in_force_at("henan_emergency_dept", "410182")
    assert not rules.in_force_at("henan_emergency_dept", "3601")
    assert rules.in_force_at("jiangxi_regulation", "3601")
    assert not rules.in_force_at("county_example", "410182")


def test_a_wide_place_is_reported_by_its_own_level():
    case = Case(
        kind="12P04", place="4101", occurred_at=at("2026-07-20 16:00"), received_at=at("2026-07-20 16:00")
    )
    (owed,) = assess(SHIPPED["ERL-01"], case).owed
    assert (owed.from_organization, owed.to_organization) == ("4101-government", "41-government")


def test_a_body_the_roster_lacks_is_named_by_its_role():
    case = Case(
        kind="11B03",
        place="410199",
        occurred_at=at("2021-07-20 16:00"),
        received_at=at("2021-07-20 16:00"),
        grade=1,
    )
    owed = assess(SHIPPED["HN-01"], case).owed
    assert [(o.from_organization, o.from_place) for o in owed] == [("", "410199"), ("4101-emergency", "4101")]


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2021-07-20 07:59", "2021-07-20 08:00"),
        ("2021-07-20 08:00", "2021-07-20 17:00"),
        ("2021-07-20 16:59", "2021-07-20 17:00"),
        ("2021-07-20 17:00", "2021-07-21 08:00"),
    ],
)
def test_continued_reports_are_due_before_fixed_hours(after, due):
    slots = "daily 08:00 and 17:00"
    assert rules.due_after(slots, 0, at(after).astimezone(UTC), zone=ZONE) == at(due)


def test_the_last_quarter_is_foreseen_and_never_less_than_five_minutes():
    since = at("2021-07-20 16:00")
    assert rules.warn_at(since, since + timedelta(hours=4)) == since + timedelta(hours=3)
    assert rules.warn_at(since, since + timedelta(minutes=15)) == since + timedelta(minutes=10)
    assert rules.warn_at(since, since + timedelta(minutes=3)) == since


# --- drafts ----------------------------------------------------------------------------------------------


def a_figure(measure: str, value: float, source: str = "甲报") -> FigureLine:
    return FigureLine(
        measure=measure, area="4101", value=value, unit="person", as_of_at=at("2021-07-20 16:00"),
        precision="minute", report_id="r", source=source, evidence="seen",
    )  # fmt: skip


def a_content(*figures: FigureLine, **changes) -> Content:
    fields = {
        "occurred_at": at("2021-07-20 16:00"), "precision": "minute", "place": "4101", "site": "",
        "kind": "11B03", "grade": None, "grade_state": "not_gradable", "figures": figures,
    }  # fmt: skip
    return Content(**(fields | changes))


def test_a_missing_figure_is_a_gap_and_a_part_is_not_the_whole():
    figures = [a_figure("deaths", 3)]
    assert rules.find_gaps("first", figures, area="4101") == ("missing", "injured")
    assert rules.find_gaps("first", figures, area="41") == ("deaths", "missing", "injured")
    assert "direct_loss" in rules.find_gaps("final", figures, area="4101")


def test_a_gap_blocks_until_a_person_marks_it():
    with pytest.raises(SitrepRefused) as refused:
        rules.check_ready(("missing", "injured"), ("missing",))
    assert (refused.value.code, refused.value.facts["count"]) == ("sitrep_figure_missing", 1)
    rules.check_ready(("missing",), ("missing",))


def test_the_machines_share_counts_gaps_and_a_persons_pieces_against_it():
    content = a_content(a_figure("deaths", 3), gaps=("missing",), texts={"next": "继续排查", "summary": " "})
    assert rules.find_machine_share(content) == (4, 6)


def test_each_source_has_one_number():
    content = rules.numbered(
        a_content(a_figure("deaths", 3), a_figure("missing", 1), a_figure("injured", 5, "乙报"))
    )
    assert [f.source_no for f in content.figures] == [1, 1, 2]
    assert content.sources == (("甲报", "seen"), ("乙报", "seen"))


def test_two_reports_are_compared_figure_by_figure():
    line = Line(at=at("2021-07-20 17:00"), what="occurrence", words="隧道进水")
    before = a_content(a_figure("deaths", 3), a_figure("missing", 2))
    after = a_content(a_figure("deaths", 4), happened=(line,), grade=3)
    assert [(c.what, c.measure, c.before, c.after) for c in rules.compare(before, after)] == [
        ("grade", "", None, 3),
        ("figure", "deaths", 3, 4),
        ("figure_gone", "missing", 2, None),
        ("happened", "", None, None),
    ]
    assert rules.compare(after, after) == ()
