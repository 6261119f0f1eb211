"""The call-out: whose turn it is, with which answer a post was rung, and when the next one is to be rung."""

import uuid
from datetime import timedelta

import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.models import Holding, Person
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import actions, queries, rules
from jingwei.apps.plans.models import Activation, CallAttempt, CallLine
from jingwei.apps.plans.rules import PlansRefused
from tests.builders import STORM, a_moment, holding_of

from .test_actions import activate

pytestmark = pytest.mark.django_db
MIN = timedelta(minutes=1)


def calls(row) -> list[queries.CallRow]:
    return queries.list_calls(row.id)


def turn(row) -> list[int]:
    return [one.order for one in calls(row) if one.next_at is not None]


def note(line, state: str, at=STORM, **more) -> None:
    actions.note_call(line.id, state=state, by=holding_of("lisiyuan"), moment=a_moment(at), **more)


def tick(at) -> int:
    return actions.move_calls_on(by=agencies.get_machine(), moment=a_moment(at))


def passed(row) -> list[tuple[str, str]]:
    entries = journal.list_entries(subjects=[str(row.id)], newest=100)
    facts = [e.fact for e in entries if e.kind == "plans.call_passed/1"]
    return [(one.post, one.to_post) for one in facts]


def refused(call) -> str:
    with pytest.raises(PlansRefused) as no:
        call()
    return no.value.code


@pytest.fixture
def row() -> Activation:
    found = activate(3)
    assert len(calls(found)) >= 2
    return found


def test_the_first_has_its_turn_for_the_minutes_of_the_rule(row):
    first = calls(row)[0]
    assert turn(row) == [first.order] and first.turn_at == STORM
    assert first.next_at == STORM + 5 * MIN


def test_reached_the_turn_goes_to_the_next_at_once(row):
    first, second, *_ = calls(row)
    note(first, "reached", STORM + MIN, words="立即到岗")
    assert turn(row) == [second.order]
    assert calls(row)[1].next_at == STORM + 6 * MIN
    (attempt,) = calls(row)[0].attempts
    assert (attempt.answer, attempt.words, attempt.by) == ("reached", "立即到岗", holding_of("lisiyuan"))


@pytest.mark.parametrize("answer", ["no_answer", "engaged", "wrong_number"])
def test_an_answer_that_is_none_passes_the_turn_too_and_is_kept(row, answer):
    first, second, *_ = calls(row)
    note(first, answer, STORM + MIN)
    line = calls(row)[0]
    assert turn(row) == [second.order] and (line.state, line.passed) == ("no_answer", 1)
    assert line.attempts[0].answer == answer


def test_rung_twice_both_are_kept(row):
    first = calls(row)[0]
    note(first, "engaged", STORM + MIN)
    note(first, "reached", STORM + 2 * MIN)
    assert [one.answer for one in calls(row)[0].attempts] == ["engaged", "reached"]
    assert calls(row)[0].state == "reached" and len(turn(row)) == 1


def test_by_itself_after_the_minutes_the_next_is_to_be_rung(row):
    first, second, *_ = calls(row)
    assert tick(STORM + 5 * MIN) == 0
    assert tick(STORM + 5 * MIN + timedelta(seconds=1)) == 1
    assert turn(row) == [second.order] and passed(row) == [(first.post, second.post)]
    assert tick(STORM + 6 * MIN) == 0, "the next has its own five minutes"


def test_canary_without_its_time_nothing_would_move(row):
    CallLine.objects.update(next_at=None)
    assert tick(STORM + 60 * MIN) == 0 and passed(row) == []


def test_who_was_not_reached_is_rung_again_and_after_three_rounds_it_rests(row):
    many, at = len(calls(row)), STORM
    for one in calls(row)[1:]:
        note(one, "reached", STORM)
    for n in range(1, rules.CALL_ROUNDS + 1):
        at += 6 * MIN
        assert tick(at) == 1 and calls(row)[0].passed == n
    assert turn(row) == [] and passed(row)[-1] == (calls(row)[0].post, "")
    assert tick(at + 60 * MIN) == 0 and many == len(calls(row))


def test_all_reached_nobody_is_to_be_rung(row):
    for one in calls(row):
        note(one, "reached")
    assert turn(row) == [] and tick(STORM + 60 * MIN) == 0


def test_to_be_rung_again_gives_a_turn_back(row):
    for one in calls(row):
        note(one, "reached")
    note(calls(row)[0], "to_ring", STORM + MIN)
    assert turn(row) == [calls(row)[0].order] and len(calls(row)[0].attempts) == 1


def test_a_response_that_is_over_moves_nothing_on(row):
    Activation.objects.filter(pk=row.id).update(state="ended")
    assert tick(STORM + 60 * MIN) == 0 and turn(row) == [] and passed(row) == []


def test_the_number_is_masked_and_a_look_is_recorded_without_it(row):
    first = calls(row)[0]
    holding = Holding.objects.get(pk=first.holding)
    Person.objects.filter(pk=holding.person_id).update(phone="13900001234")
    number = agencies.list_numbers([first.post], at=STORM)[first.post]
    assert number.masked == "139****34"
    shown = actions.reveal_call(first.id, by=holding_of("lisiyuan"), moment=a_moment(STORM))
    assert shown == "13900001234"
    entry = journal.list_entries(subjects=[str(row.id)], newest=1)[-1]
    assert entry.kind == "plans.call_revealed/1" and entry.by == holding_of("lisiyuan")
    assert "13900001234" not in repr(entry.fact)


def test_a_vacant_post_has_no_number_and_an_unknown_call_is_refused(row):
    CallLine.objects.filter(pk=calls(row)[0].id).update(post="nobody")
    mine = {"by": holding_of("lisiyuan"), "moment": a_moment(STORM)}
    assert refused(lambda: actions.reveal_call(calls(row)[0].id, **mine)) == "call_vacant"
    assert refused(lambda: actions.reveal_call(uuid.uuid4(), **mine)) == "call_unknown"
    assert refused(lambda: note(calls(row)[0], "asleep")) == "call_state_impossible"
    assert not CallAttempt.objects.exists()
