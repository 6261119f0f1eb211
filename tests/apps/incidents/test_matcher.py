"""The matcher at work: memory kept true to the tables, second looks, questions, marks."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.incidents import actions, queries
from jingwei.apps.incidents.facts import QuestionAnswered, QuestionAsked, ReportsMoved
from jingwei.apps.incidents.models import Apart, Change, Incident, Membership, Question, Unplaced
from jingwei.apps.incidents.queries import memory
from jingwei.apps.incidents.rules import IncidentRefused
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports.facts import ReportReceived
from jingwei.engines.matching import Matcher, Part
from jingwei.engines.matching import Question as Doubt
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told
from tests.refusing import refusing

pytestmark = pytest.mark.django_db
NORTH = {"site": "zz-jingguang-north-tunnel", "place": "410105"}
SOUTH = {"site": "zz-jingguang-south-tunnel", "place": "410105"}


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


@pytest.fixture(autouse=True)
def _as_after_a_start():
    memory.forget_memory()
    yield
    memory.forget_memory()


def incident_of(answer) -> Incident:
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


def fused(*reports, by) -> list[Incident]:
    answers = receive(*reports, by=by)
    settle()
    return [incident_of(a) for a in answers]


def held() -> memory.Memory:
    return memory._of_thread.memory


def numbers_of(row: Incident) -> set[str]:
    """The reports that memory holds in this incident."""
    return {c.id for c in held().matcher.profiles[held().numbers[str(row.pk)]].members}


def members_of(row: Incident) -> set[str]:
    rows = Membership.objects.filter(incident=row, left_at=None)
    return {str(r) for r in rows.values_list("report_id", flat=True)}


# --- memory follows the tables ---------------------------------------------------------------------------


def test_after_a_restart_reports_go_on_joining(duty):
    (first,) = fused(told(**NORTH), by=duty)
    memory.forget_memory()
    (second,) = fused(told("水又涨了，快到车窗", **NORTH), by=duty)
    assert second == first
    assert numbers_of(first) == members_of(first)


def test_what_people_did_meanwhile_is_followed_through_the_journal(duty):
    first, south = fused(told(**NORTH), told("南边也进水了", **SOUTH), by=duty)
    (answer,) = receive(told("车泡在水里", **NORTH), by=duty)
    settle()
    row = incident_of(answer)
    assert row == first
    actions.join_report(answer.id, south.id, by=duty, moment=a_moment())
    fused(told("水快没过车顶了", **NORTH), by=duty)
    assert str(answer.id) not in numbers_of(first)
    for one in (first, south):
        assert numbers_of(one) == members_of(one)


def test_a_report_goes_to_no_incident_that_was_closed_or_merged_meanwhile(duty):
    first, south = fused(told(**NORTH), told("南边也进水了", **SOUTH), by=duty)
    for row in (first, south):
        row.refresh_from_db()
    versions = {first.id: first.version, south.id: south.version}
    actions.merge_incidents(
        [south.id], first.id, reason="连通", versions=versions, by=duty, moment=a_moment()
    )
    (again,) = fused(told("南隧道水更深了", **SOUTH), by=duty)
    assert again == first
    Incident.objects.filter(pk=first.pk).update(state="closed")
    (other,) = fused(told("又进水了", **NORTH), by=duty)
    assert other != first


def test_what_memory_missed_is_found_on_the_locked_rows(duty, monkeypatch):
    """As if a person's act had come between the look at the journal and the lock."""
    (first,) = fused(told(**NORTH), by=duty)
    (second,) = receive(told("车泡在水里", **NORTH), by=duty)
    settle()
    own = actions.separate_report(second.id, reason="另一处", by=duty, moment=a_moment())
    monkeypatch.setattr(memory.Memory, "is_current", lambda self: True)
    fused(told("水快没过车顶了", **NORTH), by=duty)
    assert str(second.id) not in numbers_of(first)
    assert numbers_of(first) == members_of(first) and own != first.id


