"""Duties to report, and situation reports with every version. Decides nothing."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from jingwei.apps.journal.models import Recorded


class Obligation(Recorded):
    """A report that a body owes another, or the public, under a rule, for one incident.

    No `due_at`: at once. `lapsed_at`: the limit passed before it was met; that stays when it is met later.
    `next_at`: when time alone next changes something; empty when nothing is left to watch.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    rule_id = models.CharField(max_length=20)
    stage = models.CharField(max_length=12)
    from_role = models.CharField(max_length=80)
    from_organization = models.CharField(max_length=64, blank=True)
    from_place = models.CharField(max_length=12, blank=True)
    to_role = models.CharField(max_length=80)
    to_organization = models.CharField(max_length=64, blank=True)
    mode = models.CharField(max_length=30)
    trigger = models.CharField(max_length=60)
    trigger_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    grade = models.PositiveSmallIntegerField(null=True)
    basis = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, default="open")
    arose_at = models.DateTimeField()
    foreseen_at = models.DateTimeField(null=True)
    foreseen_holding = models.UUIDField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.UUIDField(null=True)
    met_words = models.CharField(max_length=300, blank=True)
    sitrep = models.ForeignKey("Sitrep", models.PROTECT, null=True, related_name="meets")
    release_id = models.UUIDField(null=True)

    DIGESTED: ClassVar = {
        1: (
            "incident_id", "rule_id", "stage", "from_role", "from_organization", "from_place", "to_role",
            "to_organization", "mode", "trigger", "trigger_at", "due_at", "grade", "basis", "state",
            "arose_at", "foreseen_at", "foreseen_holding", "lapsed_at", "met_at", "met_by", "met_words",
            "sitrep_id",
        ),
        2: (
            "incident_id", "rule_id", "stage", "from_role", "from_organization", "from_place", "to_role",
            "to_organization", "mode", "trigger", "trigger_at", "due_at", "grade", "basis", "state",
            "arose_at", "foreseen_at", "foreseen_holding", "lapsed_at", "met_at", "met_by", "met_words",
            "sitrep_id", "release_id",
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "late", "met", "void"]), name="obligation_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_at"], name="obligation_next"),
            models.Index(fields=["incident", "state"], name="obligation_incident"),
            models.Index(fields=["state", "due_at"], name="obligation_due"),
            models.Index(
                fields=["state", "from_place", "due_at", "trigger_at", "id"], name="obligation_list"
            ),
            models.Index("state", Coalesce("due_at", "trigger_at"), "id", name="obligation_soonest"),
        ]


class Computed(models.Model):
    """For which state of an incident its obligations were last computed; another state asks again."""

    incident = models.OneToOneField("incidents.Incident", models.PROTECT, primary_key=True, related_name="+")
    basis = models.CharField(max_length=200)


class Sitrep(Recorded):
    """A situation report of one body to another. `content` is its newest version; `to_check` the gaps

    that a person marked as still to be checked. Once sent it is not changed; the next one corrects it.
    A draft that is given up is discarded, with the reason, and stays.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=12)
    organization = models.CharField(max_length=64)
    to_organization = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=12, blank=True)
    to_place = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default="draft")
    content = models.JSONField()
    to_check = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    drafted_by = models.UUIDField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.UUIDField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.UUIDField(null=True)
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.UUIDField(null=True)
    discarded_reason = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "incident_id", "number", "stage", "organization", "to_organization", "place", "to_place",
            "version", "state", "content", "to_check", "drafted_at", "drafted_by", "submitted_at",
            "submitted_by", "received_at", "received_by",
        ),
        2: (
            "incident_id", "number", "stage", "organization", "to_organization", "place", "to_place",
            "version", "state", "content", "to_check", "drafted_at", "drafted_by", "submitted_at",
            "submitted_by", "received_at", "received_by", "discarded_at", "discarded_by", "discarded_reason",
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "organization", "number"], name="sitrep_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "submitted", "received", "discarded"]),
                name="sitrep_state",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "drafted_at"], name="sitrep_list")]


class SitrepVersion(models.Model):
    """A report as it stood at one version, and who made it so."""

    sitrep = models.ForeignKey(Sitrep, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    to_check = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitrep", "version"], name="sitrep_version_once")
        ]
