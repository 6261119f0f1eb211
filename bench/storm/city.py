"""A city that does not exist: districts, streets, sites with their formal and informal names."""

import math
import random
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from bench.storm.geometry import to_lonlat
from bench.storm.parameters import Parameters, site_types, words

#: A name in Chinese and in English.
Name = tuple[str, str]
#: Neighbours that may serve as "opposite …". Source: assumed.
NEIGHBOURS = 4


@dataclass(frozen=True, slots=True)
class Street:
    id: int
    name: Name
    stem: Name
    district: int
    east_west: bool
    at_m: float


@dataclass(frozen=True, slots=True)
class Site:
    """A place people name: a crossing, an estate, a pumping station. `x`, `y` in metres from the middle."""

    id: int
    type: str
    district: int
    x: float
    y: float
    name: Name
    street: int
    number: int
    buildings: int
    aliases: tuple[Name, ...]
    listed: bool
    listed_aliases: tuple[Name, ...]


@dataclass
class City:
    """Districts in order, the county last; `middle` in WGS 84 degrees."""

    middle: tuple[float, float]
    districts: list[Name] = field(default_factory=list)
    centres: list[tuple[float, float]] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)

    @property
    def county(self) -> int:
        return len(self.districts) - 1

    @cached_property
    def by_type(self) -> dict[str, list[Site]]:
        found: dict[str, list[Site]] = defaultdict(list)
        for site in self.sites:
            found[site.type].append(site)
        return found

    @cached_property
    def _cells(self) -> dict[tuple[int, int], list[Site]]:
        found: dict[tuple[int, int], list[Site]] = defaultdict(list)
        for site in self.sites:
            found[int(site.x // 500), int(site.y // 500)].append(site)
        return found

    def within(self, site: Site, radius_m: float) -> list[Site]:
        """Other sites no farther than this, nearest first."""
        reach = int(radius_m // 500) + 1
        cx, cy = int(site.x // 500), int(site.y // 500)
        near = [
            (math.hypot(s.x - site.x, s.y - site.y), s.id)
            for i in range(cx - reach, cx + reach + 1)
            for j in range(cy - reach, cy + reach + 1)
            for s in self._cells.get((i, j), ())
            if s.id != site.id
        ]
        return [self.sites[n] for d, n in sorted(near) if d <= radius_m]

    @cached_property
    def _nearest(self) -> dict[int, tuple[Site, ...]]:
        return {}

    def nearest(self, site: Site) -> tuple[Site, ...]:
        """The few sites one would name as next to this one."""
        if site.id not in self._nearest:
            self._nearest[site.id] = tuple(self.within(site, 2500.0)[:NEIGHBOURS])
        return self._nearest[site.id]

    def registry(self) -> list[dict[str, object]]:
        """What a register of key sites would hold: what a system may know beforehand."""
        rows = []
        for site in self.sites:
            if not site.listed:
                continue
            lon, lat = to_lonlat(site.x, site.y, self.middle)
            rows.append(
                {
                    "name_zh": site.name[0],
                    "name_en": site.name[1],
                    "type": site.type,
                    "district_zh": self.districts[site.district][0],
                    "district_en": self.districts[site.district][1],
                    "street_zh": self.streets[site.street].name[0],
                    "street_en": self.streets[site.street].name[1],
                    "also_zh": "|".join(a[0] for a in site.listed_aliases),
                    "also_en": "|".join(a[1] for a in site.listed_aliases),
                    "lon": round(lon, 5),
                    "lat": round(lat, 5),
                }
            )
        return rows


class _Words:
    def __init__(self, bank: str) -> None:
        self.rows: dict[tuple[str, str], list[Name]] = defaultdict(list)
        for row in words(f"city_{bank}"):
            self.rows[row["role"], row["about"]].append((row["zh"], row["en"]))

    def __call__(self, role: str, about: str = "") -> list[Name]:
        return self.rows[role, about]


def build_city(rng: random.Random, bank: str, p: Parameters) -> City:
    """Twelve districts on a loose grid and a county beyond, each with its streets and sites."""
    spoken = _Words(bank)
    city = City(middle=(p["city.lon"], p["city.lat"]))
    count, each_way = p["city.districts"], p["city.streets_each_way"]
    side = (each_way + 1) * p["city.street_spacing_m"]
    for n, name in enumerate([*spoken("district")[:count], spoken("county")[0]]):
        county = n == count
        spacing = p["city.county_spacing_m"] if county else p["city.street_spacing_m"]
        centre = (side * 2 + 20_000.0, 6_000.0) if county else ((n % 4 - 1.5) * side, (n // 4 - 1) * side)
        city.districts.append(
            (name[0] + ("县" if county else "区"), name[1] + (" County" if county else " District"))
        )
        city.centres.append(centre)
        stems = rng.sample(spoken("stem"), 26)
        _lay_streets(city, rng, spoken, p, (n, spacing, stems))
        _place_sites(city, rng, spoken, p, (n, spacing, stems))
    return city


def _lay_streets(city: City, rng: random.Random, spoken: _Words, p: Parameters, where: tuple) -> None:
    district, spacing, stems = where
    each_way = p["city.streets_each_way"]
    used: set[str] = set()
    for east_west in (True, False):
        for n in range(each_way):
            while True:
                stem = rng.choice(spoken("common") if rng.random() < p["city.common_name_share"] else stems)
                suffix = rng.choice(spoken("street"))
                if stem[0] + suffix[0] not in used:
                    break
            used.add(stem[0] + suffix[0])
            name = (stem[0] + suffix[0], f"{stem[1]} {suffix[1]}")
            at = (n - (each_way - 1) / 2) * spacing + rng.uniform(-0.15, 0.15) * spacing
            city.streets.append(Street(len(city.streets), name, stem, district, east_west, at))


def _place_sites(city: City, rng: random.Random, spoken: _Words, p: Parameters, where: tuple) -> None:
    district, spacing, stems = where
    cx, cy = city.centres[district]
    streets = [s for s in city.streets if s.district == district]
    flat, upright = [s for s in streets if s.east_west], [s for s in streets if not s.east_west]
    for a in flat:
        for b in upright:
            name = (f"{a.name[0]}与{b.name[0]}交叉口", f"{a.name[1]} and {b.name[1]}")
            _add_site(city, rng, spoken, p, (("crossing", a.stem, 1), name, cx + b.at_m, cy + a.at_m, a, 0))
    half = spacing * p["city.streets_each_way"] / 2
    used: set[str] = set()
    for kind in site_types():
        for _ in range(kind.in_county if district == p["city.districts"] else kind.per_district):
            for _attempt in range(40):
                stem, suffix = rng.choice(stems), rng.choice(spoken("type", kind.name))
                name = (stem[0] + suffix[0], f"{stem[1]} {suffix[1]}")
                if name[0] not in used:
                    break
            else:
                side = rng.choice((("东", "East"), ("西", "West"), ("南", "South"), ("北", "North")))
                name = (f"{stem[0]}{side[0]}{suffix[0]}", f"{stem[1]} {side[1]} {suffix[1]}")
            used.add(name[0])
            street, along = rng.choice(streets), rng.uniform(-half, half)
            off = rng.choice((-1, 1)) * rng.uniform(0.06, 0.3) * spacing
            x, y = (along, street.at_m + off) if street.east_west else (street.at_m + off, along)
            number = int((along + half) / 8) + 1
            spot = ((kind.name, stem, kind.buildings), name, cx + x, cy + y, street, number)
            _add_site(city, rng, spoken, p, spot)


def _add_site(city: City, rng: random.Random, spoken: _Words, p: Parameters, spot: tuple) -> None:
    (kind, stem, buildings), name, x, y, street, number = spot
    aliases: list[Name] = []
    if rng.random() < p["city.alias_share"]:
        for _ in range(rng.choice((1, 1, 2))):
            if rng.random() < p["city.nickname_share"]:
                alias = rng.choice(spoken("nickname"))
            else:
                pattern, short = rng.choice(spoken("pattern")), spoken("short", kind)[0]
                alias = tuple(t.format(stem=stem[i], short=short[i]) for i, t in enumerate(pattern))
            if alias not in aliases:
                aliases.append(alias)
    listed = rng.random() < p["city.listed_share"]
    known = tuple(a for a in aliases if rng.random() < p["city.listed_alias_share"])
    where = (street.district, round(x, 1), round(y, 1))
    n = len(city.sites)
    city.sites.append(
        Site(n, kind, *where, name, street.id, number, buildings, tuple(aliases), listed, known)
    )
