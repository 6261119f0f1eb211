"""A point as people write it, read and written: degrees, minutes and seconds, UTM, MGRS, marked datums.

Whatever is read becomes WGS 84, and says how it was read: which number was taken for the longitude and
why, and from which datum it was moved.
"""

import re
import unicodedata
from typing import Literal

import msgspec

from jingwei.kernel.lonlat import distance_m, is_lonlat

from .datum import Datum, from_wgs84, is_displaced, to_wgs84
from .utm import from_mgrs, from_utm, to_mgrs, to_utm

Point = tuple[float, float]
#: How the two numbers were told apart: by their letters or words, by size, by what lies nearer, or not.
Order = Literal["marked", "by_size", "nearer", "assumed", "grid"]

#: Longest text that is read. Source: our estimate, the longest forms have some 60 characters, 2026-11-29.
LONGEST = 120
#: Parts of a minute or a degree. Source: the sexagesimal division.
SIXTY = 60

_DATUMS: tuple[tuple[Datum, re.Pattern[str]], ...] = (
    ("gcj02", re.compile(r"GCJ[\s_-]?0?2|火星坐标系?|国测局(坐标)?|高德(地图|坐标)?|腾讯(地图|坐标)?")),
    ("bd09", re.compile(r"(?<![A-Z])BD[\s_-]?0?9(LL)?(?!\d{4})|百度(地图|坐标)?")),
    ("wgs84", re.compile(r"WGS[\s_-]?(19)?84|CGCS[\s_-]?2000")),
)
_WORDS = (
    (r"北纬", "N"), (r"南纬", "S"), (r"东经", "E"), (r"西经", "W"),
    (r"纬度|LATITUDE|\bLAT\b", "Y"), (r"经度|LONGITUDE|\bLONG?\b|\bLNG\b", "X"),
    (r"[度º˚]", "°"), (r"[分′’‘´`]", "'"), (r"[秒″”“]", '"'), (r"''", '"'), (r"[−–—]", "-"),
    (r"[、;/]", ","), (r"[=:]", " "),
)  # fmt: skip
_MARKS = str.maketrans({"º": "°", "˚": "°", "´": "'", "″": '"', "′": "'"})
_TOKEN = re.compile(r"\s*([NSEWXY]|[+-]?\d+(?:\.\d+)?|[°'\",])")
_UTM = re.compile(r"(\d{1,2})\s?([C-HJ-NP-X])\s+(\d{6}(?:\.\d+)?)M?E?[\s,]+(\d{1,8}(?:\.\d+)?)M?N?")
_GEO = re.compile(r"GEO:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:[,;?].*)?")


class ReadPoint(msgspec.Struct, frozen=True):
    """What was read. `other`: the point if the two numbers stood in the other order, where that may be."""

    lon: float
    lat: float
    form: str
    order: Order
    datum: Datum
    other: Point | None = None


def read_point(text: str, *, near: Point | None = None) -> ReadPoint | None:
    """The point that is written, WGS 84; None when it cannot be read.

    `near`: where the reader looks: of two numbers without a mark that could stand either way, the order
    that lies nearer to it is taken.
    """
    # some marks would become letters and blanks when widths are made equal
    plain = text[:LONGEST].translate(_MARKS)
    plain = unicodedata.normalize("NFKC", plain).upper().strip()
    # a square of the grid may bear the letters of a datum, as 13S BD 94332 19459 does
    datum: Datum = "wgs84"
    found = _grid(plain)
    if found is None:
        plain, datum = _without_datum(plain)
        found = _geo(plain) or _grid(plain) or _angles(plain, near)
    if found is None or not is_lonlat(found.lon, found.lat):
        return None
    lon, lat = to_wgs84(found.lon, found.lat, datum)
    other = to_wgs84(*found.other, datum) if found.other and is_lonlat(*found.other) else None
    return msgspec.structs.replace(found, lon=lon, lat=lat, datum=datum, other=other)


def _without_datum(text: str) -> tuple[str, Datum]:
    for datum, pattern in _DATUMS:
        if pattern.search(text):
            return pattern.sub(" ", text).strip(" ,;:()[]"), datum
    return text, "wgs84"


def _geo(text: str) -> ReadPoint | None:
    """A geo URI: latitude first, by its standard. Source: RFC 5870 section 3.4.2."""
    match = _GEO.fullmatch(text)
    return ReadPoint(float(match[2]), float(match[1]), "decimal", "marked", "wgs84") if match else None


def _grid(text: str) -> ReadPoint | None:
    mgrs = from_mgrs(text)
    if mgrs is not None:
        return ReadPoint(*mgrs, "mgrs", "grid", "wgs84")
    match = _UTM.fullmatch(text)
    if match is None:
        return None
    try:
        lon, lat = from_utm(
            int(match[1]), north=match[2] >= "N", easting_m=float(match[3]), northing_m=float(match[4])
        )
    except ValueError:
        return None
    return ReadPoint(lon, lat, "utm", "grid", "wgs84")


