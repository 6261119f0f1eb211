"""The statutory clock on a node: what is owed follows the facts, time is watched, people send and receive."""

from datetime import timedelta

import pytest

from jingwei.apps.agencies.queries import NotAllowed, get_machine
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.actions import follow
from jingwei.apps.reports.facts import Claim
from jingwei.apps.sitreps import actions, facts, queries
from jingwei.apps.sitreps.models import Obligation, Sitrep, SitrepVersion
from jingwei.apps.sitreps.rules import SitrepRefused
from jingwei.kernel.refusals import Refused
from jingwei.wiring.reactions import REACTIONS, TICKS, declare
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
AT_CITY = {"kind": "11B03", "place": "4101", "channel": "official", "source": "市防办", "evidence": "seen"}
SIX_DEAD = Claim(measure="deaths", value=6, unit="person")


@pytest.fixture
def officer():
    return holding_of("lisiyuan")


def a_storm(*figures: Claim, grade: int = 3, **changes) -> Incident:
    """A storm in the city, judged by a person at once: few dead alone propose no grade for a storm."""
    (answer,) = receive(told("积水过膝", figures=figures, **(AT_CITY | changes)), by=holding_of("lisiyuan"))
    settle()
    row = Membership.objects.get(report_id=answer.id, left_at=None).incident
    incidents.judge_grade(
        row.id,
        grade=grade,
        version=row.version,
        reason="多处受淹",
        by=holding_of("hejing"),
        moment=a_moment(),
    )
    settle()
    return row


def owed(row: Incident, *states: str) -> set[str]:
    found = Obligation.objects.filter(incident=row, state__in=states or ("open", "late"))
    return set(found.values_list("rule_id", flat=True))


def watch(at) -> None:
    actions.watch_clocks(by=get_machine(), moment=a_moment(at))


def said(row: Incident, *kinds) -> list:
    return [e.fact for e in journal.list_entries(subjects=[str(row.id)], kinds=kinds)]


def confirm(row: Incident, grade: int, at=STORM) -> None:
    row.refresh_from_db()
    incidents.confirm_grade(
        row.id, grade=grade, version=row.version, reason="核实", by=holding_of("hejing"), moment=a_moment(at)
    )
    settle(at)


# --- what is owed ----------------------------------------------------------------------------------------


def test_a_grade_brings_the_obligations_of_its_day():
    """In 2021 the law of 2024 asks nothing; the rows of Henan and the plan of 2006 do."""
    row = a_storm(SIX_DEAD)
    assert {"HN-03", "HN-05", "PRC-01", "PRC-02", "ND-01", "ND-03"} <= owed(row)
    assert not {"HN-01", "HN-02", "HN-04", "NAT-01", "ERL-01", "JX-01", "CN-01"} & owed(row)
    arose = said(row, facts.ObligationArose)
    assert {f.rule_id for f in arose} == owed(row)
    assert {(f.grade, f.basis) for f in arose if f.rule_id == "HN-03"} == {(3, "preliminary")}


def test_a_changed_grade_voids_and_creates(officer):
    row = a_storm(SIX_DEAD)
    confirm(row, 1)
    assert {"HN-01", "HN-02", "NAT-01"} <= owed(row) and "HN-03" not in owed(row)
    assert owed(row, "void") == {"HN-03"}
    assert [f.reason for f in said(row, facts.ObligationVoided)] == ["changed"]


def test_canary_without_the_reaction_nothing_is_owed():
    """Drop the recomputation from the story and the clock stands still."""
    follow({
        fact: [one for one in following if one.name != "sitreps.recompute"]
        for fact, following in REACTIONS.items()
    })  # fmt: skip
    try:
        row = a_storm(SIX_DEAD)
        assert owed(row, "open", "late", "met", "void") == set()
    finally:
        declare()


def test_time_alone_is_wired():
    assert actions.watch_clocks in TICKS


def test_computing_again_what_has_not_changed_says_nothing():
    row = a_storm(SIX_DEAD)
    before = journal.count_entries()
    receive(told("又一处积水", **AT_CITY), by=holding_of("lisiyuan"))
    settle()
    assert len(said(row, facts.ObligationArose)) == Obligation.objects.filter(incident=row).count()
    assert journal.count_entries() - before <= 3


