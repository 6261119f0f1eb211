"""Asking others for help within the node: given in whole or part, refused, taken back, left unanswered.

Jinshui (410105) asks; Xingyang (410182) is the neighbour by agreement, its duty office keeps the store.
"""

import uuid
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from jingwei.apps.agencies import actions as agencies_actions
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions, queries
from jingwei.apps.dispatch.models import HelpRequest, Line, Order, Pair
from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import actions as needs
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock.models import Lot, Promise
from tests.builders import STORM, a_moment, authority_of, holding_of

from .acts import HOUR, a_need, a_store, a_supply, act, lines_of, made, refused
from .test_aid import HERE, OURS, PARTY, an_agreement, theirs

pytestmark = pytest.mark.django_db
THEIRS, OTHERS = "xingyantian", "410184"
MIN = timedelta(minutes=1)


def ours(at=STORM) -> dict:
    return act(at, who=OURS)


def keeper(at=STORM) -> dict:
    return act(at, who=THEIRS)


def machine(at=STORM) -> dict:
    return {"by": agencies.get_machine(), "moment": a_moment(at)}


@pytest.fixture
def line() -> Line:
    """Thirty tents that only the neighbour has, proposed to Jinshui."""
    tent = a_supply()
    theirs(tent)
    an_agreement()
    a_need(tent, 30, asker="三中安置点", due_at=STORM + 6 * HOUR)
    return Line.objects.get(proposal=made(HERE))


def asked(line: Line, quantity: int = 30, at=STORM, **more) -> HelpRequest:
    of = actions.ask_help(line.pk, quantity=quantity, **more, **ours(at))
    return HelpRequest.objects.get(pk=of)


def kinds(of: HelpRequest) -> list[str]:
    return [e.kind.split("/")[0] for e in journal.list_entries(subjects=[str(of.pk)], newest=20)]


def promised() -> int:
    return sum(Lot.objects.values_list("promised", flat=True))


# --- asking ---


def test_a_request_says_what_it_rests_on_and_promises_nothing(line):
    row = asked(line, words="转移群众用")
    assert (row.state, row.quantity, row.tier, row.agreed) == ("asked", 30, "agreement", "金水荥阳互助协议")
    assert (row.to_organization, row.from_organization) == (PARTY, "410105-zbs")
    assert row.due_at == STORM + 6 * HOUR and row.answer_by_at == STORM + 30 * MIN
    line.refresh_from_db()
    assert line.state == "asked" and not Promise.objects.exists() and not Order.objects.exists()


def test_only_a_line_of_others_that_is_still_proposed_and_no_more_than_it_says(line):
    assert refused(lambda: asked(line, 31)) == "help_more_than_asked"
    assert refused(lambda: asked(line, 0)) == "dispatch_quantity_impossible"
    asked(line, 10)
    assert refused(lambda: asked(line, 10)) == "line_decided"
    tent = a_supply("T-2", "雨衣")
    a_store("金水库", HERE, {tent: 50})
    a_need(tent, 5)
    own = Line.objects.get(proposal=made(HERE), tier="own")
    assert refused(lambda: asked(own, 5)) == "help_of_own_store"


def test_under_an_agreement_that_ended_meanwhile_nobody_is_asked(line):
    agreement = line.reason["agreement"]["id"]
    registers.strike_row("agreements", uuid.UUID(agreement), reason="已终止", **act(who="zhongyu"))
    assert refused(lambda: asked(line)) == "agreement_over"


def test_who_has_no_say_about_the_need_asks_for_nothing(line):
    assert refused(lambda: actions.ask_help(line.pk, quantity=5, **keeper())) == "not_allowed"


def test_the_keeper_sees_it_and_the_asker_and_nobody_beside_them(line):
    row = asked(line)
    ids = lambda who, side: [o.id for o in queries.list_help(authority=authority_of(who), side=side)]  # noqa: E731
    assert ids(THEIRS, "ours") == [row.pk] and ids(THEIRS, "theirs") == []
    assert ids(OURS, "theirs") == [row.pk] and ids(OURS, "ours") == []
    assert ids("hejing", "ours") == [row.pk], "the city may promise out of that store too"
    assert ids("shanshiqing", "all") == []
    assert queries.find_help(row.pk, authority=authority_of("shanshiqing")) is None


