"""What was told, by whom, as told."""

from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded

#: Flags that lists are asked for and that are counted on every desk. Few reports carry one: they stand in
#: an index of their own, which costs an insert nothing but a look at its flags.
COUNTED_FLAGS = ("place_missing", "place_unknown", "kind_missing", "key_reused", "rumor")


def flagged(flag: str) -> models.Q:
    """Reports that carry the flag: both databases hold the list as text with the flag in quotes."""
    return models.Q(flags__icontains=f'"{flag}"')


class Report(Recorded):
    """One report as it came in. Its words are never changed; what we hold to be true stands in incidents.

    `told` is the whole report as the door handed it in, without the caller. A `lon`, `lat` that is
    impossible stays there and not in the columns. `key` is the sender's number; empty means it gave none.
    """

    home = models.CharField(max_length=64)
    key = models.CharField(max_length=200, blank=True)
    content_digest = models.CharField(max_length=64)
    by = models.UUIDField()
    state = models.CharField(max_length=12)
    type = models.CharField(max_length=16)
    channel = models.CharField(max_length=24)
    source = models.CharField(max_length=200, blank=True)
    evidence = models.CharField(max_length=80, blank=True)
    organization = models.CharField(max_length=64, blank=True)
    words = models.TextField(blank=True)
    title = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=12, blank=True)
    occurred_at = models.DateTimeField()
    precision = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=16, blank=True)
    place = models.CharField(max_length=16, blank=True)
    place_words = models.CharField(max_length=300, blank=True)
    site = models.CharField(max_length=64, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    datum = models.CharField(max_length=8, blank=True)
    grid_key = models.BigIntegerField(null=True)
    event_ref = models.CharField(max_length=80, blank=True)
    level = models.PositiveSmallIntegerField(null=True)
    from_level = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    rescue = models.BooleanField(default=False)
    flags = models.JSONField(default=list)
    raw = models.TextField(blank=True)
    told = models.JSONField(default=dict)
    transcribed_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    DIGESTED: ClassVar = {
        1: (
            "id", "home", "by", "state", "type", "channel", "source", "evidence", "organization", "words",
            "occurred_at", "precision", "received_at", "kind", "place", "site", "lon", "lat", "datum",
            "event_ref", "level", "from_level", "number", "flags", "raw", "told",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["by", "key", "content_digest"], condition=~models.Q(key=""), name="report_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["accepted", "quarantined"]), name="report_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id", "place", "flags"], name="report_list"),
            models.Index(
                fields=["-received_at", "-id", "place", "flags"],
                condition=reduce(or_, map(flagged, COUNTED_FLAGS)),
                name="report_flagged",
            ),
            models.Index(fields=["type", "occurred_at"], name="report_type"),
            models.Index(fields=["place"], name="report_place"),
            models.Index(fields=["event_ref"], name="report_event_ref"),
            models.Index(fields=["state"], name="report_by_state"),
            # all that a map counts and asks by, so that it reads the index alone, as much as its time asks
            models.Index(
                fields=["received_at", "lat", "lon", "place", "state", "id"],
                condition=models.Q(lon__isnull=False),
                name="report_map",
            ),
        ]


class Caller(models.Model):
    """Who called: personal data, apart from the report so that it can be erased and is seldom read."""

    report = models.OneToOneField(Report, models.PROTECT, primary_key=True, related_name="caller")
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)


class ReportedFigure(models.Model):
    """One figure a report tells: measure, area, value, unit."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=60)
    area = models.CharField(max_length=64)
    value = models.FloatField()
    unit = models.CharField(max_length=24, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["measure", "area"], name="figure_chain")]


class ReportPhoto(Recorded):
    """A photo sent with a report, re-encoded without what the camera wrote into it.

    The file lies in the home, under this row's id; `content_digest` is SHA-256 of it.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="photos")
    content_digest = models.CharField(max_length=64)
    mime = models.CharField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()

    DIGESTED: ClassVar = {1: ("id", "report_id", "content_digest", "mime", "width", "height", "bytes")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "content_digest"], name="photo_once"),
        ]


class PublicSending(models.Model):
    """That a report came through the public form lately, in real time; `origin` is a keyed digest."""

    origin = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["origin", "sent_at"], name="sending_origin")]


class ReportFile(Recorded):
    """A file of reports: its lines wait for a person to say which column is which, then for the worker.

    `content_digest`: of its headings and lines, so that the same file again makes no report twice.
    """

    file_name = models.CharField(max_length=200)
    content_digest = models.CharField(max_length=64)
    headings = models.JSONField()
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="waiting")
    total = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = {1: ("id", "file_name", "content_digest", "headings", "total", "by", "at")}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "stopped"]),
                name="report_file_state",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="report_file_open")]


class ReportFilePart(models.Model):
    """Some lines of a file: as cells while it waits, as reports while it runs; gone when taken in."""

    of = models.ForeignKey(ReportFile, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    lines = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "number"], name="report_file_part")]
