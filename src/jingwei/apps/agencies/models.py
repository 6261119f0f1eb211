"""Organizations, posts, people, who holds what, and their ways to prove it. Decides nothing."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from jingwei.apps.journal.models import Recorded
from jingwei.kernel.ids import new_id


class Organization(Recorded):
    """A body that acts: department, command body, enterprise, social or grassroots organization."""

    code = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=12, blank=True, db_index=True)
    fictional = models.BooleanField(default=False)

    DIGESTED = {1: ("code", "name_zh", "name_en", "kind", "place", "fictional")}


class OrganizationLink(Recorded):
    """The lower organization answers to the upper one along a line; it may answer to several."""

    lower = models.ForeignKey(Organization, models.PROTECT, related_name="upward")
    upper = models.ForeignKey(Organization, models.PROTECT, related_name="downward")
    line = models.CharField(max_length=12)

    DIGESTED = {1: ("lower_id", "upper_id", "line")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lower", "upper", "line"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(lower=models.F("upper")), name="link_not_to_itself"),
        ]


class Post(Recorded):
    """A seat with a role and a scope. Authority attaches to it, not to the person."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="posts")
    code = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    place = models.CharField(max_length=12, blank=True)
    hazard = models.CharField(max_length=5, blank=True)

    DIGESTED = {1: ("organization_id", "code", "name_zh", "name_en", "role", "place", "hazard")}


class Person(Recorded):
    """A person, a program, or the node's own machine. `phone` is personal and leaves no trace in facts."""

    name_zh = models.CharField(max_length=50)
    name_en = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, default="human")
    phone = models.CharField(max_length=30, blank=True)
    fictional = models.BooleanField(default=False)

    DIGESTED = {1: ("name_zh", "name_en", "kind", "phone", "fictional")}


class Holding(Recorded):
    """A person in a post for a time. `released_at` (real time) ends it under every clock."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    DIGESTED = {1: ("person_id", "post_id", "from_at", "until_at", "released_at")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "post"], condition=models.Q(until_at__isnull=True), name="holding_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True) | models.Q(until_at__gte=models.F("from_at")),
                name="holding_ends_after_it_begins",
            ),
        ]


class User(Recorded, AbstractBaseUser):
    """A person's way to sign in: a short name and a password. No e-mail, no sign-up."""

    username = models.CharField(max_length=32, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)
    last_login = None  # sign-ins are facts

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    DIGESTED = {1: ("username", "person_id", "is_active", "password")}


class Token(Recorded):
    """A program's way in: only the digest is kept, and its times are real times."""

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    DIGESTED = {1: ("holding_id", "name", "sha256", "from_at", "until_at", "revoked_at")}


class Attempt(models.Model):
    """A failed sign-in within the last hour, by keyed digests of name and address."""

    name = models.CharField(max_length=64)
    origin = models.CharField(max_length=64)
    failed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["origin", "failed_at"], name="attempt_origin"),
            models.Index(fields=["name", "failed_at"], name="attempt_name"),
        ]


class AccountLock(models.Model):
    """A name by which nobody signs in until a real time; `user` is empty when nobody has that name."""

    name = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="locks")
    times = models.PositiveIntegerField()
    until_at = models.DateTimeField(db_index=True)


class SecondFactor(Recorded):
    """A user's key for one-time codes, sealed with the node's secret; it counts from its first code on.

    `last_step` is the step of the last code taken: no code counts twice. Its times are real times.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="factors")
    sealed = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    DIGESTED = {1: ("user_id", "sealed", "from_at", "until_at")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(from_at__isnull=False, until_at__isnull=True),
                name="factor_once",
            )
        ]


class RecoveryCode(models.Model):
    """Stands in for the second factor, once; only a keyed digest is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_once")]


class SignedInSession(models.Model):
    """A session that may be used, by the digest of its key; one that is not here is refused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    holding = models.ForeignKey(Holding, models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=120, blank=True)
    from_at = models.DateTimeField(db_index=True)
    last_seen_at = models.DateTimeField()