# --- answering ---


def test_a_yes_is_a_promise_and_an_acknowledged_order_in_the_askers_name(line):
    row = asked(line)
    order = Order.objects.get(pk=actions.accept_help(row.pk, **keeper(STORM + 5 * MIN)))
    assert (order.quantity, order.state, order.to_organization) == (30, "acknowledged", PARTY)
    assert (order.from_post, order.issued_by) == ("410105-zbs-leader", holding_of(OURS))
    assert order.due_at == row.due_at and promised() == 30
    row.refresh_from_db()
    line.refresh_from_db()
    assert (row.state, row.given, row.order_id, line.state) == ("accepted", 30, order.pk, "ordered")
    assert kinds(row) == ["dispatch.help_asked", "dispatch.help_accepted"]
    assert lines_of(made(HERE)) == {} and not Pair.objects.exists()
    # what follows is as of any order
    actions.send_order(order.pk, **keeper(STORM + 10 * MIN))
    actions.report_receipt(order.pk, arrived=30, **ours(STORM + HOUR))
    order.refresh_from_db()
    assert order.state == "received"


def test_a_part_needs_the_reason_and_the_rest_is_asked_of_others(line):
    row = asked(line)
    assert refused(lambda: actions.accept_help(row.pk, quantity=12, **keeper())) == "dispatch_reason_missing"
    assert (
        refused(lambda: actions.accept_help(row.pk, quantity=31, reason="多给", **keeper()))
        == "help_more_than_asked"
    )
    actions.accept_help(row.pk, quantity=12, reason="留给荥阳自用", **keeper())
    assert promised() == 12
    paired = a_store("对口库", OTHERS, {line.supply_id: 100}, owner="410184-zbs")
    an_agreement(name="对口支援", party="410184-zbs", kind="paired")
    assert lines_of(made(HERE)) == {(line.need_id, paired): 18}
    pair = Pair.objects.get()
    assert (pair.kind, pair.reason, pair.by) == ("bar", "留给荥阳自用", holding_of(THEIRS))


def test_a_no_binds_the_next_proposal_until_the_asker_lifts_it(line):
    row = asked(line)
    assert refused(lambda: actions.refuse_help(row.pk, reason=" ", **keeper())) == "dispatch_reason_missing"
    actions.refuse_help(row.pk, reason="本地告急", **keeper())
    line.refresh_from_db()
    assert (line.state, line.trouble) == ("failed", "help_refused")
    found = made(HERE)
    assert lines_of(found) == {} and found.unmet[0][1] == 30
    actions.lift_pair(Pair.objects.get().pk, **ours())
    assert lines_of(made(HERE)) == {(line.need_id, line.store_id): 30}


def test_canary_a_no_that_is_not_kept_would_be_proposed_again(line):
    actions.refuse_help(asked(line).pk, reason="本地告急", **keeper())
    Pair.objects.update(lifted_at=STORM, lifted_by=uuid.uuid4())
    assert lines_of(made(HERE)) == {(line.need_id, line.store_id): 30}


def test_it_is_answered_once(line):
    row = asked(line)
    actions.accept_help(row.pk, **keeper())
    for again in (
        lambda: actions.accept_help(row.pk, **keeper()),
        lambda: actions.refuse_help(row.pk, reason="晚了", **keeper()),
        lambda: actions.withdraw_help(row.pk, reason="晚了", **ours()),
    ):
        assert refused(again) == "help_not_so_now"
    assert (
        Order.objects.count() == 1
        and refused(lambda: actions.refuse_help(row.pk, reason="x", version=1, **keeper()))
        == "order_changed_meanwhile"
    )
    assert refused(lambda: actions.accept_help(uuid.uuid4(), **keeper())) == "help_unknown"
    assert refused(lambda: actions.withdraw_help(uuid.uuid4(), reason="x", **ours())) == "help_unknown"


def test_the_asker_may_not_answer_and_the_keeper_may_not_take_it_back(line):
    row = asked(line)
    assert refused(lambda: actions.accept_help(row.pk, **ours())) == "not_allowed"
    assert refused(lambda: actions.refuse_help(row.pk, reason="x", **ours())) == "not_allowed"
    assert refused(lambda: actions.withdraw_help(row.pk, reason="x", **keeper())) == "not_allowed"


