"""Bulk writing of places in SQL that is the same on both databases; only what is new or differs."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Model

from jingwei.engines import outlines

from . import queries, rules
from .facts import ChangeRow, DivisionRow, NeighborRow, OutlineRow, SiteRow
from .models import Division, DivisionChange, NamePart, Neighbor, Outline, Site

#: Rows of one statement; a division has 14 values, SQLite takes some 32,000 at once.
BATCH = 500


def names_above(rows: Iterable[DivisionRow]) -> dict[str, str]:
    """Names of the divisions above these, as the register has them."""
    codes = {code for row in rows for code in rules.ancestors(row.code)}
    return dict(Division.objects.filter(code__in=codes).values_list("code", "name"))


def upsert_divisions(rows: Sequence[DivisionRow], names: Mapping[str, str], *, since: str = "") -> int:
    """Write divisions that are new or differ, by code; `names` gives the paths. Returns how many.

    With `since` the rows are newer than the register, and what they add is there from that day. Without,
    a name that was given up is not brought back.
    """
    letters, whole = queries.get_initials()
    given_up = {} if since else _given_up(rows)
    before = _current(rows) if since else set()
    made: list[dict[str, Any]] = []
    paths = {"": ""}
    for row in rows:
        parent = rules.parent_of(row.code)
        if parent not in paths:
            paths[parent] = rules.path_text(names.get(c, c) for c in [*rules.ancestors(parent), parent])
        name = given_up.get((row.code, row.name), row.name)
        key = rules.search_key(name)
        made.append(
            msgspec.structs.asdict(row)
            | {
                "name": name,
                "level": rules.level_of(row.code),
                "parent": parent,
                "path_zh": f"{paths[parent]} {rules.path_text([name])}".strip(),
                "key": key,
                "head": key[:2],
                "initials": rules.initials_of(name, letters, whole),
            }
        )
    written = _upsert(Division, "code", made)
    begun = [row.code for row in rows if row.code not in before] if since else []
    for start in range(0, len(begun), BATCH):
        part = Division.objects.filter(code__in=begun[start : start + BATCH])
        part.update(valid_from=since, valid_to="")
    return written


def _current(rows: Sequence[DivisionRow]) -> set[str]:
    codes = [row.code for row in rows]
    held = Division.objects.filter(code__gte=min(codes), code__lte=max(codes), valid_to="")
    return set(held.values_list("code", flat=True))


def _given_up(rows: Sequence[DivisionRow]) -> dict[tuple[str, str], str]:
    """Code and former name of renamed divisions among these rows, and the name they bear."""
    if not rows:
        return {}
    codes = [row.code for row in rows]
    former = DivisionChange.objects.filter(kind="renamed", code__gte=min(codes), code__lte=max(codes))
    found = list(former.values_list("code", "name"))
    now = dict(Division.objects.filter(code__in={code for code, _ in found}).values_list("code", "name"))
    return {(code, name): now[code] for code, name in found if code in now}


def upsert_sites(rows: Sequence[SiteRow]) -> int:
    """Write sites that are new or differ, by id. Returns how many."""
    return _upsert(Site, "id", [msgspec.structs.asdict(row) for row in rows])


def insert_changes(rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Write changes that are not recorded yet; end what gave up its code. Returns those written."""
    codes = sorted({row.code for row in rows})
    held: set[tuple[str, str, str]] = set()
    for start in range(0, len(codes), BATCH):
        part = DivisionChange.objects.filter(code__in=codes[start : start + BATCH])
        held.update(part.values_list("code", "on", "successor"))
    new = [row for row in rows if (row.code, row.on, row.successor) not in held]
    DivisionChange.objects.bulk_create(
        [
            DivisionChange(
                **msgspec.structs.asdict(row), key=(key := rules.search_key(row.name)), head=key[:2]
            )
            for row in new
        ],
        batch_size=BATCH,
    )
    _mark([row for row in new if row.kind != "renamed"], "code", "valid_to")
    _mark([row for row in new if row.kind == "recoded"], "successor", "valid_from")
    return new


def _mark(rows: Sequence[ChangeRow], of: str, field: str) -> None:
    """Say of these divisions from or until when they are; what is said already stays."""
    by_day: dict[str, list[str]] = {}
    for row in rows:
        by_day.setdefault(row.on, []).append(getattr(row, of))
    for day, codes in by_day.items():
        for start in range(0, len(codes), BATCH):
            part = Division.objects.filter(code__in=codes[start : start + BATCH], **{field: ""})
            part.update(**{field: day})


def replace_outlines(rows: Sequence[OutlineRow]) -> None:
    """Keep these outlines thinned out for maps; exact where nothing below has one: points ask there."""
    codes = {row.code for row in rows}
    Outline.objects.filter(code__in=codes).delete()
    holders = {code[:digits] for code in codes for digits in rules.LEVEL_DIGITS[:3] if digits < len(code)}
    made = []
    for row in rows:
        level = rules.level_of(row.code)
        west, south, east, north = outlines.box_of(row.rings)
        lon, lat = outlines.middle(row.rings)
        exact = () if row.code in holders else (rules.EXACT,)
        for band in (*rules.BANDS[level], *exact):
            thin = row.rings
            if band != rules.EXACT:
                thin = outlines.snapped(row.rings, rules.cell_of(band)) or row.rings
            made.append(
                Outline(
                    code=row.code, level=level, band=band, west=west, south=south, east=east, north=north,
                    lon=lon, lat=lat, source=row.source, rings=outlines.pack(thin),
                )
            )  # fmt: skip
    Outline.objects.bulk_create(made, batch_size=BATCH)


