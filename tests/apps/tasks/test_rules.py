"""How an order moves, when it is overdue, who is told: both sides of every limit."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jingwei.apps.tasks import rules
from jingwei.apps.tasks.rules import Seat, TaskRefusal

TABLE = Path(__file__).parents[2] / "tables" / "task-steps.csv"
STEPS = list(csv.DictReader(TABLE.open(encoding="utf-8")))
NOON = datetime(2021, 7, 20, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_table_has_every_state_and_step():
    assert {(r["state"], r["step"]) for r in STEPS} == {(s, t) for s in rules.STATES for t in rules.STEPS}


@pytest.mark.parametrize("row", STEPS, ids=lambda r: f"{r['state']}-{r['step']}")
def test_each_step_is_allowed_or_refused_as_the_table_says(row):
    if row["to"]:
        assert rules.step_from(row["state"], row["step"]) == row["to"]
    else:
        with pytest.raises(TaskRefusal) as refused:
            rules.step_from(row["state"], row["step"])
        assert refused.value.code == "task_not_so_now"


@pytest.mark.parametrize(
    ("state", "at", "overdue"),
    [
        ("issued", NOON - SECOND, False),
        ("issued", NOON, False),
        ("issued", NOON + SECOND, True),
        ("under_way", NOON + SECOND, True),
        ("done", NOON + SECOND, False),
        ("refused", NOON + SECOND, False),
        ("withdrawn", NOON + SECOND, False),
    ],
)
def test_an_open_order_is_overdue_after_its_limit_and_not_at_it(state, at, overdue):
    assert rules.is_overdue(state=state, due_at=NOON, at=at) is overdue


def test_an_order_without_a_limit_is_never_overdue_nor_late():
    assert not rules.is_overdue(state="issued", due_at=None, at=NOON)
    assert not rules.is_late(due_at=None, done_at=NOON)


@pytest.mark.parametrize(("done_at", "late"), [(NOON, False), (NOON + SECOND, True)])
def test_done_after_the_limit_is_late(done_at, late):
    assert rules.is_late(due_at=NOON, done_at=done_at) is late


@pytest.mark.parametrize(
    ("due_at", "order_due_at", "code"),
    [
        (None, None, ""),
        (NOON + SECOND, None, ""),
        (NOON, None, "task_due_past"),
        (NOON + SECOND, NOON + SECOND, ""),
        (NOON + 2 * SECOND, NOON + SECOND, "task_due_after_order"),
    ],
)
def test_a_limit_lies_ahead_and_within_that_of_the_order(due_at, order_due_at, code):
    if not code:
        rules.check_due(due_at, at=NOON, order_due_at=order_due_at)
        return
    with pytest.raises(TaskRefusal) as refused:
        rules.check_due(due_at, at=NOON, order_due_at=order_due_at)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("title", "post", "organization", "code"),
    [
        ("封路", "p", None, ""),
        ("封路", None, "o", ""),
        ("  ", "p", None, "task_title_missing"),
        ("封路", None, None, "receiver_missing"),
        ("封路", "p", "o", "receiver_missing"),
    ],
)
def test_an_order_has_words_and_exactly_one_receiver(title, post, organization, code):
    fields = {"title_zh": title, "title_en": "", "post": post, "organization": organization}
    if not code:
        rules.check_draft(**fields)
        return
    with pytest.raises(TaskRefusal) as refused:
        rules.check_draft(**fields)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("to_post", "post", "organization", "mine"),
    [
        ("", "any", "body", True),
        ("", "any", "other", False),
        ("desk", "desk", "body", True),
        ("desk", "leader", "body", False),
    ],
)
def test_an_order_for_a_post_is_for_that_post_alone(to_post, post, organization, mine):
    found = rules.is_addressed(to_post=to_post, to_organization="body", post=post, organization=organization)
    assert found is mine


@pytest.mark.parametrize(
    ("seat", "below", "may"),
    [
        (Seat("desk", "body", "field_reporter"), (), True),
        (Seat("leader", "body", "duty_chief"), (), True),
        (Seat("clerk", "body", "field_reporter"), (), False),
        (Seat("city", "above", "duty_officer"), ("body",), True),
        (Seat("city", "beside", "duty_chief"), ("other",), False),
    ],
)
def test_the_issuing_post_its_desk_and_those_above_may_withdraw(seat, below, may):
    assert rules.may_withdraw(from_post="desk", from_organization="body", seat=seat, below=below) is may


OWN = [Seat("duty", "a", "duty_officer"), Seat("leader", "a", "duty_chief"), Seat("chief", "a", "duty_chief")]
ABOVE = [Seat("u-leader", "u", "duty_chief"), Seat("u-duty", "u", "duty_officer"), Seat("u-x", "u", "viewer")]


@pytest.mark.parametrize(
    ("seat", "own", "above", "found"),
    [
        (OWN[0], OWN, ABOVE, "chief"),
        (OWN[1], OWN, ABOVE, "u-duty"),
        (OWN[1], OWN, [ABOVE[0]], "u-leader"),
        (OWN[1], OWN, [ABOVE[2]], None),
        (OWN[1], OWN, [], None),
    ],
)
def test_the_next_higher_post_is_in_the_own_house_first(seat, own, above, found):
    higher = rules.find_higher(seat, own, above)
    assert (higher.code if higher else None) == found


def test_the_summary_counts_what_is_taken_on_and_what_is_late():
    later = NOON + timedelta(hours=1)
    rows = [("issued", NOON), ("acknowledged", later), ("under_way", NOON), ("done", NOON), ("refused", NOON)]
    found = rules.summarize(rows, at=NOON + SECOND)
    assert (found.total, found.acknowledged, found.done, found.overdue, found.refused) == (5, 3, 1, 2, 1)
    assert found.open == 3


@pytest.mark.parametrize(
    ("places", "shared"),
    [
        (["410182"], "410182"),
        (["410182", "410185"], "41018"),
        (["4101", "410182109"], "4101"),
        (["41", "42"], "4"),
        (["41", ""], ""),
    ],
)
def test_places_lie_within_one_exactly_when_their_common_beginning_does(places, shared):
    found = rules.common_beginning(places)
    assert found == shared
    for area in ("", "41", "4101", "410182", "42"):
        assert found.startswith(area) == all(p.startswith(area) for p in places)
