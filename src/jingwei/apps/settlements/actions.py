"""Both sides settle what help cost: put together, priced, presented, agreed or disputed charge by charge."""

import uuid
from collections.abc import Collection

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import queries as dispatch
from jingwei.apps.dispatch.queries import Delivered
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import ChargeDisputed, ChargePriced, ChargesAgreed, StatementOpened, StatementPresented
from .models import Charge, Statement
from .queries import amount_of, settled, sum_of
from .rules import SettlementRefused


@transaction.atomic
def open_statement(
    keeper: str, receiver: str, *, keeper_place: str = "", incident_id: uuid.UUID | None = None, by: By,
    moment: Moment,
) -> uuid.UUID:  # fmt: skip
    """Put together what one counterpart's help brought and nobody settled yet. Either side may. Returns id.

    `keeper` '': of whoever keeps stores at `keeper_place`. `incident_id` None: what belongs to no incident.
    """
    bodies = agencies.list_organizations_by_code({keeper, receiver} - {""})
    theirs = bodies[keeper].place if keeper in bodies else keeper_place
    ours = bodies[receiver].place if receiver in bodies else ""
    right = "settlements.open_statement"
    if not agencies.may(by, right, at=moment.at, place=theirs):
        agencies.require(by, right, at=moment.at, place=ours)
    found = dispatch.list_delivered_between(
        keeper, receiver, keeper_place=keeper_place, incident_id=incident_id, but=settled()
    )
    if not found:
        raise SettlementRefused("nothing_to_settle")
    times = [one.received_at for one in found]
    row = Statement(
        keeper=keeper, keeper_place=theirs, receiver=receiver, place=ours, incident_id=incident_id,
        from_at=min(times), until_at=max(times), opened_by=by, opened_at=moment.at,
    )  # fmt: skip
    row.save(force_insert=True)
    charges = [
        Charge(
            statement=row, order_id=one.order_id, number=number, tier=one.tier, agreement_id=one.agreement_id,
            agreed=one.agreed, state_by=by, state_at=moment.at, **_quantities(one),
        )
        for number, one in enumerate(found, 1)
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Charge.objects.bulk_create(charges)
    except IntegrityError as error:  # the same was put together in the same moment
        raise SettlementRefused("nothing_to_settle") from error
    fact = StatementOpened(
        statement_id=str(row.pk), keeper=keeper, receiver=receiver,
        incident_id=str(incident_id) if incident_id else None,
        orders=tuple(str(one.order_id) for one in found),
    )  # fmt: skip
    record([(fact, [row, *charges])], by=by, moment=moment)
    return row.pk


@transaction.atomic
def price_charge(
    charge_id: uuid.UUID, *, unit_fen: int, basis: str, costs_fen: int = 0, costs_for: str = "",
    by: By, moment: Moment,
) -> None:  # fmt: skip
    """Say what a unit costs and on what ground, and what else was spent. For nothing is a price too.

    What came back since counts with it.
    """
    row, of = _charge_for(charge_id, "settlements.price_charge", theirs=True, by=by, moment=moment)
    rules.may_price(of.state, row.state)
    rules.check_money(unit_fen, rules.MOST_UNIT_FEN)
    rules.check_money(costs_fen, rules.MOST_COSTS_FEN)
    if not basis.strip():
        raise SettlementRefused("statement_basis_missing")
    if costs_fen and not costs_for.strip():
        raise SettlementRefused("statement_costs_missing")
    for name, value in _quantities(dispatch.list_delivered_by_id([row.order_id])[row.order_id]).items():
        setattr(row, name, value)
    row.unit_fen, row.basis = unit_fen, basis.strip()[:300]
    row.costs_fen, row.costs_for = costs_fen, costs_for.strip()[:300]
    row.state, row.state_by, row.state_at = "open", by, moment.at
    row.save()
    _touch(of)
    fact = ChargePriced(
        statement_id=str(of.pk), charge_id=str(row.pk), order_id=str(row.order_id),
        charged=rules.charged(row.arrived, row.returned), unit_fen=unit_fen, costs_fen=costs_fen,
        amount_fen=amount_of(row) or 0,
    )  # fmt: skip
    record([(fact, [row, of])], by=by, moment=moment)


@transaction.atomic
def present_statement(statement_id: uuid.UUID, *, version: int | None = None, by: By, moment: Moment) -> None:
    """Put the statement before who received; every charge has its price by now."""
    of = _statement_for(statement_id, "settlements.present_statement", theirs=True, by=by, moment=moment)
    rules.check_version(held=version, current=of.version)
    if of.state != "draft":
        raise SettlementRefused("statement_not_so_now")
    charges = list(Charge.objects.filter(statement=of))
    if any(one.unit_fen is None for one in charges):
        raise SettlementRefused("charge_unpriced")
    of.state, of.presented_by, of.presented_at = "presented", by, moment.at
    _touch(of)
    fact = StatementPresented(statement_id=str(of.pk), charges=len(charges), total_fen=sum_of(charges))
    record([(fact, of)], by=by, moment=moment)


@transaction.atomic
def agree_charges(
    statement_id: uuid.UUID, charges: Collection[uuid.UUID] | None = None, *, version: int | None = None,
    by: By, moment: Moment,
) -> None:  # fmt: skip
    """Agree to these charges, or to all that are not disputed; with the last one the statement is agreed."""
    of = _statement_for(statement_id, "settlements.agree_charges", theirs=False, by=by, moment=moment)
    rules.check_version(held=version, current=of.version)
    if of.state != "presented":
        raise SettlementRefused("statement_not_so_now")
    presenter = agencies.find_held(of.presented_by)[0] if of.presented_by else None
    rules.check_other_side(presented=presenter, agrees=agencies.find_held(by)[0])
    rows = list(Charge.objects.select_for_update().filter(statement=of).order_by("number"))
    chosen = [
        one
        for one in rows
        if (one.state == "open" if charges is None else one.pk in charges and one.state != "agreed")
    ]
    if not chosen:
        raise SettlementRefused("charge_not_so_now")
    for one in chosen:
        one.state, one.state_by, one.state_at = "agreed", by, moment.at
        one.save()
    whole = all(one.state == "agreed" for one in rows)
    if whole:
        of.state, of.agreed_by, of.agreed_at = "agreed", by, moment.at
    _touch(of)
    fact = ChargesAgreed(
        statement_id=str(of.pk), charges=tuple(str(one.pk) for one in chosen), total_fen=sum_of(chosen),
        whole=whole,
    )  # fmt: skip
    record([(fact, [of, *chosen])], by=by, moment=moment)


@transaction.atomic
def dispute_charge(charge_id: uuid.UUID, *, words: str, by: By, moment: Moment) -> None:
    """Do not agree to a charge, and say why; it stays, until it is priced anew or agreed to."""
    row, of = _charge_for(charge_id, "settlements.dispute_charge", theirs=False, by=by, moment=moment)
    if of.state != "presented" or row.state != "open":
        raise SettlementRefused("charge_not_so_now")
    if not words.strip():
        raise SettlementRefused("statement_dispute_missing")
    row.state, row.dispute, row.state_by, row.state_at = "disputed", words.strip()[:300], by, moment.at
    row.save()
    _touch(of)
    fact = ChargeDisputed(statement_id=str(of.pk), charge_id=str(row.pk), order_id=str(row.order_id))
    record([(fact, [row, of])], by=by, moment=moment)


def _statement_for(statement_id: uuid.UUID, right: str, *, theirs: bool, by: By, moment: Moment) -> Statement:
    """The statement, locked; `theirs`: the right is asked where the keeper is, else where it was received."""
    of = Statement.objects.select_for_update().filter(pk=statement_id).first()
    if of is None:
        raise SettlementRefused("statement_unknown")
    agencies.require(by, right, at=moment.at, place=of.keeper_place if theirs else of.place)
    return of


def _charge_for(
    charge_id: uuid.UUID, right: str, *, theirs: bool, by: By, moment: Moment
) -> tuple[Charge, Statement]:
    of_id = Charge.objects.filter(pk=charge_id).values_list("statement_id", flat=True).first()
    if of_id is None:
        raise SettlementRefused("charge_unknown")
    of = _statement_for(of_id, right, theirs=theirs, by=by, moment=moment)
    return Charge.objects.select_for_update().get(pk=charge_id), of


def _touch(of: Statement) -> None:
    of.version += 1
    of.save()


def _quantities(one: Delivered) -> dict[str, int]:
    return {"sent": one.sent, "arrived": one.arrived, "returned": one.returned, "used": one.used}
