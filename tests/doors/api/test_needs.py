"""Needs for programs: read, asked once under a key, refused in words; deciding is not theirs."""

import uuid

import pytest
from django.test import Client

from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.agencies.models import Holding, Person, Post
from jingwei.apps.needs.models import Need
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_needs import a_need

pytestmark = pytest.mark.django_db
BODY = {
    "words": "饮用水",
    "unit": "升",
    "quantity": 500,
    "item_class": "water",
    "place": "410105",
    "key": "a1",
}


@pytest.fixture
def feed():
    """A program whose post takes in what people tell."""
    post = Post.objects.get(code="4101-12345-feed")
    person = Person.objects.create(name_zh="程序", name_en="Program", kind="program")
    holding = Holding.objects.create(person=person, post=post, from_at=real_moment().at.replace(year=2020))
    token = issue_token(holding.pk, "test", by=holding_of("zhongyu"), moment=real_moment())
    return Client(headers={"authorization": f"Bearer {token}"})


def post(client, body: dict):
    return client.post("/api/v1/needs", body, content_type="application/json")


@pytest.mark.parametrize("path", ["", "/totals", f"/{uuid.UUID(int=1)}"])
def test_without_a_token_no_need_is_read(client, path):
    assert client.get(f"/api/v1/needs{path}").status_code == 401


def test_needs_are_read_within_ones_area_with_what_is_still_open(program):  # noqa: F811
    need = a_need(20)
    a_need(5, words="另一样")
    found = program.get("/api/v1/needs?search=救生衣").json()
    (one,) = found["needs"]
    assert found["total"] == 1 and one["id"] == str(need)
    assert (one["state"], one["origin"], one["priority"], one["still_open"]) == ("open", "asked", 1, 20)
    assert program.get(f"/api/v1/needs/{need}").json()["item_zh"] == "救生衣"
    assert program.get(f"/api/v1/needs/{uuid.uuid4()}").status_code == 404
    totals = program.get("/api/v1/needs/totals").json()
    assert {t["item_zh"]: t["asked"] for t in totals} == {"救生衣": 20, "另一样": 5}


def test_a_program_asks_once_under_its_key_and_is_told_what_is_wrong(feed):
    answers = [post(feed, BODY) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and Need.objects.count() == 1
    assert answers[0]["Location"] == f"/api/v1/needs/{Need.objects.get().pk}"
    assert Need.objects.get().state == "open"
    for change, code, status in (
        ({"quantity": 501}, "need_key_reused", 409),
        ({"key": "", "place": "999999"}, "need_place_missing", 409),
        ({"key": "", "place": "410305"}, "not_allowed", 403),
        ({"key": "", "due_at": "2099-01-01T08:00:00"}, "time_unreadable", 422),
    ):
        answer = post(feed, BODY | change)
        assert (answer.json()["error"], answer.status_code) == (code, status), change
    assert post(feed, BODY | {"quantity": "many"}).status_code == 422
    assert Need.objects.count() == 1


def test_a_program_that_only_reads_may_not_ask(program):  # noqa: F811
    assert post(program, BODY).status_code == 403 and not Need.objects.exists()
