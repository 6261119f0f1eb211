"""The tables of places that ship with the node."""

import csv
import gzip
import hashlib
import io
import lzma
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from jingwei.apps.places.facts import ChangeRow, DivisionRow, NeighborRow, OutlineRow, SiteRow
from jingwei.apps.places.rules import PlaceRefused
from jingwei.kernel.codes import normal_place


def list_shipped_divisions() -> list[DivisionRow]:
    """The division tables that a node starts with, with English names and points where there are any."""
    return [row for path in sorted(_folder().glob("*.csv.gz")) for row in read_divisions(path)]


def get_nation_path() -> Path:
    """The table of the whole nation that ships: too long for a node that keeps a county."""
    return max((_folder() / "nation").glob("*.csv.xz"))


def read_divisions(path: Path) -> list[DivisionRow]:
    """A table of divisions with `code` and `name`, plain or packed (gz, xz); other columns are left alone.

    Our English names and points are added, so that a table from elsewhere does not take them away.
    """
    english = {row["code"]: row["name_en"] for row in _csv((_folder() / "names_en.csv").read_bytes())}
    points = {row["code"]: row for row in _shipped_points() if not row["id"]}
    known = english.keys() | points.keys()
    return [
        _division(code, name, english.get(code, ""), points.get(code)) if code in known
        else DivisionRow(code, name)
        for code, name in _pairs(path)
    ]  # fmt: skip


def _pairs(path: Path) -> Iterable[tuple[str, str]]:
    lines = csv.reader(io.StringIO(_text(path), newline=""))
    head = next(lines, [])
    if not {"code", "name"} <= set(head):
        raise PlaceRefused("places_table_bad", row=path.name, what="code,name")
    at, named = head.index("code"), head.index("name")
    for line in lines:
        if len(line) != len(head):
            raise PlaceRefused("places_table_bad", row=f"{path.name}:{lines.line_num}", what="columns")
        yield line[at].strip(), line[named].strip()


def _text(path: Path) -> str:
    """A table's text, unpacked."""
    try:
        content = path.read_bytes()
        unpack = {".gz": gzip.decompress, ".xz": lzma.decompress}.get(path.suffix)
        return (unpack(content) if unpack else content).decode("utf-8-sig")
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise PlaceRefused("places_table_bad", row=path.name, what=type(error).__name__) from error


def _division(code: str, name: str, english: str, point: dict[str, str] | None) -> DivisionRow:
    if point is None:
        return DivisionRow(code=code, name=name, name_en=english)
    return DivisionRow(
        code=code,
        name=name,
        name_en=english,
        lon=float(point["lon"]),
        lat=float(point["lat"]),
        precision=point["precision"],
        point_source=point["source"],
    )


def list_shipped_changes() -> list[ChangeRow]:
    """What became of divisions of former years, as far as it ships."""
    return read_changes(_folder() / "changes.csv")


def read_changes(path: Path) -> list[ChangeRow]:
    """A table of changes: code, name, kind, successor, on, source; one line for each successor."""
    rows = list(csv.DictReader(io.StringIO(_text(path), newline="")))
    try:
        return [
            ChangeRow(**{name: row[name].strip() for name in ChangeRow.__struct_fields__}) for row in rows
        ]
    except (KeyError, AttributeError) as error:
        raise PlaceRefused("places_table_bad", row=path.name, what=str(error.args[0])) from error


def read_neighbors(path: Path) -> list[NeighborRow]:
    """A list of divisions that adjoin: code, neighbor (or neighbour), and border_m where it is known."""
    rows = list(csv.DictReader(io.StringIO(_text(path), newline="")))
    try:
        return [
            NeighborRow(
                code=normal_place(row["code"].strip()),
                neighbor=normal_place((row.get("neighbor") or row.get("neighbour") or "").strip()),
                source=path.name,
                border_m=float(row["border_m"]) if row.get("border_m") else None,
            )
            for row in rows
        ]
    except (KeyError, AttributeError, ValueError) as error:
        raise PlaceRefused("places_table_bad", row=path.name, what=str(error)[:60]) from error


@cache
def get_initials() -> tuple[dict[int, str], dict[str, str]]:
    """The first letter of each character's syllable, and names that are read otherwise; package data."""
    letters = _Letters()
    for row in _csv((_folder() / "initials.csv").read_bytes()):
        letters |= dict.fromkeys(map(ord, row["characters"]), row["initial"])
    whole = {row["name"]: row["initials"] for row in _csv((_folder() / "initials_names.csv").read_bytes())}
    return letters, whole


class _Letters(dict[int, str]):
    """For `str.translate`: Latin letters and digits are kept, what is not known is left out."""

    def __missing__(self, code: int) -> str:
        letter = chr(code).lower()
        self[code] = letter if letter.isascii() and letter.isalnum() else ""
        return self[code]


def _folder() -> Path:
    return Path(settings.JINGWEI_DATA) / "places"


def list_shipped_sites() -> list[SiteRow]:
    """The named places that ship with the node."""
    return [
        SiteRow(
            id=row["id"],
            place=row["code"],
            kind=row["kind"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            precision=row["precision"],
            source=row["source"],
            note=row["note"],
        )
        for row in _shipped_points()
        if row["id"]
    ]


def digest_of(rows: Iterable[DivisionRow | SiteRow | ChangeRow | OutlineRow | NeighborRow]) -> str:
    """SHA-256 of rows as handed in, so that a fact says which table was loaded."""
    return hashlib.sha256(msgspec.json.encode(list(rows))).hexdigest()


def _shipped_points() -> list[dict[str, str]]:
    return _csv((_folder() / "points.csv").read_bytes())


def _csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
