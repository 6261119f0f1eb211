"""What we hold to be true: reports fused, graded, followed."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded

#: Grades by how much they hold: of a person, a person's first word, of the tables.
GRADES = ("confirmed_grade", "judged_grade", "proposed_grade")


class Incident(Recorded):
    """One event as we hold it to be. Its reports stand in Membership, its figures in the reports.

    A merged incident is kept, without reports, and says which one has them now.

    `version` counts what people decide and what the machine proposes to them, so that a decision taken
    on an older screen is noticed; taking in one more report does not change it.
    The proposed grade and the person's grade stand side by side: neither overwrites the other.
    """

    home = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    place = models.CharField(max_length=16)
    site = models.CharField(max_length=64, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    named = models.BooleanField(default=False)
    event_ref = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    precision = models.CharField(max_length=12)
    last_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="open")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    report_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    #: kind, area and day for which the tables were last asked; another one asks again
    graded_on = models.CharField(max_length=100, blank=True)
    proposed_grade = models.PositiveSmallIntegerField(null=True)
    proposed_state = models.CharField(max_length=16, default="not_asked")
    proposed_clauses = models.JSONField(default=list)
    proposed_missing = models.JSONField(default=list)
    proposed_figures = models.JSONField(default=dict)
    could_be = models.PositiveSmallIntegerField(null=True)
    judged_grade = models.PositiveSmallIntegerField(null=True)
    judged_reason = models.CharField(max_length=300, blank=True)
    judged_by = models.UUIDField(null=True)
    judged_at = models.DateTimeField(null=True)
    confirmed_grade = models.PositiveSmallIntegerField(null=True)
    confirmed_clauses = models.JSONField(default=list)
    confirmed_reason = models.CharField(max_length=300, blank=True)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    _FIRST: ClassVar = (
            "id", "home", "kind", "place", "site", "lon", "lat", "title_zh", "title_en", "event_ref",
            "opened_at", "precision", "last_at", "state", "report_count", "version",
            "proposed_grade", "proposed_state", "proposed_clauses", "proposed_missing", "proposed_figures",
            "could_be", "judged_grade", "judged_reason", "judged_by", "judged_at", "confirmed_grade",
            "confirmed_clauses", "confirmed_reason", "confirmed_by", "confirmed_at",
    )  # fmt: skip
    DIGESTED: ClassVar = {1: _FIRST, 2: (*_FIRST, "named", "merged_into_id")}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "closed", "merged"]), name="incident_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="incident_merged_into",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__range": (1, 4)}),
                    name=f"incident_{name}",
                )
                for name in GRADES
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "last_at"], name="incident_open"),
            # all that a desk counts and orders by, so that it reads the index alone
            models.Index(
                fields=["state", "place", *GRADES, "last_at", "id"],
                name="incident_graded",
            ),
            models.Index(fields=["place"], name="incident_place"),
            models.Index(fields=["event_ref"], name="incident_ref"),
        ]


class Membership(models.Model):
    """That a report speaks of an incident, since when, by whom, and why. Left, never deleted."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()
    joined_by = models.UUIDField()
    score = models.FloatField(null=True)
    threshold = models.FloatField(null=True)
    why = models.JSONField(default=list)
    next_best = models.JSONField(default=dict)
    left_at = models.DateTimeField(null=True)
    left_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(left_at__isnull=True), name="one_incident_a_report"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["incident", "left_at"], name="members")]


class Apart(models.Model):
    """A report and an incident that a person parted: the machine does not join them again."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "incident"], name="apart_once")]


class Unplaced(models.Model):
    """A report that waits for a person to say what it speaks of."""

    report = models.OneToOneField("reports.Report", models.PROTECT, primary_key=True, related_name="+")
    reason = models.CharField(max_length=40)
    since_at = models.DateTimeField()


class Change(models.Model):
    """What one act of a person changed in incidents, kept so that it can be undone exactly.

    `moves`: where each report came from and went to; '' = it waited for a person, `waits` says why.
    `parted`, `unparted`: pairs of report and incident. `fields`: per incident, value before and after.
    """

    seq = models.BigAutoField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    what = models.CharField(max_length=12)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    touched = models.ManyToManyField(Incident, related_name="changes")
    by = models.UUIDField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    moves = models.JSONField(default=list)
    parted = models.JSONField(default=list)
    unparted = models.JSONField(default=list)
    fields = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    undone_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
