"""Bringing up Django with the node's settings and reactions, once per process."""

import os
from collections.abc import Callable

#: Tells a process of the node which one keeps it.
KEEPER = "JINGWEI_KEEPER"


def start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.wiring.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from .reactions import declare

    declare()


def is_kept() -> Callable[[], bool]:
    """Whether the process that keeps this one is still there; it may have been killed before we ran.

    One started by hand is kept by whoever started it.
    """
    keeper = int(os.environ.get(KEEPER) or os.getppid())
    return lambda: os.getppid() == keeper
