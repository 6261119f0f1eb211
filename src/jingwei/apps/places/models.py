"""Tables of places: the division tree and named sites. Decides nothing."""

from typing import ClassVar

from django.db import models


class Division(models.Model):
    """One administrative division. Containment is the code's prefix; `parent` is kept for the tree."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, db_default="")
    level = models.PositiveSmallIntegerField()
    parent = models.CharField(max_length=12, blank=True, db_index=True)
    path_zh = models.CharField(max_length=200)
    #: The name's search key, and its first two characters: found by plain equality on any database.
    key = models.CharField(max_length=80)
    head = models.CharField(max_length=2)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    precision = models.CharField(max_length=11, db_default="none")
    point_source = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["head", "level"], name="division_head"),
            models.Index(fields=["level", "code"], name="division_level"),
        ]


class Site(models.Model):
    """A named place that is no division: a reservoir, a station, a works. `place` is what holds it."""

    id = models.CharField(max_length=64, primary_key=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150)
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=12, db_index=True)
    lon = models.FloatField()
    lat = models.FloatField()
    precision = models.CharField(max_length=11)
    source = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True, db_default="")
