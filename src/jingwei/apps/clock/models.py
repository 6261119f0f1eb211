"""The one clock of this node: a single row, absent while the node keeps real time."""

from typing import ClassVar

from django.db import models


class Clock(models.Model):
    """The running scenario. Its absence means real time."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=64)
    base_real = models.DateTimeField()
    base_scenario = models.DateTimeField()
    speed = models.FloatField()
    paused = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_clock")]
