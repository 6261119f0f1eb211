"""What programs read over HTTP: by their token's post, masked, paged, described."""

import json

import pytest
from django.test import Client

from jingwei.apps.agencies.actions import issue_token
from jingwei.doors.api.routes import api
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of, receive, settle, told

pytestmark = pytest.mark.django_db


def a_token() -> str:
    """Of a program with a post that sees Zhengzhou."""
    from jingwei.apps.agencies.models import Holding, Person, Post

    post = Post.objects.get(code="4101-zbs-viewer")
    person = Person.objects.create(name_zh="程序", name_en="Program", kind="program")
    holding = Holding.objects.create(person=person, post=post, from_at=real_moment().at.replace(year=2020))
    return issue_token(holding.pk, "test", by=holding_of("zhongyu"), moment=real_moment())


@pytest.fixture
def program():
    """A client that calls with such a token."""
    return Client(headers={"authorization": f"Bearer {a_token()}"})


@pytest.fixture
def two_incidents():
    answers = receive(
        told("隧道进水", site="zz-jingguang-north-tunnel", place="410105", caller_phone="13612342071"),
        told("洛阳的事", place="410305"),
        by=holding_of("baishuyan"),
    )
    settle()
    return answers


@pytest.mark.parametrize("path", ["incidents", "reports", "places?search=荥阳", "node"])
def test_without_a_token_nothing_is_read(client, path):
    assert client.get(f"/api/v1/{path}").status_code == 401
    assert client.get(f"/api/v1/{path}", headers={"authorization": "Bearer made-up"}).status_code == 401


def test_incidents_are_listed_within_the_posts_area(program, two_incidents):
    answer = program.get("/api/v1/incidents").json()
    assert [i["site"] for i in answer["incidents"]] == ["zz-jingguang-north-tunnel"]
    assert answer["page"]["total"] == 1
    room = program.get(f"/api/v1/incidents/{answer['incidents'][0]['id']}").json()
    assert room["reports"][0]["report"]["words"] == "隧道进水"
    assert room["incident"]["grading"]["state"] in ("not_gradable", "no_table", "proposed")


def test_reports_are_masked_and_another_area_is_not_found(program, two_incidents):
    own = program.get(f"/api/v1/reports/{two_incidents[0].id}").json()
    assert own["caller"] == "136****71" and own["incident_id"]
    assert "13612342071" not in json.dumps(program.get("/api/v1/reports").json())
    other = program.get(f"/api/v1/reports/{two_incidents[1].id}")
    assert other.status_code == 404 and other.json()["error"] == "not_found"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=9999", "offset=-1", "grade=9", "state=gone", f"search={'x' * 101}"]
)
def test_a_bad_query_is_answered_422(program, query):
    assert program.get(f"/api/v1/incidents?{query}").status_code == 422


def test_places_are_found_by_name_and_path(program):
    found = program.get("/api/v1/places", {"search": "荥阳 崔庙"}).json()
    assert any("崔庙镇" in p["name"] for p in found)


def test_the_node_says_how_it_is(program):
    answer = program.get("/api/v1/node").json()
    assert answer["failed"] == 0 and answer["scenario"] is False


def test_the_document_names_every_operation_and_intake():
    paths = api.get_openapi_schema()["paths"]
    assert {"get", "post"} <= set(paths["/api/v1/reports"])
    assert len(paths) >= 6
