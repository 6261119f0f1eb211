"""Bringing the database to this release: Django's migrations, then the triggers of journal and seals.

Altering a table on SQLite drops its triggers, so they are installed after every migrate, not by one. Then
what rows of registers are found by is made, where it is not there yet or was made of other columns.
"""

from contextlib import nullcontext

from django.core.management import call_command
from django.db import connection, transaction

from jingwei.apps.journal.writes import install_triggers
from jingwei.apps.registers.queries import list_registers
from jingwei.apps.registers.writes import index_register
from jingwei.apps.seals.writes import PROTECTED, install_marks


def migrate(*, verbosity: int = 0) -> None:
    guard = getattr(connection, "unguarded", nullcontext)
    with guard():
        call_command("migrate", interactive=False, verbosity=verbosity)
    with transaction.atomic():
        install_triggers(PROTECTED)
        install_marks()
    for register in list_registers():
        index_register(register)