def _angles(text: str, near: Point | None) -> ReadPoint | None:
    tokens = _tokens(text)
    halves = _halves(tokens) if tokens else None
    if halves is None:
        return None
    one, two = (_angle(half) for half in halves)
    if one is None or two is None:
        return None
    (first, axis1, form1), (second, axis2, form2) = one, two
    form = "dms" if "dms" in (form1, form2) else "decimal"
    if axis1 or axis2:
        lat_first = axis1 == "lat" or axis2 == "lon"
        if axis1 == axis2:
            return None
        pair = (second, first) if lat_first else (first, second)
        return ReadPoint(*pair, form, "marked", "wgs84")
    return _ordered(first, second, form, near)


def _ordered(first: float, second: float, form: str, near: Point | None) -> ReadPoint | None:
    """Two numbers without a mark: what is over 90 is no latitude; else what lies nearer; else as on maps."""
    as_xy, as_yx = (first, second), (second, first)
    if not is_lonlat(*as_xy) or not is_lonlat(*as_yx):
        return ReadPoint(*(as_xy if is_lonlat(*as_xy) else as_yx), form, "by_size", "wgs84")
    if first == second:
        return ReadPoint(*as_xy, form, "marked", "wgs84")
    if near is None:
        return ReadPoint(*as_yx, form, "assumed", "wgs84", other=as_xy)
    chosen, other = sorted((as_yx, as_xy), key=lambda p: distance_m(*near, *p))
    return ReadPoint(*chosen, form, "nearer", "wgs84", other=other)


def _tokens(text: str) -> list[str]:
    """Letters, numbers and marks; nothing when there is anything else."""
    for pattern, mark in _WORDS:
        text = re.sub(pattern, mark, text)
    found, at = [], 0
    text = text.strip(" ()[]")
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return []
        found.append(match[1])
        at = match.end()
    return found


def _halves(tokens: list[str]) -> tuple[list[str], list[str]] | None:
    """The tokens of each of the two angles."""
    letters = [n for n, t in enumerate(tokens) if t in "NSEWXY"]
    commas = [n for n, t in enumerate(tokens) if t == ","]
    if len(letters) == 2:
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
    elif letters or len(commas) > 1:
        return None
    elif commas:
        cut = commas[0]
    else:
        cut = _cut_of_numbers(tokens)
    halves = [[t for t in part if t != ","] for part in (tokens[:cut], tokens[cut:])]
    return (halves[0], halves[1]) if all(halves) else None


def _cut_of_numbers(tokens: list[str]) -> int:
    numbers = [n for n, t in enumerate(tokens) if t not in "°'\""]
    degrees = [n for n, t in enumerate(tokens) if t == "°"]
    if len(degrees) == 2:
        return degrees[1] - 1
    return numbers[len(numbers) // 2] if numbers and len(numbers) % 2 == 0 else 0


def _angle(tokens: list[str]) -> tuple[float, str, str] | None:
    """Degrees, which axis it says it is on ('' when it does not), and its form."""
    letters = [t for t in tokens if t in "NSEWXY"]
    numbers = [t for t in tokens if t not in "NSEWXY°'\""]
    if len(letters) > 1 or not 1 <= len(numbers) <= 3 or any("." in n for n in numbers[:-1]):
        return None
    if [t for t in tokens if t in "°'\""] != list("°'\"")[: sum(t in "°'\"" for t in tokens)]:
        return None
    parts = [abs(float(n)) for n in numbers]
    if any(n[0] in "+-" for n in numbers[1:]) or any(p >= SIXTY for p in parts[1:]):
        return None
    value = sum(p / SIXTY**k for k, p in enumerate(parts))
    letter = letters[0] if letters else ""
    if numbers[0].startswith("-") and letter in ("N", "S", "E", "W"):
        return None
    negative = numbers[0].startswith("-") or letter in ("S", "W")
    axis = "lat" if letter in ("N", "S", "Y") else "lon" if letter else ""
    return -value if negative else value, axis if letter else "", "decimal" if len(parts) == 1 else "dms"


class Forms(msgspec.Struct, frozen=True):
    """One point in the forms people use.

    `utm` and `mgrs` are '' near the poles, `gcj02` where it is the same.
    """

    decimal: str
    dms: str
    utm: str
    mgrs: str
    gcj02: str


def forms_of(lon: float, lat: float) -> Forms:
    """The WGS 84 point, to the metre or finer, in each form. Longitude first where there is no mark."""
    utm = to_utm(lon, lat)
    moved = from_wgs84(lon, lat, "gcj02") if is_displaced(lon, lat) else None
    return Forms(
        decimal=f"{lon:.6f}, {lat:.6f}",
        dms=f"{_dms(lat, 'N', 'S')} {_dms(lon, 'E', 'W')}",
        utm=str(utm) if utm else "",
        mgrs=to_mgrs(lon, lat),
        gcj02=f"{moved[0]:.6f}, {moved[1]:.6f}" if moved else "",
    )


def _dms(value: float, plus: str, minus: str) -> str:
    tenths = round(abs(value) * SIXTY * SIXTY * 10)
    minutes, seconds = divmod(tenths, SIXTY * 10)
    degrees, minutes = divmod(minutes, SIXTY)
    return f"{degrees}°{minutes:02d}′{seconds / 10:04.1f}″{minus if value < 0 else plus}"
