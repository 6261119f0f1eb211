"""Dispatch systems on a real server: their own records in, once each, and the state of their cases back."""

import json
from pathlib import Path

import httpx
import pytest

from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.agencies.models import Holding, Person, Post
from jingwei.apps.incidents.actions import close_incident
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.reports.models import Report
from jingwei.doors.api import dispatch as door
from jingwei.doors.entry import dispatch
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of, settle
from tests.doors.bounds.test_overload import token_of
from tests.house.tree import ROOT
from tests.nodes import serving

EXAMPLES = ROOT / "docs" / "examples" / "dispatch"
PAGE = ROOT / "docs" / "dispatch-adapters.md"


def example(system: str) -> list[dict[str, object]]:
    return json.loads((EXAMPLES / f"{system}.json").read_text(encoding="utf-8"))["records"]


@pytest.mark.slow
def test_each_systems_example_goes_through_the_real_server_once_and_comes_back(live_db):
    with (
        serving(live_db) as node,
        httpx.Client(base_url=node.url, headers=token_of("calls"), timeout=60) as client,
    ):
        for system in dispatch.SYSTEMS:
            path, (first, later) = f"/api/v1/dispatch/{system}", example(system)
            told = client.post(path, json=first)
            assert told.status_code == 201, told.text
            (one,) = told.json()["reports"]
            assert one["status"] == "accepted" and not {"state_unknown", "category_unknown"} & set(
                one["flags"]
            )
            again = client.post(path, json=first).json()["reports"][0]
            assert (again["id"], again["status"]) == (one["id"], "known")
            row = Report.objects.get(pk=one["id"])
            assert row.channel == system and row.caller.phone and row.place and row.occurred_at.year == 2021
            both = client.post(path, content=json.dumps([first, later], ensure_ascii=False).encode("gb18030"))
            assert [r["status"] for r in both.json()["reports"]] == ["known", "accepted"], both.text
            assert client.get(path, params={"case": one["case"]}).json()["cases"][0]["version"] == "2"
        assert Report.objects.count() == 2 * len(dispatch.SYSTEMS)
        assert client.post("/api/v1/dispatch/911", json={}).status_code == 404
        assert client.post("/api/v1/dispatch/110", content=b" " * (door.MOST_BYTES + 1)).status_code == 413
        assert httpx.post(f"{node.url}/api/v1/dispatch/110", json={}).status_code == 401


@pytest.fixture
def program(db):
    from django.test import Client

    return Client(headers=token_of("calls"))


def a_viewers_token() -> dict[str, str]:
    """Of a program whose post only sees."""
    post = Post.objects.get(code="4101-zbs-viewer")
    person = Person.objects.create(name_zh="程序", name_en="Program", kind="program")
    held = Holding.objects.create(person=person, post=post, from_at=real_moment().at.replace(year=2020))
    plain = issue_token(held.pk, "test", by=holding_of("zhongyu"), moment=real_moment())
    return {"authorization": f"Bearer {plain}"}


def send(program, system: str, content: object) -> list[dict[str, object]]:
    answer = program.post(f"/api/v1/dispatch/{system}", json.dumps(content), content_type="application/json")
    assert answer.status_code in (201, 202), answer.content
    return answer.json()["reports"]


def case_of(program, system: str, number: object) -> dict[str, object]:
    (one,) = program.get(f"/api/v1/dispatch/{system}", {"case": number}).json()["cases"]
    return one


@pytest.mark.parametrize("system", dispatch.SYSTEMS)
def test_a_later_version_joins_the_incident_of_its_case_and_opens_none(program, system):
    first, later = example(system)
    number = send(program, system, first)[0]["case"]
    settle()
    opened = Incident.objects.count()
    (told,) = send(program, system, later)
    assert send(program, system, later)[0]["status"] == "known", "also after the first was placed"
    settle()
    assert Incident.objects.count() == opened
    assert Report.objects.get(pk=told["id"]).type == "action"
    if opened:
        assert Membership.objects.get(report_id=told["id"], left_at=None).incident == Incident.objects.get()
        said = case_of(program, system, number)
        assert (said["state"], said["code"]) == ("joined", dispatch.get_system(system).replies["joined"])
        held = Incident.objects.get()
        close_incident(
            held.pk, reason="水退了", version=held.version, by=holding_of("hejing"), moment=real_moment()
        )
        assert case_of(program, system, number)["state"] == "closed"
    else:
        assert case_of(program, system, number)["state"] == "received"