def test_canary_without_the_proof_memory_would_be_wrong(duty, monkeypatch):
    (first,) = fused(told(**NORTH), by=duty)
    (second,) = receive(told("车泡在水里", **NORTH), by=duty)
    settle()
    actions.separate_report(second.id, reason="另一处", by=duty, moment=a_moment())
    monkeypatch.setattr(memory.Memory, "is_current", lambda self: True)
    monkeypatch.setattr(memory.Memory, "stale", lambda self, rows: set())
    fused(told("水快没过车顶了", **NORTH), by=duty)
    assert str(second.id) in numbers_of(first)


def test_a_list_that_was_rolled_back_leaves_nothing_in_memory(duty):
    (first,) = fused(told(**NORTH), by=duty)
    (answer,) = receive(told("车泡在水里", **NORTH), by=duty)
    entries = journal.list_entries(subjects=[str(answer.id)], kinds=[ReportReceived])
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.fuse_reports(entries, by=get_machine(), moment=a_moment())
        assert str(answer.id) in numbers_of(first)
        raise RuntimeError
    assert not Membership.objects.filter(report_id=answer.id).exists()
    settle()
    assert incident_of(answer) == first and numbers_of(first) == members_of(first)


def test_two_workers_by_turns_agree_with_the_tables(duty):
    own: list[memory.Memory | None] = [None, None]
    for n in range(6):
        memory._of_thread.memory = own[n % 2]
        receive(told(f"水位第{n}次上涨", **NORTH), told(f"南边第{n}次进水", **SOUTH), by=duty)
        settle(at=STORM + timedelta(minutes=n))
        own[n % 2] = held()
        for row in Incident.objects.filter(state="open"):
            assert numbers_of(row) == members_of(row)
    assert Membership.objects.filter(left_at=None).count() == 12
    assert Incident.objects.filter(state="open").count() == 2


def test_the_database_is_asked_as_often_for_many_reports_as_for_few(duty):
    fused(told(**NORTH), by=duty)

    def asked(n: int) -> int:
        words = [told(f"第{n}批{i}：路口积水", place_words=f"{n}年{i}号小区", kind="11A02") for i in range(n)]
        answers = receive(*words, by=duty)
        entries = journal.list_entries(subjects=[str(a.id) for a in answers], kinds=[ReportReceived])
        with CaptureQueriesContext(connection) as seen:
            actions.fuse_reports(entries, by=get_machine(), moment=a_moment())
        return len(seen)

    few = asked(4)
    assert asked(60) <= few + 12  # a second look, a merge, a question ask a few more, however many reports


# --- reasons ---------------------------------------------------------------------------------------------


def test_a_join_says_what_was_compared_and_how_much_it_weighs(duty):
    first, second = receive(
        told("京广北路隧道水深一米", caller_phone="13800000000", **NORTH),
        told("水深一米了", caller_phone="13800000000", occurred_at=STORM + timedelta(minutes=5), **NORTH),
        by=duty,
    )
    settle()
    row = incident_of(second)
    assert incident_of(first) == row
    member = Membership.objects.get(report_id=second.id, left_at=None)
    parts = {p["name"]: p for p in member.why}
    assert {"place", "kind", "time", "voice"} <= set(parts)
    assert all(0 <= p["value"] <= 1 and "times" in p["detail"] for p in member.why)
    assert parts["voice"]["detail"]["because"] == "same caller"
    assert "13800000000" not in str(member.why)
    assert 0.5 <= member.threshold <= member.score <= 1


# --- what nobody filed -----------------------------------------------------------------------------------


def test_a_kind_read_from_the_words_opens_an_incident_and_is_shown_as_read(duty):
    (row,) = fused(told("居民楼着火了，烟很大，有人喊救命", kind="", place="410105"), by=duty)
    assert row.kind.startswith("12G") and row.kind_from == "words"
    assert queries.find_line(row.id).kind_from == "words"


