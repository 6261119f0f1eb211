"""Plans, what they propose, and what is in force under them."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class Plan(Recorded):
    """A contingency plan in one version; `body` is the whole of it, as `facts.PlanBody`."""

    code = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    illustration = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    body = models.JSONField()
    loaded_at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: ("code", "version", "name_zh", "name_en", "illustration", "valid_from", "valid_to", "body")
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "version"], name="plan_version")]


class Proposed(Recorded):
    """A change the plan calls for, waiting for a person; a graver one supersedes it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    plan_code = models.CharField(max_length=64)
    place = models.CharField(max_length=16)
    change = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(null=True)
    from_level = models.PositiveSmallIntegerField(null=True)
    conditions = models.JSONField(default=list)
    clause = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "plan_id", "plan_code", "place", "change", "level", "from_level", "conditions", "clause",
            "why", "proposed_at", "state", "closed_at", "closed_by", "reason",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan_code", "place"], condition=models.Q(state="open"), name="one_open_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "taken", "declined", "superseded"]),
                name="proposal_state",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "proposed_at"], name="proposal_open")]


class Activation(Recorded):
    """A response of our own under a plan: since when, at which level, by whom, until when expected.

    `command`, `measures` are as ordered: posts with their holders of that moment, measures with their end.
    `started` are the ids of the plan's tasks issued so far. `kept`: orders left open when it ended, each
    with the reason. Levels announced by others are reports.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    plan_code = models.CharField(max_length=64)
    place = models.CharField(max_length=16)
    matter = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default="in_force")
    started_at = models.DateTimeField()
    level_since_at = models.DateTimeField()
    expected_until = models.DateTimeField()
    incident_id = models.UUIDField(null=True, db_index=True)
    proposal_id = models.UUIDField(null=True)
    command = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    started = models.JSONField(default=list)
    activated_by = models.UUIDField()
    reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    kept = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "plan_id", "plan_code", "place", "matter", "level", "state", "started_at", "level_since_at",
            "expected_until", "incident_id", "proposal_id", "command", "measures", "started", "activated_by",
            "reason", "ended_at", "ended_by", "end_reason", "version",
        ),
        2: (
            "id", "plan_id", "plan_code", "place", "matter", "level", "state", "started_at", "level_since_at",
            "expected_until", "incident_id", "proposal_id", "command", "measures", "started", "activated_by",
            "reason", "ended_at", "ended_by", "end_reason", "kept", "version",
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan_code", "place"], condition=models.Q(state="in_force"), name="one_in_force"
            ),
            models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="activation_level"),
            models.CheckConstraint(
                condition=models.Q(state__in=["in_force", "ended"]), name="activation_state"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "place"], name="activation_state_place")]


class CallLine(Recorded):
    """A post to ring when a plan starts; `holding` is who held it then, None: the post was vacant.

    One line at a time has its turn: since `turn_at`, until `next_at` comes or it is reached. `passed`: how
    often its turn went by.
    """

    activation = models.ForeignKey(Activation, models.PROTECT, related_name="calls")
    order = models.PositiveSmallIntegerField()
    post = models.CharField(max_length=64)
    holding = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default="to_ring")
    noted_at = models.DateTimeField(null=True)
    noted_by = models.UUIDField(null=True)
    turn_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    passed = models.PositiveSmallIntegerField(default=0)

    DIGESTED: ClassVar = {
        1: ("id", "activation_id", "order", "post", "holding", "state", "noted_at", "noted_by")
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["activation", "post"], name="call_once")]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="call_next")]


class CallAttempt(Recorded):
    """Once that a post of the call-out was rung: by whom, with which answer."""

    call = models.ForeignKey(CallLine, models.PROTECT, related_name="attempts")
    answer = models.CharField(max_length=12)
    words = models.CharField(max_length=300, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "call_id", "answer", "words", "by", "at")}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["call", "-at"], name="call_attempt_newest")]


class NoticeDraft(models.Model):
    """A text for the public that the plan prepared for one step of a response; published from elsewhere.

    `version` is the response's at that step: one that is lowered to a former level prepares its texts anew.
    """

    activation = models.ForeignKey(Activation, models.PROTECT, related_name="notices")
    notice = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_zh = models.TextField()
    text_en = models.TextField()
    drafted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activation", "notice", "version"], name="notice_once")
        ]
