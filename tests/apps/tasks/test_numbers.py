"""Every order has a number of its organization and year, without a gap, however many go out at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jingwei.apps.tasks import actions, queries
from jingwei.apps.tasks.facts import Receiver, TaskDraft
from jingwei.apps.tasks.models import Task
from tests.builders import STORM, a_moment, authority_of, holding_of

pytestmark = pytest.mark.django_db


def issue(count=1, who="lisiyuan", at=STORM):
    drafts = [TaskDraft(title_zh=f"封闭隧道{n}", to_organization="4101-cgj") for n in range(count)]
    return actions.issue_tasks(drafts, by=holding_of(who), moment=a_moment(at))


def numbers(ids):
    rows = {t.id: t for t in Task.objects.filter(pk__in=ids)}
    return [(rows[i].from_organization, rows[i].year, rows[i].number) for i in ids]


def test_numbers_follow_one_another_within_an_organization():
    own = authority_of("lisiyuan").organization_code
    assert numbers(issue(3)) == [(own, 2021, n) for n in (1, 2, 3)]
    assert numbers(issue(2)) == [(own, 2021, n) for n in (4, 5)]


def test_each_organization_and_each_year_begins_anew():
    issue(3)
    county = authority_of("yuzijin").organization_code
    drafts = [TaskDraft(title_zh="转移", to_organization="410182109-zf")]
    below = actions.issue_tasks(drafts, by=holding_of("yuzijin"), moment=a_moment())
    assert numbers(below) == [(county, 2021, 1)]
    new_year = datetime(2021, 12, 31, 16, 0, tzinfo=UTC)  # midnight in the node's zone
    before = numbers(issue(1, at=new_year - timedelta(seconds=1)))
    assert before[0][1:] == (2021, 4)
    assert numbers(issue(1, at=new_year))[0][1:] == (2022, 1)


def test_an_order_passed_on_gets_the_number_of_who_passes_it_on():
    county = holding_of("yuzijin")
    (order,) = actions.issue_tasks(
        [TaskDraft(title_zh="转移", to_organization="410182-zbs")],
        by=holding_of("lisiyuan"),
        moment=a_moment(),
    )
    (child,) = actions.cascade_task(
        order, [Receiver(organization="410182109-zf")], version=1, by=county, moment=a_moment()
    )
    assert numbers([child]) == [(authority_of("yuzijin").organization_code, 2021, 1)]


def test_a_refused_list_takes_no_number():
    from jingwei.apps.tasks.rules import TaskRefusal

    drafts = [
        TaskDraft(title_zh="x", to_organization="4101-cgj"),
        TaskDraft(title_zh="y", to_organization="?"),
    ]
    with pytest.raises(TaskRefusal) as refused, transaction.atomic():
        actions.issue_tasks(drafts, by=holding_of("lisiyuan"), moment=a_moment())
    assert refused.value.code == "receiver_unknown"
    assert numbers(issue(1))[0][2] == 1


def test_canary_no_number_twice():
    (first,) = issue(1)
    (second,) = issue(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=second).update(number=Task.objects.get(pk=first).number)


@pytest.mark.parametrize(
    ("asked", "found"), [("2", 1), ("2021-2", 1), ("〔2021〕2号", 1), ("2020-2", 0), ("封闭", 3)]
)
def test_an_order_is_found_by_its_number(asked, found):
    issue(3)
    lines = queries.list_tasks(
        queries.Asked(view="from", search=asked), authority=authority_of("lisiyuan"), at=STORM
    )
    by_number = [t for t in lines if t.number == 2] if found == 1 else lines
    assert len(by_number) == found
