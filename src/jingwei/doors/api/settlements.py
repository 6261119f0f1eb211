"""What help cost: statements between who kept the stores and who received, read by programs."""

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.settlements import queries
from jingwei.apps.settlements.queries import ChargeView, StatementView
from jingwei.kernel.refusals import Refused

router = Router()


class StatementOut(Schema):
    """A statement with its sums, in 0.01 yuan. `state`: draft, presented, agreed.

    `keeper`: the body that kept the stores, '' where nobody is named; `receiver`: the one that received.
    """

    id: uuid.UUID
    keeper: str
    keeper_place: str
    receiver: str
    place: str
    incident_id: uuid.UUID | None
    from_at: datetime
    until_at: datetime
    state: str
    opened_at: datetime
    presented_at: datetime | None
    agreed_at: datetime | None
    version: int
    charges: int
    unpriced: int
    disputed: int
    total_fen: int
    agreed_fen: int
    disputed_fen: int


class StatementsOut(Schema):
    total: int
    statements: list[StatementOut]


class ChargeOut(Schema):
    """A charge of one order: `charged` units, what came and did not go back, each `unit_fen`, and costs.

    `unit_fen` null: not priced yet. `moved`: the order says otherwise now than when it was priced.
    """

    id: uuid.UUID
    order_id: uuid.UUID
    number: int
    order_number: str
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    store: str
    place: str
    received_at: datetime | None
    tier: str
    agreement_id: uuid.UUID | None
    agreed: str
    sent: int
    arrived: int
    returned: int
    used: int
    charged: int
    unit_fen: int | None
    basis: str
    costs_fen: int
    costs_for: str
    amount_fen: int | None
    state: str
    dispute: str
    moved: bool


class ChargesOut(Schema):
    statement: StatementOut
    charges: list[ChargeOut]


def _authority(request: HttpRequest) -> Authority:
    return request.auth  # type: ignore[attr-defined, no-any-return]


@router.get("", response=StatementsOut, summary="Statements of what help cost, the newest first")
def list_statements(
    request: HttpRequest,
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
):
    authority = _authority(request)
    found = queries.list_statements(authority=authority, offset=offset, limit=limit)
    total = queries.count_statements(authority=authority)
    return StatementsOut(total=total, statements=[statement_out(one) for one in found])


@router.get("/{statement_id}", response=ChargesOut, summary="One statement with its charges")
def get_statement(request: HttpRequest, statement_id: uuid.UUID):
    found = queries.find_statement(statement_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    charges = [charge_out(one) for one in queries.list_charges(found.id)]
    return ChargesOut(statement=statement_out(found), charges=charges)


def statement_out(one: StatementView) -> StatementOut:
    return StatementOut(**{name: getattr(one, name) for name in StatementOut.model_fields})


def charge_out(one: ChargeView) -> ChargeOut:
    return ChargeOut(**{name: getattr(one, name) for name in ChargeOut.model_fields})