def replace_neighbors(rows: Sequence[NeighborRow]) -> int:
    """Keep who adjoins whom, both ways; what the same source said of these before is replaced."""
    both = {(row.code, row.neighbor): row for row in rows}
    both |= {(row.neighbor, row.code): row for row in rows}
    codes = sorted({code for code, _ in both})
    held: set[tuple[str, str]] = set()
    for start in range(0, len(codes), BATCH):
        part = Neighbor.objects.filter(code__in=codes[start : start + BATCH])
        part.filter(source__in={row.source for row in rows}).delete()
        held.update(part.values_list("code", "neighbor"))
    made = [
        Neighbor(code=code, neighbor=other, border_m=row.border_m, source=row.source)
        for (code, other), row in both.items()
        if (code, other) not in held
    ]
    Neighbor.objects.bulk_create(made, batch_size=BATCH)
    return len(made)


def parts_of(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Pairs of characters inside names, with the codes that bear them; rows are code and name."""
    found: dict[str, list[str]] = {}
    for code, name in rows:
        for gram in rules.grams_of(rules.search_key(name)):
            found.setdefault(gram, []).append(code)
    return found


def merge_parts(parts: Mapping[str, Iterable[str]]) -> int:
    """Add codes to the pairs of characters they are found by. Returns how many pairs changed."""
    held: dict[str, str] = {}
    grams = list(parts)
    for start in range(0, len(grams), BATCH):
        some = NamePart.objects.filter(gram__in=grams[start : start + BATCH])
        held.update(some.values_list("gram", "codes"))
    made = []
    for gram, codes in parts.items():
        joined = set(codes).union(held.get(gram, "").split())
        made.append({"gram": gram, "codes": " ".join(sorted(joined, key=lambda c: (len(c), c)))})
    changed = [row for row in made if row["codes"] != held.get(row["gram"])]
    columns = ["gram", "codes"]
    for start in range(0, len(changed), BATCH):
        part = [(row["gram"], row["codes"]) for row in changed[start : start + BATCH]]
        _insert(NamePart, "gram", dict.fromkeys(columns), part)
    return len(changed)


def _upsert(model: type[Model], key: str, made: Sequence[Mapping[str, Any]]) -> int:
    """Many rows a statement: three times as fast as building a model for each."""
    if not made:
        return 0
    fields = [field for field in model._meta.concrete_fields if field.attname in made[0]]
    columns = [field.attname for field in fields]
    at = columns.index(key)
    rows = list(map(itemgetter(*columns), made))
    held = _held(model, columns, at, [row[at] for row in rows])
    changed = [row for row in rows if held.get(row[at]) != row]
    defaults = tuple(f.db_default if f.has_db_default() else None for f in fields)
    changed.sort(key=lambda row: row.count(None))  # rows without a point together: see `_insert`
    if connection.vendor == "postgresql" and len(changed) > BATCH:
        _copy(model, key, columns, changed)
        return len(changed)
    for start in range(0, len(changed), BATCH):
        _insert(model, key, dict(zip(columns, defaults, strict=True)), changed[start : start + BATCH])
    return len(changed)


def _copy(model: type[Model], key: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """PostgreSQL's own way for many rows, a third of the time: copied beside the table, then taken over."""
    quote = connection.ops.quote_name
    table, beside = quote(model._meta.db_table), quote(f"{model._meta.db_table}_beside")
    names = ", ".join(map(quote, columns))
    sets = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in columns if name != key)
    with connection.cursor() as cursor:  # only names of our own model are put in
        cursor.execute(f"CREATE TEMPORARY TABLE {beside} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP")
        with cursor.copy(f"COPY {beside} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {beside} "  # noqa: S608 - as above
            f"ON CONFLICT ({quote(key)}) DO UPDATE SET {sets}"
        )
        cursor.execute(f"DROP TABLE {beside}")


def _held(model: type[Model], columns: Sequence[str], at: int, keys: Sequence[str]) -> dict[str, Any]:
    """The rows that are there, by key: many codes in one range of digits, else by list."""
    rows = model._default_manager
    if len(keys) > BATCH and all(key.isdigit() for key in keys):
        some = rows.filter(pk__gte=min(keys), pk__lte=max(keys)).values_list(*columns)
        return {row[at]: row for row in some.iterator(chunk_size=5_000)}
    return {
        row[at]: row
        for start in range(0, len(keys), BATCH)
        for row in rows.filter(pk__in=keys[start : start + BATCH]).values_list(*columns)
    }


def _insert(
    model: type[Model], key: str, defaults: Mapping[str, Any], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Columns in which all these rows have the default are left to the database, which is much faster."""
    columns = list(zip(*rows, strict=True))
    used = [n for n, d in enumerate(defaults.values()) if columns[n].count(d) < len(rows)]
    quote = connection.ops.quote_name
    names = [quote(column) for column in defaults]
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != quote(key))
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names[n] for n in used)})"
    line = f"({', '.join(['%s'] * len(used))})"
    many = f"VALUES {', '.join([line] * len(rows))} ON CONFLICT ({quote(key)}) DO UPDATE SET {sets}"
    with connection.cursor() as cursor:  # only names of our own model are put in
        cursor.execute(
            f"{into} {many}", list(chain.from_iterable(zip(*(columns[n] for n in used), strict=True)))
        )