def test_versions_that_come_in_one_body_are_one_incident(program):
    send(program, "110", example("110"))
    settle()
    assert Incident.objects.count() == 1 and Membership.objects.count() == 2


def test_canary_a_case_that_names_no_incident_would_open_a_second(program, monkeypatch):
    """Without the case's reference and type, an update told far away opens an incident of its own."""
    monkeypatch.setattr(door, "_placed", lambda records, table, by: [r.told for r in records])
    first, later = example("110")
    far = later | {"xzqh": "410782", "zddwxzb": 113.8, "zddwyzb": 35.5, "jqlb": "30"}
    send(program, "110", [first, far])
    settle()
    assert Incident.objects.count() == 2


def test_an_update_told_elsewhere_is_still_the_same_case(program):
    first, later = example("110")
    send(program, "110", first)
    settle()
    send(program, "110", later | {"xzqh": "410782", "zddwxzb": 113.8, "zddwyzb": 35.5, "jqlb": "30"})
    settle()
    assert Incident.objects.count() == 1 and Membership.objects.count() == 2


def test_nothing_is_refused_for_content_and_nothing_is_lost(program):
    odd = {
        "jjdbh": "X1",
        "jqzt": "77",
        "jqlb": "999",
        "bjsj": "gestern",
        "bjnr": "有人喊",
        "gps": {"a": 1},
        "bkrs": "很多",
    }
    (told,) = send(program, "110", odd)
    assert {
        "state_unknown",
        "category_unknown",
        "fields_unknown",
        "version_assumed",
        "unreadable_occurred_at",
    } <= set(told["flags"])
    assert json.loads(Report.objects.get(pk=told["id"]).raw) == odd
    assert send(program, "110", odd)[0]["status"] == "known", "without a version known by its content"
    (none,) = send(program, "110", {"bjnr": "没有编号"})
    assert "case_missing" in none["flags"]
    assert send(program, "110", {"x": 1})[0]["status"] == "quarantined"
    broken = program.post("/api/v1/dispatch/119", b'{"ajbh": ', content_type="application/json")
    assert broken.status_code == 202 and broken.json()["reports"][0]["status"] == "quarantined"


def test_the_same_version_with_other_content_is_kept_and_flagged(program):
    first, _ = example("122")
    send(program, "122", first)
    (other,) = send(program, "122", first | {"sgms": "另一回事"})
    assert other["status"] == "accepted" and "key_reused" in other["flags"]


def test_another_programs_cases_are_not_given_back_and_a_post_without_the_right_is_refused(program):
    from django.test import Client

    first, _ = example("110")
    send(program, "110", first)
    other = Client(headers=token_of("feeds"))
    assert other.get("/api/v1/dispatch/110").json()["cases"] == []
    reader = Client(headers=a_viewers_token())
    refused = reader.post("/api/v1/dispatch/110", json.dumps(first), content_type="application/json")
    assert (refused.status_code, refused.json()["error"]) == (403, "not_allowed")


def test_every_field_and_code_of_the_tables_stands_in_the_document(tmp_path: Path):
    text = PAGE.read_text(encoding="utf-8")

    def lacking(page: str) -> list[str]:
        found = []
        for code in dispatch.SYSTEMS:
            table, part = dispatch.get_system(code), page.split(f"## {code} ")[1].split("\n## ")[0]
            rows = [
                *table.fields,
                *(s.code for s in table.states),
                *table.categories,
                *table.replies.values(),
            ]
            found += [f"{code}: {name}" for name in rows if f"| `{name}` |" not in part]
        return found

    assert lacking(text) == []
    assert lacking(text.replace("| `jqzt` |", "| |")) == ["110: jqzt"], "canary"
