"""From a storm to what a matcher may see: reports in WGS 84 with seconds of one clock, and a gazetteer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bench.storm.storm import Item, Storm
from jingwei.engines.datum import gcj02_to_wgs84
from jingwei.engines.matching import Report
from jingwei.engines.reading.places import Gazetteer, Site

#: Any moment before all reports; seconds are counted from it.
ZERO = datetime.fromisoformat("2026-07-20T00:00:00+08:00")
#: Channels whose callers are located by mast where at all.
CALLS = frozenset(("110", "119", "120", "122"))


def seconds(moment: str | None) -> float | None:
    return None if moment is None else (datetime.fromisoformat(moment) - ZERO).total_seconds()


def report_of(item: Item) -> Report:
    """What the door would hand on: the datum undone where it is marked, offices told from callers."""
    r: Mapping[str, Any] = item.report
    lon, lat = r.get("lon"), r.get("lat")
    if lon is not None and r.get("datum") == "gcj02":
        lon, lat = gcj02_to_wgs84(lon, lat)
    return Report(
        id=str(item.n),
        words=r["words"],
        arrived_s=seconds(item.at) or 0.0,
        sent_s=seconds(r.get("sent_at")),
        occurred_s=seconds(r.get("occurred_at")),
        channel=r["channel"],
        kind=r.get("kind", ""),
        place_words=r.get("place_words", ""),
        lon=lon,
        lat=lat,
        marked=bool(r.get("datum")),
        voice=r["channel"] in CALLS,
        device=r["type"] == "observation",
        caller="" if r.get("organization") else r.get("caller_phone", ""),
    )


def reports_of(items: Iterable[Item]) -> list[Report]:
    return [report_of(item) for item in items]


def gazetteer_of(storm: Storm) -> Gazetteer:
    """The registry of key sites, as a node would hold it."""
    sites = []
    for row in storm.registry():
        also = [n for c in ("also_zh", "also_en") for n in str(row[c]).split("|") if n]
        sites.append(
            Site(
                (str(row["name_zh"]), str(row["name_en"]), *also),
                float(str(row["lon"])),
                float(str(row["lat"])),
                (str(row["district_zh"]), str(row["district_en"])),
                (str(row["street_zh"]), str(row["street_en"])),
            )
        )
    return Gazetteer(sites)
