"""Parties that are watched, and each time they were heard."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jingwei.apps.journal.models import Recorded


class Watch(Recorded):
    """People in danger who report every so many minutes, until a person says that they are out.

    `names`: personal data, shown only by a recorded look. `heard_at`: when they were heard last, at first
    when they went in. `next_at`: when time alone next brings something about. `version` counts what
    people decide, not check-ins.
    """

    party = models.CharField(max_length=120)
    names = models.CharField(max_length=1000, blank=True)
    heads = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=16)
    spot = models.CharField(max_length=200, blank=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, related_name="+")
    every_min = models.PositiveSmallIntegerField()
    until_at = models.DateTimeField(null=True)
    tell_post = models.CharField(max_length=64)
    then_post = models.CharField(max_length=64, blank=True)
    organization = models.CharField(max_length=64)
    started_by = models.UUIDField()
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0)
    told_post = models.CharField(max_length=64, blank=True)
    told_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    heads_out = models.PositiveSmallIntegerField(null=True)
    end_words = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=100, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "party", "names", "heads", "place", "spot", "incident_id", "task_id", "every_min",
            "until_at", "tell_post", "then_post", "organization", "started_by", "started_at", "heard_at",
            "due_at", "level", "told_post", "told_at", "ended_by", "ended_at", "heads_out", "end_words",
            "key", "version",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=[0, 1, 2]), name="watch_level"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(heads_out__isnull=False, next_at__isnull=True),
                name="watch_ended_with_count",
            ),
            models.UniqueConstraint(fields=["started_by", "key"], condition=~Q(key=""), name="watch_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="watch_next"),
            models.Index(fields=["ended_at", "due_at"], name="watch_list"),
            models.Index(fields=["incident", "ended_at"], name="watch_incident"),
        ]


class CheckIn(Recorded):
    """Once that a party was heard: when, over what, with which words, written down by whom."""

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="check_ins")
    at = models.DateTimeField()
    by = models.UUIDField()
    channel = models.CharField(max_length=10)
    words = models.CharField(max_length=300, blank=True)
    level = models.PositiveSmallIntegerField(default=0)

    DIGESTED: ClassVar = {1: ("id", "watch_id", "at", "by", "channel", "words", "level")}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["watch", "-at"], name="check_in_of")]
