"""Zhengzhou, July 2021, as the rules say: the same reports, and what posts decide on them a while later.

The times expected here follow from the case's rows and the delay; they are worked out by hand.
"""

import json
import re
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.models import Holding
from jingwei.apps.assessments import queries as assessments
from jingwei.apps.assessments.facts import RunLine
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans.facts import ActivationProposed, PlanActivated
from jingwei.apps.plans.models import Plan
from jingwei.apps.reports.facts import ReportReceived
from jingwei.doors.replay.as_rules import DELAY
from jingwei.doors.replay.case import Case, read_case
from jingwei.doors.replay.comparing import AsRules, run_as_rules
from jingwei.kernel.facts import Fact
from jingwei.wiring.reactions import TICKS, declare
from tests.doors.replay.copies import CaseCopy, Edit

NAME = "zhengzhou-2021"
#: Rows up to the afternoon of the 20th: enough for what the plan calls for.
FIRST_DAY = range(1, 20)


@pytest.fixture
def reactions(db: None) -> None:
    """What follows from what, as on every node."""
    declare()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def play(case: Case, delay: timedelta = DELAY) -> AsRules:
    return run_as_rules(case, ticks=TICKS, delay=delay)


def said(kind: type[Fact]) -> list[journal.Said]:
    return journal.list_entries(kinds=[kind])


def lines(run: AsRules, what: str, place: str = "") -> list[RunLine]:
    return [r for r in run.lines if r.what == what and place in ("", r.place)]


@pytest.fixture
def first_day(tmp_path: Path) -> Case:
    return edited(tmp_path, lambda c: None)


def edited(tmp_path: Path, edit: Edit) -> Case:
    """The first day alone, with this edit."""
    copy = CaseCopy(tmp_path / "copy")
    for file in ("timeline.csv", "inputs.csv", "figures.csv"):
        copy.write(file, [r for r in copy.rows(file) if int(r["seq"]) in FIRST_DAY])
    edit(copy)
    return read_case(copy.folder)


# --- the whole case --------------------------------------------------------------------------------------


def test_the_same_reports_decided_by_the_posts_that_may(reactions: None) -> None:
    case = read_case(NAME)
    run = play(case)
    assert journal.count_failures() == journal.count_due() == 0
    assert run.told == len([r for r in case.rows if r.part == "world"]) == 21
    # told: rows of the world, each at its own time; nothing that history decided, and no figure of hindsight
    told = {f.row: f for f in run.facts if f.kind == ReportReceived.KIND}
    assert set(told) == {r.seq for r in case.rows if r.part == "world"}
    assert {"16", "17", "27", "31", "33", "38", "39"}.isdisjoint(told)
    assert [f.at for f in told.values()] == [r.at for r in case.given.rows]
    # row 2, the first red warning, at 21:59; fifteen minutes later whoever the plan gives level I to
    (proposed,) = lines(run, "proposed", "4101")
    (activated,) = lines(run, "activated", "4101")
    assert (proposed.at, activated.at) == (at("2021-07-19T21:59"), at("2021-07-19T22:14"))
    assert (proposed.by.zh, proposed.level, activated.level) == ("", 1, 1)
    assert activated.by.zh == "郑州市防汛抗旱指挥部 指挥长"
    # the text that the plan prepared: written fifteen minutes later, approved by another fifteen later
    published = lines(run, "published", "4101")
    assert {r.at for r in published} == {at("2021-07-19T22:44")}
    # every day of the interruption there is a continued report of the city, none missing
    days = {r.at.date().isoformat() for r in lines(run, "sent_continued", "4101")}
    assert days >= {f"2021-07-{n}" for n in range(25, 29)}
    # the storm is graded when its deaths are told, by row 28, and confirmed fifteen minutes later
    confirmed = lines(run, "grade_confirmed", "41")
    assert [(r.at, r.level) for r in confirmed] == [(at("2021-07-22T18:15"), 1)]
    # nothing was decided by the machine, and every line says what it rests on
    machine = agencies.get_machine()
    deciding = {n for n, a in agencies.get_rights().actions.items() if a.decides}
    assert deciding
    assert not [e for e in said(PlanActivated) if e.by == machine]
    assert all(r.by.zh for r in run.lines if r.what in ("activated", "grade_confirmed", "published", "sent"))
    assert assessments.list_unmarked(run.lines) == []
    assert all("estimate" in r.marks for r in run.lines if r.by.zh)
    assert all("illustration" in r.marks for r in run.lines if r.what in ("proposed", "activated"))
    assert all("recalled" in r.marks for r in lines(run, "proposed"))
    # the law of 2024 is named as what it is: of today
    modern = [r for r in run.lines if any("ERL2024" in b.label for b in r.bases)]
    assert modern
    assert all("later" in r.marks and "in_force" not in r.marks for r in modern)
    # every line leads to entries, and every entry a line names is there
    known = {f.id for f in run.facts}
    assert all(r.facts and set(r.facts) <= known for r in run.lines)


