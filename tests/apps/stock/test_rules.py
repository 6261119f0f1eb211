"""Which lots go out, and when none may: first expired first, nothing expired, nothing under the floor."""

import uuid
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.apps.stock import rules
from jingwei.apps.stock.rules import Held, StockRefused

TODAY = date(2026, 7, 20)
A, B, C, D = (uuid.UUID(int=n) for n in range(1, 5))


def held(number: uuid.UUID, expires_on: str, on_hand: int, promised: int = 0, batch: str = "") -> Held:
    return Held(number, expires_on, batch, on_hand, promised)


def test_first_expired_goes_out_first_and_what_does_not_expire_last() -> None:
    lots = [
        held(A, "", 50),
        held(B, "2027-01-01", 5),
        held(C, "2026-08-01", 10, 4),
        held(D, "2026-07-19", 99),
    ]
    assert rules.pick(lots, 12, floor=0, into_floor=False, on=TODAY) == {C: 6, B: 5, A: 1}


def test_the_day_named_is_the_last_on_which_it_may_go_out() -> None:
    assert not rules.is_expired("2026-07-20", on=TODAY)
    assert rules.is_expired("2026-07-19", on=TODAY)
    assert not rules.is_expired("", on=TODAY)


def test_the_floor_stays_unless_somebody_may_go_into_it() -> None:
    lots = [held(A, "", 50, 10)]
    with pytest.raises(StockRefused, match="below_floor") as no:
        rules.pick(lots, 21, floor=20, into_floor=False, on=TODAY)
    assert no.value.facts == {"free": 20, "wanted": 21, "floor": 20}
    assert rules.pick(lots, 21, floor=20, into_floor=True, on=TODAY) == {A: 21}
    with pytest.raises(StockRefused, match="not_enough_free"):
        rules.pick(lots, 41, floor=20, into_floor=True, on=TODAY)


LOTS = st.lists(
    st.tuples(
        st.sampled_from(["", "2026-07-01", "2026-07-20", "2027-01-01"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=6,
).map(lambda rows: [held(uuid.uuid4(), e, n, min(n, p)) for e, n, p in rows])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LOTS, st.integers(1, 80), st.integers(0, 20), st.booleans())
def test_what_is_picked_is_there_and_is_all_that_was_asked(lots, quantity, floor, into_floor) -> None:
    free = {lot.id: lot.free for lot in lots if not rules.is_expired(lot.expires_on, on=TODAY)}
    try:
        taken = rules.pick(lots, quantity, floor=floor, into_floor=into_floor, on=TODAY)
    except StockRefused:
        assert quantity > sum(free.values()) - (0 if into_floor else floor)
        return
    assert sum(taken.values()) == quantity
    assert all(0 < n <= free[one] for one, n in taken.items())
    assert into_floor or quantity <= sum(free.values()) - floor


def test_postings_sum_to_nothing_for_each_supply() -> None:
    assert rules.is_balanced([(A, 5), (A, -5), (B, 1), (B, -1)])
    assert not rules.is_balanced([(A, 5), (B, -5)])


@pytest.mark.parametrize("text", ["2027/06/30", "2027-13-01", "soon"])
def test_an_expiry_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(StockRefused, match="expiry_unreadable"):
        rules.check_expiry(text)
    assert rules.check_expiry(" 2027-06-30 ") == "2027-06-30"
