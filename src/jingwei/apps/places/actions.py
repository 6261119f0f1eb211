"""Taking divisions and named places into the register. Loading the same again changes nothing."""

from collections.abc import Sequence

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from . import queries, rules, writes
from .facts import DivisionRow, DivisionsLoaded, SiteRow, SitesLoaded

#: Rows of one transaction: about half a second, so that others get their turn in between.
#: Source: our estimate, 55,000 rows measured in under 3 s, 2026-11-22.
CHUNK = 10_000


def load_shipped_places(*, by: By, moment: Moment) -> int:
    """Take in the tables that ship with the node, in chunks. Returns how many rows were written."""
    divisions, sites = queries.list_shipped_divisions(), queries.list_shipped_sites()
    names = {row.code: row.name for row in divisions}
    written = 0
    for start in range(0, len(divisions), CHUNK):
        part = divisions[start : start + CHUNK]
        written += load_divisions(part, names=names, source="shipped", by=by, moment=moment)
    return written + load_sites(sites, source="shipped", by=by, moment=moment)


@transaction.atomic
def load_divisions(
    rows: Sequence[DivisionRow], *, names: dict[str, str] | None = None, source: str, by: By, moment: Moment
) -> int:
    """Take in divisions, or bring them up to date. Returns how many rows were written.

    `names` are those of the divisions above, where they are not among the rows themselves.
    """
    agencies.require(by, "places.load_divisions", at=moment.at)
    for row in rows:
        rules.check_division(row)
    known = names or writes.names_above(rows)
    written = writes.upsert_divisions(rows, known | {row.code: row.name for row in rows})
    if written:
        fact = DivisionsLoaded(source=source, rows=written, digest=queries.digest_of(rows))
        record([(fact, None)], by=by, moment=moment)
    return written


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
