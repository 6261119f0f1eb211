"""The machine proposes, a person activates, and everything the plan prepared starts in one transaction."""

import json
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.models import Holding
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import actions, queries
from jingwei.apps.plans.facts import (
    ActivationEnded,
    ActivationProposed,
    CallNoted,
    Change,
    Ending,
    LevelLowered,
    LevelRaised,
    Order,
    PlanActivated,
    PlanLoaded,
)
from jingwei.apps.plans.models import Activation, CallLine, NoticeDraft, Plan, Proposed
from jingwei.apps.plans.rules import PlansRefused
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.models import Task
from tests.builders import STORM, a_moment, an_incident, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db


def warn(level=1, place="4101", at=STORM, **changes):
    fields = {"type": "warning", "kind": "11B03", "channel": "weather", "organization": "4101-qxt"}
    report = told("暴雨预警", place=place, level=level, occurred_at=at, **(fields | changes))
    receive(report, by=holding_of("lisiyuan"), at=at)
    settle(at)


def waiting(place="4101"):
    return Proposed.objects.filter(place=place, state="open").first()


def post_of(username, code):
    return Holding.objects.get(person__user__username=username, post__code=code).pk


COMMANDER = ("zhoumingyuan", "4101-fz-commander")


def order(level=1, place="4101", **changes):
    until = STORM + timedelta(hours=24)
    fields = {"place": place, "level": level, "matter": "防汛", "expected_until": until}
    return Order(**(fields | changes))


def activate(level=1, by=None, plan=None, **changes):
    plan = plan or Plan.objects.get()
    by = by or post_of(*COMMANDER)
    moment = a_moment(STORM)
    done = actions.activate_plan(plan.id, order(level, **changes), version=plan.version, by=by, moment=moment)
    return Activation.objects.get(pk=done)


def kept(row, reason, **changes):
    """An ending that keeps every order still open."""
    return Ending(reason=reason, keep=dict.fromkeys(tasks.list_open_of(row.id), "善后"), **changes)


def said(subject, kind):
    return [s.fact for s in journal.list_entries(subjects=[str(subject)], kinds=[kind])]


# --- proposals -------------------------------------------------------------------------------------------


def test_a_red_warning_proposes_level_one_with_its_clause_and_activates_nothing():
    warn(1)
    row = waiting()
    (fact,) = said(row.id, ActivationProposed)
    assert (row.change, row.level, fact.clause, fact.evidence) == (
        "activate",
        1,
        "RL-5",
        "recalled, unverified",
    )
    assert fact.why["warning_level"] == "1" and fact.why["report_id"]
    assert not Activation.objects.exists() and not Task.objects.exists()
    (entry,) = journal.list_entries(subjects=[str(row.id)])
    assert entry.by == agencies.get_machine()


def test_without_the_plan_there_are_no_proposals():
    Plan.objects.all().delete()
    warn(1)
    assert not Proposed.objects.exists()


def test_a_plan_that_has_ended_proposes_nothing_and_cannot_be_activated():
    (content,) = queries.list_shipped_plans()
    ended = content.replace(b'"valid_to": null', b'"valid_to": "2021-07-20"')
    actions.load_plan(ended, by=agencies.get_machine(), moment=a_moment())
    warn(1)
    assert not Proposed.objects.exists()
    with pytest.raises(PlansRefused) as refused:
        activate()
    assert refused.value.code == "plan_not_in_force"


@pytest.mark.parametrize("fields", [{"kind": "11B09"}, {"place": "41"}, {"type": "observation"}])
def test_other_hazards_wider_areas_and_other_reports_propose_nothing(fields):
    warn(1, **fields)
    assert not Proposed.objects.exists()


def test_one_proposal_waits_and_a_graver_one_supersedes_it():
    warn(3)
    first = waiting()
    warn(3, at=STORM + timedelta(minutes=10))
    assert waiting().id == first.id and Proposed.objects.filter(place="4101").count() == 1
    warn(1, at=STORM + timedelta(minutes=20))
    row = waiting()
    first.refresh_from_db()
    assert (row.level, first.state) == (1, "superseded")
    (fact,) = said(row.id, ActivationProposed)
    assert fact.supersedes == str(first.id)


def test_a_county_warning_proposes_for_the_county_only():
    warn(2, place="410182109")
    assert waiting("410182").level == 2 and waiting("4101") is None


