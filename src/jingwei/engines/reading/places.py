"""Names of places in a report's words: from a gazetteer, from address grammar, from names heard before.

Scanning goes by the first two characters of a name (Chinese) or its first word (English), longest name
first, so that its cost does not grow with the gazetteer. Points are metres east and north of its middle.
"""

import math
import re
from collections.abc import Iterable, Sequence

import msgspec

from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.numerals import parse_chinese
from jingwei.engines.reading.tables import words

#: Metres per degree of latitude. Source: IUGG mean radius R1 (`jingwei.kernel.lonlat`), 2 pi R / 360.
M_PER_DEGREE = 111_195.08
#: Names kept that nobody registered; the oldest go first. Source: our estimate, memory, 2026-11-22.
MOST_HEARD = 20_000

_NUMBER = r"(\d{1,5}|[一二三四五六七八九十百零]{1,7})"
_HOUSE = re.compile(rf"{_NUMBER}\s*号(?!楼|线)")
_BUILDING = re.compile(rf"{_NUMBER}\s*(?:号楼|栋|幢|座)|\b(?:building|block|bldg)\s*(?:no\.?\s*)?(\d{{1,4}})")
_EN_HOUSE = re.compile(r"(?:\bno\.?\s*)?(\d{1,5})\s+$")
_WORD = re.compile(r"[a-z][a-z'-]*|\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Site(msgspec.Struct, frozen=True):
    """A registered place: its names (official, other languages, informal), district, street, point."""

    names: tuple[str, ...]
    lon: float
    lat: float
    districts: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()


class Mention(msgspec.Struct, frozen=True):
    """A place as it is named. `level`: site, beside, address, street, district; `key` is the same for the
    same name in either language; `at` are the points (x, y) it may mean, none where unknown.
    """

    level: str
    key: str
    begin: int
    end: int
    building: int = 0
    at: tuple[tuple[float, float], ...] = ()
    street: str = ""
    district: str = ""


class Axis(msgspec.Struct, frozen=True):
    """A street as a straight piece: middle, direction, half its length in metres."""

    x: float
    y: float
    ux: float
    uy: float
    half_m: float

    def foot(self, x: float, y: float) -> tuple[float, float]:
        """Distance across, and how far beyond its ends."""
        dx, dy = x - self.x, y - self.y
        along = abs(dx * self.ux + dy * self.uy)
        return abs(dx * self.uy - dy * self.ux), max(0.0, along - self.half_m)


class Gazetteer:
    """Registered places and names heard, ready to be found in a text. Grows by `hear` only."""

    def __init__(self, sites: Iterable[Site] = (), *, middle: tuple[float, float] | None = None) -> None:
        self.sites = tuple(sites)
        lons = [s.lon for s in self.sites] or [middle[0] if middle else 0.0]
        lats = [s.lat for s in self.sites] or [middle[1] if middle else 0.0]
        self.middle = middle or (sorted(lons)[len(lons) // 2], sorted(lats)[len(lats) // 2])
        self._scale = M_PER_DEGREE * math.cos(math.radians(self.middle[1]))
        self._heads: dict[str, list[str]] = {}
        self._names: dict[str, tuple[str, str]] = {}  # name -> level, key
        self.at: dict[str, list[tuple[float, float]]] = {}
        self.axes: dict[str, Axis] = {}
        self.street_of: dict[str, str] = {}
        self.heard: dict[str, int] = {}
        self._add_all()
        self.area_m2 = self._area()
        self.count = max(200, len(self.at))
        self.street_count = max(20, len(self.axes))

    def metres(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.middle[0]) * self._scale, (lat - self.middle[1]) * M_PER_DEGREE

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        return x / self._scale + self.middle[0], y / M_PER_DEGREE + self.middle[1]

    def _area(self) -> float:
        """Square metres in which there is anything: half-kilometre squares that hold a site."""
        cells = {(int(x // 500), int(y // 500)) for points in self.at.values() for x, y in points}
        return max(len(cells), 40) * 250_000.0

    def _add_all(self) -> None:
        along: dict[str, list[tuple[float, float]]] = {}
        for site in self.sites:
            point = self.metres(site.lon, site.lat)
            key = _flat(site.names[0])
            self.at.setdefault(key, []).append(point)
            for name in site.names:
                self._add(name, "site", key)
            for name in site.districts:
                self._add(name, "district", _flat(site.districts[0]))
            if site.streets:
                self.street_of.setdefault(key, _flat(site.streets[0]))
                district = _flat(site.districts[0]) if site.districts else ""
                street = f"{_flat(site.streets[0])}@{district}"
                along.setdefault(street, []).append(point)
                for name in site.streets:
                    self._add(name, "street", _flat(site.streets[0]))
        self._streets: dict[str, list[str]] = {}
        for street, points in along.items():
            axis = _fit(points)
            if axis:
                self.axes[street] = axis
                self._streets.setdefault(street.partition("@")[0], []).append(street)

    def axes_of(self, street: str) -> list[Axis]:
        """The pieces a street's name may mean: one a district."""
        return [self.axes[s] for s in self._streets.get(street, ())]

    def _add(self, name: str, level: str, key: str) -> None:
        flat = _flat(name)
        if len(flat) < 2:
            return
        known = self._names.get(flat)
        if known is None:
            self._names[flat] = (level, key)
            bucket = self._heads.setdefault(_head(flat), [])
            bucket.append(flat)
            bucket.sort(key=len, reverse=True)
        elif known[0] == level == "site" and known[1] != key:
            # one name, several places: one key for all, the same in every language, and all points
            parts = sorted({*known[1].lstrip("=").split("|"), key})
            shared = "=" + "|".join(parts)
            self.at[shared] = [point for part in parts for point in self.at.get(part, ())]
            self._names[flat] = ("site", shared)

    def hear(self, name: str) -> None:
        """Remember a name nobody registered, so that it is found in other texts."""
        flat = _flat(name)
        if not 2 < len(flat) <= 40 or flat in self._names or len(self.heard) >= MOST_HEARD:
            return
        self.heard[flat] = 1
        self._add(flat, "site", flat)

    def scan(self, flat: str) -> list[tuple[int, int, str, str]]:
        """Known names in a flat text: begin, end, level, key; the longest at each place, none overlapping."""
        found: list[tuple[int, int, str, str]] = []
        heads, names, n, end = self._heads, self._names, 0, len(flat)
        while n < end - 1:
            c = flat[n]
            if c.isascii():
                if not c.isalpha() or (n and flat[n - 1].isalpha() and flat[n - 1].isascii()):
                    n += 1
                    continue
                word = _WORD.match(flat, n)
                head = word.group() if word else c
            else:
                head = flat[n : n + 2]
            for name in heads.get(head, ()):
                if flat.startswith(name, n):
                    level, key = names[name]
                    found.append((n, n + len(name), level, key))
                    n += len(name) - 1
                    break
            n += 1
        return found


def _flat(text: str) -> str:
    return flatten(text)


def _head(flat: str) -> str:
    word = _WORD.match(flat)
    return word.group() if word and flat[0].isascii() else flat[:2]


def stem(key: str) -> str:
    """What informal names keep of a name: its first two characters, or its first word, without old or the."""
    bare = re.sub(r"^(?:=|the |old |老)+", "", key)
    return bare.split(" ", 1)[0] if bare[:1].isascii() else bare[:2]


def _fit(points: Sequence[tuple[float, float]]) -> Axis | None:
    """The main axis of points along a street (least squares across); None for fewer than three."""
    if len(points) < 3:
        return None
    mx, my = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    xx = sum((p[0] - mx) ** 2 for p in points)
    yy = sum((p[1] - my) ** 2 for p in points)
    xy = sum((p[0] - mx) * (p[1] - my) for p in points)
    angle = math.atan2(2 * xy, xx - yy) / 2
    ux, uy = math.cos(angle), math.sin(angle)
    half = max(abs((p[0] - mx) * ux + (p[1] - my) * uy) for p in points)
    return Axis(mx, my, ux, uy, half + 150.0)


def _any(lang: str, *roles: str) -> str:
    """One expression for all place words of these roles, the longest first."""
    found = {w for role in roles for w in words("place-words", lang=lang, role=role)}
    return "|".join(re.escape(w) for w in sorted(found, key=lambda w: (-len(w), w)))


_BESIDE = re.compile(_any("zh", "beside"))
_EN_BESIDE = re.compile(rf"\b(?:{_any('en', 'beside')})\s+(?:the\s+)?$")
_TRIM = re.compile(rf"(?:{_any('zh', 'beside', 'at')})+$")
_VAGUE = re.compile(_any("zh", "vague"))
_SUFFIX = re.compile(rf"([\u4e00-\u9fff]{{2}}[东西南北新老]?)({_any('zh', 'suffix')})")
_EN_LEAD = re.compile(rf"^(?:(?:{_any('en', 'beside', 'at')}|the)\s+)+")


def read_mention(text: str, place_words: str, gazetteer: Gazetteer) -> Mention | None:
    """The place a report names, the most exact name first; None where none is known."""
    flat = _flat(text)
    told = _flat(place_words)
    hits = gazetteer.scan(flat)
    if told and told not in flat:
        flat, hits = f"{flat} {told}", gazetteer.scan(f"{flat} {told}")
    if not any(h[2] == "site" for h in hits):
        new = _unknown(told or flat, bool(told), hits)
        if new:
            gazetteer.hear(new) if told else None
            at = flat.find(new)
            hits = [*hits, (max(at, 0), max(at, 0) + len(new), "site", new)]
    return _choose(flat, hits, gazetteer)


def _unknown(words_: str, told: bool, hits: list[tuple[int, int, str, str]]) -> str:
    """A name that is in no register: what the caller's place field holds, or what ends like a place."""
    if any(h[2] == "street" for h in hits) and _HOUSE.search(words_):
        return ""
    if any(h[2] in ("street", "district") for h in hits):
        return ""
    if told:
        if _VAGUE.fullmatch(words_):
            return ""
        if _HAN.search(words_):
            name = _TRIM.sub("", _BUILDING.sub("", words_).rstrip())
            name = _TRIM.sub("", name)
            return "" if len(name) < 3 or _VAGUE.fullmatch(name) else name
        name = _EN_LEAD.sub("", _BUILDING.sub("", words_)).strip(" ,")
        name = re.sub(r"^(?:of\s+)", "", name)
        return name if len(name) > 4 else ""
    found = _SUFFIX.search(words_)
    return found.group() if found and not _VAGUE.fullmatch(found.group()) else ""


def _choose(flat: str, hits: list[tuple[int, int, str, str]], gazetteer: Gazetteer) -> Mention | None:
    district = next((h[3] for h in hits if h[2] == "district"), "")
    sites = [h for h in hits if h[2] == "site"]
    streets = [h for h in hits if h[2] == "street"]
    if sites:
        begin, end, _, key = max(sites, key=lambda h: h[1] - h[0])
        return _site(flat, (begin, end, key), district, gazetteer)
    if len(streets) > 1 and streets[0][3] != streets[1][3]:
        point = _crossing(streets[0][3], streets[1][3], gazetteer)
        first, second = sorted((streets[0][3], streets[1][3]))
        if point and streets[1][0] - streets[0][1] < 8:
            return Mention("site", f"{first}x{second}", streets[0][0], streets[1][1], at=(point,))
    if streets:
        begin, end, _, street = streets[0]
        number = _house_number(flat, begin, end)
        if number:
            return Mention("address", f"{street}#{number}", begin, end, street=street, district=district)
        return Mention("street", street, begin, end, street=street, district=district)
    if district:
        at = next(h for h in hits if h[2] == "district")
        return Mention("district", district, at[0], at[1], district=district)
    return None


def _site(flat: str, hit: tuple[int, int, str], district: str, gazetteer: Gazetteer) -> Mention:
    begin, end, key = hit
    after = flat[end : end + 8]
    beside = bool(_BESIDE.match(after)) or bool(_EN_BESIDE.search(flat[max(0, begin - 24) : begin]))
    near = _BUILDING.search(flat, max(0, begin - 18), min(len(flat), end + 18))
    number = 0
    if near:
        said = near.group(1) or near.group(2)
        number = int(said) if said.isdigit() else (parse_chinese(said) or 0)
    at = tuple(gazetteer.at.get(key, ()))
    return Mention("beside" if beside else "site", key, begin, end, number, at, district=district)


def _house_number(flat: str, begin: int, end: int) -> int:
    after = _HOUSE.match(flat, end)
    if after:
        said = after.group(1)
        return int(said) if said.isdigit() else (parse_chinese(said) or 0)
    before = _EN_HOUSE.search(flat[max(0, begin - 12) : begin])
    return int(before.group(1)) if before else 0


def _crossing(one: str, other: str, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """Where two streets meet: the crossing of their axes nearest to both."""
    best = None
    for a in gazetteer.axes_of(one):
        for b in gazetteer.axes_of(other):
            turn = a.ux * b.uy - a.uy * b.ux
            if abs(turn) < 0.3:
                continue
            t = ((b.x - a.x) * b.uy - (b.y - a.y) * b.ux) / turn
            x, y = a.x + t * a.ux, a.y + t * a.uy
            off = sum(a.foot(x, y)) + sum(b.foot(x, y))
            if off < 800 and (best is None or off < best[0]):
                best = (off, (x, y))
    return best[1] if best else None