def test_what_nobody_may_decide_is_said_and_does_not_happen(reactions: None, first_day: Case) -> None:
    Holding.objects.filter(post__role="commander").update(released_at=at("2021-07-01T00:00"))
    run = play(first_day)
    assert lines(run, "activated", "4101") == []
    (nobody,) = [r for r in lines(run, "nobody") if r.action == "plans.activate_plan"]
    assert nobody.at == at("2021-07-19T22:14")
    assert nobody.by.zh == ""
    assert "RL-5" in {b.label for b in nobody.bases}
    assert {"recalled", "illustration"} <= set(nobody.marks)


# --- canaries: another world, another outcome ------------------------------------------------------------


def test_without_the_plan_nothing_is_proposed(reactions: None, first_day: Case) -> None:
    Plan.objects.all().delete()
    run = play(first_day)
    assert said(ActivationProposed) == said(PlanActivated) == []
    assert lines(run, "proposed") == lines(run, "activated") == lines(run, "acknowledged") == []


@pytest.mark.parametrize("minutes", [0, 40, 180])
def test_another_delay_moves_the_decisions(reactions: None, first_day: Case, minutes: int) -> None:
    run = play(first_day, timedelta(minutes=minutes))
    (proposed,), (activated,) = lines(run, "proposed", "4101"), lines(run, "activated", "4101")
    assert proposed.at == at("2021-07-19T21:59")
    assert activated.at - proposed.at == timedelta(minutes=minutes)


@pytest.mark.parametrize(("minutes", "late"), [(15, False), (119, False), (121, True)])
def test_a_decision_after_the_limit_is_a_late_report(
    reactions: None, first_day: Case, minutes: int, late: bool
) -> None:
    """The county owes its first report two hours after row 12."""
    run = play(first_day, timedelta(minutes=minutes))
    (first,) = [r for r in lines(run, "sent", "410182") if "ND-04" in {b.label for b in r.bases}]
    assert ("超限" in first.words.zh) == late


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda c: c.shift(2, hours=-1), "2021-07-19T21:14"),
        (lambda c: c.drop(2), "2021-07-20T06:17"),
        (lambda c: c.change("inputs.csv", 2, level="2"), "2021-07-19T22:14"),
        (lambda c: [c.drop(n) for n in (2, 6, 9, 11, 15)], None),
    ],
    ids=["the first warning earlier", "no first warning", "an orange one", "no warning at all"],
)
def test_another_warning_another_activation(
    reactions: None, tmp_path: Path, edit: Edit, expected: str | None
) -> None:
    run = play(edited(tmp_path, edit))
    first = next(iter(lines(run, "activated", "4101")), None)
    assert (first.at if first else None) == (at(expected) if expected else None)


def test_an_orange_warning_first_means_level_two_then_one(reactions: None, tmp_path: Path) -> None:
    run = play(edited(tmp_path, lambda c: c.change("inputs.csv", 2, level="2")))
    city = [r for r in run.lines if r.place == "4101" and r.what in ("activated", "raised")]
    steps = [(r.what, r.level, r.at) for r in city]
    assert steps == [
        ("activated", 2, at("2021-07-19T22:14")),
        ("raised", 1, at("2021-07-20T06:17")),
    ]


