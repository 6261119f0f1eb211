"""Merging, splitting and undoing by pages, without script; and the page of people counted."""

import re

import pytest

from jingwei.apps.incidents.models import Change, Incident, Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.people import queries as people
from jingwei.apps.people.facts import PersonRevealed
from jingwei.apps.reports.facts import Claim
from jingwei.doors.web.names import Names
from tests.builders import holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
NORTH = {"site": "zz-jingguang-north-tunnel", "place": "410103"}
SOUTH = {"site": "zz-jingguang-south-tunnel", "place": "410103"}


@pytest.fixture
def tunnels():
    answers = receive(
        told("北隧道进水", figures=(Claim(measure="deaths", value=6, unit="person"),), **NORTH),
        told("又一车", **NORTH),
        told("南隧道也进水", **SOUTH),
        by=holding_of("lisiyuan"),
    )
    settle()
    ids = [a.id for a in answers]
    rows = [Membership.objects.get(report_id=i, left_at=None).incident for i in ids]
    return rows[0], rows[2], ids


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page))


def merged(officer, north: Incident, south: Incident):
    page = officer.get(f"/incidents/{north.id}/merge").content.decode()
    form = fields_of(page) | {"source": str(south.id), "reason": "连通"}
    return officer.post(f"/incidents/{north.id}/merge", form)


def test_incidents_are_merged_by_page_and_the_old_address_leads_on(tunnels):
    north, south, _ = tunnels
    officer = signed_in("lisiyuan")
    assert merged(officer, north, south).status_code == 302
    answer = officer.get(f"/incidents/{south.id}")
    assert answer.status_code == 302
    assert answer["location"] == f"/incidents/{north.id}?from_merged={south.id}"
    assert str(south.id) not in officer.get("/incidents?view=all").content.decode()


def test_a_search_narrows_the_candidates(tunnels):
    north, south, _ = tunnels
    officer = signed_in("lisiyuan")
    found = officer.get(f"/incidents/{north.id}/merge?q=南隧道").content.decode()
    none = officer.get(f"/incidents/{north.id}/merge?q=没有这个").content.decode()
    assert f'value="{south.id}"' in found and f'value="{south.id}"' not in none


def test_who_merges_on_an_older_screen_is_told_and_keeps_what_was_entered(tunnels):
    north, south, _ = tunnels
    officer = signed_in("lisiyuan")
    form = {"source": str(south.id), "reason": "连通", f"version-{south.id}": "1", f"version-{north.id}": "0"}
    answer = officer.post(f"/incidents/{north.id}/merge", form)
    assert answer.status_code == 409 and "连通" in answer.content.decode()
    south.refresh_from_db()
    assert south.state == "open"


def test_reports_are_split_off_by_page_and_the_change_undone(tunnels):
    north, _, ids = tunnels
    officer = signed_in("lisiyuan")
    page = officer.get(f"/incidents/{north.id}/split").content.decode()
    form = fields_of(page) | {"report": [str(ids[1])], "reason": "两处"}
    answer = officer.post(f"/incidents/{north.id}/split", form)
    assert answer.status_code == 302, answer.content.decode()[-800:]
    assert Membership.objects.get(report_id=ids[1], left_at=None).incident_id != north.id
    history = officer.get(f"/incidents/{north.id}/changes").content.decode()
    (link,) = re.findall(r'href="(/incidents/[^"]+/undo)"', history)
    assert officer.get(link).status_code == 200
    assert officer.post(link, {"reason": "看错了"}).status_code == 302
    assert Membership.objects.get(report_id=ids[1], left_at=None).incident_id == north.id


def test_what_stands_in_the_way_of_an_undoing_is_named(tunnels):
    north, south, ids = tunnels
    officer = signed_in("lisiyuan")
    merged(officer, north, south)
    entry = Change.objects.get(what="merged").entry_id
    officer.post(f"/reports/{ids[2]}/separate", {"reason": "另一处"})
    answer = officer.post(f"/incidents/{north.id}/changes/{entry}/undo", {"reason": ""})
    newer = Change.objects.get(what="separated").entry_id
    assert answer.status_code == 409 and f"changes/{newer}/undo" in answer.content.decode()


def test_one_county_over_may_do_none_of_it(tunnels):
    north, _, ids = tunnels
    other = signed_in("luoruchuan")
    for path in ("merge", "split", "changes", "people", "people/adopt", "people/count"):
        assert other.get(f"/incidents/{north.id}/{path}").status_code == 404
    answer = other.post(
        f"/incidents/{north.id}/split", {"report": [str(ids[1])], "reason": "x", "version": "2"}
    )
    assert answer.status_code in (403, 404)


