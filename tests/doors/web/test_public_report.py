"""The public form: no sign-in, no script, nothing lost for a photo, nothing twice, no flood."""

import os
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jingwei.apps.journal import queries as journal
from jingwei.apps.reports import rules
from jingwei.apps.reports.facts import PhotoAttached, PhotoSeen, PhotoSetAside
from jingwei.apps.reports.models import PublicSending, Report, ReportPhoto
from jingwei.apps.reports.queries import LOOK_HOLDS, list_looked_at
from jingwei.doors.entry import moments
from tests.builders import holding_of
from tests.doors.entry.test_photos import a_geotagged_jpeg
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def door(settings, tmp_path):
    settings.JINGWEI_PUBLIC_POST, settings.HOME = "4101-zbs-public", tmp_path


def key_of(client: Client) -> str:
    return re.search(r'name="key" value="([^"]+)"', client.get("/report").content.decode())[1]


def send(client: Client, **fields: object):
    given = {"words": "桥下积水齐腰", "key": key_of(client)} | fields
    return client.post("/report", given)


def a_photo(content: bytes, name: str = "x.jpg", mime: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, mime)


def test_without_a_named_post_the_form_is_closed_and_says_so(client, settings):
    settings.JINGWEI_PUBLIC_POST = ""
    for answer in (client.get("/report"), client.post("/report", {"words": "x"})):
        page = answer.content.decode()
        assert answer.status_code == 404 and "<textarea" not in page and "12345" in page
    assert not Report.objects.exists()


def test_the_form_has_at_most_five_fields_each_with_its_label(client):
    page = client.get("/report").content.decode()
    form = page[page.index('action="/report"') : page.index("</main>")]
    fields = re.findall(r'<(?:input|textarea)(?![^>]*type="hidden")[^>]*name="(\w+)"', form)
    assert fields == ["words", "where", "rescue", "phone", "photo"]
    for one in re.findall(
        r'<(?:input|textarea)(?![^>]*type="(?:hidden|checkbox)")[^>]*\sid="([\w-]+)"', form
    ):
        assert f'<label for="{one}"' in form
    assert 'enctype="multipart/form-data"' in form and "onclick" not in form and "<script" not in form


def test_words_alone_are_enough_and_the_post_of_the_door_speaks(client):
    answer = send(client)
    row = Report.objects.get(words="桥下积水齐腰")
    assert answer.status_code == 302 and row.channel == "web"
    assert {"kind_missing", "place_missing"} <= set(row.flags), "nothing refused: it waits for a person"
    thanks = client.get(answer["location"]).content.decode()
    number = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", thanks)[0]
    found = signed_in("lisiyuan").get(f"/reports?q={number}").content.decode()
    assert "桥下积水齐腰" in found, "the number one quotes finds the report"


def test_all_five_fields_arrive(client):
    send(client, where="荥阳市崔庙镇", phone="13612342071", rescue="1", photo=a_photo(a_geotagged_jpeg()))
    row = Report.objects.get(words="桥下积水齐腰")
    assert row.rescue and row.caller.phone == "13612342071" and row.place_words == "荥阳市崔庙镇"
    assert "13612342071" not in str(journal.list_entries(subjects=[str(row.id)]))


def test_no_words_are_asked_for_again_and_the_rest_is_kept(client):
    answer = send(client, words=" ", where="解放路", phone="123")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="解放路"' in page and 'value="123"' in page
    assert not Report.objects.exists()


def test_a_double_tap_counts_once(client):
    key = key_of(client)
    first, second = (send(client, key=key, photo=a_photo(a_geotagged_jpeg())) for _ in range(2))
    assert first["location"] == second["location"]
    assert (Report.objects.count(), ReportPhoto.objects.count(), PublicSending.objects.count()) == (1, 1, 1)


