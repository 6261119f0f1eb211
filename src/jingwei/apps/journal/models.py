"""Tables of the journal. Entries and receipts are append-only: triggers forbid UPDATE and DELETE."""

import secrets
from typing import ClassVar

import msgspec
from django.db import models

from jingwei.kernel.canonical import salted_digest
from jingwei.kernel.ids import new_id


class Entry(models.Model):
    """One fact, as it was said, for ever. `seq` is only this database's order of writing."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id, editable=False)
    node = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=64)
    body = models.JSONField()
    rows = models.JSONField(default=list)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "seq"], name="entry_subject"),
            models.Index(fields=["kind", "seq"], name="entry_kind"),
            models.Index(fields=["at"], name="entry_at"),
        ]


class Due(models.Model):
    """A reaction that an entry still calls for; `kind` is the entry's, so that one index finds the next."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=80)
    reaction = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "reaction"], name="due_once")]
        indexes: ClassVar = [models.Index(fields=["reaction", "kind", "entry"], name="due_next")]


class Receipt(models.Model):
    """A reaction that was carried out, in the same transaction as its effects."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    reaction = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "reaction"], name="receipt_once")]


class Failure(models.Model):
    """A reaction that failed on one entry: shown to the operator, tried again later, never dropped."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    reaction = models.CharField(max_length=80)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(default="")
    next_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "reaction"], name="failure_once")]


def new_salt() -> bytes:
    return secrets.token_bytes(16)


class Digested(msgspec.Struct, frozen=True):
    """The digest of a row that is written in bulk and was never an object: what an entry says of it."""

    model: str
    id: str
    version: int
    digest: str


class Recorded(models.Model):
    """A row that facts speak of: it carries a salt, and declares which fields its digest covers.

    `DIGESTED` maps a version to field names; the newest version is used, older ones stay readable,
    so that an added column breaks no digest.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    salt = models.BinaryField(max_length=16, default=new_salt, editable=False)

    DIGESTED: ClassVar[dict[int, tuple[str, ...]]] = {}

    class Meta:
        abstract = True

    def digest(self, version: int | None = None) -> tuple[int, str]:
        """The version used and the digest of this row's declared fields as they stand in memory."""
        version = version or max(self.DIGESTED)
        content = {name: getattr(self, name) for name in self.DIGESTED[version]}
        return version, salted_digest(content, bytes(self.salt))

    def forget(self) -> None:
        """A new salt: what the row held before cannot be proved from its older digests any more."""
        self.salt = new_salt()
