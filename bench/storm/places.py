"""Where a caller says it is: the words, the point sent along, and how far either may be trusted."""

import random
from typing import NamedTuple

from bench.storm.city import City, Site
from bench.storm.geometry import to_gcj02, to_lonlat
from bench.storm.parameters import CALLS, Parameters
from bench.storm.phrases import Bank, Template

#: Ways to say a place, from the most exact to the least.
LEVELS = ("exact", "address", "site", "alias", "beside", "street", "vague")
#: Levels that say too little to find the place.
UNUSABLE = ("vague", "district")
#: Sites one is at, not in.
OPEN_AIR = ("crossing", "bridge", "underpass", "dike", "village", "reservoir")


class Scene(NamedTuple):
    """What a report is about, as far as place goes; `around`: sites within a wide incident."""

    site: Site
    building: int
    x: float
    y: float
    radius_m: float
    around: tuple[Site, ...] = ()


class PlaceTold(NamedTuple):
    """Words and point. `ref` is the Chinese name used, `said` the site meant by it (-1: none)."""

    level: str
    template: Template
    values: dict[str, str]
    ref: str
    said: int
    building: int
    point: tuple[float, float, str] | None
    usable: bool
    wrong_point: bool


def point_chance(channel: str, p: Parameters) -> float:
    """How often a channel sends a point along."""
    if channel == "sensor":
        return 1.0
    return p["place.point_110"] if channel in CALLS else p[f"place.point_{channel}"]


class PlaceTeller:
    """Draws how a place is told in one city, bank and set of parameters."""

    def __init__(self, city: City, p: Parameters) -> None:
        self.city, self.p = city, p
        self.levels = [p[f"place.{level}"] for level in LEVELS]
        self.unusable = p["place.unusable"] / (1 - p["channel.sensor"])

    def tell(self, scene: Scene, channel: str, elsewhere: bool, bank: Bank, lang: str,
             rng: random.Random) -> PlaceTold:  # fmt: skip
        """One telling; `elsewhere`: the sender is not there, so the point is the sender's own."""
        p = self.p
        site, building = scene.site, scene.building
        x, y = scene.x, scene.y
        if scene.around and rng.random() < p["place.names_own_site"]:
            site = rng.choice(scene.around)
            building, x, y = rng.randint(1, site.buildings), site.x, site.y
        spread = min(scene.radius_m, 60.0) / 2
        x, y = x + rng.gauss(0, spread), y + rng.gauss(0, spread)
        if channel == "sensor":
            return self._told("site", site, building, (self._point(x, y, ""), True, False), bank, lang, rng)
        if rng.random() < self.unusable:
            level = "district" if rng.random() < p["place.district_only"] else "vague"
            return self._told(level, site, building, (None, False, False), bank, lang, rng)
        level = rng.choices(LEVELS, self.levels)[0]
        point, wrong = None, False
        if rng.random() < point_chance(channel, p) or level == "vague":
            point, wrong = self._observe(x, y, channel, elsewhere and level != "vague", level == "vague", rng)
        if level != "vague" and rng.random() < p["place.wrong_words"]:
            site = rng.choice(self.city.sites)
        if rng.random() < p["place.wrong_building"]:
            building = rng.randint(1, site.buildings)
        return self._told(level, site, building, (point, True, wrong), bank, lang, rng)

    def _observe(self, x: float, y: float, channel: str, elsewhere: bool, must_hold: bool, rng: random.Random
                 ) -> tuple[tuple[float, float, str], bool]:  # fmt: skip
        p = self.p
        wrong = elsewhere or (not must_hold and rng.random() < p["place.wrong_point"])
        if wrong:
            home = rng.choice(self.city.sites)
            x, y = home.x, home.y
        coarse = channel in CALLS and rng.random() < p["place.coarse_share"]
        sigma = p["place.coarse_m"] if coarse else p["place.fine_m"]
        x, y = x + rng.gauss(0, sigma), y + rng.gauss(0, sigma)
        draw = rng.random()
        shifted = draw < p["place.gcj_labelled"] + p["place.gcj_unlabelled"]
        datum = (
            "gcj02" if draw < p["place.gcj_labelled"] else ("" if shifted or rng.random() < 0.5 else "wgs84")
        )
        return self._point(x, y, datum, shifted), wrong

    def _point(self, x: float, y: float, datum: str, shifted: bool = False) -> tuple:
        lon, lat = to_lonlat(x, y, self.city.middle)
        if shifted:
            lon, lat = to_gcj02(lon, lat)
        return round(lon, 6), round(lat, 6), datum

    def _told(self, level: str, site: Site, building: int, seen: tuple, bank: Bank, lang: str,
              rng: random.Random) -> PlaceTold:  # fmt: skip
        point, usable, wrong = seen
        at = 1 if lang == "en" and rng.random() >= self.p["words.other_script"] else 0
        if (level == "alias" and not site.aliases) or (level == "exact" and site.buildings < 2):
            level = "site"
        if level == "address" and not site.number:
            level = "site"
        street, district = self.city.streets[site.street], self.city.districts[site.district]
        named = site.name
        if level == "alias":
            named = rng.choice(site.aliases)
        elif level == "beside":
            named = rng.choice(self.city.nearest(site) or (site,)).name
        way = "open_air" if site.type in OPEN_AIR else "inside"
        template = rng.choice(bank.rows["place", way if level in ("site", "alias") else level])
        values = {
            "a": named[at],
            "b": str(building),
            "s": street.name[at],
            "k": str(site.number),
            "d": district[at],
        }
        ref = {"address": f"{street.name[0]}{site.number}", "street": street.name[0], "district": district[0],
               "vague": ""}.get(level, named[0])  # fmt: skip
        said = -1 if level in UNUSABLE else site.id
        kept = building if level == "exact" else 0
        return PlaceTold(level, template, values, ref, said, kept, point, usable, wrong)
