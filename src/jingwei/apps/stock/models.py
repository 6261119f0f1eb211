"""The ledger: supplies, lots, moves with their postings, promises, floors."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jingwei.apps.journal.models import Recorded


class Supply(Recorded):
    """A kind of thing that is kept and sent, counted in one unit. `pack`: so many units to a package, if any.

    `category`: its class in the national classification, '' unknown.
    """

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    category = models.CharField(max_length=12, blank=True)
    unit_zh = models.CharField(max_length=12)
    unit_en = models.CharField(max_length=24)
    pack = models.PositiveIntegerField(null=True)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id",
            "code",
            "name_zh",
            "name_en",
            "category",
            "unit_zh",
            "unit_en",
            "pack",
            "added_by",
            "added_at",
        )
    }


class Lot(Recorded):
    """One supply of one batch and expiry in one store: what is on hand, and what of it is promised, in units.

    `expires_on`: ISO date, '' for what does not expire. Its balance is also the sum of its postings.
    """

    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+")
    batch = models.CharField(max_length=60, blank=True)
    expires_on = models.CharField(max_length=10, blank=True)
    on_hand = models.PositiveBigIntegerField(default=0)
    promised = models.PositiveBigIntegerField(default=0)

    DIGESTED: ClassVar = {1: ("id", "store_id", "supply_id", "batch", "expires_on", "on_hand", "promised")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["store", "supply", "batch", "expires_on"], name="lot_once"),
            models.CheckConstraint(condition=Q(promised__lte=F("on_hand")), name="lot_promised"),
        ]
        indexes: ClassVar = [models.Index(fields=["supply", "store"], name="lot_supply")]


class Move(Recorded):
    """One move of the ledger: why, by whom, and its postings, which sum to nothing. Never changed.

    `key`: the sender's own, so that a repeat is known; `lines`: the postings once more, for the digest.
    """

    kind = models.CharField(max_length=12)
    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    promise = models.ForeignKey("Promise", models.PROTECT, null=True, related_name="moves")
    key = models.CharField(max_length=100, blank=True)
    asked = models.CharField(max_length=64, blank=True)
    lines = models.JSONField()
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: ("id", "kind", "store_id", "reason", "source", "promise_id", "key", "lines", "by", "at")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="move_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["receive", "move", "count", "write_off", "ship", "arrive"]),
                name="move_kind",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["store", "-at"], name="move_store")]


class Posting(models.Model):
    """One side of a move: a lot, or an account outside, and by how many units it changed. Append-only."""

    move = models.ForeignKey(Move, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=12)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="postings")
    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account="store", lot__isnull=False) | (~Q(account="store") & Q(lot__isnull=True)),
                name="posting_account",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "supply"], name="posting_account_of")]


class Promise(Recorded):
    """So much of a supply, held in a store for somebody until it is sent. Which lots: its lines."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+")
    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()
    for_whom = models.CharField(max_length=200)
    place = models.CharField(max_length=16, blank=True)
    due_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="open")
    key = models.CharField(max_length=100, blank=True)
    asked = models.CharField(max_length=64, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    arrived = models.PositiveBigIntegerField(null=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "supply_id", "store_id", "quantity", "for_whom", "place", "due_at", "reason", "state",
            "key", "by", "at", "arrived",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="promise_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "sent", "arrived", "cancelled"]), name="promise_state"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="promise_state_due")]


class PromiseLine(models.Model):
    """How much of a promise lies in which lot."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["promise", "lot"], name="promised_lot_once")]


class Floor(Recorded):
    """What of a supply must stay in a store, in units: promised only by a post that may, with its reason."""

    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+")
    least = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.UUIDField()
    set_at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "store_id", "supply_id", "least", "reason", "set_by", "set_at")}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["store", "supply"], name="one_floor")]
