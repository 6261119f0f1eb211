"""The demo's needs: what the file says is asked, confirmed and advised; every word says it is made up."""

import pytest

from jingwei.apps.needs import queries
from jingwei.apps.needs.models import Advice, Need
from jingwei.doors.entry.moments import this_moment
from jingwei.wiring.demo_needs import fill_needs
from jingwei.wiring.demo_stock import fill_stock
from tests.builders import holding_of

pytestmark = pytest.mark.django_db


def test_the_demos_needs_are_asked_some_confirmed_and_all_say_they_are_made_up():
    act = {"by": holding_of("zhongyu"), "moment": this_moment()}
    fill_stock("zhengzhou", **act)
    assert fill_needs("zhengzhou", **act) == 10
    assert (Need.objects.count(), Need.objects.filter(state="confirmed").count()) == (8, 4)
    assert Advice.objects.count() == 2
    assert all("演示" in row.asker for row in Need.objects.all())
    assert all("演示" in row.item_zh and "demo" in row.item_en for row in Advice.objects.all())
    shown = queries.list_public_needs(at=this_moment().at)
    assert "救灾帐篷（12平方米）" in {one.item_zh for one in shown}


def test_a_case_without_needs_fills_nothing():
    assert fill_needs("nowhere", by=holding_of("zhongyu"), moment=this_moment()) == 0
