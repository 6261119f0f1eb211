"""Programs write rows under the rules of forms: by column, once, and only as it was read."""

import json

import pytest
from django.test import Client

from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.registers.models import Change
from jingwei.apps.resources.models import Team
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db
ROWS = "/api/v1/registers/teams/rows"
TEAM = {"name": "一队", "place": "荥阳市", "kind": "抗洪抢险队伍", "members": 30, "phone": "136 1234 2071",
        "owner": "4101-yjj"}  # fmt: skip


def a_writer(organization: str = "4101-yjj", place: str = "4101") -> Client:
    """A program that keeps this organization's rows."""
    from jingwei.apps.agencies.models import Holding, Organization, Person, Post

    person = Person.objects.create(name_zh="程序", name_en="Program", kind="program")
    post, _ = Post.objects.get_or_create(
        code=f"{organization}-sync", organization=Organization.objects.get(code=organization),
        role="program_registers", place=place, defaults={"name_zh": "名录接口", "name_en": "Registers"},
    )  # fmt: skip
    holding = Holding.objects.create(person=person, post=post, from_at=real_moment().at.replace(year=2020))
    plain = issue_token(holding.pk, "test", by=holding_of("zhongyu"), moment=real_moment())
    return Client(headers={"authorization": f"Bearer {plain}"})


def call(client: Client, method: str, path: str, body: object = None, **headers: str):
    return getattr(client, method)(
        path, json.dumps(body), content_type="application/json",
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )  # fmt: skip


def enter(client: Client, key: str = "", **values: object):
    return call(client, "post", ROWS, {"values": TEAM | values}, **({"Idempotency_Key": key} if key else {}))


def test_a_row_is_entered_changed_struck_and_stands_again():
    client = a_writer()
    answer = enter(client)
    assert answer.status_code == 201 and answer["ETag"] == '"1"'
    row = answer.json()
    assert row["values"] | {"place": "410182", "kind": "PRO-FLOOD", "members": 30, "phone": "136****71"} == (
        row["values"])  # fmt: skip
    here = f"{ROWS}/{row['id']}"
    assert client.get(here)["ETag"] == '"1"'
    changed = call(client, "patch", here, {"values": {"members": 31, "state": "ready"}}, If_Match='"1"')
    assert (
        changed.status_code == 200 and changed["ETag"] == '"2"' and changed.json()["values"]["members"] == 31
    )
    struck = call(client, "post", f"{here}/strike", {"reason": "已解散"})
    assert struck.status_code == 200 and struck.json()["removed_at"]
    assert call(client, "patch", here, {"values": {"members": 1}}, If_Match='"3"').status_code == 409
    assert call(client, "post", f"{here}/strike", {"reason": "再划"}).json()["error"] == "row_struck"
    back = call(client, "post", f"{here}/restore")
    assert back.status_code == 200 and back.json()["removed_at"] is None
    assert call(client, "post", f"{here}/restore").json()["error"] == "row_stands"
    assert [c.what for c in Change.objects.filter(row_id=row["id"]).order_by("number")] == [
        "added", "changed", "struck", "undone"]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "column", "code"),
    [
        ({"members": "三十"}, "members", "cell_no_number"),
        ({"members": 1.5}, "members", "cell_not_whole"),
        ({"members": -1}, "members", "cell_below"),
        ({"kind": "dragon"}, "kind", "cell_no_choice"),
        ({"place": "nowhere"}, "place", "cell_no_place"),
        ({"name": None}, "name", "cell_missing"),
        ({"name": "=1+1"}, "name", "cell_formula"),
        ({"name": "长" * 300}, "name", "cell_too_long"),
        ({"phone": "call me"}, "phone", "cell_no_phone"),
        ({"phone": "136****71"}, "phone", "cell_masked"),
        ({"leader": "王*"}, "leader", "cell_masked"),
        ({"colour": "red"}, "colour", "cell_unknown"),
        ({"id": "x"}, "id", "cell_unknown"),
        ({"removed_at": None}, "removed_at", "cell_unknown"),
        ({"lon": 113.6}, "lat", "cell_half_point"),
        ({"lon": 200, "lat": 34}, "lon", "cell_above"),
    ],
)
def test_what_is_wrong_is_said_by_column(values, column, code):
    client = a_writer()
    answer = enter(client, **values)
    assert answer.status_code == 422 and answer.json()["error"] == "row_wrong"
    (error,) = answer.json()["errors"]
    assert (error["column"], error["code"]) == (column, code) and error["message"]
    assert not Team.objects.exists()
    assert enter(client).status_code == 201, "without it, the row is good"


@pytest.mark.parametrize(
    "body", [None, [], {}, {"values": []}, {"values": {"name": {}}}, "x", {"values": {"name": [1]}}]
)
def test_a_body_of_another_shape_is_refused(body):
    assert call(a_writer(), "post", ROWS, body).status_code == 422
    assert not Team.objects.exists()