def test_an_earlier_report_moves_the_limit():
    row = a_storm(SIX_DEAD)
    due = Obligation.objects.filter(incident=row, rule_id="HN-03", state="open").first().due_at
    receive(told("更早的来电", **AT_CITY | {"occurred_at": STORM - 20 * MINUTE}), by=holding_of("lisiyuan"))
    settle()
    now = Obligation.objects.filter(incident=row, rule_id="HN-03", state="open").first()
    assert now.due_at == due - 20 * MINUTE


def test_closing_lets_what_is_open_fall_away_and_keeps_what_was_late(officer):
    row = a_storm(SIX_DEAD)
    watch(STORM + 61 * MINUTE)
    watch(STORM + 61 * MINUTE)
    late = owed(row, "late")
    assert {"HN-03", "PRC-01", "PRC-02"} <= late
    row.refresh_from_db()
    incidents.close_incident(
        row.id, reason="雨停", version=row.version, by=holding_of("hejing"), moment=a_moment()
    )
    settle()
    assert owed(row, "open") == set() and owed(row, "late") == late


# --- time ------------------------------------------------------------------------------------------------


def test_foreseen_with_a_named_person_then_late_once():
    row = a_storm(SIX_DEAD)
    first = Obligation.objects.filter(incident=row, rule_id="HN-03").first()
    watch(STORM + 44 * MINUTE)
    first.refresh_from_db()
    assert first.foreseen_at is None
    watch(STORM + 46 * MINUTE)
    watch(STORM + 47 * MINUTE)
    foreseen = [f for f in said(row, facts.DeadlineForeseen) if f.rule_id == "HN-03"]
    assert len(foreseen) == 1 and foreseen[0].holding
    watch(STORM + 60 * MINUTE)
    first.refresh_from_db()
    assert first.state == "open", "at the limit itself it is in time"
    for minutes in (61, 62, 63):
        watch(STORM + minutes * MINUTE)
    first.refresh_from_db()
    assert (first.state, first.lapsed_at) == ("late", first.due_at)
    assert len([f for f in said(row, facts.ObligationLapsed) if f.rule_id == "HN-03"]) == 1


def test_nothing_due_costs_one_query(django_assert_num_queries):
    machine = get_machine()
    with django_assert_num_queries(1):
        actions.watch_clocks(by=machine, moment=a_moment())


def test_at_once_is_never_late_and_keeps_the_time_it_took(officer):
    row = a_storm(SIX_DEAD)
    at_once = Obligation.objects.filter(incident=row, rule_id="ND-01").first()
    assert at_once.due_at is None
    watch(STORM + timedelta(hours=9))
    at_once.refresh_from_db()
    assert at_once.state == "open"
    actions.meet_obligation(at_once.id, words="电话报", by=officer, moment=a_moment(STORM + 7 * MINUTE))
    (met,) = said(row, facts.ObligationMet)
    assert (met.took_s, met.late_s) == (420.0, 0.0)


def test_continued_reports_follow_one_another_and_each_missed_one_is_late():
    row = a_storm(SIX_DEAD)
    for hours in (2, 2, 17, 17, 18):
        watch(STORM + timedelta(hours=hours))
    rows = Obligation.objects.filter(incident=row, rule_id="HN-05").order_by("due_at")
    assert [(o.due_at - STORM, o.state) for o in rows] == [
        (timedelta(hours=1), "late"),
        (timedelta(hours=16), "late"),
        (timedelta(hours=25), "open"),
    ]


# --- reports ---------------------------------------------------------------------------------------------


def a_draft(row: Incident, by, **changes) -> Sitrep:
    given = {"stage": "first", "organization": "4101-yjj", "to_organization": "41-yjt"} | changes
    found = actions.draft_sitrep(row.id, **given, by=by, moment=a_moment())
    return Sitrep.objects.get(pk=found)


