"""Zhengzhou, July 2021: the record is played through the same actions people use, and then checked.

The values expected here are the case's, transcribed by hand from the timeline and the checks beside it.
No figure of the case stands in the package's code: shifted, dropped or doubled rows give other figures.
"""

import ast
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.assessments.facts import Assessment, Chain, Checked, Conflict, Delay, Silence, Wording
from jingwei.apps.assessments.queries import assess_case
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.journal import actions as journal
from jingwei.apps.journal import queries as entries
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.facts import ReportReceived
from jingwei.apps.reports.queries import ReportLine
from jingwei.doors.replay.case import Case, read_case
from jingwei.doors.replay.player import find_feed, play_all, play_until
from jingwei.wiring.reactions import declare
from tests.doors.replay.copies import CaseCopy, Edit

NAME = "zhengzhou-2021"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "jingwei"


@pytest.fixture
def case() -> Case:
    return read_case(NAME)


@pytest.fixture
def reactions(db: None) -> None:
    """What follows from what, as on every node."""
    declare()


@pytest.fixture
def only_reports(db: None) -> Iterator[None]:
    """Nothing follows from a report: the checks read what was told."""
    journal.follow({})
    yield
    declare()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def assess(case: Case) -> dict[str, Checked]:
    found: Assessment = assess_case(case.name, folder=case.folder)
    return {c.id: c for c in found.checks}


def minutes(check: Checked) -> list[int]:
    return [d.minutes for d in check.details if isinstance(d, Delay)]


def missed(check: Checked) -> int | None:
    (one,) = check.details or (None,)
    return len(one.days) if isinstance(one, Silence) else None


def chains(check: Checked) -> dict[tuple[str, str], list[float]]:
    return {(d.measure, d.area): [p.value for p in d.points] for d in check.details if isinstance(d, Chain)}


def list_told() -> list[ReportLine]:
    said = entries.list_entries(kinds=[ReportReceived])
    return reports.list_reports_by_id([uuid.UUID(e.subject) for e in said])


def list_all(case: Case) -> list[IncidentLine]:
    last = case.rows[-1].at
    authority = agencies.get_authority(find_feed(case, at=last), at=last)
    return incidents.list_incidents(authority=authority, state="", limit=100)


def storm(case: Case) -> IncidentLine:
    (one,) = [i for i in list_all(case) if i.kind == case.info.kind]
    return one


# --- nothing is lost -------------------------------------------------------------------------------------


def test_all_rows_enter_and_nothing_is_lost(reactions: None, case: Case) -> None:
    assert play_all(case) == len(case.rows) == 39
    said = entries.list_entries(kinds=[ReportReceived])
    lines = {str(r.id): r for r in list_told()}
    assert entries.count_failures() == entries.count_due() == 0
    for row, entry in zip(case.rows, said, strict=True):
        line, told = lines[entry.subject], row.told
        assert (entry.at, line.occurred_at, line.precision) == (row.at, row.at, told.precision)
        assert (line.words, line.source, line.evidence) == (told.words, told.source, told.evidence)
        assert (line.kind, line.place, line.site) == (told.kind, told.place, told.site)
        assert (line.level, line.from_level, line.number) == (told.level, told.from_level, told.number)
        assert [(f.measure, f.area, f.value, f.unit) for f in line.figures] == [
            (c.measure, c.area, c.value, c.unit) for c in told.figures
        ]
        assert line.flags == ()


def test_every_report_finds_its_incident_and_sub_events_stand_for_themselves(
    reactions: None, case: Case
) -> None:
    play_all(case)
    found = incidents.get_incident_of_reports([r.id for r in list_told()])
    assert len(found) == len(case.rows)
    sites = {(i.site, i.report_count) for i in list_all(case) if i.site}
    assert sites == {
        ("df-yinghe-river", 1),
        ("df-dengdian-aluminium", 1),
        ("zz-metro12-site", 1),
        ("zz-jingguang-south-tunnel", 1),
        ("zz-changzhuang-reservoir", 1),
        ("zz-wangzongdian-village", 1),
        ("zz-jingguang-north-tunnel", 2),
        ("zz-metro5-shakoulu-haitansi", 4),
        ("zz-guojiazui-reservoir", 1),
    }
    assert storm(case).report_count == len(case.rows) - sum(n for _, n in sites)


# --- the grade follows the facts -------------------------------------------------------------------------


def test_until_the_deaths_are_told_the_storm_cannot_be_graded(reactions: None, case: Case) -> None:
    play_until(case, until=at("2021-07-22T17:59"))
    one = storm(case)
    assert (one.grade, one.grade_state, one.proposed_state) == (None, "not_gradable", "not_gradable")
    assert one.missing[0] == "deaths"


def test_the_first_figure_of_deaths_proposes_grade_one_and_nobody_has_confirmed_it(
    reactions: None, case: Case
) -> None:
    play_until(case, until=at("2021-07-22T18:00"))
    one = storm(case)
    assert (one.grade, one.grade_state, one.clauses) == (1, "proposed", ("GR142",))
    assert one.figures["deaths"] == 33
    assert one.confirmed_grade is None
    assert one.confirmed_by is None


