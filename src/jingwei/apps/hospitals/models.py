"""Beds by kind, the steps of surge plans, and patients on their way from one bed to another."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jingwei.apps.journal.models import Recorded

from .facts import STEP_STATES, TRANSFER_STATES


class Beds(Recorded):
    """Beds of one kind in a hospital, as said last: `usable` with staff, `taken` by patients.

    `surged`: how many of the usable ones are of surge steps that are running.
    """

    hospital = models.ForeignKey("resources.Hospital", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    usable = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    surged = models.PositiveIntegerField(default=0)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "hospital_id", "kind", "usable", "taken", "surged", "by", "at")}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hospital", "kind"], name="beds_of_kind")]


class SurgeStep(Recorded):
    """A step of a hospital's surge plan: so many beds more of a kind, within so many hours."""

    hospital = models.ForeignKey("resources.Hospital", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    adds = models.PositiveIntegerField()
    within_h = models.FloatField()
    how = models.CharField(max_length=300)
    state = models.CharField(max_length=8, default="planned")
    started_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id", "hospital_id", "number", "kind", "adds", "within_h", "how", "state", "started_at",
            "reason", "by", "at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hospital", "number"], name="surge_number"),
            models.CheckConstraint(condition=Q(state__in=STEP_STATES), name="surge_state"),
        ]


class Transfer(Recorded):
    """A patient on the way to a bed. `patient`: the number on a triage tag or wristband, never a name."""

    to = models.ForeignKey("resources.Hospital", models.PROTECT, related_name="+")
    source = models.ForeignKey("resources.Hospital", models.PROTECT, null=True, related_name="+")
    from_words = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    patient = models.CharField(max_length=60)
    why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="asked")
    reason = models.CharField(max_length=300, blank=True)
    carrier = models.CharField(max_length=100, blank=True)
    condition = models.CharField(max_length=300, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    arrived_by = models.UUIDField(null=True)
    arrived_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=100, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "to_id", "source_id", "from_words", "kind", "patient", "why", "state", "reason", "carrier",
            "condition", "by", "at", "answered_by", "answered_at", "sent_at", "arrived_by", "arrived_at",
            "key",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=TRANSFER_STATES), name="transfer_state"),
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="transfer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["to", "kind", "state"], name="transfer_to")]
