"""Marks that name what waits for its seal, and the sealer's own rows, in each database's own words."""

import json
from collections.abc import Sequence

from django.db import connection

#: Tables of the seals that nobody may change.
PROTECTED = ("seals_epoch", "seals_seal", "seals_subtree")

#: Journal's table, its number, the table and column of the mark.
_MARKS = (
    ("journal_entry", "seq", "seals_unsealedentry", "entry"),
    ("journal_receipt", "id", "seals_unsealedreceipt", "receipt"),
)
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {mark}_mark AFTER INSERT ON {table}
BEGIN INSERT INTO {mark} ({column}) VALUES (NEW.{number}); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {mark}_mark() RETURNS trigger AS
$$ BEGIN INSERT INTO {mark} ({column}) SELECT {number} FROM fresh; RETURN NULL; END $$
LANGUAGE plpgsql
"""
_POSTGRES_TRIGGER = """
CREATE OR REPLACE TRIGGER {mark}_mark AFTER INSERT ON {table}
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {mark}_mark()
"""


def install_marks() -> None:
    """Mark every entry and receipt, as it is written, as waiting. Run after every migrate."""
    with connection.cursor() as cursor:
        for table, number, mark, column in _MARKS:
            words = {"table": table, "number": number, "mark": mark, "column": column}
            if connection.vendor == "sqlite":
                cursor.execute(_SQLITE.format(**words))
            else:
                cursor.execute(_POSTGRES_FUNCTION.format(**words))
                cursor.execute(_POSTGRES_TRIGGER.format(**words))


def take_sealer_turn() -> None:
    """On PostgreSQL one sealer at a time: an advisory lock until the transaction ends.

    On SQLite BEGIN IMMEDIATE has done it already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jingwei.seals.seal'))")


def remove_marks(entries: Sequence[int], receipts: Sequence[int]) -> None:
    """These are sealed; exactly these, for lower numbers may still become visible."""
    with connection.cursor() as cursor:
        for (_, _, mark, column), numbers in zip(_MARKS, (entries, receipts), strict=True):
            if not numbers:
                continue
            if connection.vendor == "sqlite":
                among = "(SELECT value FROM json_each(%s))"
                cursor.execute(f"DELETE FROM {mark} WHERE {column} IN {among}", [json.dumps(list(numbers))])  # noqa: S608 - our own words
            else:
                cursor.execute(f"DELETE FROM {mark} WHERE {column} = ANY(%s)", [list(numbers)])  # noqa: S608 - our own words
