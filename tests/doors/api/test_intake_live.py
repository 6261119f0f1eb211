"""The intake route on a real server: answered after COMMIT, through kill -9, bursts and odd bodies."""

import json
import threading
import time
import uuid

import httpx
import pytest

from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.incidents.models import Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports.models import Report
from jingwei.doors.entry.intake import LARGEST_BODY
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of
from tests.nodes import serving

pytestmark = pytest.mark.slow
WHERE = {"kind": "12P04", "place": "410105", "site": "zz-jingguang-north-tunnel"}


def a_token() -> dict[str, str]:
    from jingwei.apps.agencies.models import Holding

    feed = Holding.objects.get(post__code="4101-zbs-feeds")
    plain = issue_token(feed.pk, "test", by=holding_of("zhongyu"), moment=real_moment())
    return {"authorization": f"Bearer {plain}"}


def test_one_and_many_reports_and_every_odd_body(live_db):
    token = a_token()
    with serving(live_db) as node, httpx.Client(base_url=node.url, headers=token, timeout=20) as client:

        def post(content: object):
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            return client.post("/api/v1/reports", content=body)

        one = post({"words": "隧道进水", "key": "1", **WHERE})
        assert one.status_code == 201 and one.json()["status"] == "accepted"
        again = post({"words": "隧道进水", "key": "1", **WHERE})
        assert (again.json()["id"], again.json()["status"]) == (one.json()["id"], "known")
        other = post({"words": "隧道灌满了", "key": "1", **WHERE})
        assert other.status_code == 201 and "key_reused" in other.json()["flags"]

        many = post([{"words": f"第{i}条", **WHERE} for i in range(500)])
        assert many.status_code == 201 and len(many.json()["reports"]) == 500

        gbk = post(json.dumps({"words": "有人被困"}, ensure_ascii=False).encode("gbk"))
        assert gbk.status_code == 201 and "encoding_gb18030" in gbk.json()["flags"]
        half = post(b'{"words": "half')
        assert half.status_code == 202 and half.json()["status"] == "quarantined"
        lone = post(b'{"words": "\\ud800\\u0000"}')
        assert lone.status_code == 201 and "characters_escaped" in lone.json()["flags"]

        huge = post(b" " * (LARGEST_BODY + 1))
        assert huge.status_code == 413 and huge.json()["error"] == "body_too_large"
        assert "MiB" in huge.json()["en"] or "bytes" in huge.json()["en"]
        stranger = httpx.post(f"{node.url}/api/v1/reports", json={"words": "x"})
        assert stranger.status_code == 401 and stranger.json()["error"] == "caller_unknown"
        wait_until(lambda: journal.count_due() == 0)
    assert journal.count_failures() == 0
    assert Report.objects.filter(words="有人被困").count() == 1
    assert Report.objects.get(pk=half.json()["id"]).raw == '{"words": "half'


def test_nothing_acknowledged_is_lost_by_kill_9_and_nothing_is_doubled(live_db):
    token = a_token()
    acknowledged: dict[str, str] = {}
    keys = [f"k{i}" for i in range(4000)]

    def pour(url: str, mine: list[str]) -> None:
        with httpx.Client(base_url=url, headers=token, timeout=5) as client:
            for key in mine:
                try:
                    answer = client.post("/api/v1/reports", json={"words": f"水 {key}", "key": key, **WHERE})
                except httpx.HTTPError:
                    return
                if answer.status_code == 201:
                    acknowledged[key] = answer.json()["id"]

    with serving(live_db) as node:
        threads = [threading.Thread(target=pour, args=(node.url, keys[i::8])) for i in range(8)]
        for one in threads:
            one.start()
        wait_until(lambda: len(acknowledged) > 200)
        node.kill()
        for one in threads:
            one.join()
    assert 200 < len(acknowledged) < len(keys), "the kill came in the middle"
    stored = {str(i): k for i, k in Report.objects.filter(key__in=keys).values_list("id", "key")}
    assert all(stored.get(report_id) == key for key, report_id in acknowledged.items())

    with serving(live_db) as node, httpx.Client(base_url=node.url, headers=token, timeout=60) as client:
        batch = [{"words": f"水 {key}", "key": key, **WHERE} for key in keys]
        answers = client.post("/api/v1/reports", json=batch).json()["reports"]
        assert {a["status"] for a in answers} == {"known", "accepted"}
        for key, answer in zip(keys, answers, strict=True):
            assert acknowledged.get(key, answer["id"]) == answer["id"]
        wait_until(lambda: journal.count_due() == 0, 90)
    assert Report.objects.filter(key__in=keys).count() == len(keys), "each once"
    members = Membership.objects.filter(left_at=None, report__key__in=keys)
    assert members.count() == len(keys) and journal.count_failures() == 0


def test_the_live_stream_needs_a_session(live_db):
    with serving(live_db) as node:
        assert httpx.get(f"{node.url}/live").status_code == 401
        made_up = {"cookie": f"jw_session={uuid.uuid4().hex}"}
        assert httpx.get(f"{node.url}/live", headers=made_up).status_code == 401


def wait_until(true, most_s: float = 30) -> None:
    until = time.monotonic() + most_s
    while not true():
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.05)
