"""Lists and searches of reports: what is found, how far back was looked, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection

from jingwei.apps.journal import counting
from jingwei.apps.reports import queries
from jingwei.apps.reports.models import COUNTED_FLAGS, Report, flagged
from jingwei.apps.reports.queries import Sought, lines
from tests.builders import STORM, authority_of, holding_of, receive, told
from tests.doors.web.test_tasks import user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


@pytest.fixture
def officer():
    return authority_of("lisiyuan")


def heard(*words, by):
    """Reports a minute apart, in this order."""
    return [
        receive(told(one, key=str(n)), by=by, at=STORM + n * timedelta(minutes=1))[0].id
        for n, one in enumerate(words)
    ]


def search_on(sought, officer, **more):
    """All that is found by going on and on, search by search."""
    found, behind, turns = [], None, 0
    while turns == 0 or behind is not None:
        one = queries.search_reports(sought, authority=officer, behind=behind, **more)
        found += [line.id for line in one.lines]
        behind, turns = one.behind, turns + 1
    return found, turns


def test_a_search_says_how_far_back_it_looked_and_goes_on_behind_that(duty, officer, monkeypatch):
    monkeypatch.setattr(lines, "LOOKED_THROUGH", 2)
    old, _, _, new = heard("桥断了", "停电", "停水", "桥上进水", by=duty)
    first = queries.search_reports(Sought(search="桥"), authority=officer)
    assert ([line.id for line in first.lines], first.back_to) == ([new], STORM + timedelta(minutes=2))
    then = queries.search_reports(Sought(search="桥"), authority=officer, behind=first.behind)
    assert ([line.id for line in then.lines], then.back_to, then.behind) == ([old], None, None)


def test_a_page_full_of_finds_goes_on_behind_its_last(duty, officer):
    ids = heard(*(f"水{n}" for n in range(5)), by=duty)
    assert search_on(Sought(search="水"), officer, limit=2) == (ids[::-1], 3)


@pytest.mark.parametrize("through", [1, 2, 3, 20_000])
def test_no_report_falls_between_two_searches_even_of_one_instant(duty, officer, monkeypatch, through):
    monkeypatch.setattr(lines, "LOOKED_THROUGH", through)
    together = receive(*(told(f"水{n}", key=str(n)) for n in range(5)), by=duty, at=STORM)
    found, _ = search_on(Sought(search="水"), officer)
    assert sorted(found) == sorted(one.id for one in together)


def test_a_number_finds_its_report_however_old(duty, officer, monkeypatch):
    monkeypatch.setattr(lines, "LOOKED_THROUGH", 1)
    old, *_ = heard("桥断了", "停电", "停水", by=duty)
    found = queries.search_reports(Sought(search=queries.number_of(old)), authority=officer)
    assert [line.id for line in found.lines] == [old]


def test_one_county_over_finds_nothing_and_cannot_begin_behind_a_report_it_does_not_see(duty):
    first, other = heard("桥断了", "桥上进水", by=duty)
    stranger = authority_of(user_of("410182-zbs-duty"))
    assert queries.find_report(other, authority=stranger) is None
    found = queries.search_reports(Sought(search="桥"), authority=stranger, behind=other)
    assert (found.lines, found.behind) == ([], None)
    (own,) = receive(told("桥", place="410182"), by=duty, at=STORM)
    found = queries.search_reports(Sought(search="桥"), authority=stranger, behind=first)
    assert [line.id for line in found.lines] == [own.id], "it begins with the newest instead"


def test_flags_are_counted_as_the_reports_carry_them(duty, officer):
    receive(told("谣传溃坝", flags=("rumor",)), told("哪里不知道", place=""), told(kind=""), by=duty)
    plain = {flag: Report.objects.filter(flagged(flag)).count() for flag in COUNTED_FLAGS}
    assert queries.count_flags(COUNTED_FLAGS, authority=officer) == plain
    assert plain["rumor"] == plain["place_missing"] == plain["kind_missing"] == 1
    assert queries.count_reports(Sought(flag="rumor"), authority=officer) == 1
    assert queries.count_flags(["time_assumed"], authority=officer) == {"time_assumed": 0}


def test_flagged_reports_are_found_through_their_own_index(officer):
    rows = lines._filtered(officer, Sought(flag="rumor")).order_by("-received_at", "-id")
    assert connection.vendor != "sqlite" or "report_flagged" in rows.explain()


def test_a_flag_asked_for_in_other_words_does_not_meet_the_index():
    rows = Report.objects.filter(flagged("rumor")).order_by("-received_at", "-id")
    assert connection.vendor != "sqlite" or "report_flagged" not in rows.explain()


def test_the_count_of_very_many_holds_for_a_moment(duty, officer, monkeypatch):
    monkeypatch.setattr(counting, "WORTH", 3)
    monkeypatch.setattr(counting, "_counted", {})
    heard("一", "二", by=duty)
    assert queries.count_reports(authority=officer) == 2
    heard("三", "四", by=duty)
    assert queries.count_reports(authority=officer) == 4, "few are counted each time"
    heard("五", "六", "七", by=duty)
    assert queries.count_reports(authority=officer) == 4, "many hold for a moment"
    assert queries.count_reports(Sought(search="五"), authority=officer) == 1
    monkeypatch.setattr(counting, "HOLDS_S", 0.0)
    assert queries.count_reports(authority=officer) > 4