def test_a_draft_is_filled_from_the_record_and_nothing_is_typed(officer):
    row = a_storm(SIX_DEAD)
    draft = a_draft(row, officer)
    line = queries.find_sitrep(draft.id, authority=authority_of("lisiyuan"))
    assert [(f.measure, f.value, f.source_no) for f in line.content.figures] == [("deaths", 6, 1)]
    assert [h.words for h in line.content.happened] == ["积水过膝"]
    assert line.gaps == ("missing", "injured")
    (fact,) = [e.fact for e in journal.list_entries(subjects=[str(draft.id)], kinds=[facts.SitrepDrafted])]
    assert fact.machine_share == round(7 / 9, 4), "two gaps of nine"


def test_a_gap_blocks_sending_until_a_person_marks_it(officer):
    draft = a_draft(a_storm(SIX_DEAD), officer)
    with pytest.raises(SitrepRefused) as refused:
        actions.submit_sitrep(draft.id, version=1, by=officer, moment=a_moment())
    assert refused.value.code == "sitrep_figure_missing"
    actions.edit_sitrep(
        draft.id, texts={"next": "继续排查"}, to_check=["missing", "injured", "deaths"], version=1,
        by=officer, moment=a_moment(),
    )  # fmt: skip
    draft.refresh_from_db()
    assert draft.to_check == ["missing", "injured"], "only what is missing can be marked"
    actions.submit_sitrep(draft.id, version=2, by=officer, moment=a_moment())
    assert SitrepVersion.objects.filter(sitrep=draft).count() == 2


def test_drafting_again_brings_it_up_to_the_record_and_keeps_what_was_written(officer):
    row = a_storm(SIX_DEAD)
    draft = a_draft(row, officer)
    actions.edit_sitrep(
        draft.id, texts={"next": "继续排查"}, to_check=["missing"], version=1, by=officer, moment=a_moment()
    )
    missing = Claim(measure="missing", value=2, unit="person")
    receive(told("失踪两人", figures=(missing,), **AT_CITY), by=officer)
    settle()
    again = a_draft(row, officer)
    assert again.id == draft.id and again.version == 3
    line = queries.find_sitrep(draft.id, authority=authority_of("lisiyuan"))
    assert line.content.texts["next"] == "继续排查" and line.content.gaps == ("injured",)
    assert line.to_check == ()


def a_sent(row: Incident, by, at=STORM, **changes) -> Sitrep:
    draft = a_draft(row, by, **changes)
    gaps = ["deaths", "missing", "injured", "direct_loss"]
    actions.edit_sitrep(draft.id, texts={}, to_check=gaps, version=draft.version, by=by, moment=a_moment(at))
    draft.refresh_from_db()
    actions.submit_sitrep(draft.id, version=draft.version, by=by, moment=a_moment(at))
    draft.refresh_from_db()
    return draft


def test_a_sent_report_meets_what_its_body_owes_the_same_body_in_writing(officer):
    row = a_storm(SIX_DEAD)
    sent = a_sent(row, officer, at=STORM + 20 * MINUTE)
    met = Obligation.objects.filter(sitrep=sent)
    assert {(o.rule_id, o.state, o.lapsed_at) for o in met} == {("HN-03", "met", None)} | {
        ("ND-04", "met", None) for o in met if o.rule_id == "ND-04"
    } | {("ND-01", "met", None) for o in met if o.rule_id == "ND-01"}
    assert "PRC-01" in owed(row), "the telephone call to the government above is another matter"
    assert "HN-05" in owed(row), "a first report is no continued one"
    (fact,) = [e.fact for e in journal.list_entries(subjects=[str(sent.id)], kinds=[facts.SitrepSubmitted])]
    assert set(fact.met) == {str(o.id) for o in met}


def test_a_late_report_is_met_and_stays_late(officer):
    row = a_storm(SIX_DEAD)
    watch(STORM + 61 * MINUTE)
    watch(STORM + 61 * MINUTE)
    a_sent(row, officer, at=STORM + 90 * MINUTE)
    late = Obligation.objects.get(incident=row, rule_id="HN-03", from_organization="4101-yjj")
    assert (late.state, late.lapsed_at) == ("met", STORM + 60 * MINUTE)
    (met,) = [f for f in said(row, facts.ObligationMet) if f.rule_id == "HN-03"]
    assert met.late_s == 1800.0


