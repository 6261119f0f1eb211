"""What help cost whom: put together once, priced by who kept, agreed or disputed by who received."""

import uuid

import pytest

from jingwei.apps.agencies.models import Holding
from jingwei.apps.dispatch import actions as dispatch
from jingwei.apps.journal import queries as journal
from jingwei.apps.settlements import actions, queries, rules
from jingwei.apps.settlements.models import Charge, Statement
from tests.apps.dispatch.acts import a_need, a_store, a_supply, act, made, ordered, refused
from tests.builders import STORM, an_incident, authority_of

from .acts import AFTER, HOUR, OURS, THEM, US, charges, helped, keeper, opened, ours, presented, seen

pytestmark = pytest.mark.django_db


def test_what_is_counted_and_not_settled_is_shown_to_both_sides():
    helped(30, 20)
    for who in (OURS, "xingyantian"):
        (one,) = queries.list_unsettled(authority=authority_of(who, AFTER))
        assert (one.keeper, one.receiver, one.orders, one.incident_id) == (THEM, US, 2, None)
    assert queries.list_unsettled(authority=authority_of("shanshiqing", AFTER)) == []


def test_own_stores_and_what_is_not_counted_are_not_settled():
    tent = a_supply()
    a_store("金水库", "410105", {tent: 50})
    a_need(tent, 10)
    (order,) = ordered(made("4101"))
    dispatch.send_order(order.pk, **act())
    dispatch.report_receipt(order.pk, arrived=10, **act())
    assert queries.list_unsettled(authority=authority_of("hejing", AFTER)) == []
    assert refused(opened) == "nothing_to_settle"


def test_an_order_is_settled_once():
    helped(30)
    of = opened()
    assert refused(opened) == "nothing_to_settle"
    assert queries.list_unsettled(authority=authority_of(OURS, AFTER)) == []
    row = Statement.objects.get()
    assert (row.keeper_place, row.place, row.state) == ("410182", "410105", "draft")
    assert (row.from_at, row.until_at) == (STORM + 2 * HOUR, STORM + 2 * HOUR)
    (charge,) = charges(of)
    assert (charge.sent, charge.arrived, charge.returned, charge.tier) == (30, 30, 0, "agreement")
    assert charge.agreed == "金水荥阳互助协议" and charge.unit_fen is None


def test_an_incident_is_settled_by_itself():
    incident = an_incident(place="410105")
    (order,) = helped(30, incident_id=incident.pk)
    assert refused(opened) == "nothing_to_settle"
    assert charges(opened(incident_id=incident.pk))[0].order_id == order.pk


def test_either_side_opens_it_and_nobody_else():
    helped(30)
    assert refused(lambda: opened(**act(AFTER, who="shanshiqing"))) == "not_allowed"
    assert charges(opened(**keeper()))


def test_only_who_kept_prices_and_only_who_received_agrees():
    helped(30)
    of = opened()
    (charge,) = charges(of)
    price = {"unit_fen": 120_000, "basis": "采购价"}
    assert refused(lambda: actions.price_charge(charge.pk, **price, **ours())) == "not_allowed"
    assert refused(lambda: actions.present_statement(of, **keeper())) == "charge_unpriced"
    actions.price_charge(charge.pk, **price, **keeper())
    assert refused(lambda: actions.agree_charges(of, **ours())) == "statement_not_so_now"
    actions.present_statement(of, **keeper())
    assert refused(lambda: actions.present_statement(of, **keeper())) == "statement_not_so_now"
    assert refused(lambda: actions.agree_charges(of, **keeper())) == "not_allowed"
    assert refused(lambda: actions.dispute_charge(charge.pk, words="x", **keeper())) == "not_allowed"
    actions.agree_charges(of, **ours())
    view = seen(of)
    assert (view.state, view.total_fen, view.agreed_fen) == ("agreed", 3_600_000, 3_600_000)


def test_one_person_of_both_sides_does_not_agree_to_what_they_presented():
    of = presented(30)
    mine = also_of_ours()
    assert refused(lambda: actions.agree_charges(of, **mine)) == "statement_own"
    assert seen(of).state == "presented"
    actions.agree_charges(of, **ours())
    assert seen(of).state == "agreed"


def test_canary_a_node_that_does_not_ask_who_presented_lets_one_person_settle_with_themselves(monkeypatch):
    of = presented(30)
    monkeypatch.setattr(rules, "check_other_side", lambda **_: None)
    actions.agree_charges(of, **also_of_ours())
    assert seen(of).state == "agreed"


