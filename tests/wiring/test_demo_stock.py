"""The demo's stock: what the file says is in the books, and the books agree."""

import pytest

from jingwei.apps.stock import queries
from jingwei.apps.stock.models import Floor, Lot
from jingwei.doors.entry.moments import this_moment
from jingwei.wiring.demo_stock import fill_stock
from tests.builders import authority_of, holding_of

pytestmark = pytest.mark.django_db


def test_the_demos_stores_hold_what_the_file_says():
    assert fill_stock("zhengzhou", by=holding_of("zhongyu"), moment=this_moment()) == 12
    assert Lot.objects.count() == 12 and Floor.objects.count() == 11
    found = queries.list_balances(authority=authority_of("hejing"), on=this_moment().at.date())
    bags = [b for b in found if b.supply.code == "D-BAG"]
    assert {b.place: (b.on_hand, b.free) for b in bags} == {
        "4101": (80_000, 60_000),
        "410105": (6_000, 5_000),
    }
    assert queries.list_disagreeing() == [] and queries.list_unbalanced() == []


def test_a_case_without_stock_fills_nothing():
    assert fill_stock("nowhere", by=holding_of("zhongyu"), moment=this_moment()) == 0
