"""From the record to the public: the machine drafts, one writes, another approves, somebody publishes."""

from datetime import timedelta
from functools import partial

import msgspec
import pytest

from jingwei.apps.agencies.models import Holding, Post
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.models import Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.people import actions as people
from jingwei.apps.people.facts import Given
from jingwei.apps.releases import actions, facts, queries
from jingwei.apps.releases.actions import Written
from jingwei.apps.releases.models import Edition, Release
from jingwei.apps.releases.rules import ReleaseRefused
from jingwei.apps.reports.facts import Claim
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told
from tests.refusing import refusing

pytestmark = pytest.mark.django_db
UNTIL = STORM + timedelta(hours=12)


def a_text(words: str = "隧道积水，请绕行。") -> Written:
    return Written(title_zh="情况通报", text_zh=words, valid_until=UNTIL)


@pytest.fixture
def incident():
    figures = (Claim(measure="deaths", value=6, unit="person"),)
    (answer,) = receive(
        told(figures=figures, organization="4101-xfzd", place="410103"), by=holding_of("lisiyuan")
    )
    settle()
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


@pytest.fixture
def release(incident):
    by = holding_of("lisiyuan")
    return Release.objects.get(pk=actions.draft_release(incident.id, by=by, moment=a_moment()))


def text_of(release) -> Edition:
    return release.editions.order_by("-number")[0]


def edit(release, who="lisiyuan", text=None, *, ready=True):
    release.refresh_from_db()
    actions.edit_release(
        release.id, text or a_text(), ready=ready, version=release.version,
        by=holding_of(who), moment=a_moment(),
    )  # fmt: skip


def do(release, what, who, **given):
    release.refresh_from_db()
    call = getattr(actions, f"{what}_release")
    call(release.id, version=release.version, by=holding_of(who), moment=a_moment(), **given)


def publish(release):
    edit(release)
    do(release, "approve", "hejing")
    do(release, "publish", "hejing")


refused = partial(refusing, ReleaseRefused)


def test_a_confirmed_grade_lets_the_machine_draft_once(incident):
    incidents.confirm_grade(
        incident.id, grade=3, version=incident.version, by=holding_of("hejing"), moment=a_moment()
    )
    settle()
    row = Release.objects.get(incident=incident)
    assert (row.state, text_of(row).authors) == ("draft", []), "a machine's draft has no author"
    assert "较大突发事件（III级）" in text_of(row).text_zh
    assert "死亡6人（来源：郑州市消防救援支队（119））" in text_of(row).text_zh
    incident.refresh_from_db()
    incidents.confirm_grade(
        incident.id, grade=2, version=incident.version, reason="升", by=holding_of("hejing"),
        moment=a_moment(),
    )  # fmt: skip
    settle()
    assert Release.objects.filter(incident=incident).count() == 1


def test_a_proposed_grade_is_never_told_as_fact(incident, release):
    assert incident.proposed_grade == 3
    assert "突发事件（" not in text_of(release).text_zh and "grade" in text_of(release).gaps


def test_a_text_with_a_gap_cannot_be_put_forward_but_is_kept_as_a_draft(release):
    one = text_of(release)
    drafted = Written(title_zh=one.title_zh, text_zh=one.text_zh, valid_until=UNTIL)
    with refused("release_gaps_left"):
        edit(release, text=drafted)
    edit(release, text=drafted, ready=False)
    with refused("release_not_waiting"):
        do(release, "approve", "hejing")
    assert (text_of(release).state, text_of(release).text_zh) == ("draft", one.text_zh)


def test_a_machines_draft_is_not_approved_before_a_person_wrote(release):
    with refused("release_not_waiting"):
        do(release, "approve", "hejing")
    assert text_of(release).state == "draft"


def test_the_author_may_not_approve_and_a_second_person_may(release):
    edit(release, "hejing")
    with refused("release_own_text"):
        do(release, "approve", "hejing")
    do(release, "approve", "zhoumingyuan")
    assert text_of(release).state == "approved"


