"""Accepted lines become promises and orders, in the name of who accepted them, a few at a time."""

import time

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.kernel.moments import By, Moment

from .. import writes
from ..models import Line

#: How long one round may take, seconds: others write in between.
#: Source: our estimate, a quarter of the second between two rounds, 2026-11-29.
ROUND_S = 0.25
#: Lines looked up at once.
MOST = 100


def carry_out_lines(*, by: By, moment: Moment, round_s: float = ROUND_S) -> int:
    """Carry out lines that a person accepted and that still wait. Returns how many became orders.

    One indexed query when none wait. Each line is a transaction of its own: one that fails holds up no other,
    and what was carried out before a crash is not carried out again.
    """
    waiting = Line.objects.filter(state="taken").order_by("pk").values_list("pk", "decision__by")[:MOST]
    found = list(waiting)
    if not found:
        return 0
    agencies.require(by, "dispatch.carry_out_lines", at=moment.at)
    until, done = time.monotonic() + round_s, 0
    for pk, decided_by in found:
        with transaction.atomic():
            done += writes.carry_out(pk, by=decided_by, moment=moment)
        if time.monotonic() > until:
            break
    return done
