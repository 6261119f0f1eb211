"""What is charged of an order, and what may become of a statement. Pure."""

import uuid

from jingwei.kernel.refusals import Refused

#: Highest price of a unit and sum of further costs, in 0.01 yuan. Source: our estimate, ten million and a
#: thousand million yuan, so that sums stay numbers that a database holds, 2026-11-30.
MOST_UNIT_FEN, MOST_COSTS_FEN = 1_000_000_000, 100_000_000_000


class SettlementRefused(Refused):
    """`statement_unknown`, `charge_unknown`, `nothing_to_settle`, `statement_money_impossible`,

    `statement_basis_missing`, `statement_costs_missing`, `statement_dispute_missing`, `charge_unpriced`,
    `charge_not_so_now`, `statement_not_so_now`, `statement_changed_meanwhile`, `statement_own`.
    """


def charged(arrived: int, returned: int) -> int:
    """What came and did not go back: used up, or kept."""
    return max(0, arrived - returned)


def amount_fen(*, arrived: int, returned: int, unit_fen: int, costs_fen: int) -> int:
    return charged(arrived, returned) * unit_fen + costs_fen


def check_money(fen: int, most: int) -> int:
    if not 0 <= fen <= most:
        raise SettlementRefused("statement_money_impossible")
    return fen


def check_version(*, held: int | None, current: int) -> None:
    """Somebody else did something with the statement since the page was made."""
    if held is not None and held != current:
        raise SettlementRefused("statement_changed_meanwhile")


def check_other_side(*, presented: uuid.UUID | None, agrees: uuid.UUID) -> None:
    """Two persons: who presented a statement does not agree to it, whatever other post they hold."""
    if presented == agrees:
        raise SettlementRefused("statement_own")


def may_price(statement: str, charge: str) -> None:
    """Before it is presented anything; afterwards only what is disputed."""
    if statement == "agreed" or charge == "agreed" or (statement == "presented" and charge != "disputed"):
        raise SettlementRefused("charge_not_so_now")
