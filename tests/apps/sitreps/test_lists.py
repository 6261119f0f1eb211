"""Which clocks a desk shows first, found along an index instead of putting all in order."""

from datetime import timedelta

import pytest
from django.db.models import F

from jingwei.apps.sitreps import actions, queries
from jingwei.apps.sitreps.models import Obligation
from jingwei.apps.sitreps.queries import lists
from tests.apps.sitreps.test_actions import SIX_DEAD, a_storm
from tests.builders import STORM, a_moment, authority_of, holding_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed():
    """Clocks of three events at three times; some late, some met, some with no limit."""
    for hours in (0, 1, 2):
        row = a_storm(SIX_DEAD)
        Obligation.objects.filter(incident=row).update(
            trigger_at=F("trigger_at") + timedelta(hours=hours), due_at=F("due_at") + timedelta(hours=hours)
        )
    Obligation.objects.filter(pk__in=list(Obligation.objects.values_list("pk", flat=True)[:2])).update(
        state="late"
    )
    first = queries.list_obligations(authority=authority_of("hejing"), now=STORM, limit=200)
    actions.meet_obligation(first[0].id, words="电话报告", by=holding_of("hejing"), moment=a_moment())
    return first


@pytest.mark.parametrize("hours", [0, 1, 3, 30])
def test_the_first_clocks_are_those_of_the_whole_list(owed, hours):
    chief, now = authority_of("hejing"), STORM + timedelta(hours=hours)
    whole = queries.list_obligations(authority=chief, now=now, limit=lists.FEW + 1)
    assert len(whole) > 6
    for offset, limit in ((0, 1), (0, 7), (3, 4), (0, lists.FEW)):
        few = queries.list_obligations(authority=chief, now=now, offset=offset, limit=limit)
        assert few == whole[offset : offset + limit]


def test_canary_without_those_that_are_over_another_would_be_first(owed, monkeypatch):
    chief, now = authority_of("hejing"), STORM + timedelta(hours=30)
    whole = queries.list_obligations(authority=chief, now=now, limit=7)
    real = lists._along
    monkeypatch.setattr(
        lists, "_along", lambda a, most, which: [] if "due_at__lt" in str(which) else real(a, most, which)
    )
    assert queries.list_obligations(authority=chief, now=now, limit=7) != whole


def test_open_and_late_are_counted_in_one_go(owed, django_assert_num_queries):
    chief = authority_of("hejing")
    with django_assert_num_queries(1):
        counted = queries.count_by_state(authority=chief)
    assert counted["open"] + counted["late"] == queries.count_obligations(authority=chief)
    assert counted["late"] == queries.count_obligations(authority=chief, view="late")
    assert sum(counted.values()) > 6
