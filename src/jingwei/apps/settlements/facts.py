"""What can be said to have happened in settlements. Money in 0.01 yuan; reasons stand in the rows. Pure."""

from typing import ClassVar

from jingwei.kernel.facts import Fact

STATEMENT_STATES = ("draft", "presented", "agreed")
CHARGE_STATES = ("open", "disputed", "agreed")


class StatementOpened(Fact, frozen=True, kw_only=True):
    """What one counterpart sent and nobody settled yet stands together, of an incident or of none."""

    KIND: ClassVar[str] = "settlements.opened/1"
    SUBJECT: ClassVar[str] = "statement_id"

    statement_id: str
    keeper: str
    receiver: str
    incident_id: str | None
    orders: tuple[str, ...]


class ChargePriced(Fact, frozen=True, kw_only=True):
    """Who kept the store says what a unit costs, and what else was spent."""

    KIND: ClassVar[str] = "settlements.priced/1"
    SUBJECT: ClassVar[str] = "statement_id"

    statement_id: str
    charge_id: str
    order_id: str
    charged: int
    unit_fen: int
    costs_fen: int
    amount_fen: int


class StatementPresented(Fact, frozen=True, kw_only=True):
    """Who kept the stores puts the priced statement before who received."""

    KIND: ClassVar[str] = "settlements.presented/1"
    SUBJECT: ClassVar[str] = "statement_id"

    statement_id: str
    charges: int
    total_fen: int


class ChargesAgreed(Fact, frozen=True, kw_only=True):
    """Who received agrees to these charges; `whole`: with them to all of the statement."""

    KIND: ClassVar[str] = "settlements.agreed/1"
    SUBJECT: ClassVar[str] = "statement_id"

    statement_id: str
    charges: tuple[str, ...]
    total_fen: int
    whole: bool


class ChargeDisputed(Fact, frozen=True, kw_only=True):
    """Who received does not agree to a charge. It stays on the statement."""

    KIND: ClassVar[str] = "settlements.disputed/1"
    SUBJECT: ClassVar[str] = "statement_id"

    statement_id: str
    charge_id: str
    order_id: str
