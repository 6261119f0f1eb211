"""Classes of roads and what their tags say about driving. Shipped in `data/roads/classes.csv`."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_SPEED = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(mph|km/h|kmh)?")
#: A statute mile, km. Source: the international yard and pound agreement of 1959.
MILE_KM = 1.609_344
#: Values of access tags that keep a rescuer's vehicle out as well. Private roads do not.
#: Source: our estimate, a gate is opened for a fire engine; a destroyed or never built road is not there.
SHUT = frozenset(("no", "agricultural", "forestry"))


class RoadClass(NamedTuple):
    """A class of road: its value of the tag `highway`, names, and free speed where no limit is tagged."""

    code: str
    zh: str
    en: str
    speed_km_h: float


@cache
def road_classes() -> tuple[RoadClass, ...]:
    text = files("jingwei").joinpath("data", "roads", "classes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(RoadClass(r["class"], r["zh"], r["en"], float(r["speed_km_h"])) for r in rows)


@cache
def _by_code() -> dict[str, int]:
    return {one.code: n for n, one in enumerate(road_classes())}


class Drivable(NamedTuple):
    """How a way is driven: its class by number, speed, and whether along its nodes, against them, or both."""

    kind: int
    speed_km_h: float
    forward: bool
    backward: bool


def drivable(tags: Mapping[str, str]) -> Drivable | None:
    """What the tags of a way say to a vehicle; None where none may or can drive."""
    kind = _by_code().get(tags.get("highway", ""))
    if kind is None or tags.get("area") == "yes":
        return None
    allowed = tags.get("emergency") in ("yes", "designated")
    for name in ("motor_vehicle", "vehicle", "access"):
        if name in tags:
            if tags[name] in SHUT and not allowed:
                return None
            break
    oneway = tags.get("oneway", "")
    around = tags.get("junction") in ("roundabout", "circular")
    forced = oneway in ("yes", "true", "1") or (
        oneway not in ("no", "false", "0", "-1", "reverse") and (around or tags["highway"] == "motorway")
    )
    against = oneway in ("-1", "reverse")
    return Drivable(kind, _speed(tags, kind), not against, not forced)


def _speed(tags: Mapping[str, str], kind: int) -> float:
    """The tagged limit where it is a number, else the class's own speed."""
    found = _SPEED.fullmatch(tags.get("maxspeed", "").strip())
    if found is None or not int(found[1]):
        return road_classes()[kind].speed_km_h
    return float(found[1]) * (MILE_KM if found[2] == "mph" else 1.0)
