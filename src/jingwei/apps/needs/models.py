"""Needs, what reports tell of them, the stock that serves them, and what is not to be brought."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jingwei.apps.journal.models import Recorded

from .facts import ORIGINS, STATES


class Need(Recorded):
    """So much of something is needed at a place, by a time, for people. Changed in the open, never deleted.

    The item is a supply, or words. `quantity` None: not said. `fresh_until_at`: stale from then on.
    `joined_into`: the same need as that one, which is counted. `estimate`: the arithmetic of a machine's
    estimate, the newest, also where a person holds another quantity; `held_by`: the person who last changed
    it or decided about it, so that the machine leaves it alone.
    """

    supply = models.ForeignKey("stock.Supply", models.PROTECT, null=True, related_name="+")
    item_zh = models.CharField(max_length=100)
    item_en = models.CharField(max_length=100)
    unit_zh = models.CharField(max_length=24, blank=True)
    unit_en = models.CharField(max_length=24, blank=True)
    item_key = models.CharField(max_length=160)
    item_class = models.CharField(max_length=16)
    priority = models.PositiveSmallIntegerField()
    quantity = models.PositiveBigIntegerField(null=True)
    place = models.CharField(max_length=16)
    site = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(null=True)
    groups = models.JSONField(default=list)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    asker = models.CharField(max_length=100, blank=True)
    origin = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="open")
    before_state = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    fresh_until_at = models.DateTimeField()
    fresh_rule = models.CharField(max_length=20)
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    report = models.ForeignKey("reports.Report", models.PROTECT, null=True, related_name="+")
    standard = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=64, blank=True)
    estimate = models.JSONField(null=True)
    key = models.CharField(max_length=100, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.UUIDField()
    at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    held_by = models.UUIDField(null=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "supply_id", "item_zh", "item_en", "unit_zh", "unit_en", "item_key", "item_class",
            "priority", "quantity", "place", "site", "due_at", "people", "groups", "incident_id", "why",
            "asker", "origin", "state", "before_state", "reason", "fresh_until_at", "fresh_rule",
            "joined_into_id", "report_id", "standard", "area", "estimate", "key", "version", "by", "at",
            "confirmed_by", "confirmed_at", "held_by",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="need_state"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="need_origin"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False), name="need_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=F("id")), name="need_not_its_own"
            ),
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="need_once"),
            models.UniqueConstraint(
                fields=["incident", "standard", "area"], condition=Q(origin="estimated"), name="estimate_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "priority", "due_at"], name="need_list"),
            models.Index(fields=["place", "state"], name="need_place"),
            models.Index(fields=["incident", "item_class"], name="need_incident"),
            models.Index(fields=["item_key", "place"], name="need_item"),
        ]


class Telling(models.Model):
    """A report whose words ask for a need: these characters of it. One need may be told many times.

    `item`: the thing it names, where it says how much: `low` to `quantity` in the units named, by the
    characters from `quantity_begin` on. Empty, and None, where the words do not say how much.
    """

    need = models.ForeignKey(Need, models.PROTECT, related_name="tellings")
    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="+")
    item_class = models.CharField(max_length=16)
    begin = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    item = models.CharField(max_length=24, blank=True)
    low = models.PositiveBigIntegerField(null=True)
    quantity = models.PositiveBigIntegerField(null=True)
    rough = models.CharField(max_length=6, blank=True)
    unit_zh = models.CharField(max_length=24, blank=True)
    unit_en = models.CharField(max_length=24, blank=True)
    quantity_begin = models.PositiveIntegerField(null=True)
    quantity_end = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "item_class", "item"], name="told_need_once")
        ]


class Serving(Recorded):
    """A promise of stock for a need."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="servings")
    promise = models.OneToOneField("stock.Promise", models.PROTECT, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "need_id", "promise_id", "by", "at")}


class Advice(Recorded):
    """What is not to be brought to a place, why, and until when. The public reads it."""

    supply = models.ForeignKey("stock.Supply", models.PROTECT, null=True, related_name="+")
    item_zh = models.CharField(max_length=100)
    item_en = models.CharField(max_length=100)
    place = models.CharField(max_length=16)
    reason_zh = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300, blank=True)
    valid_until = models.DateTimeField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "supply_id", "item_zh", "item_en", "place", "reason_zh", "reason_en", "valid_until", "by",
            "at", "ended_by", "ended_at", "ended_reason",
        )
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ended_at", "valid_until"], name="advice_standing")]