def test_canary_a_filed_kind_is_not_shown_as_read(duty):
    (row,) = fused(told("居民楼着火了", kind="12G03", place="410105"), by=duty)
    assert row.kind_from == ""


def test_hearsay_waits_marked_behind_the_rest(duty):
    receive(told("听说那边死了好多人，都瞒着", kind="", place="410105"), by=duty)
    receive(told("不知道怎么了，快来", kind="", place="", key="later"), by=duty)
    settle()
    waiting = queries.list_unplaced(authority=authority_of("lisiyuan"))
    assert [w.reason for w in waiting][-1] == "hearsay"
    assert Unplaced.objects.filter(reason="hearsay").count() == 1


def test_a_flood_of_one_story_stands_in_one_incident_and_drowns_nothing(duty):
    (true,) = fused(told(**NORTH), by=duty)
    flood = [
        told("南边化工厂爆炸了，有五十人被困", kind="12D01", place="410104", key=f"f{n}") for n in range(60)
    ]
    rows = set(fused(*flood, by=duty))
    assert len(rows) == 1 and true not in rows
    (again,) = fused(told("隧道里水又涨了", **NORTH), by=duty)
    assert again == true


# --- second looks ----------------------------------------------------------------------------------------


def looked_again(duty, monkeypatch) -> tuple[Incident, Incident, uuid.UUID]:
    """Two incidents that a second look holds to be one, when the next report comes."""
    first, second = fused(told(**NORTH), told("路口积水很深", kind="11A02", place="410104"), by=duty)
    one, two = (held().numbers[str(row.pk)] for row in (first, second))
    (moved,) = members_of(second)
    place = Matcher.place_clue

    def place_and_look(self, *args, **kwargs):
        monkeypatch.setattr(Matcher, "place_clue", place)
        self.merge(one, two)
        return place(self, *args, **kwargs)

    monkeypatch.setattr(Matcher, "place_clue", place_and_look)
    fused(told("水快没过车顶了", **NORTH), by=duty)
    for row in (first, second):
        row.refresh_from_db()
    return first, second, uuid.UUID(moved)


def test_a_second_look_is_on_the_record_and_the_old_address_leads_on(duty, monkeypatch):
    first, second, moved = looked_again(duty, monkeypatch)
    assert (second.state, second.merged_into_id, second.report_count) == ("merged", first.pk, 0)
    assert str(moved) in members_of(first) and first.report_count == 3
    (said,) = journal.list_entries(kinds=[ReportsMoved])
    assert (said.fact.from_id, said.fact.report_ids) == (str(second.pk), (str(moved),))
    change = Change.objects.get(what="revised")
    assert {r.pk for r in change.touched.all()} == {first.pk, second.pk}


def test_a_second_look_is_undone_by_a_person_and_stays_undone(duty, monkeypatch):
    first, second, moved = looked_again(duty, monkeypatch)
    actions.undo(Change.objects.get(what="revised").entry_id, by=duty, moment=a_moment())
    second.refresh_from_db()
    assert (second.state, members_of(second)) == ("open", {str(moved)})
    assert Apart.objects.filter(report_id=moved, incident=first).exists()
    fused(told("水到车顶了", **NORTH), by=duty)
    settle(at=STORM + timedelta(hours=1))
    assert numbers_of(second) == {str(moved)}
    assert held().numbers[str(second.pk)] in held().matcher.held


# --- questions -------------------------------------------------------------------------------------------


def asked(duty, *, joined: bool = False) -> tuple[Question, Incident, Incident]:
    """A question about a report that stands alone, or stands in the incident it is asked about."""
    if joined:
        first, row = receive(told(**NORTH), told("车泡在水里", **NORTH), by=duty)
        settle()
        target, report = incident_of(first), row.id
        own = target
    else:
        target, own = fused(told(**NORTH), told("路口积水很深", kind="11A02", place="410105"), by=duty)
        (report,) = (uuid.UUID(r) for r in members_of(own))
    row = Question.objects.create(
        report_id=report, incident=target, chance=0.4, value=0.8, life=True, asked_at=STORM
    )
    return row, target, own