def test_a_post_above_that_answers_leaves_the_order_to_the_keeper(line):
    actions.accept_help(asked(line).pk, **act())
    assert Order.objects.get().state == "issued"


def test_what_was_served_meanwhile_is_not_given_on_top(line):
    row = asked(line)
    needs.withdraw_need(line.need_id, reason="已转移", **act())
    assert refused(lambda: actions.accept_help(row.pk, **keeper())) == "need_over"
    row.refresh_from_db()
    assert row.state == "asked" and promised() == 0


def test_stock_that_is_gone_meanwhile_is_not_promised(line):
    row = asked(line)
    Lot.objects.update(on_hand=20)
    assert refused(lambda: actions.accept_help(row.pk, **keeper())) == "not_enough_free"
    actions.accept_help(row.pk, quantity=20, reason="只剩这些", **keeper())
    assert promised() == 20


def test_who_asked_and_left_the_post_asks_for_nothing_any_more(line):
    row = asked(line)
    mine = holding_of(OURS)
    agencies_actions.release_post(mine, **act(who="zhongyu"))
    later = STORM + MIN
    assert refused(lambda: actions.accept_help(row.pk, **keeper(later))) == "help_asker_gone"


# --- waiting ---


def test_what_is_asked_is_not_proposed_again_while_it_waits(line):
    row = asked(line, 20)
    assert lines_of(made(HERE)) == {(line.need_id, line.store_id): 10}
    actions.withdraw_help(row.pk, reason="另有来源", **ours())
    assert lines_of(made(HERE)) == {(line.need_id, line.store_id): 30}


def test_canary_without_that_the_keeper_would_be_asked_twice(line):
    row = asked(line)
    HelpRequest.objects.filter(pk=row.pk).update(state="withdrawn")
    assert lines_of(made(HERE)) == {(line.need_id, line.store_id): 30}


def test_taken_back_it_may_be_asked_again(line):
    row = asked(line)
    assert refused(lambda: actions.withdraw_help(row.pk, reason="", **ours())) == "dispatch_reason_missing"
    actions.withdraw_help(row.pk, reason="写错数量", **ours())
    line.refresh_from_db()
    assert line.state == "proposed"
    again = asked(line, 12)
    assert queries.list_help_of_lines([line.pk]) == {line.pk: again.pk}
    assert queries.count_help_by_state(authority=authority_of(OURS)) == {"withdrawn": 1, "asked": 1}


def test_unanswered_it_goes_to_who_asked_and_then_to_the_next_higher_post(line):
    row = asked(line)
    assert actions.watch_help(**machine(STORM + 29 * MIN)) == 0
    assert actions.watch_help(**machine(STORM + 31 * MIN)) == 1
    row.refresh_from_db()
    assert (row.escalation, row.escalated_to) == (1, "410105-zbs-leader")
    assert actions.watch_help(**machine(STORM + 44 * MIN)) == 0
    assert actions.watch_help(**machine(STORM + 46 * MIN)) == 1
    row.refresh_from_db()
    assert row.escalation == 2 and row.escalated_to.startswith("4101-")
    assert actions.watch_help(**machine(STORM + 5 * HOUR)) == 0
    assert kinds(row) == ["dispatch.help_asked", "dispatch.help_overdue", "dispatch.help_overdue"]
    actions.accept_help(row.pk, **keeper(STORM + HOUR))
    entry = journal.list_entries(subjects=[str(row.pk)], newest=1)[-1]
    assert entry.fact.late is True


def test_an_answered_request_is_not_called_overdue(line):
    actions.refuse_help(asked(line).pk, reason="本地告急", **keeper())
    assert actions.watch_help(**machine(STORM + 5 * HOUR)) == 0


def test_the_day_of_the_agreement_is_the_day_of_the_asking(line):
    last = localdate(STORM)
    registers.change_row(
        "agreements", uuid.UUID(line.reason["agreement"]["id"]), {"valid_to": last.isoformat()}, version=1,
        **act(who="zhongyu"),
    )  # fmt: skip
    assert refused(lambda: asked(line, at=STORM + timedelta(days=1))) == "agreement_over"
    assert asked(line).state == "asked"
