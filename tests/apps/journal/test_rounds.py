"""A round asks the database little, however long its lists; one round carries a story to its end."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies.models import Holding
from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.agencies.queries.authorities import _active, _holdings, authority_of, find_authority
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.facts import GradeProposed, ReportFused
from jingwei.apps.incidents.models import Membership
from jingwei.apps.journal import actions
from jingwei.apps.journal.actions import Following, Pace, follow, react, record
from jingwei.apps.journal.facts import NodeRestored, ReactionRetried
from jingwei.apps.journal.models import Due, Entry, Receipt
from jingwei.apps.journal.queries import Said, list_due, list_waiting, said
from jingwei.apps.plans import actions as plans
from jingwei.apps.reports.facts import Claim
from jingwei.apps.sitreps import actions as sitreps
from jingwei.kernel.facts import Fact
from jingwei.kernel.ids import new_id
from tests.builders import STORM, a_moment, an_incident, holding_of, receive, told

pytestmark = pytest.mark.django_db

#: Statements of one list of a hundred entries of which each changes something, at most: rows go many to a
#: statement. Source: our measurement, 33 for obligations of a hundred new incidents, 2026-11-29.
MOST_A_LIST = 45


@pytest.fixture(autouse=True)
def story_restored(django_db_setup: None) -> Iterator[None]:
    before = {k: list(v) for k, v in actions._following.items()}
    yield
    actions._following.clear()
    actions._following.update(before)


def count(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


# --- the journal's own part ------------------------------------------------------------------------------


def idle(entries: Sequence[Said], *, by, moment) -> None:
    """A reaction that asks nothing."""


def curious(entries: Sequence[Said], *, by, moment) -> None:
    for entry in entries:
        Due.objects.filter(entry_id=entry.seq).exists()


def say(number: int) -> None:
    with transaction.atomic():
        facts = [ReactionRetried(entry_id=str(n), reaction="r") for n in range(number)]
        record([(one, None) for one in facts], by=None, moment=a_moment())


def a_round(number: int, call) -> int:
    follow({ReactionRetried: [Following(name="t.read", call=call)]})
    say(number)
    pace = Pace()
    pace.sizes["t.read"] = 200
    asked = count(lambda: react(by=uuid.UUID(int=0), moment=a_moment, pace=pace))
    assert not Due.objects.filter(reaction="t.read").exists()
    return asked


def test_a_round_asks_as_often_for_a_hundred_entries_as_for_one():
    one = a_round(1, idle)
    assert a_round(100, idle) == one <= 10


def test_a_reaction_that_asks_for_each_entry_shows_in_the_count():
    assert a_round(100, curious) >= a_round(1, curious) + 99


def test_what_many_facts_call_for_is_carried_out_once_a_round_after_all_of_them():
    """One list for all kinds that call for it, in order of writing, when what precedes it is done."""
    lists: list[tuple[str, list[str]]] = []

    def first(entries, *, by, moment):
        lists.append(("first", [e.kind for e in entries]))
        restored = NodeRestored(
            epoch=2, made_at=STORM, last_entry="", last_recorded_at=None, release="1", tokens=0
        )
        record([(restored, None)], by=None, moment=moment)

    def last(entries, *, by, moment):
        lists.append(("last", [e.kind for e in entries]))

    both = Following(name="t.last", call=last)
    follow({ReactionRetried: [both, Following(name="t.first", call=first)], NodeRestored: [both]})
    say(2)
    assert react(by=uuid.UUID(int=0), moment=a_moment) == 5
    assert lists == [
        ("first", [ReactionRetried.KIND] * 2),
        ("last", [ReactionRetried.KIND] * 2 + [NodeRestored.KIND]),
    ]
    assert Receipt.objects.filter(reaction="t.last").count() == 3


def test_a_round_says_whether_more_may_be_waiting():
    follow({ReactionRetried: [Following(name="t.read", call=idle)]})
    say(30)
    pace = Pace()
    pace.sizes["t.read"] = 20
    react(by=uuid.UUID(int=0), moment=a_moment, pace=pace)
    assert pace.behind
    pace.sizes["t.read"] = 20
    react(by=uuid.UUID(int=0), moment=a_moment, pace=pace)
    assert not pace.behind, "ten were left, a list that was not full"


# --- the reactions of a storm ----------------------------------------------------------------------------


def entry_of(fact: Fact) -> Said:
    moment = a_moment()
    return Said(seq=1, id=new_id(), node="t", kind=fact.KIND, subject=fact.subject, fact=fact, by=None,
                at=moment.at, recorded_at=moment.recorded_at)  # fmt: skip


def fused(number: int) -> list[Said]:
    """So many incidents of a report each, which tells a figure."""
    dead = (Claim(measure="deaths", value=12, unit="person", area="4101"),)
    answers = receive(*[told(f"隧道 {n}", figures=dead) for n in range(number)], by=holding_of("lisiyuan"))
    found = []
    for answer in answers:
        row = an_incident(kind="12P04", place="4101")
        with transaction.atomic():
            Membership.objects.create(
                report_id=answer.id, incident=row, joined_at=STORM, joined_by=get_machine()
            )
        found.append(entry_of(ReportFused(
            incident_id=str(row.id), report_id=str(answer.id), score=1.0, threshold=0.5, why={},
        )))  # fmt: skip
    return found


def proposed(entries: Sequence[Said]) -> list[Said]:
    return [
        entry_of(GradeProposed(
            incident_id=e.subject, grade=2, state="graded", clauses=(), missing=(), figures={}, could_be=None,
        ))
        for e in entries
    ]  # fmt: skip


@pytest.mark.parametrize("reaction", [incidents.propose_grades, sitreps.recompute, plans.propose_activation])
def test_a_reaction_asks_as_often_for_a_hundred_incidents_as_for_one(reaction):
    asked = []
    for number in (1, 100):
        entries = fused(number)
        if reaction is plans.propose_activation:
            entries = proposed(entries)
        by, moment = get_machine(), a_moment()
        asked.append(count(lambda: reaction(entries, by=by, moment=moment)))  # noqa: B023 - called at once
        if reaction is sitreps.recompute:  # nothing has changed since: most of what a storm calls for
            asked.append(count(lambda: reaction(entries, by=by, moment=moment)))  # noqa: B023 - called at once
    assert max(asked) <= MOST_A_LIST
    if reaction is sitreps.recompute:
        assert asked[3] == asked[1] <= 12
    if reaction is plans.propose_activation:
        assert asked[1] == asked[0]


# --- words made once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, {"until_at": STORM}, {"released_at": STORM}, {"from_at": None}])
def test_who_acts_is_found_as_the_tables_say(changes):
    by = holding_of("lisiyuan")
    if "from_at" in changes:
        changes = {"from_at": STORM + timedelta(microseconds=1)}
    if changes:
        with transaction.atomic():
            Holding.objects.filter(pk=by).update(**changes)
    for at in (STORM - timedelta(microseconds=1), STORM, STORM + timedelta(hours=1, microseconds=5)):
        row = _holdings().filter(_active(at), pk=by).first()
        assert find_authority(by, at=at) == (authority_of(row) if row else None)
    assert find_authority(new_id(), at=STORM) is None


def test_what_is_due_reads_as_the_table_holds_it():
    receive(told("山洪 ' \\ 表"), by=holding_of("lisiyuan"))
    row = Entry.objects.order_by("-seq")[0]
    now = a_moment().recorded_at
    assert list_due([row.kind], "incidents.fuse_reports", now=now, size=5)[-1:] == [said(row)]
    pair = (row.kind, "incidents.fuse_reports")
    assert list_waiting([pair, (row.kind, "nobody")], now=now) == {pair}
