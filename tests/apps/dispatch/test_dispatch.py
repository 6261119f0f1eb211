"""From needs to a proposal, from a proposal to orders, and from an order to what came."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions
from jingwei.apps.dispatch.models import Decision, Line, Order, Pair, Proposal
from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import actions as needs
from jingwei.apps.needs import queries as asked
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock import queries as ledger
from jingwei.apps.stock.facts import Wanted
from jingwei.apps.stock.models import Lot, Promise
from tests.builders import STORM, a_moment, authority_of

from .acts import HOUR, a_need, a_store, a_supply, act, lines_of, made, ordered, refused, take_round

pytestmark = pytest.mark.django_db


def machine(at=STORM) -> dict:
    return {"by": agencies.get_machine(), "moment": a_moment(at)}


def kinds_of(subject) -> list[str]:
    return [e.kind for e in journal.list_entries(subjects=[str(subject)], newest=100)]


# --- the proposal ---


def test_a_proposal_serves_what_is_confirmed_from_the_nearest_store_above_its_floor():
    tent = a_supply()
    near = a_store("区库", "410105", {tent: 100}, floor=40)
    far = a_store("市库", "410182", {tent: 500})
    need = a_need(tent, 80, due_at=STORM + 6 * HOUR)
    a_need(tent, 30, confirmed=False)
    found = made()
    assert lines_of(found) == {(need, near): 60, (need, far): 20}
    assert (found.state, found.number, found.wanted, found.met, found.unmet) == ("ready", 1, 1, 1, [])
    assert (found.travel, found.detour, found.speed_km_h) == ("straight", 1.33, 40.0)
    second = Line.objects.get(proposal=found, store_id=far)
    assert second.reason["nearer"][0] == second.reason["nearer"][0] | {"store": str(near), "why": "floor"}
    assert kinds_of(found.pk) == ["dispatch.proposal_made/1", "dispatch.proposal_asked/1"][::-1]


def test_what_cannot_be_planned_says_why():
    tent, boat = a_supply(), a_supply("B-1", "冲锋舟")
    a_store("市库", "4101", {tent: 10})
    words, unsaid, none = a_need(None, 5, unit="顶"), a_need(tent, None), a_need(boat, 2)
    more = a_need(tent, 30)
    found = made()
    assert {n: (q, why) for n, q, why in found.unmet} == {
        str(words): (5, "no_supply"), str(unsaid): (0, "no_quantity"), str(none): (2, "stock"),
        str(more): (20, "stock"),
    }  # fmt: skip
    assert (found.wanted, found.met) == (4, 0)


def test_what_nobody_brings_in_time_is_sent_late_and_says_so():
    tent = a_supply()
    near = a_store("区库", "410105", {tent: 10})
    far = a_store("市库", "410182", {tent: 500})
    need = a_need(tent, 30, due_at=STORM + timedelta(minutes=45))
    found = made()
    assert lines_of(found) == {(need, near): 10, (need, far): 20}
    late = {line.store_id: line.late_s for line in Line.objects.filter(proposal=found)}
    assert late[near] == 0 and late[far] > 0


def test_without_any_store_every_need_is_unmet():
    tent = a_supply()
    need = a_need(tent, 5)
    assert made().unmet == [[str(need), 5, "stock"]]


def test_asked_twice_while_it_is_computed_it_is_one_proposal_and_with_nothing_to_do_there_is_none():
    assert actions.make_proposals(**machine()) == 0
    one = actions.ask_proposal("4101", **act())
    assert actions.ask_proposal("410100", **act()) == one
    assert take_round() == 1 and take_round() == 0
    assert Proposal.objects.get().lines_made == 0
    assert actions.ask_proposal("4101", **act()) != one


def test_a_new_proposal_ends_the_one_before_and_keeps_its_lines():
    tent = a_supply()
    a_store("甲", "410105", {tent: 100})
    first_need = a_need(tent, 10)
    first = made()
    second_need = a_need(tent, 20)
    second = made()
    first.refresh_from_db()
    assert (first.state, second.state, second.before_id) == ("over", "ready", first.pk)
    assert (second.same, second.added, second.dropped) == (1, 1, 0)
    assert {n for n, _ in lines_of(second)} == {first_need, second_need}
    assert refused(lambda: actions.accept_lines(first.pk, **act())) == "proposal_over"


def test_a_plan_that_breaks_is_said_and_the_board_keeps_the_one_before(monkeypatch):
    tent = a_supply()
    a_store("甲", "410105", {tent: 100})
    a_need(tent, 10)
    good = made()
    from jingwei.apps.dispatch.rules import planning

    monkeypatch.setattr(planning, "solve", lambda problem: 1 / 0)
    bad = actions.ask_proposal("4101", **act())
    assert take_round() == 0
    row = Proposal.objects.get(pk=bad)
    assert row.state == "failed" and "ZeroDivisionError" in row.trouble
    good.refresh_from_db()
    assert good.state == "ready"


# --- what people decide ---


def test_accepted_a_line_is_a_promise_and_an_order_and_nothing_is_promised_twice():
    tent = a_supply()
    store = a_store("甲", "410105", {tent: 100}, owner="410105-zbs")
    need = a_need(tent, 80, due_at=STORM + 6 * HOUR)
    found = made()
    (order,) = ordered(found)
    assert (order.quantity, order.state, order.to_organization) == (80, "issued", "410105-zbs")
    assert order.answer_by_at == STORM + timedelta(minutes=15) and order.expected_at > order.leaves_at
    promise = Promise.objects.get(pk=order.promise_id)
    assert (promise.quantity, promise.place, promise.state) == (80, "410105", "open")
    assert Lot.objects.get(store_id=store).promised == 80
    assert asked.find_need(need, authority=authority_of("hejing")).still_open == 0
    assert refused(lambda: actions.accept_lines(found.pk, **act())) == "line_decided"
    assert Decision.objects.get().lines == [1] and Order.objects.count() == 1
    assert lines_of(made()) == {}


def test_a_line_whose_stock_is_gone_fails_alone_and_says_so():
    tent, boat = a_supply(), a_supply("B-1", "冲锋舟")
    store = a_store("甲", "410105", {tent: 100, boat: 5})
    a_need(tent, 80)
    a_need(boat, 2, item_class="boat")
    found = made()
    wanted = Wanted(supply_id=tent, quantity=50, for_whom="另一处")
    stock.promise_stock(store, wanted, **act())
    done = actions.accept_lines(found.pk, **act())
    assert (done.ordered, done.failed, done.waiting) == (1, 1, 0)
    line = Line.objects.get(proposal=found, supply_id=tent)
    assert (line.state, line.trouble) == ("failed", "not_enough_free")
    assert ledger.list_disagreeing() == [] and Order.objects.count() == 1
    assert lines_of(made()) == {(line.need_id, store): 50}


def test_a_need_that_others_served_meanwhile_is_not_served_twice():
    tent = a_supply()
    near, far = a_store("甲", "410105", {tent: 100}), a_store("乙", "410182", {tent: 100})
    need = a_need(tent, 80)
    found = made()
    needs.serve_need(need, far, Wanted(supply_id=tent, quantity=30, for_whom="别的班"), **act())
    done = actions.accept_lines(found.pk, **act())
    assert (done.ordered, done.failed) == (0, 1)
    line = Line.objects.get(proposal=found)
    assert (line.store_id, line.state, line.trouble) == (near, "failed", "need_served_meanwhile")
    assert not Promise.objects.filter(store_id=near).exists() and ledger.list_disagreeing() == []
    assert lines_of(made()) == {(need, near): 50}


def test_what_is_accepted_but_not_ordered_yet_is_not_proposed_again():
    tent = a_supply()
    store = a_store("甲", "410105", {tent: 60})
    first = [a_need(tent, 3) for _ in range(12)]
    accepted = made()
    assert actions.accept_lines(accepted.pk, **act()).waiting == 12
    later = a_need(tent, 40)
    found = made()
    assert lines_of(found) == {(later, store): 24} and found.unmet == [[str(later), 16, "stock"]]
    assert actions.carry_out_lines(**machine(), round_s=60) == 12
    actions.accept_lines(found.pk, **act())
    assert {o.need_id for o in Order.objects.all()} == {*first, later}
    assert Order.objects.aggregate(Sum("quantity"))["quantity__sum"] == 60


def test_many_lines_are_carried_out_by_the_worker_in_the_name_of_who_accepted():
    tent = a_supply()
    a_store("甲", "410105", {tent: 1000})
    for _ in range(12):
        a_need(tent, 3)
    found = made()
    done = actions.accept_lines(found.pk, **act())
    assert (done.ordered, done.waiting) == (0, 12) and not Order.objects.exists()
    assert actions.carry_out_lines(**machine(), round_s=60) == 12
    assert actions.carry_out_lines(**machine()) == 0
    assert {o.issued_by for o in Order.objects.all()} == {act()["by"]}
    assert set(Line.objects.filter(proposal=found).values_list("state", flat=True)) == {"ordered"}


def test_a_change_binds_the_next_proposal_until_it_is_lifted():
    tent = a_supply()
    near, far = a_store("甲", "410105", {tent: 100}), a_store("乙", "410182", {tent: 100})
    need = a_need(tent, 50)
    line = Line.objects.get(proposal=made())
    assert line.store_id == near
    assert (
        refused(lambda: actions.change_line(line.pk, near, quantity=50, reason="x", **act())) == "pair_same"
    )
    assert (
        refused(lambda: actions.change_line(line.pk, far, quantity=5, reason=" ", **act()))
        == "dispatch_reason_missing"
    )
    pair = actions.change_line(line.pk, far, quantity=30, reason="近库留给金水", **act())
    assert refused(lambda: actions.accept_lines(line.proposal_id, [1], **act())) == "line_decided"
    second = made()
    assert lines_of(second) == {(need, far): 30, (need, near): 20}
    assert Line.objects.get(proposal=second, store_id=far).fixed
    actions.lift_pair(pair, **act())
    assert refused(lambda: actions.lift_pair(pair, **act())) == "pair_over"


def test_a_refused_source_is_not_proposed_again_and_the_others_say_that_it_is_barred():
    tent = a_supply()
    near, far = a_store("甲", "410105", {tent: 100}), a_store("乙", "410182", {tent: 100})
    need = a_need(tent, 50)
    line = Line.objects.get(proposal=made())
    pair = actions.refuse_line(line.pk, reason="库门被淹", **act())
    second = made()
    assert lines_of(second) == {(need, far): 50}
    nearer = Line.objects.get(proposal=second).reason["nearer"]
    assert nearer[0]["store"] == str(near) and nearer[0]["why"] == "barred"
    actions.lift_pair(pair, **act())
    assert Pair.objects.get().lifted_at == STORM


def test_a_wish_beyond_what_is_there_binds_only_as_far_as_it_goes():
    tent = a_supply()
    near, far = a_store("甲", "410105", {tent: 100}), a_store("乙", "410182", {tent: 10})
    need = a_need(tent, 50)
    line = Line.objects.get(proposal=made())
    actions.change_line(line.pk, far, quantity=500, reason="清空乙库", **act())
    assert lines_of(made()) == {(need, far): 10, (need, near): 40}


# --- the order ---


@pytest.fixture
def order():
    tent = a_supply()
    a_store("甲", "410105", {tent: 100}, owner="410105-zbs")
    a_need(tent, 80, due_at=STORM + HOUR)
    return ordered(made())[0]


def keeper(at=STORM) -> dict:
    """The duty office of the district that keeps the store."""
    return act(at, who=KEEPER)


KEEPER = "jinwangshu"


def test_only_the_body_that_keeps_the_store_answers(order):
    assert refused(lambda: actions.acknowledge_order(order.pk, **act())) == "order_not_addressed"
    actions.acknowledge_order(order.pk, version=1, **keeper(STORM + timedelta(minutes=5)))
    again = lambda: actions.acknowledge_order(order.pk, version=1, **keeper())  # noqa: E731
    assert refused(again) == "order_changed_meanwhile"
    order.refresh_from_db()
    assert (order.state, order.next_at) == ("acknowledged", None)
    assert journal.list_entries(subjects=[str(order.pk)], newest=1)[0].fact.late is False


def test_refused_what_was_promised_is_free_and_the_need_open_again(order):
    actions.refuse_order(order.pk, reason="库门被淹", **keeper())
    assert Promise.objects.get(pk=order.promise_id).state == "cancelled"
    assert Lot.objects.get().promised == 0
    assert lines_of(made()) == {(order.need_id, order.store_id): 80}


def test_from_leaving_to_receipt_with_a_difference_return_and_use(order):
    later = STORM + HOUR
    actions.send_order(order.pk, **keeper())
    order.refresh_from_db()
    assert order.state == "under_way" and order.expected_at > STORM
    assert refused(lambda: actions.withdraw_order(order.pk, reason="改派", **act())) == "order_not_so_now"
    actions.report_position(order.pk, 113.66, 34.77, expected_at=later, words="绕行", **keeper())
    actions.report_arrival(order.pk, **keeper(later))
    short = lambda: actions.report_receipt(order.pk, arrived=78, **keeper(later))  # noqa: E731
    assert refused(short) == "dispatch_reason_missing"
    actions.report_receipt(order.pk, arrived=78, reason="两顶破损", **keeper(later))
    assert asked.find_need(order.need_id, authority=authority_of("hejing")).served.arrived == 78
    actions.report_use(order.pk, quantity=60, **keeper(later))
    assert refused(lambda: actions.return_rest(order.pk, quantity=19, **keeper(later))) == "more_than_came"
    actions.return_rest(order.pk, quantity=18, **keeper(later))
    order.refresh_from_db()
    assert (order.state, order.arrived, order.used, order.returned) == ("received", 78, 60, 18)
    assert Lot.objects.get(batch="").on_hand == 38 and ledger.list_disagreeing() == []
    assert ledger.list_unbalanced() == []


def test_taken_back_before_it_left_by_who_issued_it(order):
    assert refused(lambda: actions.withdraw_order(order.pk, reason="x", **keeper())) == "not_allowed"
    actions.withdraw_order(order.pk, reason="需求已满足", **act())
    assert Promise.objects.get(pk=order.promise_id).state == "cancelled"
    assert refused(lambda: actions.send_order(order.pk, **keeper())) == "order_not_so_now"


def test_unanswered_it_is_brought_before_its_issuer_and_then_the_post_above(order):
    assert actions.watch_orders(**machine(STORM + timedelta(minutes=14))) == 0
    assert actions.watch_orders(**machine(STORM + timedelta(minutes=16))) == 1
    order.refresh_from_db()
    assert (order.escalation, order.escalated_to) == (1, order.from_post)
    assert actions.watch_orders(**machine(STORM + timedelta(minutes=29))) == 0
    actions.watch_orders(**machine(STORM + timedelta(minutes=31)))
    order.refresh_from_db()
    assert order.next_at is None
    assert actions.watch_orders(**machine(STORM + timedelta(hours=5))) == 0


def test_an_answered_order_is_not_called_overdue(order):
    actions.acknowledge_order(order.pk, **keeper())
    assert actions.watch_orders(**machine(STORM + timedelta(hours=5))) == 0
