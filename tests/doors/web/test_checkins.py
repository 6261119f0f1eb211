"""Pages of people in danger: started, tapped, heard, missed and shown inverted, ended, taken back."""

import re
import uuid
from datetime import timedelta

import pytest

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.checkins import actions
from jingwei.apps.checkins.facts import NewWatch
from jingwei.apps.checkins.models import CheckIn, Watch
from jingwei.apps.journal.models import Entry
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.views import checkins as pages
from jingwei.kernel.moments import Moment
from tests.builders import an_incident, holding_of
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked

pytestmark = pytest.mark.django_db
WHO, PLACE = "hejing", "410105"
#: Pages that list and grow; counted below.
COUNTED = ("/check-ins", "/check-ins?state=", "/check-ins?state=missed&q=组")


def the(who: str = WHO, ago_min: int = 0) -> dict:
    now = this_moment()
    at = now.at - timedelta(minutes=ago_min)
    return {"by": holding_of(who), "moment": Moment(at=at, recorded_at=now.recorded_at)}


def started(ago_min: int = 0, **changes) -> uuid.UUID:
    given = {
        "party": "搜救一组",
        "names": "张三、李四",
        "heads": 5,
        "place": PLACE,
        "every_min": 20,
    } | changes
    return actions.start_watch(NewWatch(**given), **the(ago_min=ago_min))


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/check-ins", "/check-ins/new", "/check-ins/" + str(uuid.UUID(int=1))])
def test_nobody_sees_who_is_inside_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_in_heard_and_out_by_the_pages(language):
    client, incident = signed_in(WHO, language), an_incident()
    empty = text_of(client.get("/check-ins"))
    assert 'href="/check-ins/new"' in empty and "empty" in empty
    form = text_of(client.get(f"/check-ins/new?incident={incident.pk}"))
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    given = {"party": "破拆组", "heads": "５", "every": "20", "place": PLACE, "spot": "三号井",
             "names": "赵六", "incident": str(incident.pk), "key": key}  # fmt: skip
    for _ in range(2):  # the form sent twice
        page = client.post("/check-ins/new", given)["location"]
    watch = Watch.objects.get()
    assert page == f"/check-ins/{watch.pk}" and watch.heads == 5 and watch.incident_id == incident.pk
    assert "赵六" not in text_of(client.get(page)) and "赵六" not in text_of(client.get("/check-ins"))
    assert client.get(f"{page}/tap").status_code == 200
    for _ in range(2):  # two of the party tap
        assert client.post(f"{page}/tap")["location"] == f"{page}/tap?heard=1"
    assert 'role="status"' in text_of(client.get(f"{page}/tap?heard=1"))
    assert client.post(f"{page}/heard", {"channel": "radio", "words": "缺水"})["location"] == page
    assert [c.channel for c in CheckIn.objects.order_by("pk")] == ["tap", "radio"]
    assert "缺水" in text_of(client.get(page))
    room = text_of(client.get(f"/incidents/{incident.pk}"))
    assert f'href="/check-ins?incident={incident.pk}"' in room
    refused = client.post(f"{page}/end", {"out": "4", "version": "1"})
    assert refused.status_code == 422 and 'role="alert"' in text_of(refused)
    client.post(f"{page}/end", {"out": "4", "words": "一人在后", "version": "1"})
    assert Watch.objects.get().heads_out == 4
    assert 'class="differs"' in text_of(client.get("/check-ins")), "a difference is shown, not hidden"
    assert 'class="differs"' in text_of(client.get(page))
    assert client.post(f"{page}/tap").status_code == 409
    assert client.get(f"{page}/reopen").status_code == 200
    assert client.post(f"{page}/reopen", {"reason": "还有人", "version": "2"})["location"] == page
    assert Watch.objects.get().ended_at is None


