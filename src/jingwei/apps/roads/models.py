"""The road net, and where roads are closed or slow."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jingwei.apps.journal.models import Recorded

from .facts import SHAPES


class Net(Recorded):
    """A road net as one compressed file; the newest counts. `box`: west, south, east, north."""

    file = models.CharField(max_length=200)
    content = models.BinaryField()
    content_digest = models.CharField(max_length=64)
    crossings = models.PositiveIntegerField()
    stretches = models.PositiveIntegerField()
    box = models.JSONField()
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "file", "content_digest", "crossings", "stretches", "box", "by", "at")}


class Closure(Recorded):
    """Roads closed (`factor` 0) or slow, at a point, along a line, in an area; until then or reopened."""

    shape = models.CharField(max_length=5)
    points = models.JSONField()
    radius_m = models.FloatField(default=0)
    factor = models.FloatField(default=0)
    place = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=300)
    key = models.CharField(max_length=100, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reopened_by = models.UUIDField(null=True)
    reopened_at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "shape", "points", "radius_m", "factor", "place", "reason", "key", "by", "at", "until_at",
            "reopened_by", "reopened_at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(shape__in=SHAPES), name="closure_shape"),
            models.CheckConstraint(condition=Q(factor__gte=0, factor__lt=1), name="closure_factor"),
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="closure_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["reopened_at", "until_at"], name="closure_standing")]
