"""Nobody learns by asking: not which names there are, nor which numbers of others exist."""

import re
import uuid
from itertools import pairwise

import pytest
from django.test import Client

from jingwei.apps.incidents.models import Membership
from tests.builders import holding_of, receive, settle, told
from tests.databases import PASSWORD
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
_CHANGES = re.compile(r"[0-9a-f-]{36}|\b[A-Za-z0-9]{64}\b|\d{2}:\d{2}(:\d{2})?(\.\d+)?|value=\"[^\"]*\"")


def plain(answer: object) -> tuple[int, str]:
    """An answer without what differs from request to request anyhow."""
    return answer.status_code, _CHANGES.sub("", answer.content.decode())  # type: ignore[attr-defined]


def test_a_name_nobody_has_and_a_wrong_password_give_the_same_page_and_headers():
    known = Client().post("/sign-in", {"username": "hejing", "password": "wrong-password"})
    unknown = Client().post("/sign-in", {"username": "nobody-here", "password": "wrong-password"})
    assert plain(known) == plain(unknown)
    assert {n.lower() for n in known.headers} == {n.lower() for n in unknown.headers}
    right = Client().post("/sign-in", {"username": "hejing", "password": PASSWORD})
    assert plain(right) != plain(known), "canary"


def a_foreign_incident() -> tuple[str, str]:
    """A report and its incident in another county than the caller's."""
    (answer,) = receive(told("巩义的事", place="410181"), by=holding_of("lisiyuan"))
    settle()
    return str(answer.id), str(Membership.objects.get(report_id=answer.id, left_at=None).incident_id)


def test_what_lies_elsewhere_reads_the_same_as_what_there_is_not():
    report, incident = a_foreign_incident()
    client = signed_in("yuzijin")  # Xingyang, the county next door
    told_city = signed_in("lisiyuan")
    for pattern, there in (("/reports/{}", report), ("/incidents/{}", incident)):
        assert told_city.get(pattern.format(there)).status_code == 200, "canary: it is there"
        foreign, nothing = client.get(pattern.format(there)), client.get(pattern.format(uuid.uuid4()))
        assert foreign.status_code == nothing.status_code == 404
        assert plain(foreign) == plain(nothing)
    for what in ("merge", "split", "changes", "people", "confirm"):
        foreign = client.get(f"/incidents/{incident}/{what}")
        nothing = client.get(f"/incidents/{uuid.uuid4()}/{what}")
        assert plain(foreign) == plain(nothing), what


def test_numbers_cannot_be_counted_through():
    ids = [str(a.id) for a in receive(*[told(f"第{i}条") for i in range(50)], by=holding_of("lisiyuan"))]
    # what follows the time in an id is chosen at random: 62 bits and more
    ends = [int(uuid.UUID(one).hex[-16:], 16) & (2**62 - 1) for one in ids]
    assert len(set(ends)) == 50
    steps = {b - a for a, b in pairwise(ends)}
    assert min(abs(s) for s in steps) > 2**32, "no id leads to the next"


def test_the_public_form_says_nothing_of_other_reports(settings):
    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"
    report, _ = a_foreign_incident()
    end = uuid.UUID(report).hex[-8:].upper()
    real = plain(Client().get("/report/thanks", {"n": f"{end[:4]}-{end[4:]}"}))
    made_up = plain(Client().get("/report/thanks", {"n": "0000-0000"}))
    assert real[0] == made_up[0]
    assert real[1].replace(f"{end[:4]}-{end[4:]}", "") == made_up[1].replace("0000-0000", "")
