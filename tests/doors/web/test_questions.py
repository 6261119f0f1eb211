"""The queue of questions: for posts that may decide, answered once, by key or button, without script too."""

import re

import pytest

from jingwei.apps.incidents.models import Incident, Membership, Question
from tests.builders import STORM, holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
NORTH = {"site": "zz-jingguang-north-tunnel", "place": "410105"}


@pytest.fixture
def question():
    answers = receive(
        told("北隧道进水", **NORTH),
        told("路口积水很深", kind="11A02", place="410105"),
        by=holding_of("lisiyuan"),
    )
    settle()
    first, second = (Membership.objects.get(report_id=a.id, left_at=None) for a in answers)
    why = [
        {"name": "place", "value": 0.9, "detail": {"named": "京广隧道", "named_before": 2.0, "times": 9.0}},
        {"name": "kind", "value": 0.2, "detail": {"report": "11A02", "incident": "12P04", "times": 0.25}},
        {"name": "time", "value": 0.6, "detail": {"minutes_after_start": 3.0, "reports": 2.0, "times": 1.5}},
        {"name": "facts", "value": 0.5, "detail": {"words": "三人被困", "times": 1.2}},
        {"name": "voice", "value": 0.9, "detail": {"because": "same caller", "times": 22026.0}},
    ]
    return Question.objects.create(
        report_id=second.report_id,
        incident=first.incident,
        chance=0.42,
        value=0.8,
        life=True,
        why=why,
        asked_at=STORM,
    )


def page_of(username: str, language: str = "zh-hans") -> str:
    answer = signed_in(username, language).get("/questions")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_desk_leads_there_and_the_page_says_why_in_both_languages(question):
    assert 'href="/questions"' in signed_in("lisiyuan").get("/").content.decode()
    zh = page_of("lisiyuan")
    for words in ("是不是同一事件", "路口积水很深", "北隧道进水", "同一报告人", "可能性增至 9 倍",
                  "可能性降至 1/4", "百分之 42", 'data-hot="y"', 'data-hot="n"'):  # fmt: skip
        assert words in zh, words
    en = page_of("lisiyuan", "en")
    for words in ("Is it the same event?", "the same caller", "9 times likelier", "4 times less likely"):
        assert words in en, words


def test_a_yes_goes_through_and_the_next_question_is_shown(question):
    officer = signed_in("lisiyuan")
    answer = officer.post(f"/questions/{question.pk}", {"same": "yes"})
    assert (answer.status_code, answer["location"]) == (302, "/questions")
    question.refresh_from_db()
    assert question.same is True
    assert "路口积水很深" not in page_of("lisiyuan")
    again = officer.post(f"/questions/{question.pk}", {"same": "no"})
    assert again.status_code == 409
    assert not re.search(r"Somebody has answered", again.content.decode())  # said in Chinese


def test_a_no_parts_them(question):
    signed_in("lisiyuan").post(f"/questions/{question.pk}", {"same": "no"})
    question.refresh_from_db()
    assert question.same is False
    assert Incident.objects.filter(state="open").count() == 2


def test_neither_yes_nor_no_is_no_answer(question):
    officer = signed_in("lisiyuan")
    assert officer.post(f"/questions/{question.pk}", {"same": "maybe"}).status_code == 404
    assert officer.post(f"/questions/{question.pk + 9}", {"same": "yes"}).status_code == 404
    question.refresh_from_db()
    assert question.same is None


def test_a_post_that_may_not_decide_sees_neither_entry_nor_queue(question):
    desk_of_the_110 = signed_in("leimingqian")
    assert 'href="/questions"' not in desk_of_the_110.get("/").content.decode()
    assert desk_of_the_110.get("/questions").status_code == 403
    assert desk_of_the_110.post(f"/questions/{question.pk}", {"same": "yes"}).status_code == 403
    next_door = signed_in("luoruchuan")
    assert "路口积水很深" not in next_door.get("/questions").content.decode()
    assert next_door.post(f"/questions/{question.pk}", {"same": "yes"}).status_code == 404
    question.refresh_from_db()
    assert question.same is None