def also_of_ours() -> dict:
    """The post of who received, held beside by the person who kept and presented."""
    mine, other = keeper(), Holding.objects.get(pk=ours()["by"])
    person = Holding.objects.get(pk=mine["by"]).person
    row = Holding.objects.create(person=person, post=other.post, from_at=other.from_at)
    return mine | {"by": row.pk}


def test_a_price_has_its_ground_and_other_costs_say_for_what():
    helped(30)
    (charge,) = charges(opened())
    price = lambda **more: actions.price_charge(  # noqa: E731
        charge.pk, **({"unit_fen": 0, "basis": "无偿调拨"} | more), **keeper()
    )
    assert refused(lambda: price(basis=" ")) == "statement_basis_missing"
    assert refused(lambda: price(costs_fen=5_000)) == "statement_costs_missing"
    assert refused(lambda: price(unit_fen=-1)) == "statement_money_impossible"
    price(costs_fen=5_000, costs_for="运费")
    assert seen(charge.statement_id).total_fen == 5_000


def test_what_went_back_is_not_charged_also_when_it_went_back_later():
    (order,) = helped(30, arrived=28, returned=10)
    of = opened()
    (charge,) = charges(of)
    actions.price_charge(charge.pk, unit_fen=100, basis="采购价", **keeper())
    assert seen(of).total_fen == 1_800
    dispatch.return_rest(order.pk, quantity=3, **keeper())
    (line,) = queries.list_charges(of)
    assert line.moved and line.charged == 18
    actions.price_charge(charge.pk, unit_fen=100, basis="采购价", **keeper())
    (line,) = queries.list_charges(of)
    assert not line.moved and (line.charged, line.amount_fen) == (15, 1_500)


def test_what_is_disputed_stays_and_the_rest_is_agreed():
    of = presented(30, 20)
    one, two = charges(of)
    assert refused(lambda: actions.dispute_charge(two.pk, words=" ", **ours())) == "statement_dispute_missing"
    actions.dispute_charge(two.pk, words="价格偏高", **ours())
    assert refused(lambda: actions.dispute_charge(two.pk, words="x", **ours())) == "charge_not_so_now"
    actions.agree_charges(of, **ours())
    view = seen(of)
    amounts = {one.state: one.amount_fen for one in queries.list_charges(of)}
    assert (view.state, view.disputed, view.agreed_fen) == ("presented", 1, amounts["agreed"])
    assert refused(lambda: actions.agree_charges(of, **ours())) == "charge_not_so_now"
    again = {"unit_fen": 90_000, "basis": "折旧后"}
    assert refused(lambda: actions.price_charge(one.pk, **again, **keeper())) == "charge_not_so_now"
    actions.price_charge(two.pk, **again, **keeper())
    actions.agree_charges(of, **ours())
    assert seen(of).state == "agreed"
    assert Charge.objects.get(pk=two.pk).dispute == "价格偏高", "what was said stays"
    assert refused(lambda: actions.price_charge(two.pk, **again, **keeper())) == "charge_not_so_now"


def test_a_dispute_is_given_up_by_agreeing_to_that_charge():
    of = presented(30)
    (one,) = charges(of)
    actions.dispute_charge(one.pk, words="数量不符", **ours())
    actions.agree_charges(of, [one.pk], **ours())
    assert seen(of).state == "agreed"


def test_its_history_is_in_the_journal():
    of = presented(30)
    actions.agree_charges(of, **ours())
    kinds = [e.kind.split("/")[0] for e in journal.list_entries(subjects=[str(of)], newest=20)]
    assert kinds == [
        "settlements.opened",
        "settlements.priced",
        "settlements.presented",
        "settlements.agreed",
    ]
    last = journal.list_entries(subjects=[str(of)], newest=1)[-1]
    assert last.fact.whole is True and last.fact.total_fen == 3_600_000


def test_somebody_elses_change_is_seen():
    of = presented(30)
    assert refused(lambda: actions.agree_charges(of, version=1, **ours())) == "statement_changed_meanwhile"


def test_what_is_not_known():
    nowhere = uuid.uuid4()
    assert refused(lambda: actions.agree_charges(nowhere, **ours())) == "statement_unknown"
    price = {"unit_fen": 1, "basis": "x"}
    assert refused(lambda: actions.price_charge(nowhere, **price, **keeper())) == "charge_unknown"
    assert queries.find_statement(presented(30), authority=authority_of("shanshiqing", AFTER)) is None