def test_a_city_warning_proposes_for_the_city_and_each_county_it_covers():
    warn(2)
    found = Proposed.objects.filter(state="open")
    assert {(p.place, p.level) for p in found} == {
        (a.place, 2) for a in queries.get_body(found[0].plan_id).areas
    }
    assert waiting("410182").why["report_id"] == waiting("4101").why["report_id"]


def test_the_gravest_of_the_countys_and_the_citys_warnings_counts():
    warn(3)
    warn(1, place="410182", organization="410182-qxt", at=STORM + timedelta(minutes=10))
    assert (waiting("410182").level, waiting("410181").level, waiting().level) == (1, 3, 3)


def test_a_provinces_warning_counts_where_it_names_the_place():
    report = told(
        "荥阳市等地有特大暴雨", type="warning", kind="11B03", channel="weather", organization="41-qxj",
        place="41", level=1, occurred_at=STORM,
    )  # fmt: skip
    receive(report, by=holding_of("baishuyan"))
    settle()
    assert [p.place for p in Proposed.objects.all()] == ["410182"]


def test_a_county_may_not_activate_the_citys_level():
    with pytest.raises(NotAllowed) as refused:
        activate(4, by=holding_of("yuzijin"), place="4101")
    assert refused.value.code == "not_allowed"
    with pytest.raises(NotAllowed) as refused:
        activate(4, by=holding_of("yuzijin"), place="410181")
    assert refused.value.code == "not_allowed"
    assert not Activation.objects.exists()


def test_a_confirmed_grade_proposes_for_county_and_city():
    from jingwei.apps.incidents import actions as incidents

    row = an_incident(kind="11A51", place="410182")
    by = holding_of("hejing")
    incidents.confirm_grade(row.id, grade=2, version=1, reason="报告", by=by, moment=a_moment())
    settle()
    for place in ("410182", "4101"):
        assert (waiting(place).level, waiting(place).why["grade_state"]) == (2, "confirmed")


def test_a_declined_proposal_comes_back_only_for_a_new_reason():
    warn(1)
    row = waiting()
    by, moment = post_of(*COMMANDER), a_moment()
    with pytest.raises(PlansRefused) as refused:
        actions.decline_proposal(row.id, reason=" ", by=by, moment=moment)
    assert refused.value.code == "reason_missing"
    actions.decline_proposal(row.id, reason="会商后暂不启动", by=by, moment=moment)
    an_incident(kind="11B03", place="4101")
    settle()
    assert waiting() is None
    warn(1, at=STORM + timedelta(hours=2))
    assert waiting().level == 1


# --- activation ------------------------------------------------------------------------------------------


def test_activation_starts_everything_the_plan_prepared():
    warn(1)
    row = activate(1, measures=("school", "work"), incident_id=None)
    assert Task.objects.filter(activation=row.id).count() == len(row.started) > 50
    task = Task.objects.get(activation=row.id, to_organization="4101-cgj", title_zh__startswith="排查下穿")
    assert task.due_at == STORM + timedelta(minutes=30) and "ERL2024 art.73" in task.clause
    assert CallLine.objects.get(activation=row, order=1).post == "4101-fz-commander"
    text = NoticeDraft.objects.get(activation=row, notice="activation").text_zh
    assert "郑州市防汛抗旱指挥部启动防汛I级应急响应" in text and "停课" in text and "{hotline}" in text
    (fact,) = said(row.id, PlanActivated)
    assert fact.tasks == len(row.started) and fact.measures == ("school", "work") and not fact.unsent
    (entry,) = journal.list_entries(subjects=[str(row.id)], kinds=[PlanActivated])
    assert entry.by == post_of(*COMMANDER)
    assert waiting() is None and row.proposal_id == uuid.UUID(fact.proposal_id)


def test_the_deputy_takes_a_vacant_seat_and_vacancy_shows():
    Holding.objects.filter(post__code__in=["4101-wjw-duty", "4101-slj-duty"]).update(until_at=STORM)
    row = activate(2)
    seats = {s["duty_zh"]: s for s in row.command}
    assert (seats["医疗救治"]["post"], seats["医疗救治"]["deputy"]) == ("4101-jjzx-desk", True)
    assert seats["水利工程"]["holding"] is None
    (fact,) = said(row.id, PlanActivated)
    assert fact.vacant == ("4101-slj-duty",)


