"""Slips that were entered. Decides nothing."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class PaperSlip(Recorded):
    """One form filled in by hand, entered once. `content` is a keyed digest of what was entered."""

    serial = models.CharField(max_length=16, unique=True)
    form = models.CharField(max_length=12)
    taken_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField()
    decided_by = models.UUIDField()
    organization = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300)
    content = models.CharField(max_length=64)

    DIGESTED: ClassVar = {
        1: (
            "id", "serial", "form", "taken_at", "entered_at", "entered_by", "decided_by", "organization",
            "subject", "reason", "content",
        )
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entered_at"], name="slip_entered")]


class SlipEntry(models.Model):
    """An entry of the journal that a slip brought about: what a timeline marks as entered from paper."""

    entry = models.UUIDField(primary_key=True)
    slip = models.ForeignKey(PaperSlip, models.PROTECT, related_name="entries")
