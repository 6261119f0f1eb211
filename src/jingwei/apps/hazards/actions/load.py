"""Taking tables of rules, kinds and sources into the node."""

import hashlib
from collections.abc import Mapping

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import queries, rules
from ..facts import Ruled, RulesLoaded
from ..models import RuleTable
from ..rules import RulesRefused


def load_shipped_rules(*, by: By, moment: Moment) -> list[str]:
    """Take in the tables that ship with the node. Returns the names of those that changed."""
    return load_rules(queries.list_shipped_tables(), by=by, moment=moment)


@transaction.atomic
def load_rules(tables: Mapping[str, bytes], *, by: By, moment: Moment) -> list[str]:
    """Take in tables as CSV, each in place of its shipped rows of before; a node's own rows stay.

    One fact for each table that changed. Refused as a whole when one row is not what it should be.
    """
    agencies.require(by, "hazards.load_rules", at=moment.at)
    parsed = {name: rules.read_table(name, content) for name, content in tables.items()}
    _check_sources(parsed)
    changed = []
    for name, rows in parsed.items():
        row = RuleTable.objects.select_for_update().filter(table=name).first() or RuleTable(table=name)
        digest = rules.rows_digest(rows)
        if row.rows_digest == digest:
            continue
        _replace(name, rows)
        row.rows, row.rows_digest, row.loaded_at = len(rows), digest, moment.at
        row.file_digest = hashlib.sha256(tables[name]).hexdigest()
        row.save()
        fact = RulesLoaded(table=name, rows=len(rows), file_digest=row.file_digest, rows_digest=digest)
        record([(fact, row)], by=by, moment=moment)
        changed.append(name)
    return changed


def _check_sources(parsed: Mapping[str, list[rules.Row]]) -> None:
    given = parsed.get("sources")
    known = {rules.key_of(row) for row in given} if given else {s.id for s in queries.list_sources()}
    for name, rows in parsed.items():
        missing = rules.missing_sources(rows, known)
        if missing:
            raise RulesRefused("rules_table_bad", table=name, line=0, what=f"no source {min(missing)}")


def _replace(name: str, rows: list[rules.Row]) -> None:
    model = queries.MODELS[name]
    old = model._default_manager.all()
    if issubclass(rules.TABLES[name], Ruled):
        old = old.filter(node="")
    old.delete()
    model._default_manager.bulk_create([model(**msgspec.structs.asdict(row)) for row in rows], batch_size=500)