@pytest.mark.parametrize(
    ("username", "level", "may"),
    [("hejing", 1, False), ("hejing", 2, False), ("hejing", 3, True), ("lisiyuan", 3, False)],
)
def test_the_plan_says_which_post_orders_which_level(username, level, may):
    if may:
        assert activate(level, by=holding_of(username)).level == level
        return
    with pytest.raises((PlansRefused, NotAllowed)) as refused:
        activate(level, by=holding_of(username))
    assert refused.value.code in {"level_above_post", "not_allowed"}
    assert not Activation.objects.exists() and not Task.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"place": "410211"}, "not_allowed"),
        ({"place": "410182109"}, "place_not_in_plan"),
        ({"matter": " "}, "matter_missing"),
        ({"expected_until": None}, "expected_until_missing"),
        ({"expected_until": STORM}, "expected_until_past"),
        ({"measures": ("nonsense",)}, "measure_unknown"),
        ({"level": 5}, "level_impossible"),
        ({"incident_id": uuid.UUID(int=1)}, "incident_unknown"),
    ],
)
def test_an_order_that_lacks_what_the_law_asks_is_refused_whole(changes, code):
    level = changes.pop("level", 1)
    with pytest.raises((PlansRefused, NotAllowed)) as refused:
        activate(level, **changes)
    assert refused.value.code == code
    assert not Activation.objects.exists() and not Task.objects.exists()


def test_a_plan_is_activated_once_a_place_and_by_the_version_that_was_read():
    activate(3)
    with pytest.raises(PlansRefused) as refused:
        activate(3)
    assert refused.value.code == "already_in_force"
    plan, by = Plan.objects.get(), post_of(*COMMANDER)
    with pytest.raises(PlansRefused) as refused:
        actions.activate_plan(plan.id, order(place="410182"), version="old", by=by, moment=a_moment())
    assert refused.value.code == "plan_changed_meanwhile"


def test_the_machine_proposes_and_never_activates():
    with pytest.raises(NotAllowed) as refused:
        activate(3, by=agencies.get_machine())
    assert refused.value.code == "machine_may_not_decide"


def a_plan_of(count):
    """A plan whose level IV starts so many tasks."""
    (content,) = queries.list_shipped_plans()
    body = json.loads(content)
    task = next(t for t in body["tasks"] if t["scope"] == "county" and t["id"] == "inspect")
    body["tasks"] = [task | {"id": f"t{n}", "level": 4} for n in range(count)]
    body |= {"code": f"plan-{count}", "version": "1"}
    done = actions.load_plan(json.dumps(body).encode(), by=agencies.get_machine(), moment=a_moment())
    return Plan.objects.get(pk=done)


def measured(count):
    plan = a_plan_of(count)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        began = time.perf_counter()
        row = activate(4, plan=plan, place="410182", by=holding_of("xingyantian"))
        took = time.perf_counter() - began
    assert Task.objects.filter(activation=row.id).count() == count
    print(f"{count} tasks: {len(seen)} statements, {took * 1000:.0f} ms")
    return len(seen)


def test_two_hundred_tasks_start_with_the_statements_of_twenty():
    few, many = measured(20), measured(200)
    assert many <= few + 8, "bulk writes are cut into parts, nothing is done one by one"


# --- raising, lowering, ending ---------------------------------------------------------------------------


def change(level, reason="水位上涨", **more):
    return Change(level=level, reason=reason, expected_until=STORM + timedelta(hours=30), **more)


def at(minutes):
    return a_moment(STORM + timedelta(minutes=minutes))


def test_raising_starts_only_what_the_graver_level_adds():
    row = activate(3)
    before = Task.objects.filter(activation=row.id).count()
    warn(1, at=STORM + timedelta(minutes=5))
    assert (waiting().change, waiting().level) == ("raise", 1)
    actions.raise_level(
        row.id, change(1, measures=("work",)), version=1, by=post_of(*COMMANDER), moment=at(6)
    )
    row.refresh_from_db()
    (fact,) = said(row.id, LevelRaised)
    assert (row.level, row.version, fact.from_level, fact.level) == (1, 2, 3, 1)
    titles = list(
        Task.objects.filter(activation=row.id).values_list("title_zh", "to_organization", "to_post")
    )
    assert len(titles) == len(set(titles)) == before + fact.tasks > before
    assert waiting() is None, "the proposal it answers is taken"


def test_the_duty_chief_may_not_raise_above_the_own_level():
    row = activate(4, by=holding_of("hejing"))
    with pytest.raises(PlansRefused) as refused:
        actions.raise_level(row.id, change(2), version=1, by=holding_of("hejing"), moment=at(1))
    assert refused.value.code == "level_above_post"


