"""Orders to producers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jingwei.apps.journal.models import Recorded

from .facts import STATES


class Purchase(Recorded):
    """So much of a supply ordered from a producer, for a need or for a store; never deleted.

    `place`: of the need, else of the store. `price_fen`: per unit, in 0.01 yuan, None when not agreed.
    `move`: how it came into a store, once.
    """

    place = models.CharField(max_length=16)
    supply = models.ForeignKey("stock.Supply", models.PROTECT, related_name="+")
    producer = models.ForeignKey("resources.Producer", models.PROTECT, related_name="+")
    need = models.ForeignKey("needs.Need", models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey("resources.Store", models.PROTECT, null=True, related_name="+")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveBigIntegerField()
    price_fen = models.PositiveBigIntegerField(null=True)
    expected_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="ordered")
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=100, blank=True)
    asked = models.CharField(max_length=64, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    arrived = models.PositiveBigIntegerField(null=True)
    arrived_at = models.DateTimeField(null=True)
    move = models.OneToOneField("stock.Move", models.PROTECT, null=True, related_name="+")
    came_as = models.CharField(max_length=64, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "place", "supply_id", "producer_id", "need_id", "store_id", "incident_id", "quantity",
            "price_fen", "expected_at", "note", "state", "reason", "version", "key", "by", "at", "arrived",
            "arrived_at", "move_id",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="purchase_state"),
            models.CheckConstraint(
                condition=Q(need__isnull=False) | Q(store__isnull=False), name="purchase_for_something"
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", move__isnull=False, arrived__isnull=False)
                | (~Q(state="delivered") & Q(move__isnull=True, arrived__isnull=True)),
                name="purchase_delivered",
            ),
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="purchase_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "state", "expected_at"], name="purchase_list"),
            models.Index(fields=["need", "state"], name="purchase_need"),
            models.Index(fields=["incident"], name="purchase_incident"),
        ]
