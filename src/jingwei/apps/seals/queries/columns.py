"""Columns as the texts that are sealed, in each database's own words."""

from collections.abc import Callable, Sequence
from typing import Any

#: Columns of an entry after its number, in the order of `engines.merkle.Texts`.
_ENTRY = {
    # the plus keeps Python's driver from turning times into objects by their columns' declared types
    "sqlite": "id, node, kind, subject, body, rows, by, +at, +recorded_at",
    "postgresql": (
        "id::text, node, kind, subject, body::text, rows::text, by::text, {at}, {recorded_at}".format(
            at="""to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
            recorded_at="""to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
        )
    ),
}
_RECEIPT = {
    "sqlite": "r.id, e.id, r.reaction, +r.recorded_at",
    "postgresql": (
        "r.id, e.id::text, r.reaction, "
        """to_char(r.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
    ),
}


def select_entries(vendor: str, where: str) -> str:
    """SQL for entries as number and texts, in order of their numbers."""
    return f"SELECT seq, {_ENTRY[vendor]} FROM journal_entry WHERE {where} ORDER BY seq"  # noqa: S608 - our own words


def select_receipts(vendor: str, where: str) -> str:
    """SQL for receipts as number, entry's id, reaction, time, in order of their numbers."""
    return (
        f"SELECT {_RECEIPT[vendor]} FROM journal_receipt r JOIN journal_entry e ON e.seq = r.entry_id "  # noqa: S608 - our own words
        f"WHERE {where} ORDER BY r.id"
    )


def moment_text(value: Any) -> Any:
    """SQLite's text of a time in the canonical form; what is none is left as it is, and shows."""
    if isinstance(value, str):
        if len(value) == 26 and value[19] == ".":
            return f"{value[:10]}T{value[11:]}+00:00"
        if len(value) == 19:
            return f"{value[:10]}T{value[11:]}.000000+00:00"
    return value


def id_text(value: Any) -> Any:
    """SQLite's text of an id, with hyphens."""
    if isinstance(value, str) and len(value) == 32:
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return value


def entry_texts(vendor: str) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Turns a row of `select_entries` into number and texts."""
    if vendor != "sqlite":
        return lambda row: row

    def texts(row: Sequence[Any]) -> Sequence[Any]:
        seq, entry_id, node, kind, subject, body, rows, by, at, recorded_at = row
        recorded = moment_text(recorded_at)
        return (
            seq, id_text(entry_id), node, kind, subject, body, rows, id_text(by),
            recorded if at == recorded_at else moment_text(at), recorded,
        )  # fmt: skip

    return texts


def receipt_texts(vendor: str) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Turns a row of `select_receipts` into number, entry's id, reaction and time."""
    if vendor != "sqlite":
        return lambda row: row
    return lambda row: (row[0], id_text(row[1]), row[2], moment_text(row[3]))
