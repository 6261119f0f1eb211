"""Areas that are no division: a register, see registers."""

from typing import ClassVar

from django.db import models

from jingwei.apps.registers.models import PlacedRow


class Area(PlacedRow):
    """An area with a name, drawn or made of divisions. The box follows from its shape; null where unknown."""

    kind = models.CharField(max_length=12)
    form = models.CharField(max_length=10)
    shape = models.TextField(blank=True)
    radius_m = models.FloatField(null=True)
    divisions = models.CharField(max_length=4000, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "form", "shape", "radius_m", "divisions", "valid_from", "valid_to",
            "basis", "note", "west", "south", "east", "north",
        )
    }  # fmt: skip

    class Meta(PlacedRow.Meta):
        indexes: ClassVar = [
            *PlacedRow.Meta.indexes,
            models.Index(
                fields=["west", "east", "south", "north"],
                condition=models.Q(removed_at__isnull=True),
                name="area_box",
            ),
        ]