def test_the_same_key_enters_one_row_and_another_callers_key_is_another():
    client = a_writer()
    first, again = enter(client, key="k1"), enter(client, key="k1")
    assert first.status_code == again.status_code == 201 and first.json()["id"] == again.json()["id"]
    assert enter(client, key="k1", members=31).json()["error"] == "key_taken"
    assert enter(client, key="k2").json()["error"] == "row_double"
    assert enter(client).json()["error"] == "row_double"
    other = enter(a_writer(), key="k1", name="二队")
    assert other.status_code == 201 and other.json()["id"] != first.json()["id"]
    assert Team.objects.count() == 2


def test_a_key_under_which_nothing_was_saved_is_free():
    client = a_writer()
    assert enter(client, key="k1", members="x").status_code == 422
    assert enter(client, key="k1").status_code == 201


def test_a_change_needs_the_version_that_was_read():
    client = a_writer()
    here = f"{ROWS}/{enter(client).json()['id']}"
    body = {"values": {"members": 31}}
    for match in ("", "x", "*", '"x"', "-1"):
        assert call(client, "patch", here, body, If_Match=match).status_code == 428
    assert call(client, "patch", here, body).status_code == 428
    assert call(client, "patch", here, body, If_Match='"1"').status_code == 200
    late = call(client, "patch", here, {"values": {"members": 9}}, If_Match='"1"')
    assert late.status_code == 412 and Team.objects.get().members == 31


def test_a_masked_column_can_be_set_and_emptied():
    client = a_writer()
    here = f"{ROWS}/{enter(client).json()['id']}"
    call(client, "patch", here, {"values": {"phone": "13900000000"}}, If_Match='"1"')
    assert Team.objects.get().phone == "13900000000"
    answer = call(client, "patch", here, {"values": {"phone": None}}, If_Match='"2"')
    assert answer.status_code == 200 and Team.objects.get().phone == ""


def test_columns_that_do_not_fit_are_refused_on_both_ways():
    client, rows = a_writer(), "/api/v1/registers/hidden-dangers/rows"
    danger = {"name": "泵", "kind": "power", "place": "4101", "grade": "major", "state": "found",
              "matter": "坏", "owner": "4101-yjj", "found_on": "2026-03-01"}  # fmt: skip
    wrong = call(client, "post", rows, {"values": danger | {"mend_by": "2026-02-01"}})
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["code"] == "cell_before"
    made = call(client, "post", rows, {"values": danger}).json()
    odd = call(client, "patch", f"{rows}/{made['id']}", {"values": {"state": "verified"}}, If_Match='"1"')
    assert odd.status_code == 409 and odd.json()["error"] == "row_at_odds"


def test_who_may_not_writes_nothing(program, client):  # noqa: F811
    writer = a_writer()
    row = enter(writer).json()
    here = f"{ROWS}/{row['id']}"
    county = a_writer("410182-yjj", "410182")
    tries = [
        ("post", ROWS, {"values": TEAM | {"name": "三队"}}), ("patch", here, {"values": {"members": 1}}),
        ("post", f"{here}/strike", {"reason": "x"}), ("post", f"{here}/restore", None),
    ]  # fmt: skip
    before = Change.objects.count()
    for method, path, body in tries:
        assert call(client, method, path, body, If_Match='"1"').status_code == 401
        assert call(program, method, path, body, If_Match='"1"').status_code == 403, "a viewer's post"
    for values in ({"place": "4101", "owner": "410182-yjj"}, {"owner": "4101-yjj"}, {"owner": None}):
        other = call(county, "post", ROWS, {"values": TEAM | {"name": "四队"} | values})
        assert other.status_code == 403, values
    elsewhere = enter(writer, place="410181", name="巩义队").json()["id"]
    for method, end, body in (("patch", "", {"values": {}}), ("post", "/strike", {"reason": "x"})):
        assert call(county, method, f"{ROWS}/{elsewhere}{end}", body, If_Match='"1"').status_code == 404
    assert Change.objects.count() == before + 1


def test_a_row_is_not_moved_where_the_post_does_not_keep():
    county = a_writer("410182-yjj", "410182")
    row = enter(county, owner="410182-yjj").json()
    moved = call(county, "patch", f"{ROWS}/{row['id']}", {"values": {"place": "4103"}}, If_Match='"1"')
    assert moved.status_code in (403, 422) and Team.objects.get().place == "410182"


def test_an_unknown_register_or_row_is_not_found():
    client = a_writer()
    none = "01890000-0000-7000-8000-000000000000"
    assert call(client, "post", "/api/v1/registers/dragons/rows", {"values": {}}).status_code == 404
    assert call(client, "patch", f"{ROWS}/{none}", {"values": {}}, If_Match='"1"').status_code == 404
    assert call(client, "post", f"{ROWS}/{none}/strike", {"reason": "x"}).status_code == 404
