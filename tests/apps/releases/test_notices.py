"""A plan's notices become drafts, each once; a draft that is given up stays and can be restored."""

from datetime import timedelta
from functools import partial

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import actions as plans
from jingwei.apps.plans.facts import Change, Ending, Order, PlanActivated
from jingwei.apps.plans.models import Activation, Plan
from jingwei.apps.releases import actions, facts, queries
from jingwei.apps.releases.actions import Written
from jingwei.apps.releases.models import Release
from jingwei.apps.releases.rules import ReleaseRefused
from jingwei.apps.tasks import queries as tasks
from tests.apps.plans.test_actions import COMMANDER, post_of
from tests.builders import STORM, a_moment, an_incident, authority_of, holding_of, settle
from tests.refusing import refusing

pytestmark = pytest.mark.django_db
UNTIL = STORM + timedelta(hours=12)


def activate(level=3, **changes):
    plan = Plan.objects.get()
    order = Order(place="4101", level=level, matter="防汛", expected_until=UNTIL, **changes)
    by = post_of(*COMMANDER)
    done = plans.activate_plan(plan.id, order, version=plan.version, by=by, moment=a_moment())
    settle()
    return Activation.objects.get(pk=done)


def change(row, what, level):
    row.refresh_from_db()
    call = getattr(plans, f"{what}_level")
    given = Change(level=level, reason="水情变化", expected_until=UNTIL)
    call(row.id, given, version=row.version, by=post_of(*COMMANDER), moment=a_moment())
    settle()


def drafts(row):
    found = queries.list_releases_of_activation(row.id, authority=authority_of("hejing"))
    return [(r.edition.state, r.edition.title_zh) for r in reversed(found)]


def do(row, what, who="hejing", **given):
    row.refresh_from_db()
    call = getattr(actions, f"{what}_release")
    call(row.id, version=row.version, by=holding_of(who), moment=a_moment(), **given)
    row.refresh_from_db()


def write(row, words="停课停业。"):
    do(
        row,
        "edit",
        "lisiyuan",
        written=Written(title_zh="通告", text_zh=words, valid_until=UNTIL),
        ready=True,
    )


def publish(row):
    write(row)
    do(row, "approve")
    do(row, "publish")


refused = partial(refusing, ReleaseRefused)


# --- the plan's notices ----------------------------------------------------------------------------------


def test_activating_drafts_the_plans_notices_and_publishes_none():
    row = activate(2)
    assert drafts(row) == [("draft", "郑州市启动防汛II级应急响应"), ("draft", "避险提示")]
    one = Release.objects.filter(activation=row.id).first()
    text = one.editions.get()
    assert text.authors == [] and "【待填：" in text.text_zh and "[to fill: " in text.text_en
    assert not queries.list_published()
    (fact,) = [s.fact for s in journal.list_entries(subjects=[str(one.id)])]
    assert isinstance(fact, facts.ReleaseDrafted)
    assert (fact.activation_id, fact.incident_id) == (str(row.id), "")


def test_raising_lowering_and_ending_draft_theirs():
    row = activate(3)
    change(row, "raise", 2)
    change(row, "lower", 3)
    row.refresh_from_db()
    keep = dict.fromkeys(tasks.list_open_of(row.id), "善后")
    plans.end_activation(
        row.id, ending=Ending(reason="水已退", keep=keep), version=row.version,
        by=post_of(*COMMANDER), moment=a_moment(),
    )  # fmt: skip
    settle()
    titles = [title for _, title in drafts(row)]
    assert titles == [
        "郑州市启动防汛III级应急响应",
        "郑州市防汛应急响应由III级提升为II级",
        "避险提示",
        "郑州市防汛应急响应由II级降低为III级",
        "郑州市终止防汛III级应急响应",
    ]
    last, lowered = (r.editions.get() for r in Release.objects.filter(activation=row.id).order_by("-pk")[:2])
    assert "原因：水已退" in last.text_zh
    assert "启动" not in lowered.text_zh and "由II级降低为III级" in lowered.text_zh
    assert lowered.title_en == "Zhengzhou: flood response lowered from level II to level III"
    assert "activated" not in lowered.text_en


