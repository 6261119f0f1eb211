"""What may do harm: a register, see registers.py."""

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