def test_a_continued_report_meets_its_slot_and_the_next_one_arises(officer):
    row = a_storm(SIX_DEAD)
    a_sent(row, officer, stage="continued", at=STORM + 30 * MINUTE)
    rows = Obligation.objects.filter(incident=row, rule_id="HN-05").order_by("due_at")
    assert [o.state for o in rows] == ["met", "open"]


def test_what_was_met_is_not_asked_for_again(officer):
    row = a_storm(SIX_DEAD)
    a_sent(row, officer)
    receive(told("更早的来电", **AT_CITY | {"occurred_at": STORM - 20 * MINUTE}), by=officer)
    settle()
    assert "HN-03" not in owed(row)


def test_what_was_sent_is_not_changed(officer):
    sent = a_sent(a_storm(SIX_DEAD), officer)
    with pytest.raises(SitrepRefused) as refused:
        actions.edit_sitrep(
            sent.id, texts={"next": "x"}, to_check=[], version=2, by=officer, moment=a_moment()
        )
    assert refused.value.code == "sitrep_sent"


def test_two_people_on_one_draft_the_second_is_told(officer):
    draft = a_draft(a_storm(SIX_DEAD), officer)
    actions.edit_sitrep(draft.id, texts={"next": "甲"}, to_check=[], version=1, by=officer, moment=a_moment())
    with pytest.raises(Refused) as refused:
        actions.edit_sitrep(
            draft.id, texts={"next": "乙"}, to_check=[], version=1, by=holding_of("hejing"), moment=a_moment()
        )
    assert refused.value.code == "changed_meanwhile"


def test_the_body_above_receives_it_and_nobody_below(officer):
    sent = a_sent(a_storm(SIX_DEAD), officer)
    with pytest.raises(NotAllowed) as refused:
        actions.receive_sitrep(sent.id, by=officer, moment=a_moment())
    assert refused.value.code == "not_allowed"
    above = _holding_at("41-zbs-duty")
    actions.receive_sitrep(sent.id, by=above, moment=a_moment(STORM + 5 * MINUTE))
    sent.refresh_from_db()
    assert (sent.state, sent.received_at, sent.received_by) == ("received", STORM + 5 * MINUTE, above)
    with pytest.raises(SitrepRefused) as refused:
        actions.receive_sitrep(sent.id, by=above, moment=a_moment())
    assert refused.value.code == "sitrep_not_sent"


def _holding_at(post: str):
    from jingwei.apps.agencies.queries import find_holding_of_post

    return find_holding_of_post(post, at=STORM)


def test_the_previous_report_is_the_one_sent_before(officer):
    row = a_storm(SIX_DEAD)
    first = a_sent(row, officer)
    second = a_draft(row, officer, stage="continued")
    line = queries.find_sitrep(second.id, authority=authority_of("lisiyuan"))
    assert queries.find_previous(line).id == first.id


def test_rows_no_machine_can_time_are_listed_for_a_person():
    from jingwei.apps.incidents import queries as seen

    row = a_storm(SIX_DEAD)
    line = seen.find_incident(row.id, authority=authority_of("lisiyuan"))
    (listed,) = queries.list_rules_for_person([line])
    found = {rule.rule_id: why for rule, why in listed}
    assert found["ND-06"] == "trigger" and found["ND-05"] == "trigger"
    assert "JX-01" not in found and "ERL-02" not in found


def test_late_stands_first_then_the_soonest():
    row = a_storm(SIX_DEAD)
    watch(STORM + 31 * MINUTE)
    watch(STORM + 31 * MINUTE)
    now = STORM + 31 * MINUTE
    found = queries.list_obligations(authority=authority_of("lisiyuan"), now=now, incident_id=row.id)
    assert found[0].look == "late" and found[0].rule_id == "PRC-01"
    rest = [o for o in found if o.look != "late"]
    times = [o.due_at or o.trigger_at for o in rest]
    assert times == sorted(times)
