"""What is charged, worked out by hand."""

import pytest

from jingwei.apps.settlements import rules
from jingwei.apps.settlements.rules import SettlementRefused


@pytest.mark.parametrize(
    ("arrived", "returned", "unit", "costs", "amount"),
    [
        (30, 0, 120_000, 0, 3_600_000),
        (28, 10, 120_000, 35_000, 2_195_000),
        (10, 10, 500, 0, 0),
        (0, 0, 9, 7, 7),
    ],
)
def test_what_came_and_did_not_go_back_times_the_price_and_what_else_was_spent(
    arrived, returned, unit, costs, amount
):
    assert rules.amount_fen(arrived=arrived, returned=returned, unit_fen=unit, costs_fen=costs) == amount


def test_canary_what_went_back_would_be_charged():
    assert rules.amount_fen(arrived=28, returned=10, unit_fen=1, costs_fen=0) != 28


@pytest.mark.parametrize(
    ("statement", "charge", "may"),
    [
        ("draft", "open", True), ("presented", "open", False), ("presented", "disputed", True),
        ("presented", "agreed", False), ("agreed", "agreed", False),
    ],
)  # fmt: skip
def test_presented_only_what_is_disputed_is_priced_anew(statement, charge, may):
    if may:
        rules.may_price(statement, charge)
        return
    with pytest.raises(SettlementRefused) as no:
        rules.may_price(statement, charge)
    assert no.value.code == "charge_not_so_now"


@pytest.mark.parametrize("fen", [-1, rules.MOST_UNIT_FEN + 1])
def test_money_that_cannot_be_is_refused(fen):
    with pytest.raises(SettlementRefused) as no:
        rules.check_money(fen, rules.MOST_UNIT_FEN)
    assert no.value.code == "statement_money_impossible"
