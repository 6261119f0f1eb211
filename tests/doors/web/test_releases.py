"""Releases on their pages: written, approved by another, public, corrected openly; nothing too early."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest

from jingwei.apps.clock import queries as clocks
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.releases.models import Release
from jingwei.doors.entry.moments import real_now
from jingwei.doors.web.names import Names
from tests.builders import holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
CANARY = "还没有公开的话"


@pytest.fixture
def incident() -> Incident:
    (answer,) = receive(told(place="410103", site="zz-jingguang-north-tunnel"), by=holding_of("lisiyuan"))
    settle()
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


@pytest.fixture
def release(incident) -> Release:
    answer = signed_in("lisiyuan").post(f"/incidents/{incident.id}/release")
    assert answer.status_code == 302
    return Release.objects.get(incident=incident)


def tomorrow() -> str:
    return (clocks.get_clock().at(real_now()) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def version(client, release, path="") -> str:
    page = client.get(f"/releases/{release.id}{path}").content.decode()
    return re.search(r'name="version" value="(\d+)"', page)[1]


def write(client, release, text=CANARY, **changes):
    form = {"title_zh": "情况通报", "text_zh": text, "until": tomorrow(), "do": "ready"}
    form |= {"version": version(client, release)} | changes
    return client.post(f"/releases/{release.id}", form)


def decide(client, release, what, **fields):
    form = {"version": version(client, release, f"/{what}")} | fields
    return client.post(f"/releases/{release.id}/{what}", form)


def published(release, text=CANARY):
    assert write(signed_in("lisiyuan"), release, text).status_code == 302
    chief = signed_in("hejing")
    for what in ("approve", "publish"):
        assert decide(chief, release, what).status_code == 302
    return chief


@pytest.mark.parametrize("path", ["/releases", "/releases/01a20478-0825-7e1b-b9e6-0dedc0698d6c"])
def test_nobody_sees_drafts_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


def test_the_editor_shows_record_gaps_and_preview_side_by_side(release):
    page = signed_in("lisiyuan").get(f"/releases/{release.id}").content.decode()
    assert page.count("【待填：事件级别") >= 2 and '<span class="gap">【待填' in page
    assert "尚未经人确认，不对外发布" in page or "not for the public" in page


def test_a_gap_blocks_and_what_was_typed_is_kept(release):
    answer = write(signed_in("lisiyuan"), release, "道路【待填：地点】中断，绕行。")
    page = answer.content.decode()
    assert answer.status_code == 422 and "道路【待填：地点】中断，绕行。" in page
    assert release.editions.get().state == "draft"


def test_a_script_in_a_text_does_not_run(client, release):
    published(release, "水<script>alert(1)</script>")
    for page in (client.get(f"/public/{release.id}"), signed_in("hejing").get(f"/releases/{release.id}")):
        assert "<script>alert" not in page.content.decode()


def test_the_author_is_not_offered_approval_and_is_refused(release):
    chief = signed_in("hejing")
    write(chief, release)
    page = chief.get(f"/releases/{release.id}").content.decode()
    assert f"/releases/{release.id}/approve" not in page and "待第二人审核" in page
    answer = decide(chief, release, "approve")
    assert answer.status_code == 422 and release.editions.get().approved_by is None


def test_before_saving_the_page_says_what_a_change_costs_and_an_unchanged_text_costs_nothing(release):
    write(signed_in("lisiyuan"), release)
    chief = signed_in("hejing")
    warning = "不能审批本文"
    page = chief.get(f"/releases/{release.id}").content.decode()
    assert warning in page
    until = re.search(r'name="until" value="([^"]+)"', page)[1]
    assert write(chief, release, until=until).status_code == 302
    assert f"/releases/{release.id}/approve" in chief.get(f"/releases/{release.id}").content.decode()
    write(chief, release, text="改过的话", until=until)
    page = chief.get(f"/releases/{release.id}").content.decode()
    assert f"/releases/{release.id}/approve" not in page and warning not in page


def test_the_confirmation_says_who_what_where_and_under_which_clause(release):
    write(signed_in("lisiyuan"), release)
    page = signed_in("hejing").get(f"/releases/{release.id}/approve").content.decode()
    for said in ("何静", CANARY, "李思源", "突发事件应对法", "有效期至"):
        assert said in page


def test_nothing_unpublished_is_on_any_public_page(client, release):
    paths = ("/public", "/public/feed.atom", f"/public/{release.id}")

    def shown() -> str:
        return "".join(client.get(p).content.decode() for p in paths)

    write(signed_in("lisiyuan"), release)
    assert CANARY not in shown() and client.get(paths[2]).status_code == 404
    decide(signed_in("hejing"), release, "approve")
    assert CANARY not in shown()
    decide(signed_in("hejing"), release, "publish")
    assert shown().count(CANARY) == 2, "canary: once published it is there, on its page and in the feed"


def test_the_public_sees_no_persons_name_and_needs_no_session(client, release):
    published(release)
    page = client.get(f"/public/{release.id}")
    assert page.status_code == 200 and "情况通报" in client.get("/public").content.decode()
    assert "何静" not in page.content.decode() and "李思源" not in page.content.decode()
    assert "郑州市委市政府总值班室" in page.content.decode()


def test_a_correction_is_visible_with_time_and_reason(client, release):
    chief = published(release, "一人受伤。道路中断。")
    assert decide(chief, release, "correct", reason="人数有误").status_code == 302
    assert "二人受伤" not in client.get(f"/public/{release.id}").content.decode()
    published(release, "二人受伤。道路中断。")
    page = client.get(f"/public/{release.id}").content.decode()
    marked = re.sub(r"<span.*?</span>", "", page)
    assert "<del>一</del><ins>二</ins>人受伤。道路中断。" in marked
    assert 'class="sr" lang="zh-hans">删去： </span>一</del>' in page
    assert 'class="sr" lang="zh-hans">改为： </span>二</ins>' in page
    assert "人数有误" in page and re.search(r"已更正 \d{4}-\d\d-\d\d \d\d:\d\d", page)


def test_a_withdrawn_release_stays_and_says_so(client, release):
    chief = published(release)
    assert decide(chief, release, "withdraw", reason="").status_code == 422
    assert decide(chief, release, "withdraw", reason="消息不实").status_code == 302
    page = client.get(f"/public/{release.id}").content.decode()
    assert f'<del class="quote">{CANARY}</del>' in page and "消息不实" in page
    assert "<del>" in client.get("/public").content.decode()
    assert "消息不实" in client.get("/public/feed.atom").content.decode()


def test_the_feed_is_well_formed_whatever_the_text_holds(client, release):
    published(release, 'a < b & "c" ]]> \x0b\x08 结束')
    answer = client.get("/public/feed.atom")
    assert answer["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)  # noqa: S314 - our own feed
    space = {"a": "http://www.w3.org/2005/Atom"}
    (entry,) = feed.findall("a:entry", space)
    assert entry.find("a:id", space).text == f"urn:uuid:{release.id}"
    assert 'a < b & "c" ]]>' in entry.find("a:content", space).text
    for name in ("id", "title", "updated"):
        assert feed.find(f"a:{name}", space).text and entry.find(f"a:{name}", space).text


def test_the_public_page_speaks_english_and_marks_chinese_words(client, release):
    published(release)
    client.cookies["jw_lang"] = "en"
    page = client.get(f"/public/{release.id}").content.decode()
    assert "valid until" in page and '<div class="told-public" lang="zh-Hans">' in page


def test_lists_show_where_each_text_stands_and_what_waits_for_me(release):
    write(signed_in("lisiyuan"), release)
    link = f"/releases/{release.id}/approve"
    assert link in signed_in("hejing").get("/releases").content.decode()
    assert link not in signed_in("lisiyuan").get("/releases").content.decode()


def test_one_county_over_finds_no_such_release(release):
    other = signed_in("luoruchuan")
    assert other.get(f"/releases/{release.id}").status_code == 404
    assert other.post(f"/releases/{release.id}/publish", {"version": "1"}).status_code == 404


def test_room_and_desk_parts_render(release, rf):
    from django.template.loader import render_to_string

    from jingwei.apps.incidents.queries import find_incident
    from jingwei.doors.entry.callers import Caller
    from jingwei.doors.web.views import releases
    from tests.builders import a_moment, authority_of

    write(signed_in("lisiyuan"), release)
    request = rf.get("/")
    request.moment = a_moment(clocks.get_clock().at(real_now()))
    authority = authority_of("hejing", request.moment.at)
    request.caller = Caller(by=authority.holding, authority=authority, user=None)
    line = find_incident(release.incident_id, authority=authority)
    room = render_to_string(
        "web/parts/room_releases.html", releases.room_context(request, line, Names()), request
    )
    desk = render_to_string("web/parts/desk_releases.html", releases.desk_context(request, Names()), request)
    assert f"/releases/{release.id}" in room and f"/incidents/{line.id}/release" in room
    assert f"/releases/{release.id}/approve" in desk