def test_the_author_may_not_approve_in_another_post_either(release):
    first, second = Holding.objects.filter(person__user__username="zhoumingyuan").order_by("pk")
    release.refresh_from_db()
    actions.edit_release(
        release.id, a_text(), ready=True, version=release.version, by=first.pk, moment=a_moment()
    )
    Post.objects.filter(pk=second.post_id).update(hazard="")
    release.refresh_from_db()
    with refused("release_own_text"):
        actions.approve_release(release.id, version=release.version, by=second.pk, moment=a_moment())
    assert text_of(release).state == "waiting"


def test_everyone_who_wrote_any_of_it_is_an_author(release):
    edit(release, "hejing", ready=False)
    edit(release, "lisiyuan", a_text("隧道已封闭。"))
    with refused("release_own_text"):
        do(release, "approve", "hejing")
    assert len(set(text_of(release).authors)) == 2


def test_an_edit_takes_the_approval_back(release):
    edit(release)
    do(release, "approve", "hejing")
    edit(release, "wangke", a_text("隧道已封闭。"))
    with refused("release_not_approved"):
        do(release, "publish", "hejing")
    assert text_of(release).approved_by is None


def test_saving_the_text_as_it_stands_makes_nobody_its_author(release):
    edit(release)
    before = text_of(release)
    for ready in (True, False):
        edit(release, "hejing", ready=ready)
        assert text_of(release).authors == before.authors
    assert (text_of(release).state, text_of(release).edited_by) == ("draft", before.edited_by)
    edit(release, "lisiyuan")
    do(release, "approve", "hejing")
    edit(release, "hejing")
    assert text_of(release).state == "approved", "what changed nothing takes no approval back"


@pytest.mark.parametrize("field", ["title_zh", "title_en", "text_zh", "text_en", "valid_until"])
def test_changing_anything_of_it_makes_one_an_author(release, field):
    edit(release)
    other = UNTIL + timedelta(minutes=1) if field == "valid_until" else "请勿外出。"
    edit(release, "hejing", msgspec.structs.replace(a_text(), **{field: other}))
    with refused("release_own_text"):
        do(release, "approve", "hejing")
    assert (text_of(release).state, getattr(text_of(release), field)) == ("waiting", other)


def test_an_end_with_seconds_comes_back_from_the_form_without_and_is_the_same(release):
    edit(release, text=msgspec.structs.replace(a_text(), valid_until=UNTIL + timedelta(seconds=30)))
    edit(release, "hejing")
    do(release, "approve", "hejing")
    assert text_of(release).state == "approved"


def test_who_puts_forward_what_nobody_wrote_stands_for_it(release):
    Edition.objects.update(**msgspec.structs.asdict(a_text()))
    edit(release, "hejing", ready=False)
    assert text_of(release).authors == []
    edit(release, "hejing")
    with refused("release_own_text"):
        do(release, "approve", "hejing")
    do(release, "approve", "zhoumingyuan")
    assert text_of(release).state == "approved"


def test_an_older_screen_is_noticed(release):
    edit(release)
    with refused("release_changed_meanwhile"):
        actions.approve_release(release.id, version=1, by=holding_of("hejing"), moment=a_moment())
    assert text_of(release).state == "waiting"


def test_nothing_is_published_past_its_end(release):
    edit(release)
    do(release, "approve", "hejing")
    release.refresh_from_db()
    with refused("release_end_past"):
        actions.publish_release(
            release.id, version=release.version, by=holding_of("hejing"), moment=a_moment(UNTIL)
        )
    assert text_of(release).state == "approved" and queries.list_published() == []


def test_nothing_unpublished_is_in_the_public_list(release):
    edit(release, text=a_text("尚未公开的话"))
    do(release, "approve", "hejing")
    assert queries.list_published() == [] and queries.find_published(release.id) is None
    do(release, "publish", "hejing")
    assert [r.text_zh for r in queries.list_published()] == ["尚未公开的话"]
    do(release, "correct", "lisiyuan", reason="补充")
    edit(release, text=a_text("更正稿还没有批准"))
    assert "更正稿" not in str(msgspec.to_builtins(queries.list_published()))