def test_a_lowered_warning_proposes_lowering_and_a_lifted_one_the_end():
    warn(1)
    row = activate(1)
    warn(3, at=STORM + timedelta(hours=1))
    assert (waiting().change, waiting().level) == ("lower", 3)
    by = post_of(*COMMANDER)
    actions.lower_level(row.id, change(3, "雨势减弱"), version=1, by=by, moment=at(70))
    row.refresh_from_db()
    (fact,) = said(row.id, LevelLowered)
    assert (row.level, fact.from_level, row.measures) == (3, 1, [])
    warn(0, at=STORM + timedelta(hours=2))
    assert (waiting().change, waiting().level) == ("end", None)
    actions.end_activation(row.id, ending=kept(row, "预警解除"), version=2, by=by, moment=at(130))
    row.refresh_from_db()
    (ended,) = said(row.id, ActivationEnded)
    assert (row.state, row.ended_by, ended.reason) == ("ended", by, "预警解除")
    assert waiting() is None
    steps = [h.what for h in queries.get_history(row.id)]
    assert steps == ["activated", "lowered", "ended"]


def test_the_second_of_two_commanders_is_told():
    row = activate(3)
    by = post_of(*COMMANDER)
    actions.raise_level(row.id, change(2), version=1, by=by, moment=at(1))
    with pytest.raises(PlansRefused) as refused:
        actions.end_activation(row.id, reason="重复", version=1, by=by, moment=at(2))
    assert refused.value.code == "changed_meanwhile"


def test_a_level_announced_by_others_is_not_ours():
    receive(
        told(
            "市防汛响应提升至I级",
            type="response",
            kind="11B03",
            place="4101",
            level=1,
            organization="4101-fz",
        ),
        by=holding_of("lisiyuan"),
    )
    settle()
    assert not Activation.objects.exists() and not Proposed.objects.exists()


def test_measures_end_by_themselves_and_with_the_response():
    row = activate(1, measures=("school",))
    (measure,) = queries.list_measures(row.id, at=STORM)
    assert not measure.over and measure.until_at == STORM + timedelta(hours=12)
    (later,) = queries.list_measures(row.id, at=STORM + timedelta(hours=12))
    assert later.over
    by = post_of(*COMMANDER)
    actions.end_activation(row.id, ending=kept(row, "结束"), version=1, by=by, moment=at(60))
    (ended,) = queries.list_measures(row.id, at=STORM + timedelta(hours=2))
    assert ended.over and ended.until_at == STORM + timedelta(hours=1)


def test_a_call_is_noted_by_who_rang():
    row = activate(3)
    line = queries.list_calls(row.id)[0]
    by = holding_of("lisiyuan")
    actions.note_call(line.id, state="reached", by=by, moment=at(2))
    (fact,) = said(row.id, CallNoted)
    assert (fact.post, fact.state) == ("4101-fz-commander", "reached")
    with pytest.raises(PlansRefused) as refused:
        actions.note_call(line.id, state="asleep", by=by, moment=at(3))
    assert refused.value.code == "call_state_impossible"


# --- reading ---------------------------------------------------------------------------------------------


def test_the_same_plan_again_changes_nothing_and_another_version_stands_beside_it():
    (content,) = queries.list_shipped_plans()
    before = len(journal.list_entries(kinds=[PlanLoaded]))
    actions.load_plan(content, by=agencies.get_machine(), moment=a_moment())
    assert len(journal.list_entries(kinds=[PlanLoaded])) == before
    newer = content.replace(b'"illustration-1"', b'"illustration-2"')
    actions.load_plan(newer, by=agencies.get_machine(), moment=a_moment())
    assert Plan.objects.count() == 2


def test_one_county_over_sees_neither_proposal_nor_activation():
    warn(1, place="410182")
    row = activate(3, place="410182")
    other, own = authority_of("luoruchuan"), authority_of("xingyantian")
    assert queries.list_proposals(authority=other) == [] and queries.list_proposals(authority=own)
    assert queries.find_activation(row.id, authority=other) is None
    assert queries.find_activation(row.id, authority=own)


def test_a_clause_says_how_it_stands_on_the_day():
    from datetime import date

    body = queries.get_body(Plan.objects.get().id)
    law = next(m.clause for m in body.measures)
    red = next(c.clause for c in body.conditions if c.id == "W1")
    assert queries.standing_of(law, on=date(2021, 7, 20)) == "later"
    assert queries.standing_of(law, on=date(2024, 11, 1)) == "in_force"
    assert queries.standing_of(red, on=date(2021, 7, 20)) == "unverified"
