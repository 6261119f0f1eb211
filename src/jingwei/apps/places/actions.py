"""Taking divisions and named places into the register. Loading the same again changes nothing."""

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from . import queries, rules, writes
from .facts import (
    ChangeRow,
    DivisionRow,
    DivisionsChanged,
    DivisionsLoaded,
    NeighborRow,
    NeighborsLoaded,
    OutlineRow,
    OutlinesLoaded,
    SiteRow,
    SitesLoaded,
)

#: Rows of one transaction: about half a second, so that others get their turn in between.
#: Source: our estimate, 55,000 rows measured in under 3 s, 2026-11-22.
CHUNK = 10_000

#: Pairs of characters of one transaction. Source: our estimate, about half a second, 2026-11-29.
CHUNK_PARTS = 4_000

#: Share of the work that is the rows; the rest is the search inside names. Source: our estimate, 2026-11-29.
ROWS_SHARE = 0.85

#: Is told how far a long load has come, from 0 to 1.
Say = Callable[[float], None]


def quiet(share: float) -> None:
    """Nobody is told."""


def load_shipped_places(*, by: By, moment: Moment) -> int:
    """Take in the tables that ship with the node, in chunks. Returns how many rows were written."""
    written = load_table(queries.list_shipped_divisions(), source="shipped", by=by, moment=moment)
    written += load_sites(queries.list_shipped_sites(), source="shipped", by=by, moment=moment)
    change_divisions(queries.list_shipped_changes(), source="shipped", by=by, moment=moment)
    return written


def load_table(
    rows: Sequence[DivisionRow], *, source: str, since: str = "", by: By, moment: Moment, say: Say = quiet
) -> int:
    """Take in a whole table of divisions, in chunks, and make it searchable. Returns how many were written.

    With `since` it is newer than the register: what it adds has been there from that day.
    """
    rows = sorted(rows, key=lambda row: row.code)
    names = {row.code: row.name for row in rows}
    written = 0
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        written += load_divisions(
            part, names=names, searchable=False, source=source, since=since, by=by, moment=moment
        )
        say(ROWS_SHARE * min(1.0, (start + CHUNK) / len(rows)))
    parts = writes.parts_of((row.code, row.name) for row in rows)
    grams = sorted(parts)
    for start in range(0, len(grams), CHUNK_PARTS):
        with transaction.atomic():
            writes.merge_parts({gram: parts[gram] for gram in grams[start : start + CHUNK_PARTS]})
        say(ROWS_SHARE + (1 - ROWS_SHARE) * min(1.0, (start + CHUNK_PARTS) / len(grams)))
    return written


def update_table(
    rows: Sequence[DivisionRow], *, on: str, source: str, by: By, moment: Moment, say: Say = quiet
) -> tuple[int, int]:
    """Bring the register up to a newer table of whole areas: what it no longer names has ended on that day.

    Nothing is deleted. Returns how many divisions were written and how many changes recorded.
    """
    agencies.require(by, "places.change_divisions", at=moment.at)
    changes = queries.compare_table(rows, on=on, source=source)
    done = 0
    for start in range(0, len(changes), CHUNK):
        part = changes[start : start + CHUNK]
        done += change_divisions(part, source=source, known={r.code for r in rows}, by=by, moment=moment)
    return load_table(rows, source=source, since=on, by=by, moment=moment, say=say), done


@transaction.atomic
def load_divisions(
    rows: Sequence[DivisionRow],
    *,
    names: Mapping[str, str] | None = None,
    source: str,
    since: str = "",
    searchable: bool = True,
    by: By,
    moment: Moment,
) -> int:
    """Take in divisions, or bring them up to date. Returns how many rows were written.

    `names` are those of all divisions above, where they are known already. `searchable`: what is inside
    the names is found at once; a whole table sees to that at its end.
    """
    agencies.require(by, "places.load_divisions", at=moment.at)
    for row in rows:
        rules.check_division(row)
    known = names or writes.names_above(rows) | {row.code: row.name for row in rows}
    written = writes.upsert_divisions(rows, known, since=since)
    if written:
        fact = DivisionsLoaded(source=source, rows=written, digest=queries.digest_of(rows))
        record([(fact, None)], by=by, moment=moment)
    if written and searchable:
        writes.merge_parts(writes.parts_of((row.code, row.name) for row in rows))
    return written


@transaction.atomic
def change_divisions(
    rows: Sequence[ChangeRow], *, source: str, known: set[str] | None = None, by: By, moment: Moment
) -> int:
    """Record what became of divisions: another name or code, merged, split, ended. Returns how many are new.

    What gave up its code stays in the register and says until when it was. `known` are codes that are
    about to be loaded, beside those of the register.
    """
    agencies.require(by, "places.change_divisions", at=moment.at)
    for row in rows:
        rules.check_change(row)
    wanted = {row.successor for row in rows if row.successor} - (known or set())
    missing = wanted - queries.list_known_codes(wanted)
    if missing:
        bad = next(row for row in rows if row.successor in missing)
        raise rules.PlaceRefused("places_table_bad", row=bad.code, what=f"successor {bad.successor}")
    written = writes.insert_changes(rows)
    if written:
        fact = DivisionsChanged(source=source, rows=len(written), digest=queries.digest_of(written))
        record([(fact, None)], by=by, moment=moment)
    return len(written)


@transaction.atomic
def load_sites(rows: Sequence[SiteRow], *, source: str, by: By, moment: Moment) -> int:
    """Take in named places, or bring them up to date. Returns how many rows were written."""
    agencies.require(by, "places.load_sites", at=moment.at)
    for row in rows:
        rules.check_site(row)
    written = writes.upsert_sites(rows)
    if written:
        fact = SitesLoaded(source=source, rows=written, digest=queries.digest_of(rows))
        record([(fact, None)], by=by, moment=moment)
    return written


@transaction.atomic
def load_outlines(rows: Sequence[OutlineRow], *, source: str, by: By, moment: Moment) -> int:
    """Take in where divisions end, in place of what was known of them. Returns how many.

    Unlike divisions they are derived: they come from a package that stays beside the node.
    """
    agencies.require(by, "places.load_outlines", at=moment.at)
    for row in rows:
        rules.check_outline(row)
    if rows:
        writes.replace_outlines(rows)
        fact = OutlinesLoaded(source=source, rows=len(rows), digest=queries.digest_of(rows))
        record([(fact, None)], by=by, moment=moment)
    return len(rows)


@transaction.atomic
def load_neighbors(rows: Sequence[NeighborRow], *, source: str, by: By, moment: Moment) -> int:
    """Take in which divisions adjoin; what another source has said already stays. Returns how many new."""
    agencies.require(by, "places.load_neighbors", at=moment.at)
    for row in rows:
        rules.check_neighbor(row)
    codes = {code for row in rows for code in (row.code, row.neighbor)}
    missing = codes - queries.list_known_codes(codes)
    if missing:
        raise rules.PlaceRefused("places_table_bad", row=min(missing), what="code")
    written = writes.replace_neighbors(rows) if rows else 0
    if written:
        fact = NeighborsLoaded(source=source, rows=written, digest=queries.digest_of(rows))
        record([(fact, None)], by=by, moment=moment)
    return written
