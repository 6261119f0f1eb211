"""What a phone sends when it is back: known by its key, a fresh token, whose post, under its own time."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from jingwei.apps.reports.models import Report, ReportPhoto
from jingwei.doors.entry import moments
from jingwei.doors.web import carried
from tests.builders import holding_of
from tests.doors.entry.test_photos import a_geotagged_jpeg
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_public_report import a_photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def door(settings, tmp_path):
    settings.JINGWEI_PUBLIC_POST, settings.HOME = "4101-zbs-public", tmp_path


def written(**fields: object) -> dict[str, object]:
    now = moments.real_now()
    times = {"written_at": (now - timedelta(hours=2)).isoformat(), "sent_at": now.isoformat()}
    return {"words": "村口塌方", "key": str(uuid.uuid4())} | times | fields


def test_the_same_key_is_the_same_report_whenever_it_is_sent(client):
    one = written()
    first = client.post("/report/send", one).json()
    again = client.post("/report/send", one | {"sent_at": moments.real_now().isoformat()}).json()
    assert first["number"] == again["number"] and (first["status"], again["status"]) == ("accepted", "known")
    row = Report.objects.get()
    assert row.occurred_at.isoformat()[:19] == str(one["written_at"])[:19], "its own time"
    assert row.received_at - row.occurred_at > timedelta(hours=1)
    assert row.channel == "web" and {"time_of_writing"} <= set(row.flags) and "clock_off" not in row.flags


def test_a_photo_is_attached_once_and_only_by_its_reports_key(client):
    one = written()
    client.post("/report/send", one)
    sent = [
        client.post("/report/photo", {"key": one["key"], "photo": a_photo(a_geotagged_jpeg())}).json()
        for _ in range(2)
    ]
    assert sent == [{"photo": "kept"}] * 2 and ReportPhoto.objects.count() == 1
    stranger = client.post("/report/photo", {"key": str(uuid.uuid4()), "photo": a_photo(a_geotagged_jpeg())})
    assert (stranger.status_code, stranger.json()["error"]) == (404, "report_unknown")
    bad = client.post("/report/photo", {"key": one["key"], "photo": a_photo(b"MZ a program")}).json()
    assert bad == {"photo": "type"} and "photo_unreadable" in Report.objects.get().flags


def test_a_report_has_room_for_so_many_photos(client, monkeypatch):
    monkeypatch.setattr(carried, "MOST_PHOTOS", 0)
    one = written()
    client.post("/report/send", one)
    sent = client.post("/report/photo", {"key": one["key"], "photo": a_photo(a_geotagged_jpeg())}).json()
    assert sent == {"photo": "too_many"} and not ReportPhoto.objects.exists()


def test_a_time_nobody_can_read_costs_nothing_but_the_time(client):
    assert client.post("/report/send", written(written_at="gestern")).status_code == 200
    assert "time_assumed" in Report.objects.get().flags


def test_no_words_are_refused_as_data(client):
    answer = client.post("/report/send", written(words=" "))
    assert (answer.status_code, answer.json()["error"]) == (422, "words_missing")
    assert not Report.objects.exists()


def test_a_page_that_is_too_old_gets_a_fresh_token_and_none_is_refused():
    phone = Client(enforce_csrf_checks=True)
    assert phone.post("/report/send", written()).status_code == 403
    token = phone.get("/report/token").json()["token"]
    assert phone.post("/report/send", written(), headers={"x-csrftoken": token}).status_code == 200


def test_a_door_that_is_closed_says_so(client, settings):
    settings.JINGWEI_PUBLIC_POST = ""
    for path in ("/report/token", "/report/shell"):
        assert client.get(path).status_code == 404
    answer = client.post("/report/send", written())
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_an_informant_speaks_as_their_post_and_a_stranger_not_at_all(client):
    stranger = client.post("/informant/send", written())
    assert (stranger.status_code, stranger.json()["error"]) == (401, "caller_unknown")
    officer = signed_in("lisiyuan")
    who = officer.get("/informant/token").json()
    assert who["who"] == str(holding_of("lisiyuan"))
    one = written()
    assert officer.post("/informant/send", one).status_code == 200
    row = Report.objects.get()
    assert (row.by, row.channel) == (holding_of("lisiyuan"), "app")
    kept = officer.post("/informant/photo", {"key": one["key"], "photo": a_photo(a_geotagged_jpeg())}).json()
    assert kept == {"photo": "kept"}
    other = signed_in("hejing").post(
        "/informant/photo", {"key": one["key"], "photo": a_photo(a_geotagged_jpeg())}
    )
    assert (other.status_code, other.json()["error"]) == (404, "report_unknown"), (
        "another's key opens nothing"
    )


def test_a_posts_token_speaks_without_a_session_and_a_wrong_one_borrows_none():
    from jingwei.apps.agencies import actions, queries

    moment = moments.this_moment()
    by = queries.get_operator("", at=moment.at)
    holding = queries.find_holding_of_post("4101-zbs-feeds", at=moment.at)
    plain = actions.issue_token(holding, "an informant's phone", by=by, moment=moment)
    phone = Client(enforce_csrf_checks=True)
    good = {"authorization": f"Bearer {plain}"}
    assert phone.post("/informant/send", written(), headers=good).status_code == 200
    assert Report.objects.get().by == holding
    inside = Client(enforce_csrf_checks=True)
    inside.cookies = signed_in("lisiyuan").cookies
    wrong = inside.post("/informant/send", written(), headers={"authorization": "Bearer wrong"})
    assert wrong.status_code == 401 and Report.objects.count() == 1, "a session does not stand in for a token"


def test_a_post_without_the_right_is_refused():
    answer = signed_in("zhongyu").post("/informant/send", written())
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


def test_what_the_phone_keeps_holds_nobodys_name_and_no_token():
    inside = signed_in("lisiyuan")
    for path in ("/report/shell?lang=zh-Hans", "/report/shell?lang=en", "/informant/shell?lang=zh-Hans"):
        page = inside.get(path).content.decode()
        assert "csrfmiddlewaretoken" not in page and "/sign-out" not in page and 'id="clock"' not in page
        assert page == Client().get(path).content.decode(), "the same for everybody"


def test_the_worker_names_what_it_keeps_and_changes_with_it(monkeypatch):
    from jingwei.doors.web.views import carried as view

    text = Client().get("/report/worker.js").content.decode()
    kept = json.loads(re.match(r"const KEPT = (.*);\n", text)[1])
    for name in kept["files"]:
        assert (view.statics.FOLDER / name.removeprefix("/static/")).is_file()
    assert all(Client().get(page).status_code == 200 for page in kept["pages"].values())
    view._worker.cache_clear()
    view._shell.cache_clear()
    monkeypatch.setattr(carried, "MOST_PHOTOS", 3)
    other = Client().get("/report/worker.js").content.decode()
    view._worker.cache_clear()
    view._shell.cache_clear()
    assert json.loads(re.match(r"const KEPT = (.*);\n", other)[1])["version"] != kept["version"]


def test_the_page_can_be_put_on_the_screen_of_a_phone(client):
    for door in ("report", "informant"):
        said = json.loads(client.get(f"/{door}/app.webmanifest").content)
        assert said["start_url"] == said["scope"] == f"/{door}" and said["display"] == "standalone"
        assert {one["sizes"] for one in said["icons"]} == {"192x192", "512x512"}
        assert f'href="/{door}/app.webmanifest"' in client.get(f"/{door}").content.decode()
