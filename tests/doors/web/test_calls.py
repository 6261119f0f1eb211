"""The call-out on its pages: whose turn it is, masked numbers and a recorded look, answers."""

import pytest

from jingwei.apps.agencies.models import Holding, Person
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans.models import CallAttempt, CallLine
from tests.doors.web.test_plans import activated, signed_in, warned  # noqa: F401
from tests.doors.web.test_query_counts import asked

pytestmark = pytest.mark.django_db


def with_number(line: CallLine, phone: str = "13900001234") -> None:
    holding = Holding.objects.select_related("person").get(pk=line.holding)
    Person.objects.filter(pk=holding.person_id).update(phone=phone)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "现在拨叫"), ("en", "to be rung now")])
def test_the_turn_the_masked_number_and_what_was_said(warned, language, word):  # noqa: F811
    row, client = activated(warned), signed_in("lisiyuan", language)
    first, second = CallLine.objects.filter(activation=row, holding__isnull=False).order_by("order")[:2]
    with_number(first)
    page = client.get(f"/activations/{row.id}").content.decode()
    assert page.count(word) == 1 and "139****34" in page and "13900001234" not in page and "CR-01" in page
    path = f"/activations/{row.id}/calls/{first.id}"
    ring = client.get(f"{path}/ring").content.decode()
    assert "139****34" in ring and "13900001234" not in ring
    before = journal.count_entries()
    assert "tel:13900001234" in client.post(f"{path}/ring").content.decode()
    assert journal.count_entries() == before + 1
    given = {"state": "reached", "words": "立即到岗"}
    assert client.post(path, given)["location"].endswith("#calls")
    assert "立即到岗" in client.get(f"{path}/ring").content.decode()
    second.refresh_from_db()
    assert CallAttempt.objects.count() == 1 and second.next_at is not None


def test_what_is_not_known_or_not_ones_own(warned):  # noqa: F811
    row = activated(warned)
    line = CallLine.objects.filter(activation=row).first()
    nowhere = "00000000-0000-7000-8000-000000000000"
    client = signed_in("lisiyuan")
    assert client.get(f"/activations/{row.id}/calls/{nowhere}/ring").status_code == 404
    assert client.get(f"/activations/{nowhere}/calls/{line.id}/ring").status_code == 404
    county = signed_in("yuzijin").post(f"/activations/{row.id}/calls/{line.id}/ring")
    assert county.status_code in (403, 404) and "13900001234" not in county.content.decode()


def test_the_page_asks_as_often_for_many_attempts_as_for_few(warned):  # noqa: F811
    row, client = activated(warned), signed_in("lisiyuan")
    lines = list(CallLine.objects.filter(activation=row).order_by("order"))
    client.post(f"/activations/{row.id}/calls/{lines[0].id}", {"state": "no_answer"})
    few = asked(client, f"/activations/{row.id}")
    for line in lines:
        for _ in range(3):
            client.post(f"/activations/{row.id}/calls/{line.id}", {"state": "engaged"})
    assert asked(client, f"/activations/{row.id}") == few
