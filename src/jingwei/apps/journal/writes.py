"""What makes the journal append-only, in each database's own words; and the order of the worker."""

from collections.abc import Sequence

from django.db import connection

PROTECTED = ("journal_entry", "journal_receipt")

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
LANGUAGE plpgsql
"""
_POSTGRES_ROW = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()
"""
_POSTGRES_TRUNCATE = """
CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
"""


def install_triggers(more: Sequence[str] = ()) -> None:
    """Forbid UPDATE and DELETE on entries and receipts, and on `more` tables.

    Run after every migrate: altering a table drops them.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in (*PROTECTED, *more):
                for verb in ("update", "delete"):
                    cursor.execute(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()))
        else:
            cursor.execute(_POSTGRES_FUNCTION)
            for table in (*PROTECTED, *more):
                cursor.execute(_POSTGRES_ROW.format(table=table))
                cursor.execute(_POSTGRES_TRUNCATE.format(table=table))


def take_worker_turn() -> None:
    """On PostgreSQL one worker at a time reacts: an advisory lock until the transaction ends.

    On SQLite BEGIN IMMEDIATE has done it already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jingwei.journal.react'))")