def test_a_missed_one_is_inverted_before_any_worker_ran_and_stands_on_the_desk():
    client = signed_in(WHO)
    watch = started(ago_min=21)
    for path in ("/check-ins", f"/check-ins/{watch}", f"/check-ins/{watch}/tap", "/"):
        assert "clk late" in text_of(client.get(path)), path
    assert "clk late" not in text_of(client.get("/check-ins?q=nobody"))
    actions.escalate_missed(by=get_machine(), moment=this_moment())
    assert Entry.objects.get(kind="checkins.missed/1").body["level"] == 1
    assert text_of(client.get(f"/check-ins/{watch}")).count("逾期未报") >= 2
    client.post(f"/check-ins/{watch}/tap")
    assert "clk late" not in text_of(client.get("/check-ins"))


def test_canary_one_that_is_in_time_is_not_inverted():
    client = signed_in(WHO)
    watch = started(ago_min=19)
    for path in ("/check-ins", f"/check-ins/{watch}", f"/check-ins/{watch}/tap"):
        assert "clk late" not in text_of(client.get(path)), path


def test_names_are_shown_once_a_reason_is_given():
    client, watch = signed_in(WHO), started()
    page = f"/check-ins/{watch}/names"
    assert "张三" not in text_of(client.get(page))
    refused = client.post(page, {"reason": " "})
    assert refused.status_code == 422 and "张三" not in text_of(refused)
    assert "张三" in text_of(client.post(page, {"reason": "核对名单"}))
    assert Entry.objects.filter(kind="checkins.revealed/1").count() == 1


def test_the_interval_is_changed_with_a_reason():
    client, watch = signed_in(WHO), started()
    page = f"/check-ins/{watch}"
    assert 'value="20"' in text_of(client.get(f"{page}/change"))
    given = {"heads": "6", "every": "10", "until": "", "version": "1"}
    assert client.post(f"{page}/change", given).status_code == 422
    assert client.post(f"{page}/change", {**given, "reason": "又进一人"})["location"] == page
    row = Watch.objects.get()
    assert (row.heads, row.every_min) == (6, 10)
    again = client.post(f"{page}/change", {**given, "heads": "7", "reason": "再"})
    assert again.status_code == 409, "it was decided on a page that is old"


def test_what_is_typed_wrong_is_kept_and_said():
    client = signed_in(WHO)
    given = {"party": "一组", "heads": "5", "every": "20", "place": "无此地", "spot": "三号井"}
    answer = client.post("/check-ins/new", given)
    assert answer.status_code == 404 and "三号井" in text_of(answer) and not Watch.objects.exists()
    watch = started()
    wrong = client.post(f"/check-ins/{watch}/heard", {"channel": "pigeon", "words": "收到"})
    assert wrong.status_code == 404 and "收到" in text_of(wrong)
    assert client.get(f"/check-ins/{uuid.UUID(int=1)}/tap").status_code == 404


def test_links_lead_there_from_the_orders():
    assert 'href="/check-ins"' in text_of(signed_in(WHO).get("/tasks"))


def _make(numbers) -> None:
    for n in numbers:
        started(ago_min=30 * (n % 3), party=f"第{n}组", place=("410105", "410102", "410103")[n % 3])


def test_pages_ask_as_often_for_much_as_for_little():
    client = signed_in(WHO)
    _make(range(3))
    actions.escalate_missed(by=get_machine(), moment=this_moment())
    few = {path: asked(client, path) for path in (*COUNTED, "/")}
    _make(range(3, 12))
    actions.escalate_missed(by=get_machine(), moment=this_moment())
    assert {path: asked(client, path) for path in (*COUNTED, "/")} == few


def test_canary_a_query_for_each_party_is_seen(monkeypatch):
    rows_of = pages.rows_of

    def asking(found, names):
        assert all(Watch.objects.filter(pk=one.id).exists() for one in found)
        return rows_of(found, names)

    monkeypatch.setattr(pages, "rows_of", asking)
    client = signed_in(WHO)
    started()
    few = asked(client, "/check-ins")
    started(party="二组")
    assert asked(client, "/check-ins") > few


def test_the_place_stands_in_the_form_by_its_name_and_comes_back_by_its_code():
    page = signed_in("lisiyuan").get("/check-ins/new").content.decode()
    assert "郑州市 [4101]" in page
    page = signed_in("lisiyuan", "en").get("/check-ins/new").content.decode()
    assert "[4101]" in page and 'value="4101"' not in page
