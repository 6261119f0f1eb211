"""The page of an incident's advice: experts found, asked, answered, set beside a decision."""

import re
import uuid

import pytest

from jingwei.apps.advice.models import Consultation
from jingwei.apps.registers import actions as registers
from jingwei.doors.entry.moments import this_moment
from tests.builders import an_incident, holding_of
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked

pytestmark = pytest.mark.django_db
PHONE = {"phone": "13900000150"}
CHIEF = "hejing"


def an_expert(name: str = "演示专家", **given) -> uuid.UUID:
    values = {
        "name": name,
        "place": "4101",
        "kind": "42A01",
        "specialty": "水工",
        "phone": "13900000150",
    } | given
    return registers.add_row("experts", values, by=holding_of("zhongyu"), moment=this_moment())


def test_nobody_sees_advice_without_signing_in(client):
    assert client.get(f"/incidents/{uuid.uuid4()}/advice")["location"].startswith("/sign-in")


WORDS = {
    "zh-hans": ("专家意见", "用于决策", "本事件总体"),
    "en": ("Expert advice", "Given for", "The incident as a whole"),
}


@pytest.mark.parametrize(("language", "words"), WORDS.items())
def test_found_asked_answered_and_set_beside_a_release(language, words):
    incident, expert, client = an_incident(), an_expert(), signed_in(CHIEF, language)
    an_expert("公卫专家", kind="42A03")
    here = f"/incidents/{incident.pk}/advice"
    assert here in client.get(f"/incidents/{incident.pk}").content.decode()
    page = client.get(f"{here}?field=42A01").content.decode()
    assert "演示专家" in page and "公卫专家" not in page
    assert "13900000150" not in page and "139****50" in page, "the telephone is masked"
    assert "演示专家" in client.get(f"{here}?q=水工&place=4101").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    given = {"expert": expert, "question": "大坝能否下泄？", "key": key}
    for _ in range(2):  # the form sent twice
        assert client.post(here, given)["location"] == here
    found = Consultation.objects.get()
    told = {
        "version": "1",
        "words": "可以，先撤下游。",
        "decision": f"incident:{incident.pk}",
        "answered": "",
    }
    refused = client.post(f"/advice/{found.pk}/record", told | {"decision": "release:x"})
    assert refused.status_code == 409 and "可以，先撤下游。" in refused.content.decode()
    assert client.post(f"/advice/{found.pk}/record", told).status_code == 302
    page = client.get(here).content.decode()
    for word in (*words, "可以，先撤下游。"):
        assert word in page, word
    client.post(f"/incidents/{incident.pk}/release")
    page = client.get(here).content.decode()
    release = re.search(r'value="(release:[^"]+)"', page)[1]
    answer = client.post(f"/advice/{found.pk}/link", {"version": "2", "decision": release})
    assert answer.status_code == 302 and Consultation.objects.get().for_kind == "release"


def test_what_is_not_there_or_not_ones_own_is_not_found_and_who_may_not_is_refused():
    incident, expert = an_incident(), an_expert()
    client = signed_in(CHIEF)
    assert client.get(f"/incidents/{uuid.uuid4()}/advice").status_code == 404
    for what in ("record", "link"):
        assert client.post(f"/advice/{uuid.uuid4()}/{what}", {}).status_code == 404
    assert client.post(f"/incidents/{incident.pk}/advice", {"question": "？"}).status_code == 404
    assert client.post(f"/incidents/{incident.pk}/advice", {"expert": expert}).status_code == 422
    assert not Consultation.objects.exists()


def test_the_page_asks_as_often_for_many_experts_and_answers_as_for_few():
    incident, client = an_incident(), signed_in(CHIEF)
    here = f"/incidents/{incident.pk}/advice?q=演示"

    def make(numbers) -> None:
        for n in numbers:
            given = {"expert": an_expert(f"演示专家{n}"), "question": "？"}
            assert client.post(here.partition("?")[0], given).status_code == 302

    make(range(2))
    few = asked(client, here)
    make(range(2, 8))
    assert asked(client, here) == few
