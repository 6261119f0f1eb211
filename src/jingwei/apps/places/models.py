"""Tables of places: the division tree, named sites, outlines, neighbors. Decides nothing."""

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
    #: First letters of the name's syllables: zzs for 郑州市.
    initials = models.CharField(max_length=20, blank=True, db_default="")
    #: Since when, and until when (the first day it no longer is): a year, month or day; '' is not known.
    valid_from = models.CharField(max_length=10, blank=True, db_default="")
    valid_to = models.CharField(max_length=10, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["level", "initials", "code"], name="division_initials"),
            models.Index(fields=["head", "level"], name="division_head"),
            models.Index(fields=["level", "code"], name="division_level"),
            # few have a point of their own: what is near one is found among those alone
            models.Index(fields=["lon"], condition=models.Q(lon__isnull=False), name="division_point"),
        ]


class DivisionChange(models.Model):
    """What became of a code or a name: one row for each successor; '' where nobody knows it."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    successor = models.CharField(max_length=12, blank=True, db_index=True)
    on = models.CharField(max_length=10)
    source = models.CharField(max_length=200)
    key = models.CharField(max_length=80)
    head = models.CharField(max_length=2, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "on", "successor"], name="division_change_once"),
        ]


class NamePart(models.Model):
    """Two characters that stand inside names, and the codes of the divisions that bear such a name."""

    gram = models.CharField(max_length=2, primary_key=True)
    #: Codes with a space between, the higher levels first. A part stays where a name has gone.
    codes = models.TextField()


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


class Outline(models.Model):
    """Where a division ends, WGS 84: as exact as it came (`band` 99), or thinned out for a map's zoom.

    Derived from a package that a node may have; taken in anew at any time.
    """

    code = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField()
    band = models.PositiveSmallIntegerField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    #: A point inside, for a name.
    lon = models.FloatField()
    lat = models.FloatField()
    source = models.CharField(max_length=200)
    rings = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "band"], name="outline_once"),
        ]
        indexes: ClassVar = [
            # all that a box is looked for by, so that the rings beside are not read
            models.Index(fields=["band", "level", "west", "east", "south", "north"], name="outline_box"),
        ]


class Neighbor(models.Model):
    """Two divisions of a level that adjoin, kept once for each of the two. `border_m`: null if not known."""

    code = models.CharField(max_length=12)
    neighbor = models.CharField(max_length=12)
    border_m = models.FloatField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "neighbor"], name="neighbor_once"),
        ]