def test_deaths_of_a_part_do_not_grade_the_whole(reactions: None, case: Case) -> None:
    play_until(case, until=at("2021-07-20T23:00"))
    grades = {i.site: (i.proposed_grade, i.grade_state) for i in list_all(case)}
    assert grades["zz-jingguang-north-tunnel"] == (3, "proposed")
    assert grades[""] == (None, "not_gradable")


def test_level_one_at_half_past_four_and_at_five_stand_side_by_side(reactions: None, case: Case) -> None:
    play_until(case, until=at("2021-07-20T17:00"))
    (group,) = [g for g in reports.list_announcements(type="response") if g[0].level == 1]
    assert [(a.at, a.source) for a in group] == [
        (at("2021-07-20T16:30"), "SRC-ZZWB"),
        (at("2021-07-20T17:00"), "SRC-CNS720"),
    ]


# --- the checks ------------------------------------------------------------------------------------------


def test_the_checks_of_the_case(only_reports: None, case: Case) -> None:
    play_all(case)
    found = assess(case)
    assert {i: c.state for i, c in found.items()} == {
        "C1": "differs",
        "C2": "not_yet",
        "C3": "differs",
        "C4": "conflict",
        "C5": "differs",
        "C6": "not_yet",
        "C7": "not_yet",
        "C8": "met",
    }
    assert minutes(found["C1"]) == [18 * 60 + 31, 19 * 60 + 1]
    assert missed(found["C3"]) == 4
    (conflict,) = found["C4"].details
    assert isinstance(conflict, Conflict)
    assert (conflict.spread_min, conflict.organization) == (30, "4101-fz")
    assert [(v.source, v.evidence) for v in conflict.versions] == [
        ("SRC-ZZWB", "seen"),
        ("SRC-CNS720", "seen"),
    ]
    told = chains(found["C5"])
    assert told["deaths", "41"] == [33, 63, 302]
    assert told["dead_or_missing", "41"] == [398]
    assert told["dead_or_missing", "4101"] == [97, 380]
    assert told["deaths", "4101"] == [292]
    assert told["missing", "41"] == [8, 5, 50]
    assert told["withheld", "4101"] == [139]


def test_every_figure_of_a_check_leads_to_journal_entries(only_reports: None, case: Case) -> None:
    play_all(case)
    known = {str(e.id) for e in entries.list_entries(kinds=[ReportReceived])}
    for check in assess(case).values():
        assert set(check.entries) <= known
        for detail in check.details:
            rests_on = (
                {e for p in detail.points for e in p.entries} if isinstance(detail, Chain) else detail.entries
            )
            assert rests_on
            assert set(rests_on) <= set(check.entries)


def test_what_a_post_does_not_see_is_not_in_its_assessment(only_reports: None, case: Case) -> None:
    play_all(case)
    last = case.rows[-1].at
    (officer, *_) = agencies.list_posts_on_duty("410182-zbs", at=last, roles=("duty_officer",))
    assert assess_case(case.name).records == len(case.rows)
    assert assess_case(case.name, authority=officer).records < len(case.rows)


# --- canaries: another record gives other figures --------------------------------------------------------


def _replay(tmp_path: Path, edit: Edit) -> dict[str, Checked]:
    copy = CaseCopy(tmp_path / "copy")
    edit(copy)
    changed = read_case(copy.folder)
    play_all(changed)
    return assess(changed)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda c: c.shift(2, hours=-1), [19 * 60 + 31, 20 * 60 + 1]),
        (lambda c: c.drop(16), [19 * 60 + 1]),
        (lambda c: c.drop(17), [18 * 60 + 31]),
        (lambda c: c.drop(2), [10 * 60 + 28, 10 * 60 + 58]),
        (lambda c: c.shift(16, hours=-20), [-89]),
        (lambda c: (c.drop(16), c.drop(17)), []),
    ],
    ids=["first warning earlier", "no 16:30", "no 17:00", "no first warning", "in time", "never raised"],
)
def test_other_times_give_another_delay(
    only_reports: None, tmp_path: Path, edit: Edit, expected: list[int]
) -> None:
    check = _replay(tmp_path, edit)["C1"]
    assert minutes(check) == expected
    assert check.state == ("not_assessable" if not expected else "met" if expected[0] < 0 else "differs")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda c: c.shift(33, days=1), 5),
        (lambda c: c.shift(31, days=1), 3),
        (lambda c: c.add_like(33, 40, days=-2), 3),
        (lambda c: (c.add_like(33, 40, days=-2), c.change("inputs.csv", 40, channel="official")), 4),
        (lambda c: c.shift(32, days=-1), 4),
        (lambda c: c.change("figures.csv", 31, value="9"), 4),
        (lambda c: c.drop(33), None),
        (lambda c: c.drop(31), None),
    ],
    ids=[
        "reported a day later", "interrupted a day later", "a report on the 27th",
        "an announcement on the 27th", "the metro told earlier", "another number in the finding",
        "never reported again", "no finding",
    ],
)  # fmt: skip
def test_other_reports_give_other_days(
    only_reports: None, tmp_path: Path, edit: Edit, expected: int | None
) -> None:
    check = _replay(tmp_path, edit)["C3"]
    assert missed(check) == expected
    assert (check.state == "not_assessable") == (expected is None) == bool(check.missing)


