"""The counts we stand by, and the persons' lists behind them."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class Count(Recorded):
    """How many people we stand by, of one measure in one area at a time. Revised, never overwritten.

    Source: a report that told it, words of who said it, or our own list.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    area = models.CharField(max_length=64)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=24, default="person")
    as_of_at = models.DateTimeField()
    report = models.ForeignKey("reports.Report", models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    from_list = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, default="stands")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id", "incident_id", "measure", "area", "value", "unit", "as_of_at", "report_id", "source",
            "from_list", "reason", "state", "replaces_id", "by", "at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=["stands", "revised"]), name="count_state"),
            models.UniqueConstraint(
                fields=["incident", "measure", "area"],
                condition=models.Q(state="stands"),
                name="one_count_stands",
            ),
        ]


class ListedPerson(Recorded):
    """One line of a list of the dead, missing, injured or moved: personal data, masked everywhere.

    Kept apart so that it can be erased and is seldom read. Struck through, never deleted.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    number = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    sex = models.CharField(max_length=1, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    place_words = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    listed_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.UUIDField(null=True)
    struck_reason = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "incident_id", "measure", "number", "name", "sex", "age", "id_last4", "place_words",
            "status", "source", "listed_at", "struck_at", "struck_by", "struck_reason",
        )
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [models.Index(fields=["incident", "measure"], name="listed")]
