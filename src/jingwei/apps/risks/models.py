"""What may do harm, and what must be kept from it: each a register, see registers."""

from typing import ClassVar

from django.db import models

from jingwei.apps.registers.models import PlacedRow


class HazardSource(PlacedRow):
    """A hazard source or risk area: what is there, how grave, who answers for it, who lives below it."""

    kind = models.CharField(max_length=10)
    grade = models.CharField(max_length=10, blank=True)
    matter = models.CharField(max_length=500, blank=True)
    exposed = models.PositiveIntegerField(null=True)
    inspected_on = models.DateField(null=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "grade", "matter", "exposed", "inspected_on", "address", "keeper",
            "phone",
        )
    }  # fmt: skip


class KeySite(PlacedRow):
    """A site to be protected first: important sites and critical infrastructure."""

    kind = models.CharField(max_length=10)
    level = models.CharField(max_length=12, blank=True)
    people = models.PositiveIntegerField(null=True)
    matter = models.CharField(max_length=500, blank=True)
    backup_power = models.BooleanField(null=True)
    inspect_by = models.DateField(null=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "level", "people", "matter", "backup_power", "inspect_by", "address",
            "keeper", "phone",
        )
    }  # fmt: skip


class HiddenDanger(PlacedRow):
    """A hidden danger: found, mended by somebody until a day, verified by another."""

    kind = models.CharField(max_length=12)
    grade = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    matter = models.CharField(max_length=1000)
    found_on = models.DateField()
    mend_by = models.DateField(null=True)
    mender = models.CharField(max_length=200, blank=True)
    measures = models.CharField(max_length=1000, blank=True)
    mended_on = models.DateField(null=True)
    verifier = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField(null=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "grade", "state", "matter", "found_on", "mend_by", "mender", "measures",
            "mended_on", "verifier", "verified_on", "address", "keeper", "phone",
        )
    }  # fmt: skip
