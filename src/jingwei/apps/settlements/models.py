"""Statements between who kept the stores and who received, and a charge for each order."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jingwei.apps.journal.models import Recorded

from .facts import CHARGE_STATES, STATEMENT_STATES


class Statement(Recorded):
    """What one counterpart's help cost, of an incident, or of all that was not settled: from day to day.

    `keeper` '': whoever keeps stores at `keeper_place`. Places are those of the two bodies; rights are
    asked there.
    """

    keeper = models.CharField(max_length=64, blank=True)
    keeper_place = models.CharField(max_length=16, blank=True)
    receiver = models.CharField(max_length=64)
    place = models.CharField(max_length=16, blank=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="draft")
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    presented_by = models.UUIDField(null=True)
    presented_at = models.DateTimeField(null=True)
    agreed_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "keeper", "keeper_place", "receiver", "place", "incident_id", "from_at", "until_at",
            "state", "opened_by", "opened_at", "presented_by", "presented_at", "agreed_by", "agreed_at",
            "version",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATEMENT_STATES), name="statement_state")
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "-opened_at"], name="statement_place"),
            models.Index(fields=["keeper_place", "-opened_at"], name="statement_keeper"),
        ]


class Charge(Recorded):
    """An order on a statement: quantities as they were when it was priced last, and the money.

    `unit_fen` None: not priced yet. `basis`: why that price; `costs_for`: what else was spent on.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="charges")
    order = models.OneToOneField("dispatch.Order", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    tier = models.CharField(max_length=10)
    agreement = models.ForeignKey("resources.Agreement", models.PROTECT, null=True, related_name="+")
    agreed = models.CharField(max_length=200, blank=True)
    sent = models.PositiveBigIntegerField()
    arrived = models.PositiveBigIntegerField()
    returned = models.PositiveBigIntegerField()
    used = models.PositiveBigIntegerField()
    unit_fen = models.PositiveBigIntegerField(null=True)
    basis = models.CharField(max_length=300, blank=True)
    costs_fen = models.PositiveBigIntegerField(default=0)
    costs_for = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="open")
    dispute = models.CharField(max_length=300, blank=True)
    state_by = models.UUIDField()
    state_at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id", "statement_id", "order_id", "number", "tier", "agreement_id", "agreed", "sent", "arrived",
            "returned", "used", "unit_fen", "basis", "costs_fen", "costs_for", "state", "dispute",
            "state_by", "state_at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "number"], name="charge_number"),
            models.CheckConstraint(condition=Q(state__in=CHARGE_STATES), name="charge_state"),
            models.CheckConstraint(
                condition=Q(arrived__gte=F("returned") + F("used")), name="charge_of_what_came"
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(unit_fen__isnull=False), name="charge_agreed_is_priced"
            ),
        ]
