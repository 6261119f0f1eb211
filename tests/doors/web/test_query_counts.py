"""A page asks the database as often for many rows as for few, whatever their kinds, places and bodies."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.people import actions as people
from jingwei.apps.people.facts import Given
from jingwei.apps.people.queries import list_counts
from jingwei.apps.places.models import Division
from jingwei.apps.reports.facts import Claim
from jingwei.apps.sitreps import actions as sitreps
from jingwei.apps.tasks import actions as tasks
from jingwei.apps.tasks.facts import TaskDraft
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web import shapes
from tests.builders import holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

FEW, MANY = 4, 20
LISTS = (
    "/", "/incidents", "/incidents?view=all&q=事", "/incidents?view=waiting", "/incidents?view=closed",
    "/reports", "/reports?view=waiting", "/reports?view=quarantined", "/reports?view=noplace",
    "/reports?view=rumor", "/reports?q=水", "/reports?q=无此词", "/tasks", "/tasks?view=all",
    "/tasks?view=overdue", "/clocks", "/sitreps?view=draft", "/search?q=无此词", "/clocks?view=late",
    "/clocks?view=met", "/clocks?view=person", "/sitreps", "/releases", "/plans", "/search?q=水",
    "/places", "/places?q=水", "/map", "/map?l=incidents&l=reports&l=shelters&l=sites&at=113.6,34.7&z=9",
)  # fmt: skip
COUNTIES = (
    "410102",
    "410103",
    "410104",
    "410105",
    "410106",
    "410108",
    "410122",
    "410181",
    "410182",
    "410183",
)


def acting(username: str) -> dict:
    return {"by": holding_of(username), "moment": this_moment()}


def storm(numbers: Iterable[int]) -> None:
    """An incident of another kind in another township for each number, with all that belongs to one."""
    # so long ago that no limit passes between the two rounds: each would show another kind of person
    at = this_moment().at - timedelta(minutes=100)
    kinds = [k.code for k in hazards.list_kinds(within="12000") if k.level == 4]
    towns = {c: Division.objects.filter(code__startswith=c, level=4).order_by("code") for c in COUNTIES}
    known = set(Incident.objects.values_list("pk", flat=True))
    for n in numbers:
        place = towns[COUNTIES[n % len(COUNTIES)]][n // len(COUNTIES)].code
        dead = (Claim(measure="deaths", value=6, unit="person"),)
        receive(
            told(f"水{n}", kind=kinds[n], place=place, occurred_at=at, figures=dead, caller_name="王小明"),
            told(f"水{n}，哪里不知道", place="", occurred_at=at),
            told("", raw=f"{{{n}", kind="", place=""),
            by=holding_of("lisiyuan"), at=at,
        )  # fmt: skip
    settle(at)
    for row in Incident.objects.exclude(pk__in=known).order_by("pk"):
        answer(row)
    settle(this_moment().at)


def answer(row: Incident) -> None:
    chief, due = acting("hejing"), this_moment().at + timedelta(hours=1)
    to = [row.place[:6] + "-zbs", "4101-xfzd"]
    orders = [TaskDraft(title_zh="处置", to_organization=b, due_at=due, incident_id=str(row.id)) for b in to]
    tasks.issue_tasks(orders, **chief)
    above = TaskDraft(title_zh="报告", to_organization="4101-zbs", due_at=due)
    tasks.issue_tasks([above], **acting("shenyiheng"))
    given = Given(value=2, source="电话")
    if not list_counts(row.id):
        people.adopt_figure(row.id, given, measure="injured", area=row.place, **chief)
    sitreps.draft_sitrep(row.id, stage="first", **chief)
    incidents.confirm_grade(
        row.id, grade=row.proposed_grade or 4, reason="属实", version=row.version, **chief
    )


def one_room(numbers: Iterable[int]) -> None:
    """Reports of one incident beside another that they nearly speak of, each with a count of its own."""
    at = this_moment().at - timedelta(minutes=10)
    by, place = holding_of("lisiyuan"), Division.objects.filter(code__startswith="410182", level=4)[0].code
    for n in numbers:
        if n == 0:
            receive(told("路塌了", kind="12P01", place=place, occurred_at=at), by=by, at=at)
            settle(at)
        dead = (Claim(measure="deaths", value=2 + 3 * n, unit="person"),)
        receive(told(f"桥{n}", kind="12P04", place=place, occurred_at=at, figures=dead), by=by, at=at)
        settle(at)
    row = Incident.objects.get(kind="12P04")
    assert Membership.objects.filter(incident=row).exclude(next_best={}).exists()
    answer(row)
    settle(this_moment().at)


def asked(client: Client, path: str) -> int:
    """How many queries the page makes once what is loaded only once is there."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)


def grown(
    paths: Callable[[], Iterable[str]], make: Callable[[Iterable[int]], None]
) -> dict[str, tuple[int, int]]:
    """Pages whose queries grew, with their numbers."""
    client = signed_in("hejing")
    make(range(FEW))
    few = {path: asked(client, path) for path in paths()}
    make(range(FEW, MANY))
    many = {path: asked(client, path) for path in paths()}
    return {path: (few[path], many[path]) for path in few if many[path] > few[path]}


def test_lists_and_the_desk_ask_as_often_for_many_rows_as_for_few():
    assert grown(lambda: LISTS, storm) == {}


def rooms() -> list[str]:
    """The room of the incident that grows: its newest reports, later ones, and all figures."""
    path = f"/incidents/{Incident.objects.get(kind='12P04').id}"
    return [path, f"{path}?from=1", f"{path}?figures=all"]


def test_a_room_asks_as_often_for_many_reports_as_for_few():
    assert grown(rooms, one_room) == {}


def test_a_page_with_a_query_per_row_is_found(monkeypatch):
    plain = shapes.incident_row

    def asking(line, names):
        assert Incident.objects.filter(pk=line.id).exists()
        return plain(line, names)

    monkeypatch.setattr(shapes, "incident_row", asking)
    assert "/incidents" in grown(lambda: ["/incidents"], storm)