@pytest.mark.parametrize(
    ("edit", "spread"),
    [
        (lambda c: c.shift(17, minutes=15), 45),
        (lambda c: c.shift(17, minutes=-30), None),
        (lambda c: c.drop(17), None),
        (lambda c: c.double(16), 30),
    ],
    ids=["later", "at one time", "one source", "the row stands twice"],
)
def test_other_sources_give_another_conflict(
    only_reports: None, tmp_path: Path, edit: Edit, spread: int | None
) -> None:
    check = _replay(tmp_path, edit)["C4"]
    assert [d.spread_min for d in check.details if isinstance(d, Conflict)] == ([spread] if spread else [])
    assert check.state == ("conflict" if spread else "met")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda c: c.double(28), [33, 63, 302]),
        (lambda c: c.add_like(28, 40), [33, 63, 302]),
        (lambda c: c.drop(30), [33, 302]),
        (lambda c: c.shift(30, days=20), [33, 302, 63]),
        (lambda c: c.change("figures.csv", 30, area="4101"), [33, 302]),
        (lambda c: c.change("figures.csv", 30, measure="dead_or_missing"), [33, 302]),
    ],
    ids=["doubled", "told again", "dropped", "later", "another area", "another measure"],
)
def test_other_figures_give_another_chain(
    only_reports: None, tmp_path: Path, edit: Edit, expected: list[float]
) -> None:
    assert chains(_replay(tmp_path, edit)["C5"])["deaths", "41"] == expected


@pytest.mark.parametrize(
    ("edit", "state", "words"),
    [
        (lambda c: None, "met", ["溃坝", "漫坝"]),
        (lambda c: c.drop(24), "not_assessable", []),
        (lambda c: c.drop(39), "not_assessable", []),
        (lambda c: c.change("timeline.csv", 24, event_zh="新华社当时报“溃坝”"), "not_assessable", []),
        (lambda c: c.shift(39, days=-200), "met", ["漫坝", "溃坝"]),
    ],
    ids=["as recorded", "not told", "no report", "one word", "the report first"],
)
def test_other_words_are_another_revision(
    only_reports: None, tmp_path: Path, edit: Edit, state: str, words: list[str]
) -> None:
    check = _replay(tmp_path, edit)["C8"]
    assert check.state == state
    assert [w.term.zh for d in check.details if isinstance(d, Wording) for w in d.versions] == words
    told = {d.versions[0].version.source for d in check.details if isinstance(d, Wording)}
    assert told <= {"SRC-XH721", "SRC-ZZREPORT2022"}


# --- no figure of the case in the code -------------------------------------------------------------------


def figures_in(folder: Path, figures: set[float], times: set[str]) -> list[str]:
    """Numbers and clock times of the case that stand in code or templates."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        sums = [n for n in ast.walk(tree) if isinstance(n, ast.BinOp)]
        bits = {id(n.right) for n in sums if isinstance(n.op, ast.LShift)}
        bits |= {id(n.left) for n in sums if isinstance(n.right, ast.Constant) and n.right.value == 1024}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in bits:
                continue
            number = isinstance(node.value, int | float) and node.value in figures
            text = isinstance(node.value, str) and any(t in node.value for t in times)
            if number or text:
                found.append(f"{path.relative_to(folder)}:{node.lineno} {node.value!r}")
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        found += [f"{path.name} {t}" for t in times if t in text]
        found += [
            f"{path.name} {n:g}" for n in figures if re.search(rf"(?<![\d.#]){n:g}(?![\d.%]|px|rem)", text)
        ]
    return found


#: Where the same number names a zone of the grid or stands in an example of a coordinate.
ZONES = ("engines/utm.py", "engines/coordinates.py", "map.html")


def test_no_figure_of_the_case_stands_in_the_code(tmp_path: Path) -> None:
    told = {float(r["value"]) for r in CaseCopy(tmp_path).rows("figures.csv")}
    telling = {v for v in told if v > 30 and v not in (50, 75, 100, 200, 500)}
    assert len(telling) > 15
    found = figures_in(SOURCE, telling, {"21:59", "16:30", "17:00", "18 h 31", "19 h 01"})
    assert [one for one in found if not one.startswith(ZONES)] == []


def test_canary_a_figure_in_the_code_is_seen(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text("WITHHELD = 139\nUP = '2021-07-20 16:30'\nOTHER = 140\n")
    (tmp_path / "page.html").write_text("<b>302</b> <i style='width:302px'></i>")
    assert len(figures_in(tmp_path, {139, 302}, {"16:30"})) == 3
