"""Orders and their logs."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class OrderBook(models.Model):
    """How many orders an organization has numbered in a year; its row is locked while numbers are given."""

    organization = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "year"], name="one_order_book")
        ]


class Task(Recorded):
    """One order to one receiver. Who it is for and from are codes of the register, which never change.

    `to_organization` is filled always; `to_post` only when it is for that post alone. `root` is the first
    order of a cascade: its own id when it is not passed on from another. `year` and `number` are its
    number 文号 among the orders of the organization that issued it. `next_at`: when time alone next
    brings something about. `version` counts what people decide about this one order.
    """

    home = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    root = models.UUIDField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    depth = models.PositiveSmallIntegerField(default=0)
    title_zh = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    to_post = models.CharField(max_length=64, blank=True)
    to_organization = models.CharField(max_length=64)
    from_post = models.CharField(max_length=64)
    from_organization = models.CharField(max_length=64)
    place = models.CharField(max_length=12, blank=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    activation = models.UUIDField(null=True)
    clause = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=100, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="issued")
    state_at = models.DateTimeField()
    state_by = models.UUIDField()
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=1000, blank=True)
    overdue_at = models.DateTimeField(null=True)
    escalated_to = models.CharField(max_length=64, blank=True)
    escalation = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "home", "root", "parent_id", "title_zh", "title_en", "to_post", "to_organization",
            "from_post", "from_organization", "place", "incident_id", "activation", "clause", "source",
            "issued_at", "issued_by", "due_at", "state", "state_at", "state_by", "acknowledged_at",
            "closed_at", "words", "overdue_at", "escalated_to", "escalation", "version",
        ),
        2: (
            "id", "home", "year", "number", "root", "parent_id", "title_zh", "title_en", "to_post",
            "to_organization", "from_post", "from_organization", "place", "incident_id", "activation",
            "clause", "source", "issued_at", "issued_by", "due_at", "state", "state_at", "state_by",
            "acknowledged_at", "closed_at", "words", "overdue_at", "escalated_to", "escalation", "version",
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["issued", "read", "acknowledged", "under_way", "done", "refused", "withdrawn"]
                ),
                name="task_state",
            ),
            models.UniqueConstraint(fields=["from_organization", "year", "number"], name="task_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="task_next"),
            models.Index(fields=["root"], name="task_root"),
            models.Index(fields=["to_organization", "state"], name="task_to"),
            models.Index(fields=["from_organization", "state"], name="task_from"),
            models.Index(
                fields=["to_post", "state", "to_organization", "due_at", "issued_at", "id"],
                name="task_to_post",
            ),
            models.Index(fields=["place"], name="task_place"),
            models.Index(fields=["activation"], name="task_activation"),
            models.Index(
                fields=[
                    "due_at",
                    "state",
                    "from_organization",
                    "to_organization",
                    "to_post",
                    "escalated_to",
                    "place",
                    "id",
                ],
                name="task_list",
            ),
        ]


class TaskNote(Recorded):
    """A line of an order's log. Struck through with a reason, never edited or deleted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.UUIDField()
    words = models.CharField(max_length=1000)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.UUIDField(null=True)
    struck_reason = models.CharField(max_length=1000, blank=True)

    DIGESTED: ClassVar = {
        1: ("id", "task_id", "at", "by", "words", "struck_at", "struck_by", "struck_reason"),
    }
