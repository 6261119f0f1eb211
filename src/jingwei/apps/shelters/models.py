"""Shelters that are open, the people in them, who seeks whom, and what there is per head."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jingwei.apps.journal.models import Recorded

from .facts import CONSENTS, SEEKING_STATES, STAGES


class Opening(Recorded):
    """A site of the register of shelters, open for people from then until then.

    Name, place and point are kept as they were. `room`: how many people at most; None: not known.
    """

    shelter = models.ForeignKey("resources.Shelter", models.PROTECT, related_name="+")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=16)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    space = models.CharField(max_length=10, blank=True)
    accessible = models.BooleanField(null=True)
    stage = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, blank=True)
    room = models.PositiveIntegerField(null=True)
    by_what = models.CharField(max_length=10, blank=True)
    rule_id = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=300, blank=True)
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "shelter_id", "incident_id", "name", "place", "lon", "lat", "space", "accessible", "stage",
            "kind", "room", "by_what", "rule_id", "words", "opened_by", "opened_at", "closed_by", "closed_at",
            "closed_reason", "version",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="opening_stage"),
            models.UniqueConstraint(
                fields=["shelter"], condition=Q(closed_at__isnull=True), name="shelter_open_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "closed_at"], name="opening_place")]


class Household(Recorded):
    """People who came together. `number`: what stands on their card and is read aloud."""

    number = models.CharField(max_length=9, unique=True)
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="households")
    came_from = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    key = models.CharField(max_length=100, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)

    DIGESTED: ClassVar = {1: ("id", "number", "opening_id", "came_from", "phone", "by", "at", "key")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="household_once")
        ]


class Guest(Recorded):
    """A person in a shelter: personal data, masked everywhere. Struck through or joined, never deleted.

    `name_key`: by which the same name is found. `consent`: whether they may be told to who seeks them.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="guests")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)
    name_key = models.CharField(max_length=100, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    needs = models.JSONField(default=list)
    words = models.CharField(max_length=200, blank=True)
    consent = models.CharField(max_length=8, blank=True)
    consent_by = models.UUIDField(null=True)
    consent_at = models.DateTimeField(null=True)
    consent_reason = models.CharField(max_length=300, blank=True)
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    struck_at = models.DateTimeField(null=True)
    struck_by = models.UUIDField(null=True)
    struck_reason = models.CharField(max_length=300, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "household_id", "number", "name", "name_key", "sex", "age", "id_last4", "phone", "needs",
            "words", "consent", "consent_by", "consent_at", "consent_reason", "joined_into_id", "struck_at",
            "struck_by", "struck_reason", "by", "at", "version",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(consent__in=CONSENTS), name="guest_consent"),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=F("id")), name="guest_not_its_own"
            ),
            models.UniqueConstraint(fields=["household", "number"], name="guest_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["name_key", "age"], name="guest_name")]


class Stay(Recorded):
    """That a person was in a shelter from then until then, and where they went."""

    guest = models.ForeignKey(Guest, models.PROTECT, related_name="stays")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="stays")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    went = models.CharField(max_length=12, blank=True)
    went_words = models.CharField(max_length=200, blank=True)
    ended_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id", "guest_id", "opening_id", "from_at", "until_at", "went", "went_words", "ended_by",
            "undone_at", "by", "at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guest"],
                condition=Q(until_at__isnull=True, undone_at__isnull=True),
                name="guest_stays_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["opening", "until_at"], name="stay_opening")]


class Seeking(Recorded):
    """Somebody seeks a person, and says who they are. Personal data of both; masked everywhere."""

    number = models.CharField(max_length=9, unique=True)
    seeker = models.CharField(max_length=100)
    seeker_phone = models.CharField(max_length=40)
    relation = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=100)
    age = models.PositiveSmallIntegerField(null=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    words = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default="open")
    guest = models.ForeignKey(Guest, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    key = models.CharField(max_length=100, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "number", "seeker", "seeker_phone", "relation", "name", "name_key", "age", "id_last4",
            "words", "place", "channel", "state", "guest_id", "reason", "decided_by", "decided_at", "by",
            "at", "key",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SEEKING_STATES), name="seeking_state"),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(guest__isnull=False), name="seeking_answered"
            ),
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="seeking_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="seeking_list")]


class SeekTry(models.Model):
    """That somebody asked through the public's door lately, in real time; `origin` is a keyed digest."""

    origin = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["origin", "at"], name="seek_origin")]


class OnHand(Recorded):
    """How much of what a standard asks for was counted last in a shelter, in the standard's unit."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="supplies")
    rule_id = models.CharField(max_length=20)
    quantity = models.PositiveBigIntegerField()
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "opening_id", "rule_id", "quantity", "by", "at")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opening", "rule_id"], name="supply_counted_once")
        ]