def test_the_same_fact_told_twice_drafts_once():
    row = activate(2)
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[PlanActivated])
    from jingwei.apps.agencies.queries import get_machine

    actions.draft_notices([*entries, *entries], by=get_machine(), moment=a_moment())
    assert len(drafts(row)) == 2


def test_without_its_notices_a_plan_drafts_none():
    plan = Plan.objects.get()
    plan.body["notices"] = []
    plan.save()
    assert drafts(activate(1)) == []


def test_with_the_plan_deleted_nothing_is_drafted():
    Plan.objects.all().delete()
    with pytest.raises(Plan.DoesNotExist):
        activate()
    assert not Release.objects.exists()


def test_a_plans_gap_stops_the_text_until_a_person_fills_it():
    row = activate(3)
    one = Release.objects.get(activation=row.id)
    text = one.editions.get()
    with refused("release_gaps_left"):
        do(one, "edit", "lisiyuan", ready=True, written=Written(
            title_zh=text.title_zh, text_zh=text.text_zh, valid_until=UNTIL))  # fmt: skip
    publish(one)
    assert [r.title_zh for r in queries.list_published()] == ["通告"]


def test_a_response_to_an_incident_drafts_about_it():
    incident = an_incident()
    row = activate(3, incident_id=incident.id)
    assert Release.objects.get(activation=row.id).incident_id == incident.id


# --- giving up a draft -----------------------------------------------------------------------------------


@pytest.fixture
def draft():
    return Release.objects.get(activation=activate(3).id)


def test_a_draft_is_discarded_with_its_reason_and_restored(draft):
    with pytest.raises(ReleaseRefused, match="reason_missing"):
        do(draft, "discard", reason=" ")
    do(draft, "discard", reason="与市级通告重复")
    line = queries.find_release(draft.id, authority=authority_of("hejing"))
    assert (line.state, line.edition.state, line.edition.discarded_reason) == (
        "discarded", "discarded", "与市级通告重复",
    )  # fmt: skip
    with refused("release_not_draft"):
        write(draft)
    do(draft, "restore", reason="仍需发布")
    publish(draft)
    assert draft.state == "published"
    kinds = [type(s.fact).__name__ for s in journal.list_entries(subjects=[str(draft.id)])]
    assert kinds[1:3] == ["ReleaseDiscarded", "ReleaseRestored"]


def test_what_is_published_cannot_be_discarded(draft):
    publish(draft)
    with refused("release_not_draft"):
        do(draft, "discard", reason="撤")
    assert queries.count_published() == 1


def test_an_approval_falls_with_the_text_that_is_discarded(draft):
    write(draft)
    do(draft, "approve")
    do(draft, "discard", reason="撤")
    do(draft, "restore", reason="恢复")
    with refused("release_not_approved"):
        do(draft, "publish")
    assert queries.count_published() == 0


def test_a_correction_given_up_leaves_what_was_told(draft):
    publish(draft)
    do(draft, "correct", reason="时间有误")
    do(draft, "discard", reason="原文无误")
    line = queries.find_release(draft.id, authority=authority_of("hejing"))
    assert (line.state, line.edition.number, line.may_restore) == ("published", 1, True)
    do(draft, "correct", reason="地点有误")
    line = queries.find_release(draft.id, authority=authority_of("hejing"))
    assert (line.edition.number, line.may_restore) == (3, False)
    with refused("release_not_discarded"):
        do(draft, "restore", reason="恢复")
    write(draft, "改正后的通告。")
    do(draft, "approve")
    do(draft, "publish")
    (one,) = queries.list_published()
    assert len(one.corrections) == 1 and one.corrections[0].reason == "地点有误"