def test_a_form_without_its_token_is_refused():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/report", {"words": "x"}).status_code == 403
    page = strict.get("/report").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    answer = strict.post("/report", {"words": "有令牌", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302 and Report.objects.filter(words="有令牌").exists()


def test_a_photo_is_kept_without_metadata_and_shown_to_those_who_may_see(client, tmp_path):
    answer = send(client, where="荥阳市", photo=a_photo(a_geotagged_jpeg()))
    row, kept = Report.objects.get(), ReportPhoto.objects.get()
    assert "photo=kept" in answer["location"]
    content = (Path(tmp_path) / "photos" / str(kept.id)).read_bytes()
    assert b"CANARY" not in content and not Image.open(BytesIO(content)).getexif()
    assert len(journal.list_entries(subjects=[str(row.id)], kinds=[PhotoAttached])) == 1
    path = f"/reports/{row.id}/photos/{kept.id}"
    officer = signed_in("lisiyuan")
    page = officer.get(f"/reports/{row.id}").content.decode()
    assert path in page and "<img" not in page.split('id="photos"')[1].split("</div>")[0]
    assert officer.get(path).status_code == 404, "not before the look is recorded"
    assert officer.post(path).status_code == 302 and officer.post(path).status_code == 302
    (look,) = journal.list_entries(subjects=[str(row.id)], kinds=[PhotoSeen])
    assert (look.fact.photo_id, look.by) == (str(kept.id), holding_of("lisiyuan"))
    assert f'<img src="{path}"' in officer.get(f"/reports/{row.id}").content.decode()
    shown = officer.get(path)
    assert shown.content == content and shown["content-type"] == "image/jpeg"
    assert shown["x-content-type-options"] == "nosniff" and "filename=" in shown["content-disposition"]
    assert client.get(path)["location"].startswith("/sign-in")
    assert signed_in("hejing").get(path).status_code == 404, "one's look opens nothing to another"
    Report.objects.filter(pk=row.pk).update(place="410182")
    assert signed_in("luoruchuan").post(path).status_code == 403, "one county over"
    assert signed_in("luoruchuan").get(path).status_code == 404
    ended = moments.real_now() + LOOK_HOLDS + timedelta(seconds=1)
    assert list_looked_at(row.id, by=holding_of("lisiyuan"), now=ended) == set(), "the next is recorded anew"


def test_a_file_changed_on_disk_is_not_shown(client, tmp_path):
    send(client, photo=a_photo(a_geotagged_jpeg()))
    row, kept = Report.objects.get(), ReportPhoto.objects.get()
    (Path(tmp_path) / "photos" / str(kept.id)).write_bytes(b"something else")
    officer, path = signed_in("lisiyuan"), f"/reports/{row.id}/photos/{kept.id}"
    assert officer.post(path).status_code == 302
    assert officer.get(path).status_code == 404


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "heic"),
        (b"MZ this is a program", "type"),
        (b"\xff\xd8\xff broken", "broken"),
        (b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "too_large"),
    ],
)
def test_a_bad_photo_never_loses_the_report(client, content, reason):
    answer = send(client, photo=a_photo(content))
    row = Report.objects.get(words="桥下积水齐腰")
    assert answer.status_code == 302 and f"photo={reason}" in answer["location"]
    assert "photo_unreadable" in row.flags and not ReportPhoto.objects.exists()
    (said,) = journal.list_entries(subjects=[str(row.id)], kinds=[PhotoSetAside])
    assert said.fact.reason == reason
    assert client.get(answer["location"]).status_code == 200


def test_a_full_disk_loses_the_photo_not_the_report(client, monkeypatch):
    def broken_disk(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken_disk)
    answer = send(client, photo=a_photo(a_geotagged_jpeg()))
    assert answer.status_code == 302 and "photo=not_kept" in answer["location"]
    assert Report.objects.filter(words="桥下积水齐腰").exists() and not ReportPhoto.objects.exists()


def test_a_body_over_the_limit_is_refused_before_it_is_read(client):
    answer = client.post("/report", b"", content_type="multipart/form-data; boundary=x",
                         headers={"content-length": str(40 * 1024 * 1024)})  # fmt: skip
    assert answer.status_code == 413 and not Report.objects.exists()


def test_a_flood_from_one_address_waits_by_real_time_not_by_the_scenario(client, monkeypatch):
    monkeypatch.setattr(rules, "MOST_SENDINGS", 2)
    for words in ("一", "二"):
        assert send(client, words=words).status_code == 302
    flood = send(client, words="三", phone="777")
    assert flood.status_code == 429 and "三" in flood.content.decode(), "what was typed is kept"
    assert send(Client(REMOTE_ADDR="192.0.2.9"), words="别处").status_code == 302
    # the scenario leaps a day ahead: real time has not moved, so nothing is forgiven
    real = moments.real_now()
    leap = type("Clock", (), {"at": staticmethod(lambda now: now + timedelta(days=1)), "scenario": False,
                              "paused": False, "speed": 1.0, "name": ""})  # fmt: skip
    monkeypatch.setattr(moments, "get_clock", lambda: leap)
    assert send(client, words="四").status_code == 429
    # eleven real minutes later it is
    monkeypatch.setattr(moments, "real_now", lambda: real + timedelta(minutes=11))
    assert send(client, words="五").status_code == 302


def test_the_address_itself_is_kept_nowhere(client):
    send(Client(REMOTE_ADDR="203.0.113.77"))
    assert "203.0.113.77" not in str(list(PublicSending.objects.values()))
    assert "203.0.113.77" not in str(list(Report.objects.values()))


def test_the_thanks_page_shows_no_more_than_it_was_given(client):
    assert client.get("/report/thanks?n=<script>")["location"] == "/report"
    page = client.get("/report/thanks?n=ABCD-1234&photo=<b>").content.decode()
    assert "ABCD-1234" in page and "<b>" not in page.split("<main")[1].replace('<b class="num">', "")


def test_the_form_speaks_english_too(client):
    client.cookies["jw_lang"] = "en"
    page = client.get("/report").content.decode()
    assert "What happens?" in page and 'lang="en"' in page


def test_whoever_sits_at_a_desk_does_not_lend_their_post_to_the_form():
    send(signed_in("lisiyuan"))
    assert Report.objects.get().by != holding_of("lisiyuan")


def test_rescue_is_answered_with_the_call_first(client):
    page = client.get(send(client, rescue="1")["location"]).content.decode()
    body = page.split('<div class="sheet">')[1]
    assert body.index("110") < body.index("<h1>")
