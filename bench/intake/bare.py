"""The comparator of batches: the rows the node wrote for them, once more, by nothing but `executemany`.

The same rows of the same tables (reports, callers, figures, entries, what is due), column by column as they
stand in the node's file; the same indexes, constraints and pragmas; a new file on the same disk; one
transaction for each batch as it was sent and in it one `executemany` for each table. Only inserting and
committing is timed. It reads no body, knows no caller, looks up no key and computes no digest; triggers are
left out, for they concern no insert. Nothing else runs meanwhile.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from jingwei.wiring.database.address import databases

TABLES = ("reports_report", "reports_caller", "reports_reportedfigure", "journal_entry", "journal_due")
#: The rows of one batch; `?` stands for its reports. What was due and is done has left its receipt.
_ROWS = {
    "reports_report": "SELECT * FROM reports_report WHERE id IN (?) ORDER BY id",
    "reports_caller": "SELECT * FROM reports_caller WHERE report_id IN (?) ORDER BY report_id",
    "reports_reportedfigure": "SELECT * FROM reports_reportedfigure WHERE report_id IN (?) ORDER BY id",
    "journal_entry": "SELECT * FROM journal_entry WHERE subject IN (?) "
    "AND kind LIKE 'reports.%' ORDER BY seq",
    "journal_due": "SELECT {due} FROM journal_receipt r JOIN journal_entry e ON e.seq = r.entry_id "
    "WHERE e.subject IN (?) AND e.kind LIKE 'reports.%' ORDER BY r.id",
}
#: The order of its columns is the table's own.
_DUE = {"id": "NULL", "entry_id": "r.entry_id", "kind": "e.kind", "reaction": "r.reaction"}

Batch = dict[str, list[tuple[Any, ...]]]


def rows_of(database: Path, batches: Sequence[Sequence[str]]) -> Iterator[Batch]:
    """What the node wrote for each batch of report ids, by table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as node:
        due = ", ".join(_DUE[c[1]] for c in node.execute("PRAGMA table_info(journal_due)"))
        for ids in batches:
            short = [one.replace("-", "") for one in ids]
            found = {}
            for table, query in _ROWS.items():
                given = list(ids) if table.startswith("journal") else short
                asked = query.format(due=due).replace("?", ",".join("?" * len(given)))
                found[table] = node.execute(asked, given).fetchall()
            yield found


def insert(database: Path, file: Path, batches: Sequence[Sequence[str]]) -> dict[str, float]:
    """Write the batches' rows to a new file. Returns seconds, and rows of each table."""
    told = {"took_s": 0.0, **dict.fromkeys(TABLES, 0.0)}
    with closing(sqlite3.connect(file, isolation_level=None)) as bare:
        bare.executescript(databases(f"sqlite:///{file}")["default"]["OPTIONS"]["init_command"])
        bare.execute("PRAGMA foreign_keys = ON")
        for statement in _schema(database):
            bare.execute(statement)
        for batch in rows_of(database, batches):
            lines = {t: _line(t, len(rows[0])) for t, rows in batch.items() if rows}
            started = time.perf_counter()
            bare.execute("BEGIN IMMEDIATE")
            for table, line in lines.items():
                bare.executemany(line, batch[table])
            bare.execute("COMMIT")
            told["took_s"] += time.perf_counter() - started
            for table, rows in batch.items():
                told[table] += len(rows)
    return told


def _line(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"  # noqa: S608 - our own names


def _schema(database: Path) -> list[str]:
    """The tables as they stand on the node, then their indexes."""
    asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL ORDER BY name"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as node:
        return [
            row[0] for kind in ("table", "index") for t in TABLES for row in node.execute(asked, (t, kind))
        ]
