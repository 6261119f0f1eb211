"""Comparisons kept on this node: their outcome, and each fact behind it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.reports import queries as reports

from ..facts import Compared, RunFact, RunLine
from ..models import Comparison
from .checks import get_case, get_folder, list_cases


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison as it is kept; its facts are asked for one by one."""

    id: uuid.UUID
    kept_at: datetime
    kept_by: uuid.UUID
    found: Compared


def find_comparison(case: str) -> Kept | None:
    """The newest comparison of this case."""
    row = Comparison.objects.filter(case=case).order_by("-kept_at", "-pk").defer("facts").first()
    if row is None:
        return None
    found = msgspec.convert(row.outcome | {"facts": []}, Compared, strict=False)
    return Kept(id=row.id, kept_at=row.kept_at, kept_by=row.kept_by, found=found)


def list_compared_cases() -> list[str]:
    """The cases with a comparison kept here, the newest first."""
    rows = Comparison.objects.order_by("-kept_at").values_list("case", flat=True)
    return list(dict.fromkeys(rows))


def find_fact(entry_id: uuid.UUID) -> tuple[Kept, RunFact] | None:
    """A fact of the newest comparison that holds it, with that comparison."""
    for case in list_compared_cases():
        row = Comparison.objects.filter(case=case).order_by("-kept_at", "-pk").first()
        told = row.facts.get(str(entry_id)) if row is not None else None
        if row is not None and told is not None:
            kept = find_comparison(case)
            return (kept, msgspec.convert(told, RunFact, strict=False)) if kept else None
    return None


def list_lines_of(kept: Kept, entry_id: str) -> list[RunLine]:
    """The lines that rest on this fact."""
    return [line for line in kept.found.lines if entry_id in line.facts]


def list_told(case: str, rows: Sequence[str], *, at: datetime) -> dict[str, uuid.UUID]:
    """The reports by which these rows were told on this node itself; rows not told yet are left out."""
    if case not in list_cases():
        return {}
    info = get_case(get_folder(case))
    feed = agencies.list_posts_on_duty(info.feed_organization, at=at, roles=(info.feed_role,))
    if not feed:
        return {}
    keys = {f"{case}:{row}": row for row in rows}
    found = reports.list_ids_of_keys(list(keys), by=feed[0].holding)
    return {keys[key]: report for key, report in found.items()}
