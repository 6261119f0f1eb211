"""Bringing up Django with the node's settings and reactions, once per process."""

import os


def start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.wiring.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from .reactions import declare

    declare()