def test_the_room_part_offers_what_the_post_may(tunnels, rf):
    from django.template.loader import render_to_string

    from jingwei.apps.incidents.queries import find_line
    from jingwei.doors.web.views import mending
    from jingwei.doors.web.views import people as people_views
    from tests.builders import authority_of

    north, _, _ = tunnels
    request = rf.get("/")
    request.caller = type("Caller", (), {"authority": authority_of("lisiyuan")})
    line = find_line(north.id)
    context = mending.room_context(request, line, Names()) | people_views.room_context(request, line, Names())
    parts = [
        render_to_string(f"web/parts/room_{name}.html", context, request=None)
        for name in ("mending", "people")
    ]
    assert f"/incidents/{north.id}/merge" in parts[0] and f"/incidents/{north.id}/people" in parts[1]


# --- people ----------------------------------------------------------------------------------------------


def test_a_reported_figure_is_adopted_and_lowered_only_with_a_reason(tunnels):
    north, _, _ = tunnels
    officer = signed_in("lisiyuan")
    page = officer.get(f"/incidents/{north.id}/people").content.decode()
    (link,) = re.findall(r'href="(/incidents/[^"]+/people/adopt\?[^"]+report=[^"]+)"', page)
    sheet = officer.get(link.replace("&amp;", "&")).content.decode()
    answer = officer.post(f"/incidents/{north.id}/people/adopt", fields_of(sheet))
    assert answer.status_code == 302, answer.content.decode()[-900:]
    ((_, area, count),) = people.list_counts(north.id)
    assert (area, count.value) == (NORTH["site"], 6)
    lower = {"value": "５", "source": "公安", "reason": ""}
    refused = officer.post(f"/incidents/{north.id}/people/counts/{count.id}", lower)
    assert refused.status_code == 409 and "公安" in refused.content.decode()
    answer = officer.post(f"/incidents/{north.id}/people/counts/{count.id}", lower | {"reason": "重名"})
    assert answer.status_code == 302
    page = officer.get(f"/incidents/{north.id}/people").content.decode()
    assert "重名" in page and "<s>6</s>" in page


def test_a_list_is_taken_in_in_its_own_encoding_and_stays_masked(tunnels):
    north, _, _ = tunnels
    officer = signed_in("lisiyuan")
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = (
        "姓名,性别,年龄,身份证后四位,住址\r\n王小明,男,35,123X,解放路1号\r\n,女,20,,\r\n李大红,女,九十,,\r\n"
    )
    file = SimpleUploadedFile("名单.csv", text.encode("gb18030"))
    form = {"measure": "missing", "source": "公安局", "file": file}
    page = officer.post(f"/incidents/{north.id}/people/list", form).content.decode()
    assert "第 3 行" in page and "第 4 行" in page and "王**" in page
    for path in (f"/incidents/{north.id}/people", f"/incidents/{north.id}", "/"):
        shown = officer.get(path).content.decode()
        assert not [hidden for hidden in ("王小明", "123X", "解放路1号") if hidden in shown], path
    assert not [hidden for hidden in ("王小明", "123X", "解放路1号") if hidden in page]


def test_a_look_is_asked_for_and_recorded_and_a_line_struck(tunnels):
    north, _, _ = tunnels
    officer = signed_in("lisiyuan")
    lines = "name,age\n王小明,35\n"
    officer.post(
        f"/incidents/{north.id}/people/list", {"measure": "missing", "source": "公安", "lines": lines}
    )
    (found,) = people.list_person_lists(north.id)
    path = f"/incidents/{north.id}/people/listed/{found.persons[0].id}"
    assert "王小明" not in officer.get(f"{path}/reveal").content.decode()
    assert officer.post(f"{path}/reveal", {"reason": ""}).status_code == 422
    answer = officer.post(f"{path}/reveal", {"reason": "通知家属"})
    assert "王小明" in answer.content.decode()
    (look,) = journal.list_entries(subjects=[str(north.id)], kinds=[PersonRevealed])
    assert (look.by, look.fact.reason) == (holding_of("lisiyuan"), "通知家属")
    assert officer.post(f"{path}/strike", {"reason": "平安"}).status_code == 302
    assert "平安" in officer.get(f"/incidents/{north.id}/people").content.decode()
    answer = officer.post(f"/incidents/{north.id}/people/count", {"measure": "missing", "reason": ""})
    assert answer.status_code == 302
    assert [c.value for _, _, c in people.list_counts(north.id)] == [0]


def test_a_list_without_a_name_column_is_refused_and_kept_on_the_page(tunnels):
    north, _, _ = tunnels
    officer = signed_in("lisiyuan")
    answer = officer.post(
        f"/incidents/{north.id}/people/list", {"measure": "missing", "source": "公安", "lines": "a,b\n1,2\n"}
    )
    assert answer.status_code == 422 and "1,2" in answer.content.decode()
