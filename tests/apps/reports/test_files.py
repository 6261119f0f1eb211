"""Files of reports: taken in once, whatever happens, in the name of who handed them in."""

import uuid

import pytest
from django.db import transaction

from jingwei.apps.agencies.models import Holding
from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports import actions, queries
from jingwei.apps.reports.actions import ReportRefused, files
from jingwei.apps.reports.facts import ReportFileEnded, Told
from jingwei.apps.reports.models import Report, ReportFile, ReportFilePart
from tests.builders import STORM, a_moment, holding_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


def a_file(by, count: int = 7, *, take: bool = True) -> uuid.UUID:
    lines = [[f"进水{n}"] for n in range(count)]
    number = actions.begin_file("来报.csv", ["内容"], lines, [], by=by, moment=a_moment())
    if take:
        said = [Told(words=words, kind="12P04", place="410105", channel="file") for (words,) in lines]
        actions.take_file(number, {"words": "内容"}, said, by=by, moment=a_moment())
    return number


def tick() -> int:
    return actions.take_in_files(by=get_machine(), moment=a_moment())


def test_its_lines_are_taken_in_part_by_part_and_then_it_has_ended(duty, monkeypatch):
    monkeypatch.setattr(files, "PART", 3)
    number = a_file(duty)
    assert not Report.objects.exists() and tick() == 4
    rows = Report.objects.order_by("id")
    assert [r.words for r in rows] == [f"进水{n}" for n in range(7)] and {r.by for r in rows} == {duty}
    card = queries.find_file(number, by=duty)
    assert card is not None and (card.state, card.taken, card.done) == ("done", 7, 7)
    assert tick() == 0 and not ReportFilePart.objects.exists()
    (said,) = journal.list_entries(kinds=[ReportFileEnded])
    assert isinstance(said.fact, ReportFileEnded) and (said.fact.taken, said.fact.stopped) == (7, False)


def test_the_same_file_again_makes_no_report_twice(duty):
    a_file(duty)
    tick()
    again = a_file(duty)
    tick()
    card = queries.find_file(again, by=duty)
    assert card is not None and (card.taken, card.known) == (0, 7)
    assert Report.objects.count() == 7


def test_a_part_that_breaks_off_is_there_again_and_is_taken_in_once(duty, monkeypatch):
    monkeypatch.setattr(files, "PART", 3)
    a_file(duty)

    def broken(*given, **more):
        actions.receive_reports(*given, **more)
        raise RuntimeError("killed here")

    with monkeypatch.context() as killed:
        killed.setattr(files, "receive_reports", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            tick()
    assert not Report.objects.exists() and ReportFilePart.objects.count() == 3
    tick()
    assert Report.objects.count() == 7


def test_canary_a_part_that_stayed_after_it_was_taken_in_would_be_known_by_its_key(duty, monkeypatch):
    number = a_file(duty)
    monkeypatch.setattr(ReportFilePart, "delete", lambda self: None)
    tick()
    card = queries.find_file(number, by=duty)
    assert card is not None and (card.taken, card.known) == (7, 21) and Report.objects.count() == 7


def test_who_holds_the_post_no_more_takes_nothing_in(duty):
    number = a_file(duty)
    Holding.objects.filter(pk=duty).update(until_at=STORM)
    tick()
    card = queries.find_file(number, by=duty)
    assert card is not None and card.state == "stopped" and not Report.objects.exists()
    assert not ReportFilePart.objects.exists(), "what it told is not kept"


def test_what_cannot_be_read_waits_for_a_person(duty):
    number = actions.begin_file("x.csv", ["a"], [["?"]], [], by=duty, moment=a_moment())
    told = [Told(raw="?", channel="file", flags=("nothing_readable",))]
    actions.take_file(number, {"words": "a"}, told, by=duty, moment=a_moment())
    tick()
    card = queries.find_file(number, by=duty)
    assert card is not None and card.quarantined == 1


def test_it_is_taken_once_and_whole_and_only_its_owner_sees_it(duty):
    number = a_file(duty, take=False)
    act = {"by": duty, "moment": a_moment()}
    for told, columns in (([], {"words": "内容"}), ([Told(words="x")] * 7, {})):
        with pytest.raises(ReportRefused, match="file_columns_missing"):
            actions.take_file(number, columns, told, **act)
    assert (
        len(queries.list_lines(number, by=duty)) == 7
        and len(queries.list_lines(number, by=duty, limit=2)) == 2
    )
    other = holding_of("hejing")
    assert queries.find_file(number, by=other) is None and queries.list_lines(number, by=other) == []
    assert queries.list_files(by=other) == [] and len(queries.list_files(by=duty)) == 1
    actions.take_file(number, {"words": "内容"}, [Told(words="x")] * 7, **act)
    with pytest.raises(ReportRefused, match="file_begun"):
        actions.take_file(number, {"words": "内容"}, [Told(words="x")] * 7, **act)
    with pytest.raises(ReportRefused, match="file_unknown"):
        actions.take_file(uuid.uuid4(), {"words": "内容"}, [], **act)


def test_two_lines_of_one_wording_are_two_reports(duty):
    """Two calls may say the same: each line has its own key."""
    number = actions.begin_file("x.csv", ["内容"], [["进水"], ["进水"]], [], by=duty, moment=a_moment())
    actions.take_file(number, {"words": "内容"}, [Told(words="进水")] * 2, by=duty, moment=a_moment())
    tick()
    assert Report.objects.count() == 2 and ReportFile.objects.get().taken == 2
