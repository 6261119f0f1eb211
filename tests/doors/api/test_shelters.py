"""Shelters and hospitals for programs: numbers of one's area, nobody's name; beds are reported by a token."""

import uuid

import pytest
from django.test import Client

from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.agencies.models import Holding, Organization, Person, Post
from jingwei.apps.hospitals.models import Beds
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_shelters import LINES, a_hospital, family, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    """A program of a hospital's own system, in the city."""
    body = Organization.objects.get(code="4101-yjj")
    post = Post.objects.create(
        organization=body, code="t-beds", name_zh="床位接口", name_en="Beds", role="program_registers",
        place="410105",
    )  # fmt: skip
    person = Person.objects.create(name_zh="程序", name_en="Program", kind="program")
    holding = Holding.objects.create(person=person, post=post, from_at=real_moment().at.replace(year=2020))
    token = issue_token(holding.pk, "test", by=holding_of("zhongyu"), moment=real_moment())
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("path", ["shelters", f"shelters/{uuid.UUID(int=1)}", "hospitals"])
def test_without_a_token_nothing_is_read(client, path):
    assert client.get(f"/api/v1/{path}").status_code == 401


def test_numbers_and_no_names(program):  # noqa: F811
    opening = opened(room=2)
    family(opening, LINES)
    found = program.get("/api/v1/shelters").json()
    (one,) = found["shelters"]
    assert (found["total"], one["heads"], one["room"], one["over"], one["free"]) == (1, 3, 2, 1, 0)
    assert (
        one["needs"] == {"infant": 1, "pregnant": 1} and "小明" not in str(found) and "王" not in str(found)
    )
    assert program.get(f"/api/v1/shelters/{opening}").json()["name"] == "三中体育馆"
    assert program.get(f"/api/v1/shelters/{uuid.uuid4()}").status_code == 404
    hours = program.get(f"/api/v1/shelters/{opening}/hours").json()
    assert len(hours) == 24 and sum(h["came"] for h in hours) == 3
    supplies = {s["rule_id"]: s for s in program.get(f"/api/v1/shelters/{opening}/supplies").json()}
    assert supplies["DS018"]["needed"] == 3 and supplies["DS018"]["on_hand"] is None
    assert program.get("/api/v1/shelters?state=closed").json()["total"] == 0


def test_beds_are_read_and_reported_by_who_may(ward, program):  # noqa: F811
    hospital = a_hospital()
    (one,) = program.get("/api/v1/hospitals").json()
    assert (one["name"], one["beds"][0]["kind"], one["beds"][0]["free"]) == ("市一院", "icu", 3)
    path = f"/api/v1/hospitals/{hospital}/beds"

    def say(client, **body):
        return client.post(
            path, {"kind": "icu", "usable": 6, "taken": 5} | body, content_type="application/json"
        )

    answer = say(ward)
    assert answer.status_code == 200 and answer.json()["beds"][0]["free"] == 1
    assert say(program).status_code == 403 and Beds.objects.get().usable == 6
    wrong = say(ward, kind="waterbed")
    assert (wrong.status_code, wrong.json()["error"]) == (409, "bed_kind_unknown")
    assert say(ward, usable="many").status_code == 422 and say(ward, taken=-1).status_code == 409
    missing = ward.post(
        f"/api/v1/hospitals/{uuid.uuid4()}/beds", {"kind": "icu", "usable": 1, "taken": 0},
        content_type="application/json",
    )  # fmt: skip
    assert missing.status_code == 404 and program.get(f"/api/v1/hospitals/{uuid.uuid4()}").status_code == 404
