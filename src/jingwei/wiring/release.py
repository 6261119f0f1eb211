"""Whether database and program are of one release: said before anything is served."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from jingwei.kernel.refusals import Refused


class ReleaseRefused(Refused):
    """The program does not fit the data: `node_newer`, `node_older`, `node_abroad`, `restore_unfinished`."""


def check_release() -> None:
    """Refuse to work on data of another release, or on half a restore."""
    if (Path(settings.HOME) / "restoring").exists():
        raise ReleaseRefused("restore_unfinished")
    check_not_newer()
    pending = list_pending()
    if pending:
        raise ReleaseRefused("node_older", count=len(pending))
    check_country()


def check_country() -> None:
    """A node whose country was changed keeps no rules of the country it stood in."""
    from jingwei.apps.hazards import queries as hazards

    if hazards.find_lawless() is not None and hazards.list_deadlines():
        raise ReleaseRefused("node_abroad", country=settings.JINGWEI_COUNTRY)


def check_not_newer() -> None:
    """An older program would write rows that the newer one does not understand."""
    known = MigrationExecutor(None).loader.disk_migrations
    applied = MigrationRecorder(connection).applied_migrations()
    unknown = sorted(f"{app}.{name}" for app, name in applied if (app, name) not in known)
    if unknown:
        raise ReleaseRefused("node_newer", migration=unknown[0])


def list_pending() -> list[str]:
    """Migrations still to come, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def has_entries() -> bool:
    if "journal_entry" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_entry LIMIT 1")
        return cursor.fetchone() is not None