def test_yes_brings_the_report_and_leaves_no_empty_incident(duty):
    question, target, own = asked(duty)
    actions.answer_question(question.pk, same=True, by=duty, moment=a_moment())
    own.refresh_from_db()
    assert str(question.report_id) in members_of(target)
    assert (own.state, own.merged_into_id) == ("merged", target.pk)
    (said,) = journal.list_entries(kinds=[QuestionAnswered])
    assert said.fact.same and said.by == duty


def test_no_parts_the_two_for_good(duty):
    question, target, _ = asked(duty, joined=True)
    actions.answer_question(question.pk, same=False, by=duty, moment=a_moment())
    assert str(question.report_id) not in members_of(target)
    fused(told("水到车顶了", **NORTH), by=duty)
    number = held().numbers[str(target.pk)]
    assert str(question.report_id) in held().matcher.barred[number]


def test_no_about_a_report_elsewhere_is_kept_and_can_be_undone(duty):
    question, target, own = asked(duty)
    actions.answer_question(question.pk, same=False, by=duty, moment=a_moment())
    assert members_of(own) == {str(question.report_id)}
    assert Apart.objects.filter(report_id=question.report_id, incident=target).exists()
    actions.undo(Change.objects.get(what="answered").entry_id, by=duty, moment=a_moment())
    assert not Apart.objects.filter(report_id=question.report_id, incident=target).exists()


def test_a_question_is_answered_once(duty):
    question, _, _ = asked(duty)
    actions.answer_question(question.pk, same=False, by=duty, moment=a_moment())
    with refusing(IncidentRefused, "question_answered"):
        actions.answer_question(question.pk, same=True, by=duty, moment=a_moment())
    with refusing(IncidentRefused, "question_unknown"):
        actions.answer_question(question.pk + 99, same=True, by=duty, moment=a_moment())


def test_only_what_is_still_open_is_asked_the_most_valuable_first(duty):
    question, target, own = asked(duty)
    (other,) = fused(told("南边进水", **SOUTH), by=duty)
    Question.objects.create(
        report_id=question.report_id, incident=other, chance=0.3, value=2.0, asked_at=STORM
    )
    listed = queries.list_questions(authority=authority_of("lisiyuan"))
    assert [q.incident.id for q in listed] == [other.id, target.id]
    assert all(q.stands.id == own.id for q in listed)
    Incident.objects.filter(pk=other.pk).update(state="closed")
    assert queries.count_questions(authority=authority_of("lisiyuan")) == 1
    assert queries.count_questions(authority=authority_of("luoruchuan")) == 0


def test_what_the_matcher_doubts_is_asked_once_with_its_reasons(duty, monkeypatch):
    (first,) = fused(told(**NORTH), by=duty)
    number, place = held().numbers[str(first.pk)], Matcher.place_clue

    def place_and_doubt(self, clue, *args, **kwargs):
        link = place(self, clue, *args, **kwargs)
        parts = (Part("place", 2.2, {"named": "京广隧道"}), Part("facts", 0.0))
        self.questions += [Doubt(clue.id, number, 0.4, 0.9, True, parts)] * 2
        return link

    monkeypatch.setattr(Matcher, "place_clue", place_and_doubt)
    fused(told("路口积水很深", kind="11A02", place="410104"), by=duty)
    (row,) = Question.objects.all()
    assert (row.incident_id, row.chance, row.life, row.same) == (first.pk, 0.4, True, None)
    assert [p["name"] for p in row.why] == ["place"]
    assert len(journal.list_entries(kinds=[QuestionAsked])) == 1
