"""The tables of places that ship with the node."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable

import msgspec
from django.conf import settings

from jingwei.apps.places.facts import DivisionRow, SiteRow


def list_shipped_divisions() -> list[DivisionRow]:
    """The division tables that ship with the node, with English names and points where there are any."""
    folder = settings.JINGWEI_DATA / "places"
    english = {row["code"]: row["name_en"] for row in _csv((folder / "names_en.csv").read_bytes())}
    points = {row["code"]: row for row in _shipped_points() if not row["id"]}
    rows = []
    for path in sorted(folder.glob("*.csv.gz")):
        for row in _csv(gzip.decompress(path.read_bytes())):
            code, point = row["code"], points.get(row["code"])
            rows.append(
                DivisionRow(
                    code=code,
                    name=row["name"],
                    name_en=english.get(code, ""),
                    lon=float(point["lon"]) if point else None,
                    lat=float(point["lat"]) if point else None,
                    precision=point["precision"] if point else "none",
                    point_source=point["source"] if point else "",
                )
            )
    return rows


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


def digest_of(rows: Iterable[DivisionRow | SiteRow]) -> str:
    """SHA-256 of rows as handed in, so that a fact says which table was loaded."""
    return hashlib.sha256(msgspec.json.encode(list(rows))).hexdigest()


def _shipped_points() -> list[dict[str, str]]:
    return _csv((settings.JINGWEI_DATA / "places" / "points.csv").read_bytes())


def _csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
