"""Checks of a record, on records one can read in full. Every figure here is made up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from jingwei.apps.assessments import rules
from jingwei.apps.assessments.facts import (
    Chain,
    CheckRule,
    Claimed,
    Conflict,
    Delay,
    Measure,
    Record,
    Silence,
    Words,
)

DAY = datetime(2030, 5, 4, tzinfo=UTC)
RULE = CheckRule(
    id="X", title=Words("试", "try"), expected=Words("应当", "should"), rule="R-1", source="S art. 1"
)
MEASURES = {
    code: Measure(code, "person", Words(code, code), group)
    for code, group in {
        "deaths": "casualty",
        "missing": "casualty",
        "dead_or_missing": "casualty",
        "withheld": "withheld",
        "withheld_by_county": "withheld_part",
        "days_without_report": "conduct",
        "rain_1h": "weather",
    }.items()
}


def a_record(number: int, hours: float, type: str = "figures", **fields: Any) -> Record:
    at = DAY + timedelta(hours=hours)
    defaults = {"place": "4101", "organization": "city", "source": f"S{number}", "evidence": "seen"}
    return Record(
        entry_id=f"e{number}",
        report_id=f"r{number}",
        type=type,
        **{"at": at, "occurred_at": at} | defaults | fields,
    )


def figures(*told: tuple[str, str, float]) -> tuple[Claimed, ...]:
    return tuple(Claimed(measure, area, value, "person") for measure, area, value in told)


def red(number: int, hours: float, **fields: Any) -> Record:
    return a_record(number, hours, "warning", level=1, **fields)


def raised(number: int, hours: float, level: int = 1, before: int | None = 2, **fields: Any) -> Record:
    return a_record(number, hours, "response", level=level, from_level=before, **fields)


# --- how late ---------------------------------------------------------------------------------------------


def delays(records: list[Record], groups: list[list[Record]]) -> tuple[str, list[int]]:
    found = rules.check_delay(RULE, records, groups, zone=UTC)
    return found.state, [d.minutes for d in found.details if isinstance(d, Delay)]


def test_delay_runs_from_the_first_red_warning_to_the_highest_level() -> None:
    first, second, up = red(1, 1), red(2, 3), raised(3, 5.5)
    assert delays([second, up, first], [[up]]) == ("differs", [270])


def test_every_source_has_its_own_delay_and_all_are_kept() -> None:
    one, other = raised(2, 4), raised(3, 4.5)
    found = rules.check_delay(RULE, [red(1, 0), one, other], [[other, one]], zone=UTC)
    assert [d.minutes for d in found.details if isinstance(d, Delay)] == [240, 270]
    assert found.difference.en == "4 h 00 min or 4 h 30 min"
    assert found.entries == ("e1", "e2", "e3")


def test_a_level_raised_in_time_meets_the_rule() -> None:
    up = raised(2, 0)
    assert delays([red(1, 0), up], [[up]]) == ("met", [0])


def test_sources_on_both_sides_of_the_rule_are_a_conflict() -> None:
    early, late = raised(2, -0.5), raised(3, 0.5)
    assert delays([red(1, 0), early, late], [[early, late]]) == ("conflict", [-30, 30])


@pytest.mark.parametrize(
    "other",
    [
        raised(2, 1, level=2, before=3),
        raised(2, 1, level=3, before=1),
        raised(2, 1, place="41"),
        a_record(2, 1, "warning", level=1, from_level=2),
    ],
    ids=["second level", "lowered", "another place", "no response"],
)
def test_what_is_not_the_highest_level_of_that_place_does_not_count(other: Record) -> None:
    found = rules.check_delay(RULE, [red(1, 0), other], [[other]], zone=UTC)
    assert found.state == "not_assessable"
    assert found.missing


def test_without_a_red_warning_nothing_is_late() -> None:
    orange, up = red(1, 0), raised(2, 9)
    found = rules.check_delay(RULE, [up, a_record(3, 0, "warning", level=2)], [[up]], zone=UTC)
    assert found.state == "not_assessable"
    assert rules.check_delay(RULE, [up, orange], [[up]], zone=UTC).state == "differs"


# --- days without a report --------------------------------------------------------------------------------


def finding(number: int = 1, hours: float = 0, area: str = "4101") -> Record:
    return a_record(number, hours, "finding", claims=figures(("days_without_report", area, 9)))


def continued(number: int, day: int, **fields: Any) -> Record:
    told = {"channel": "api", "claims": figures(("deaths", "4101", 3))} | fields
    return a_record(number, day * 24 + 8, **told)


def silence(*records: Record) -> Silence:
    found = rules.check_silence(RULE, list(records), measures=MEASURES, zone=UTC)
    assert found.state == ("differs" if found.details[0].days else "met")
    (one,) = found.details
    assert isinstance(one, Silence)
    return one


def test_days_are_counted_and_not_taken_from_what_the_finding_states() -> None:
    found = silence(finding(), continued(2, 3))
    assert found.days == (date(2030, 5, 4), date(2030, 5, 5), date(2030, 5, 6))
    assert (found.attested, found.until_on) == (9, date(2030, 5, 7))
    assert found.entries == ("e1", "e2")


def test_a_day_with_a_report_is_no_day_without_one() -> None:
    assert len(silence(finding(), continued(2, 1), continued(3, 3)).days) == 2


def test_reporting_every_day_meets_the_rule() -> None:
    assert silence(finding(), *(continued(n + 2, n) for n in range(4))).days == ()


@pytest.mark.parametrize(
    "other",
    [
        continued(3, 1, channel="official"),
        continued(3, 1, organization="province"),
        continued(3, 1, claims=figures(("deaths", "410105", 3))),
        continued(3, 1, claims=figures(("rain_1h", "4101", 3))),
        continued(3, 1, type="finding"),
    ],
    ids=["public announcement", "another body", "another area", "no casualties", "a finding"],
)
def test_what_is_no_continued_report_does_not_end_the_silence(other: Record) -> None:
    assert len(silence(finding(), other, continued(2, 3)).days) == 3


def test_an_interruption_that_never_ended_is_not_counted() -> None:
    found = rules.check_silence(RULE, [continued(2, -1), finding()], measures=MEASURES, zone=UTC)
    assert (found.state, len(found.missing), found.entries) == ("not_assessable", 1, ("e1",))


def test_without_a_finding_there_is_no_interruption() -> None:
    found = rules.check_silence(RULE, [continued(2, 1), continued(3, 4)], measures=MEASURES, zone=UTC)
    assert found.state == "not_assessable"


# --- sources that differ ----------------------------------------------------------------------------------


def test_conflicting_times_stand_side_by_side_with_their_sources() -> None:
    late, early, alone = raised(1, 2), raised(2, 1.5), raised(3, 9)
    found = rules.check_conflicts(RULE, [[late, early], [alone]], zone=UTC)
    (one,) = found.details
    assert isinstance(one, Conflict)
    assert (found.state, one.spread_min) == ("conflict", 30)
    assert [(v.source, v.evidence) for v in one.versions] == [("S2", "seen"), ("S1", "seen")]
    assert found.entries == ("e2", "e1")


def test_sources_that_agree_are_no_conflict() -> None:
    assert rules.check_conflicts(RULE, [[raised(1, 1), raised(2, 1)]], zone=UTC).state == "met"
    assert rules.check_conflicts(RULE, [], zone=UTC).state == "not_assessable"


# --- chains of figures ------------------------------------------------------------------------------------


def chains(*records: Record) -> dict[tuple[str, str], list[float]]:
    found = rules.chains_of(records, measures=MEASURES, of=("casualty",))
    return {(c.measure, c.area): [p.value for p in c.points] for c in found}


def test_two_measures_or_two_areas_are_never_one_chain() -> None:
    later = a_record(2, 5, claims=figures(("deaths", "41", 40), ("deaths", "4101", 30)))
    first = a_record(
        1, 1, claims=figures(("deaths", "41", 3), ("dead_or_missing", "41", 7), ("rain_1h", "41", 9))
    )
    assert chains(later, first) == {
        ("deaths", "41"): [3, 40],
        ("dead_or_missing", "41"): [7],
        ("deaths", "4101"): [30],
    }


def test_a_lowered_figure_is_marked_and_kept() -> None:
    told = [a_record(n, n, claims=figures(("missing", "41", value))) for n, value in enumerate((8, 5, 5, 50))]
    (chain,) = rules.chains_of(told, measures=MEASURES, of=("casualty",))
    assert [(p.value, p.lowered) for p in chain.points] == [(8, False), (5, True), (5, False), (50, False)]


def test_one_figure_told_twice_is_one_point_that_rests_on_both() -> None:
    told = figures(("deaths", "41", 3))
    one, again = a_record(1, 1, claims=told, source="S"), a_record(2, 1, claims=told, source="S")
    (chain,) = rules.chains_of([one, again], measures=MEASURES, of=("casualty",))
    assert [(p.value, p.entries) for p in chain.points] == [(3, ("e1", "e2"))]


def test_withheld_figures_differ_and_parts_of_the_whole_are_not_added() -> None:
    deaths = a_record(1, 1, claims=figures(("deaths", "41", 3)))
    found_out = a_record(
        2, 9, "finding", claims=figures(("withheld", "41", 5), ("withheld_by_county", "41", 2))
    )
    assert rules.check_chains(RULE, [deaths], measures=MEASURES).state == "met"
    found = rules.check_chains(RULE, [deaths, found_out], measures=MEASURES)
    assert (found.state, found.difference.en) == ("differs", "withheld: 5")
    assert {(d.measure, d.points[0].value) for d in found.details if isinstance(d, Chain)} >= {
        ("withheld_by_county", 2)
    }
    assert rules.check_chains(RULE, [found_out], measures=MEASURES).state == "not_assessable"


def test_a_check_that_needs_more_says_so_and_keeps_its_rule() -> None:
    found = rules.check_later(CheckRule(id="C9", title=Words("一", "one"), needs="warnings", rule="R-2"))
    assert (found.state, found.needs, found.rule) == ("not_yet", "warnings", "R-2")
