"""Days of a register as iCalendar, read back by a second library; addresses given out and taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from django.test import Client

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.models import Entry
from jingwei.apps.registers import actions
from jingwei.apps.registers.models import CalendarFeed
from jingwei.doors.entry.moments import this_moment
from tests import rights
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
HOME = "/registers/hidden-dangers"
TODAY = datetime.now(UTC).astimezone().date()


def a_danger(name: str, mend_by: date | None, place: str = "4101", **values: object):
    given = {
        "name": name, "place": place, "kind": "power", "grade": "major", "state": "found", "matter": "坏了",
        "found_on": TODAY - timedelta(days=400), "mend_by": mend_by, "keeper": "王五", "phone": "13612342071",
    } | values  # fmt: skip
    return actions.add_row("hidden-dangers", given, by=holding_of("zhongyu"), moment=this_moment())


@pytest.fixture
def dangers():
    soon = TODAY + timedelta(days=5)
    return {
        "soon": a_danger("泵站；备用电源,失效\\n甲", soon),
        "long": a_danger("长" * 90, soon + timedelta(days=1)),
        "late": a_danger("逾期", TODAY - timedelta(days=3)),
        "ages": a_danger("一年前", TODAY - timedelta(days=300)),
        "none": a_danger("无期限", None),
        "done": a_danger("已整改", soon, mended_on=TODAY),
        "elsewhere": a_danger("洛阳", soon, place="4103"),
    }


def read(answer) -> dict[str, object]:
    """By name what a second, unrelated library reads."""
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "RFC 5545 section 3.1"
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    calendar = vobject.readOne(text)
    calendar.validate()
    return {event.summary.value: event for event in getattr(calendar, "vevent_list", [])}


def shared(client: Client) -> str:
    page = client.post(f"{HOME}/calendar", {"name": "值班手机"}).content.decode()
    return page.split("<code>http://testserver")[1].split("</code>")[0]


def test_the_file_says_what_is_due_and_a_second_library_reads_it(dangers):
    found = read(signed_in("lisiyuan").get(f"{HOME}/calendar.ics"))
    assert set(found) == {"整改期限：泵站；备用电源,失效\\n甲", f"整改期限：{'长' * 90}", "整改期限：逾期"}
    event = found["整改期限：泵站；备用电源,失效\\n甲"]
    assert event.dtstart.value == TODAY + timedelta(days=5) and type(event.dtstart.value) is date
    assert event.dtend.value - event.dtstart.value == timedelta(days=1)
    assert event.url.value == f"http://testserver{HOME}/{dangers['soon']}"
    assert event.uid.value.startswith(f"{dangers['soon']}-mend_by@")
    assert event.location.value == "郑州市" and event.dtstamp.value.tzinfo


def test_no_person_stands_in_it(dangers):
    text = signed_in("lisiyuan").get(f"{HOME}/calendar.ics").content.decode()
    assert "王" not in text and "13612342071" not in text and "*" not in text


def test_an_address_is_read_without_signing_in_until_it_is_taken_back(dangers):
    client = signed_in("lisiyuan")
    address = shared(client)
    assert len(address) > 50 and len(read(Client().get(address))) == 3
    assert address.split("/")[-1][:20] not in client.get(f"{HOME}/calendar").content.decode(), "shown once"
    feed = CalendarFeed.objects.get()
    assert address.split("/")[-1].removesuffix(".ics") not in str(feed.__dict__)
    assert client.post(f"{HOME}/calendar/{feed.pk}/revoke").status_code == 302
    assert Client().get(address).status_code == 404
    assert client.post(f"{HOME}/calendar/{feed.pk}/revoke").status_code == 404, "once"
    kinds = list(Entry.objects.filter(kind="registers.calendar_shared/1").values_list("body", flat=True))
    assert len(kinds) == 2


def test_an_address_dies_with_the_post_of_whoever_gave_it(dangers):
    from jingwei.apps.agencies.models import Holding

    address = shared(signed_in("lisiyuan"))
    held = CalendarFeed.objects.get().by
    Holding.objects.filter(pk=held).update(until_at=this_moment().at - timedelta(seconds=1))
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("secret", ["nothing", "x" * 500, "%00", "..%2f", "' OR 1=1"])
def test_an_address_made_up_opens_nothing(dangers, secret):
    shared(signed_in("lisiyuan"))
    assert Client().get(f"/calendar/{secret}.ics").status_code in (400, 404)
    assert Client().post(f"/calendar/{secret}.ics").status_code in (400, 403, 404, 405)


def test_another_organization_takes_no_address_back(dangers):
    shared(signed_in("lisiyuan"))
    feed = CalendarFeed.objects.get()
    other = rights.a_holding("duty_officer")
    with pytest.raises(NotAllowed, match="organization"):
        actions.revoke_calendar(feed.pk, by=other, moment=this_moment())
    assert CalendarFeed.objects.get().revoked_at is None


def test_a_name_is_wanted_and_a_register_without_days_gives_none():
    client = signed_in("lisiyuan")
    assert client.post(f"{HOME}/calendar", {"name": " "}).status_code == 422
    assert client.post("/registers/teams/calendar", {"name": "x"}).status_code == 409
    assert "/registers/teams/calendar" not in client.get("/registers/teams").content.decode()
    assert f"{HOME}/calendar" in client.get(HOME).content.decode()
    assert CalendarFeed.objects.count() == 0


def test_programs_read_it_too(dangers, program):  # noqa: F811
    assert len(read(program.get("/api/v1/registers/hidden-dangers/calendar.ics"))) == 3
    assert Client().get("/api/v1/registers/hidden-dangers/calendar.ics").status_code == 401


def test_it_is_in_the_language_asked_for(dangers):
    client = signed_in("lisiyuan")
    client.cookies["jw_lang"] = "en"
    assert any(name.startswith("To be mended by: ") for name in read(client.get(f"{HOME}/calendar.ics")))


def test_the_page_names_what_is_late(dangers):
    text = signed_in("lisiyuan").get(f"{HOME}/calendar").content.decode()
    assert "逾期" in text and "一年前" not in text and "已整改" not in text
