"""Releases to the public and their editions. Decides nothing."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class Release(Recorded):
    """One thing told to the public. Its texts are editions; `version` counts every change by anybody.

    `incident` None: it belongs to a response that follows a warning. `notice`: the plan's draft it began
    as, at most once; `activation` is the response that called for it.
    """

    home = models.CharField(max_length=64)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    activation = models.UUIDField(null=True)
    notice = models.PositiveBigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=16)
    place = models.CharField(max_length=16)
    organization = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, default="draft")
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "home", "incident_id", "kind", "place", "organization", "state", "version", "published_at",
            "changed_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason",
        ),
        2: (
            "id", "home", "incident_id", "activation", "notice", "kind", "place", "organization", "state",
            "version", "published_at", "changed_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason",
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "discarded", "published", "withdrawn"]),
                name="release_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "discarded"]) | models.Q(published_at__isnull=False),
                name="release_published_at",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "changed_at"], name="release_public"),
            models.Index(fields=["activation"], name="release_activation"),
        ]


class Edition(Recorded):
    """One text of a release: drafted, put forward, approved by a second person, published.

    `authors` are the ids of the persons who wrote any of it. `valid_until` is when it ends. `conference`:
    it was told at a press conference too. A draft that is given up is discarded, with the reason, and stays.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="draft")
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    valid_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    gaps = models.JSONField(default=list)
    authors = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    drafted_by = models.UUIDField()
    edited_at = models.DateTimeField(null=True)
    edited_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    conference = models.BooleanField(default=False)
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.UUIDField(null=True)
    discarded_reason = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "release_id", "number", "state", "title_zh", "title_en", "text_zh", "text_en",
            "valid_until", "reason", "gaps", "authors", "drafted_at", "drafted_by", "edited_at", "edited_by",
            "approved_at", "approved_by", "published_at", "published_by",
        ),
        2: (
            "id", "release_id", "number", "state", "title_zh", "title_en", "text_zh", "text_en",
            "valid_until", "reason", "gaps", "authors", "drafted_at", "drafted_by", "edited_at", "edited_by",
            "approved_at", "approved_by", "published_at", "published_by", "conference", "discarded_at",
            "discarded_by", "discarded_reason",
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "number"], name="edition_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "waiting", "approved", "published", "discarded"]),
                name="edition_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(valid_until__isnull=False, approved_by__isnull=False),
                name="edition_ends_and_is_approved",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="edition_by_state")]
