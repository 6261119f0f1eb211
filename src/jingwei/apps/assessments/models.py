"""Outcomes of comparisons, as they were computed. Decides nothing."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class Comparison(Recorded):
    """A case as recorded beside the case as the rules say, computed once and kept.

    `outcome` holds lines and pairs; `facts` every entry of both runs that they rest on. Neither changes:
    another delay, another case or another version of the program is another row.
    """

    case = models.CharField(max_length=80)
    delay_min = models.FloatField()
    inputs = models.CharField(max_length=64)
    version = models.CharField(max_length=40, blank=True)
    took_s = models.FloatField()
    kept_at = models.DateTimeField()
    kept_by = models.UUIDField()
    outcome = models.JSONField()
    facts = models.JSONField()

    DIGESTED: ClassVar = {
        1: ("case", "delay_min", "inputs", "version", "took_s", "kept_at", "kept_by", "outcome", "facts")
    }

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "kept_at"], name="comparison_case")]
