"""The call-out: who was rung with which answer, whose number somebody looked at, whose turn it is."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import CallNoted, CallPassed, CallRevealed
from ..models import Activation, CallAttempt, CallLine
from ..rules import PlansRefused

#: Lines looked at in one round; the next round, a second later, takes the rest.
MOST = 200


@transaction.atomic
def note_call(call_id: uuid.UUID, *, state: str, words: str = "", by: By, moment: Moment) -> None:
    """Note with which answer a post of the call-out was rung; "to_ring": it is to be rung again.

    Reached or not, the turn goes on to the next.
    """
    line = _line_for(call_id, "plans.note_call", by=by, moment=moment)
    rung = rules.ANSWERS.get(state)
    if rung is None and state != "to_ring":
        raise PlansRefused("call_state_impossible")
    line.state, line.noted_at, line.noted_by = rung or state, moment.at, by
    if line.next_at is not None and rung is not None:
        line.next_at = None
        line.passed += rung != "reached"
    line.save()
    rows: list[Recorded] = [line]
    if rung is not None:
        attempt = CallAttempt(call=line, answer=state, words=words.strip()[:300], by=by, at=moment.at)
        attempt.save(force_insert=True)
        rows.append(attempt)
    fact = CallNoted(activation_id=str(line.activation_id), post=line.post, state=line.state)
    record([(fact, rows)], by=by, moment=moment)
    if line.activation.state == "in_force":
        writes.give_turn(line.activation_id, moment=moment)


@transaction.atomic
def reveal_call(call_id: uuid.UUID, *, by: By, moment: Moment) -> str:
    """The number of who holds a post of the call-out now; '' where nobody does or none is known."""
    line = _line_for(call_id, "plans.reveal_call", by=by, moment=moment)
    found = agencies.list_numbers([line.post], at=moment.at).get(line.post)
    if found is None:
        raise PlansRefused("call_vacant")
    fact = CallRevealed(activation_id=str(line.activation_id), post=line.post, holding=str(found.holding))
    record([(fact, None)], by=by, moment=moment)
    return found.phone


def move_calls_on(*, by: By, moment: Moment) -> int:
    """Let the next post be rung where one was not reached in time. Returns how many turns went by.

    One indexed query when there are none.
    """
    due = CallLine.objects.filter(next_at__lt=moment.at)
    waiting = list(due.order_by("next_at", "id").values_list("activation_id", flat=True)[:MOST])
    if not waiting:
        return 0
    with transaction.atomic():
        agencies.require(by, "plans.move_calls_on", at=moment.at)
        said = list[tuple[Fact, Recorded | None]]()
        # responses first, as who notes a call locks them: two who wait for each other would wait for ever
        for response in Activation.objects.select_for_update().filter(pk__in=waiting).order_by("pk"):
            for line in due.select_for_update().filter(activation=response):
                said += _pass(line, response, moment)
        record(said, by=by, moment=moment)
    return len(said)


def _pass(line: CallLine, response: Activation, moment: Moment) -> list[tuple[Fact, Recorded | None]]:
    line.next_at = None
    if response.state != "in_force":
        line.save(update_fields=["next_at"])
        return []
    line.passed += 1
    line.save(update_fields=["next_at", "passed"])
    following = writes.give_turn(response.pk, moment=moment)
    fact = CallPassed(
        activation_id=str(response.pk), post=line.post, passed=line.passed,
        to_post=following.post if following else "",
    )  # fmt: skip
    return [(fact, line)]


def _line_for(call_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> CallLine:
    """The line, locked behind its response, so that two who ring at once do not both give the turn on."""
    of = CallLine.objects.filter(pk=call_id).values_list("activation_id", flat=True).first()
    if of is None:
        raise PlansRefused("call_unknown")
    response = Activation.objects.select_for_update().get(pk=of)
    agencies.require(by, right, at=moment.at, place=response.place)
    line = CallLine.objects.select_for_update().get(pk=call_id)
    line.activation = response
    return line
