"""Rows as they stand, held against the newest fact about each."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from ...rules import Findings
from ..columns import id_text
from ..digests import Digester, list_digesters
from .scanning import Bounds, Packed, Said, unpack
from .snapshot import Snapshot

#: Rows of a model that are checked at once. Source: our estimate, about 30 MB a process, 2026-11-22.
AT_ONCE = 20_000


class Checked(msgspec.Struct):
    """A part of a model's rows: how many, how many erased, and what is wrong: kind, row, entry."""

    rows: int = 0
    erased: int = 0
    wrong: list[tuple[str, str, int | None]] = []


#: A part: the model, the ids between which it lies ('' = no bound), what facts say of its rows.
Part = tuple[str, str, str, list[bytes]]


def find_bounds(view: Snapshot) -> Bounds:
    """Where to part the models that have many rows."""
    bounds: dict[str, list[str]] = {}
    for model, one in list_digesters(view.vendor).items():
        at = ""
        while True:
            where, values = _between(one, view.vendor, at, "")
            order = f'SELECT {one.key_text} FROM "{one.table}" {where} ORDER BY "{one.key}"'  # noqa: S608 - our own words
            found = view.all(f"{order} LIMIT 1 OFFSET {AT_ONCE}", values)
            if not found:
                break
            at = id_text(found[0][0])
            bounds.setdefault(model, []).append(at)
    return bounds


def list_parts(view: Snapshot, bounds: Bounds, said: Packed) -> Iterator[Part]:
    """Every model in parts, each with what facts say of it."""
    for model in list_digesters(view.vendor):
        edges = ["", *bounds.get(model, ()), ""]
        for number, (low, high) in enumerate(pairwise(edges)):
            yield model, low, high, said.get((model, number), [])


def check_part(view: Snapshot, model: str, low: str, high: str, packed: Sequence[bytes]) -> Checked:
    """A row that changed, is gone, or was never spoken of."""
    one, said, done = list_digesters(view.vendor)[model], unpack(packed), Checked()
    where, values = _between(one, view.vendor, low, high)
    there: set[str] = set()
    for row in view.rows(f'SELECT {one.select} FROM "{one.table}" {where}', values):  # noqa: S608 - our own words
        done.rows += 1
        row_id = id_text(row[0])
        newest = said.get(row_id)
        if newest is None:
            done.wrong.append(("row_unspoken", row_id, None))
            continue
        there.add(row_id)
        done.erased += newest.erased
        if not _holds(one, row, newest):
            done.wrong.append(("row_changed", row_id, newest.entry))
    if len(there) < len(said):
        done.wrong += [("row_missing", key, newest.entry) for key, newest in said.items() if key not in there]
    return done


def _holds(one: Digester, row: Sequence[object], newest: Said) -> bool:
    try:
        return one.knows(newest.version) and one.digest(row, newest.version) == newest.digest
    except (ValueError, TypeError, ArithmeticError):
        return False


def _between(one: Digester, vendor: str, low: str, high: str) -> tuple[str, list[str]]:
    """SQL for ids from `low` up to, but not with, `high`."""
    place, terms, values = "?" if vendor == "sqlite" else "CAST(? AS uuid)", [], []
    for sign, bound in ((">=", low), ("<", high)):
        if bound:
            terms.append(f'"{one.key}" {sign} {place}')
            values.append(bound.replace("-", "") if vendor == "sqlite" else bound)
    return (f"WHERE {' AND '.join(terms)}" if terms else ""), values


def note_unknown(view: Snapshot, said: Packed, findings: Findings) -> None:
    """Facts that speak of rows of a table nobody has."""
    known = list_digesters(view.vendor)
    for (model, _), packed in said.items():
        if model not in known:
            for row_id, one in unpack(packed).items():
                findings.add("row_missing", of=f"{model} {row_id}", entry=one.entry, more="no such table")
