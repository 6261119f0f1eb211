"""What experts are asked and what they said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jingwei.apps.journal.models import Recorded

from .facts import DECISIONS, STATES


class Consultation(Recorded):
    """One expert asked one question at an incident, and the answer; never deleted.

    `for_kind`, `for_id`: the decision it was given for, '' and None while it is not answered.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    expert = models.ForeignKey("resources.Expert", models.PROTECT, related_name="+")
    question = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default="asked")
    advice = models.CharField(max_length=3000, blank=True)
    answered_at = models.DateTimeField(null=True)
    written_by = models.UUIDField(null=True)
    for_kind = models.CharField(max_length=10, blank=True)
    for_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=100, blank=True)
    asked = models.CharField(max_length=64, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id", "incident_id", "expert_id", "question", "state", "advice", "answered_at", "written_by",
            "for_kind", "for_id", "version", "key", "by", "at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="consultation_state"),
            models.CheckConstraint(condition=Q(for_kind__in=["", *DECISIONS]), name="consultation_for"),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False, for_id__isnull=False)
                | Q(state="asked", answered_at__isnull=True, for_id__isnull=True, advice=""),
                name="consultation_answered",
            ),
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="consultation_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["incident", "at"], name="consultation_incident")]
