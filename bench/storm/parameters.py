"""The numbers behind the storm: read from `parameters.toml`, changed by regime, changed again by a curve."""

import csv
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
REGIMES = ("same", "shifted", "adversarial")
#: Words and city of a regime: those of development, or those never used in development.
BANKS = {"same": "dev", "shifted": "eval", "adversarial": "dev"}
CHANNELS = ("110", "119", "120", "122", "12345", "app", "sensor", "social")
CALLS = ("110", "119", "120", "122")
LANGUAGES = ("zh", "en")

Parameters = Mapping[str, Any]


class Kind(NamedTuple):
    """One kind of incident: the national event code and how such incidents arise and are told.

    `people` scales its counts of people.
    """

    code: str
    group: str
    sites: tuple[str, ...]
    weight: float
    phase: tuple[float, float]
    life: float
    radius_m: float
    people: float
    facts: tuple[str, ...]
    sensor: str
    channels: dict[str, float]


class SiteType(NamedTuple):
    """How many sites of a type a district and the county have, and how many buildings each."""

    name: str
    per_district: int
    in_county: int
    buildings: int


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads((HERE / "parameters.toml").read_text(encoding="utf-8"))


def sourced() -> dict[str, dict[str, Any]]:
    """Every parameter as `section.name`, with value and source; a regime's as `regime/section.name`."""
    found = {}
    for section, rows in _document().items():
        if section == "regime":
            for regime, changes in rows.items():
                found.update({f"{regime}/{name}": row for name, row in changes.items()})
        else:
            found.update({f"{section}.{name}": row for name, row in rows.items()})
    return found


def read_parameters(regime: str = "same", changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The values in force: the file's, then the regime's, then the caller's own."""
    if regime not in REGIMES:
        raise ValueError(f"no such regime: {regime}")
    rows = sourced()
    values = {name: row["value"] for name, row in rows.items() if "/" not in name}
    values |= {n.partition("/")[2]: row["value"] for n, row in rows.items() if n.startswith(f"{regime}/")}
    unknown = set(changes or {}) - set(values)
    if unknown:
        raise ValueError(f"no such parameter: {sorted(unknown)}")
    return values | dict(changes or {})


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def kinds() -> tuple[Kind, ...]:
    return tuple(
        Kind(
            code=row["code"],
            group=row["group"],
            sites=tuple(row["sites"].split()),
            weight=float(row["weight"]),
            phase=(float(row["phase_a"]), float(row["phase_b"])),
            life=float(row["life"]),
            radius_m=float(row["radius_m"]),
            people=float(row["people"]),
            facts=tuple(row["facts"].split()),
            sensor=row["sensor"],
            channels={c: float(w) for c, _, w in (x.partition(":") for x in row["channels"].split())},
        )
        for row in _rows("kinds.csv")
    )


@cache
def _label_rows() -> list[dict[str, str]]:
    return _rows("labels.csv")


def labels(measure: str, kind: Kind) -> tuple[str, ...]:
    """What a fact told in words may be for this kind: the kind's own list, its group's, or everybody's."""
    rows = {row["about"]: row["labels"] for row in _label_rows() if row["measure"] == measure}
    return tuple(sorted((rows.get(kind.code) or rows.get(kind.group) or rows[""]).split()))


@cache
def site_types() -> tuple[SiteType, ...]:
    rows = _rows("sites.csv")
    return tuple(
        SiteType(r["type"], int(r["per_district"]), int(r["in_county"]), int(r["buildings"])) for r in rows
    )


@cache
def words(name: str) -> tuple[dict[str, str], ...]:
    """A file of words: `city_dev`, `phrases_eval_zh`, …"""
    return tuple(_rows(f"words/{name}.csv"))
