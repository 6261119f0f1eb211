"""Tables of the seals. Epochs, seals and subtrees are append-only: triggers forbid UPDATE and DELETE."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class Epoch(Recorded):
    """One tree of the node, from its first seal to the next restore, and the key that signs for it."""

    number = models.PositiveIntegerField(unique=True)
    key = models.CharField(max_length=200)
    reason = models.CharField(max_length=40)
    begun_at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "number", "key", "reason", "begun_at")}


class Seal(models.Model):
    """What was sealed in one go. Its first leaf is its own head; after it come its entries, in order.

    `first` is the head's place in the epoch's tree, `size` the leaves that tree had afterwards. `leaves`
    holds their hashes one after the other, the head's first. `least` and `most` are the numbers of its first
    and last entry, None where it has none.
    """

    number = models.BigIntegerField(primary_key=True)
    epoch = models.PositiveIntegerField()
    first = models.BigIntegerField()
    size = models.BigIntegerField()
    least = models.BigIntegerField(null=True)
    most = models.BigIntegerField(null=True)
    head = models.TextField()
    leaves = models.BinaryField()
    note = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["epoch", "size"], name="seal_size")]
        indexes: ClassVar = [models.Index(fields=["most"], name="seal_most")]


class Subtree(models.Model):
    """The hash of 256, 65536, … leaves of an epoch that are all there: what a proof needs besides leaves."""

    epoch = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["epoch", "level", "index"], name="subtree_once")
        ]


class UnsealedEntry(models.Model):
    """An entry that waits for its seal, by its number; written by a trigger, so that none is forgotten."""

    entry = models.BigIntegerField(primary_key=True)


class UnsealedReceipt(models.Model):
    """A receipt that waits for its seal, by its number; written by a trigger."""

    receipt = models.BigIntegerField(primary_key=True)
