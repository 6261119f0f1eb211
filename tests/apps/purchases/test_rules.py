"""When all of it could be there, by hand and by property; stock shared out; one source."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.purchases import rules
from jingwei.apps.purchases.rules import Offer

AT = datetime(2021, 7, 20, 8, 0, tzinfo=UTC)
H = timedelta(hours=1)
offers = st.builds(
    Offer,
    lead_h=st.integers(0, 800).map(lambda quarters: quarters / 4),
    per_day=st.integers(1, 1_000_000),
    travel_s=st.integers(0, 86_400),
)
quantities = st.integers(1, 200_000)
deadlines = st.integers(-3_600, 40 * 86_400).map(lambda s: AT + timedelta(seconds=s))


@pytest.mark.parametrize(
    ("quantity", "offer", "hours"),
    [
        (60, Offer(6, 240, 0), 12),  # 6 h to begin, 60 at 10 an hour
        (60, Offer(6, 240, 1_800), 12.5),  # and half an hour on the way
        (240, Offer(0, 240, 0), 24),  # a day's output takes a day
        (1, Offer(0.5, 24, 3_600), 2.5),  # half an hour, an hour's work, an hour's way
        (500, Offer(48, 100, 7_200), 48 + 5 * 24 + 2),
    ],
)
def test_all_of_it_is_there_after_lead_time_making_and_way(quantity, offer, hours):
    assert rules.whole_at(AT, quantity, offer) == AT + hours * H


def test_a_part_of_a_second_is_never_early():
    assert rules.whole_at(AT, 1, Offer(0, 7, 0)) == AT + timedelta(seconds=12_343)  # 86400/7 = 12342.86


@pytest.mark.parametrize(
    ("due_h", "there"), [(12, 60), (11, 50), (6.05, 0), (6.1, 1), (6, 0), (3, 0), (-5, 0), (99, 60)]
)
def test_by_the_deadline_as_many_as_are_made_by_then(due_h, there):
    assert rules.by_then(AT, AT + due_h * H, 60, Offer(6, 240, 0)) == there


def test_who_makes_nothing_or_takes_longer_than_a_year_has_no_time():
    assert rules.whole_at(AT, 1, Offer(0, 0, 0)) is None
    assert rules.whole_at(AT, 366, Offer(0, 1, 0)) is None
    assert rules.whole_at(AT, 365, Offer(0, 1, 0)) == AT + 365 * 24 * H
    assert rules.whole_at(AT, rules.MOST, Offer(0, 1, 0)) is None


@given(quantities, offers, deadlines)
def test_all_is_there_by_the_deadline_just_when_by_then_says_all(quantity, offer, due):
    whole = rules.whole_at(AT, quantity, offer)
    if whole is not None:
        assert (whole <= due) == (rules.by_then(AT, due, quantity, offer) == quantity)


def test_canary_a_time_without_the_way_disagrees_with_what_is_there_by_then():
    offer, due = Offer(6, 240, 1_800), AT + 12 * H
    forgetful = rules.whole_at(AT, 60, Offer(offer.lead_h, offer.per_day, 0))
    assert forgetful is not None and forgetful <= due
    assert rules.by_then(AT, due, 60, offer) < 60


@given(quantities, quantities, offers)
def test_more_of_it_is_never_there_sooner_nor_with_a_longer_lead(one, more, offer):
    first, second = rules.whole_at(AT, one, offer), rules.whole_at(AT, one + more, offer)
    later = rules.whole_at(AT, one, Offer(offer.lead_h + 1, offer.per_day, offer.travel_s))
    assert second is None or (first is not None and first <= second)
    assert later is None or first == later - H


@given(st.lists(st.integers(1, 10_000), max_size=20), st.integers(0, 50_000))
def test_stock_shared_out_is_neither_made_nor_lost_and_the_first_comes_first(wanted, free):
    shared = rules.share_out(wanted, free)
    assert [one.quantity for one in shared] == wanted
    assert sum(one.free for one in shared) == min(free, sum(wanted))
    assert sum(one.lacking for one in shared) == max(0, sum(wanted) - free)
    lacking = [bool(one.lacking) for one in shared]
    assert lacking == sorted(lacking), "once one is short, all behind it are"


@pytest.mark.parametrize(
    ("stores", "producers", "said"),
    [(1, 1, "one_each"), (1, 0, "one_store"), (0, 1, "one_producer"), (0, 0, "none"), (2, 1, ""), (1, 2, ""),
     (2, 0, ""), (0, 2, "")],
)  # fmt: skip
def test_what_hangs_on_one_source_is_said(stores, producers, said):
    assert rules.dependence(stores, producers) == said