def test_a_correction_needs_its_own_second_person_and_keeps_the_old_text(release):
    publish(release)
    do(release, "correct", "lisiyuan", reason="地点有误")
    edit(release, "hejing", a_text("高架积水，请绕行。"))
    with refused("release_own_text"):
        do(release, "approve", "hejing")
    do(release, "approve", "zhoumingyuan")
    do(release, "publish", "hejing")
    (found,) = queries.list_published()
    (correction,) = found.corrections
    assert found.text_zh == "高架积水，请绕行。" and correction.reason == "地点有误"
    assert [(c.what, c.text) for c in correction.zh] == [
        ("old", "隧道"),
        ("new", "高架"),
        ("same", "积水，请绕行。"),
    ]


def test_what_is_withdrawn_stays_visible_as_withdrawn(release):
    publish(release)
    do(release, "withdraw", "hejing", reason="消息不实")
    (found,) = queries.list_published()
    assert (found.withdrawn_reason, found.text_zh) == ("消息不实", "隧道积水，请绕行。")
    with refused("release_not_public"):
        do(release, "correct", "hejing", reason="再改")


def test_every_step_is_in_the_journal_and_says_by_whom(release):
    publish(release)
    do(release, "correct", "lisiyuan", reason="地点有误")
    edit(release, text=a_text("高架积水。"))
    do(release, "approve", "hejing")
    do(release, "publish", "hejing")
    do(release, "withdraw", "hejing", reason="不实")
    said = journal.list_entries(subjects=[str(release.id)])
    kinds = [type(e.fact) for e in sorted(said, key=lambda e: e.id)]
    assert kinds == [
        facts.ReleaseDrafted, facts.ReleaseEdited, facts.ReleaseApproved, facts.ReleasePublished,
        facts.ReleaseDrafted, facts.ReleaseEdited, facts.ReleaseApproved, facts.ReleaseCorrected,
        facts.ReleaseWithdrawn,
    ]  # fmt: skip
    (told_,) = [e for e in said if isinstance(e.fact, facts.ReleasePublished)]
    assert (told_.by, told_.fact.valid_until) == (holding_of("hejing"), UNTIL)


def test_waiting_for_me_leaves_out_what_i_wrote(release):
    edit(release, "hejing")
    assert queries.list_waiting_for(authority_of("hejing")) == []
    assert queries.list_waiting_for(authority_of("zhoumingyuan")) == [release.id]


def test_the_count_a_person_adopted_goes_before_what_was_told(incident):
    given = Given(value=8, source="市应急管理局核报", as_of_at=STORM)
    people.adopt_figure(
        incident.id, given, measure="deaths", area="410103", by=holding_of("hejing"), moment=a_moment()
    )
    figures = queries.get_record(incident.id, authority=authority_of("hejing"), at=STORM).figures
    (deaths,) = [f for f in figures if f.measure.zh == "死亡"]
    assert (deaths.value, deaths.source.zh) == ("8", "市应急管理局核报")


def test_a_record_read_at_an_hour_does_not_know_later_figures(incident):
    earlier = STORM - timedelta(hours=1)
    record = queries.get_record(incident.id, authority=authority_of("hejing"), at=earlier)
    assert record.figures == ()


def states_listed(*states: str) -> list:
    authority = authority_of("hejing")
    return [one.id for one in queries.list_releases(authority=authority, states=states, limit=3)]


def test_a_published_release_is_listed_behind_any_number_of_newer_drafts(incident, release):
    publish(release)
    drafts = [
        actions.draft_release(incident.id, by=holding_of("lisiyuan"), moment=a_moment()) for _ in range(13)
    ]
    assert states_listed("published") == [release.id]
    assert states_listed("draft") == drafts[:-4:-1], "newest first"


def test_a_release_stands_where_its_text_at_hand_is(release):
    publish(release)
    do(release, "correct", "lisiyuan", reason="补充")
    assert (states_listed("draft"), states_listed("published")) == ([release.id], [])
    do(release, "discard", "lisiyuan", reason="不必了")
    assert (states_listed("draft"), states_listed("published")) == ([], [release.id])