def weather_news(copy: CaseCopy, new: int, level: str, *, hours: float) -> None:
    """One more word of the weather office for the city, so long after its fifth red warning."""
    copy.add_like(15, new, hours=hours)
    copy.change("inputs.csv", new, level=level)


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        ([("3", 10.0)], [("lowered", 3, "2021-07-21T02:16")]),
        ([("0", 10.0)], [("ended", 1, "2021-07-21T02:16")]),
        ([("3", 10.0), ("0", 20.0)],
         [("lowered", 3, "2021-07-21T02:16"), ("ended", 3, "2021-07-21T12:16")]),
        ([("3", 10.0), ("1", 20.0)],
         [("lowered", 3, "2021-07-21T02:16"), ("raised", 1, "2021-07-21T12:16")]),
    ],
    ids=["yellow", "lifted", "yellow, then lifted", "yellow, then red again"],
)  # fmt: skip
def test_milder_weather_lowers_and_ends_what_was_started(
    reactions: None,
    tmp_path: Path,
    news: list[tuple[str, float]],
    expected: list[tuple[str, int, str]],
) -> None:
    def edit(copy: CaseCopy) -> None:
        for n, (level, hours) in enumerate(news):
            weather_news(copy, 200 + n, level, hours=hours)

    run = play(edited(tmp_path, edit))
    after = [r for r in run.lines if r.place == "4101" and r.what in ("lowered", "raised", "ended")]
    assert [(r.what, r.level, r.at) for r in after] == [(w, level, at(t)) for w, level, t in expected]
    assert all(r.by.zh and {"estimate", "illustration"} <= set(r.marks) for r in after)
    assert assessments.list_unmarked(run.lines) == []


def test_without_milder_weather_nothing_is_lowered_or_ended(reactions: None, first_day: Case) -> None:
    run = play(first_day)
    assert [r for what in ("lowered", "ended") for r in lines(run, what)] == []


def test_canary_a_line_without_its_marks_is_listed(reactions: None, first_day: Case) -> None:
    run = play(first_day)
    assert assessments.list_unmarked(run.lines) == []
    (one,) = lines(run, "activated", "4101")
    for gone in ("estimate", "illustration"):
        less = msgspec.structs.replace(one, marks=tuple(m for m in one.marks if m != gone))
        changed = [less if r.id == one.id else r for r in run.lines]
        assert [r if isinstance(r, str) else r.id for r in assessments.list_unmarked(changed)] == [one.id]


def test_an_answer_made_an_input_is_told(reactions: None, tmp_path: Path) -> None:
    case = edited(tmp_path, lambda c: c.change("inputs.csv", 13, part="world"))
    assert "13" in {f.row for f in play(case).facts if f.kind == ReportReceived.KIND}


def test_a_figure_of_hindsight_given_grades_at_once(reactions: None, tmp_path: Path) -> None:
    """Canary of `later`: with its dead told at once, the tunnel of row 19 is graded at once."""
    case = edited(tmp_path, lambda c: c.change("figures.csv", 19, part=""))
    assert [r.at for r in lines(play(case), "grade_confirmed", "410103")] == [at("2021-07-20T17:55")]


def test_a_figure_nobody_knew_then_grades_nothing(reactions: None, first_day: Case) -> None:
    assert lines(play(first_day), "grade_confirmed", "410103") == []


# --- the same again --------------------------------------------------------------------------------------


def leveled(value: Any) -> str:
    """The outcome with ids numbered in order of appearance, for two runs have different ones."""
    text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, sort_keys=True)
    seen: dict[str, str] = {}
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    return re.sub(pattern, lambda m: seen.setdefault(m[0], f"id{len(seen)}"), text)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_same_run_twice_gives_the_same(reactions: None, first_day: Case, whole: bool) -> None:
    case = read_case(NAME) if whole else first_day
    found: list[str] = []
    for _ in range(2):
        before = transaction.savepoint()
        found.append(leveled(play(case)))
        transaction.savepoint_rollback(before)
    assert len(found[0]) > 10_000
    assert found[0] == found[1]


def test_canary_numbering_ids_hides_no_other_difference() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert leveled([str(one), "a"]) == leveled([str(other), "a"])
    assert leveled([str(one), str(one)]) != leveled([str(one), str(other)])
