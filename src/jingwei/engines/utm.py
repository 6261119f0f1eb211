"""UTM and MGRS: the metre grids of paper maps and of helicopters. Pure; WGS 84.

Krüger's series to the sixth order: below a millimetre within a zone. The polar grids (UPS) are not here.
"""

import math
import re

import msgspec

#: Half the long axis of WGS 84 in metres, and its flattening. Source: NGA.STND.0036, table 3.1.
AXIS_M, FLATTENING = 6_378_137.0, 1 / 298.257_223_563
#: Scale on the middle meridian; false easting and, in the south, northing, metres.
#: Source: NGA.SIG.0012, section 7.
SCALE, EASTING_M, NORTHING_M = 0.9996, 500_000.0, 10_000_000.0
#: Where the grid ends in the south and in the north, degrees. Source: NGA.SIG.0012, section 7.
SOUTH, NORTH = -80.0, 84.0
#: Letters of the bands, each 8 degrees high, from the south. Source: NGA.SIG.0012, section 11.
BANDS = "CDEFGHJKLMNPQRSTUVWX"
#: Letters of the squares of 100 km: columns of the three sets, and rows. Source: NGA.SIG.0012, section 11.
COLUMNS, ROWS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ"), "ABCDEFGHJKLMNPQRSTUV"
#: Side of a square, and after how many metres its row letters come again. Source: as above.
SQUARE_M, ROUND_M = 100_000, 2_000_000
#: What is cut off at an edge, metres. Source: far below the metre that is written.
EDGE_M = 0.001
#: How often the row letters come again within a hemisphere. Source: NORTHING_M / ROUND_M.
TURNS = 5

#: Third flattening. Source: Karney 2011, section 2.
_N = FLATTENING / (2 - FLATTENING)
#: Radius of the sphere with the same meridian, metres. Source: Karney 2011, equation 14.
_RADIUS = AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
#: Krüger's coefficients forwards and back. Source: Karney 2011, equations 35 and 36.
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288 + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630 - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)
#: Source: Karney 2011, equation 36.
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360 - 81 * _N**5 / 512 + 96199 * _N**6 / 604800,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440 + 46 * _N**5 / 105 - 1118711 * _N**6 / 3870720,
    17 * _N**3 / 480 - 37 * _N**4 / 840 - 209 * _N**5 / 4480 + 5569 * _N**6 / 90720,
    4397 * _N**4 / 161280 - 11 * _N**5 / 504 - 830251 * _N**6 / 7257600,
    4583 * _N**5 / 161280 - 108847 * _N**6 / 3991680,
    20648693 * _N**6 / 638668800,
)
#: Eccentricity. Source: follows from the flattening.
_E = math.sqrt(FLATTENING * (2 - FLATTENING))
_MGRS = re.compile(r"(\d{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])((?:\d\d){0,5})")


class Utm(msgspec.Struct, frozen=True):
    """A point of the grid. `band` says the latitude roughly; from N on it lies in the north."""

    zone: int
    band: str
    easting_m: float
    northing_m: float

    def __str__(self) -> str:
        return f"{self.zone}{self.band} {self.easting_m:.0f} {self.northing_m:.0f}"


def zone_of(lon: float, lat: float) -> int:
    """The zone of a point, with Norway's and Svalbard's own. Source: NGA.SIG.0012, section 7."""
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if 72 <= lat <= NORTH and 0 <= lon < 42:
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37
    return int((lon + 180) % 360 // 6) + 1


def to_utm(lon: float, lat: float) -> Utm | None:
    """The point in its own zone; None beyond the grid, near the poles."""
    if not (SOUTH <= lat <= NORTH):
        return None
    zone = zone_of(lon, lat)
    # a hair below the equator is south of it, whatever the division says
    least, most = (0, BANDS.index("M")) if lat < 0 else (BANDS.index("N"), len(BANDS) - 1)
    band = BANDS[max(least, min(most, int((lat - SOUTH) // 8)))]
    east, north = _project(math.radians((lon - _middle(zone) + 540) % 360 - 180), math.radians(lat))
    return Utm(zone, band, EASTING_M + east, north if lat >= 0 else NORTHING_M + north)


def _middle(zone: int) -> float:
    return zone * 6 - 183


def _project(lon: float, lat: float) -> tuple[float, float]:
    tau = math.sinh(math.atanh(math.sin(lat)) - _E * math.atanh(_E * math.sin(lat)))
    xi, eta = math.atan2(tau, math.cos(lon)), math.asinh(math.sin(lon) / math.hypot(tau, math.cos(lon)))
    north, east = xi, eta
    for k, a in enumerate(_ALPHA, start=1):
        north += a * math.sin(2 * k * xi) * math.cosh(2 * k * eta)
        east += a * math.cos(2 * k * xi) * math.sinh(2 * k * eta)
    return SCALE * _RADIUS * east, SCALE * _RADIUS * north


def from_utm(zone: int, *, north: bool, easting_m: float, northing_m: float) -> tuple[float, float]:
    """The point, degrees. Raises ValueError for one that no zone has."""
    if not (1 <= zone <= 60 and 0 < easting_m < 2 * EASTING_M and 0 <= northing_m <= NORTHING_M):
        raise ValueError("no such point of the grid")
    y = (northing_m if north else northing_m - NORTHING_M) / (SCALE * _RADIUS)
    x = (easting_m - EASTING_M) / (SCALE * _RADIUS)
    xi, eta = y, x
    for k, b in enumerate(_BETA, start=1):
        xi -= b * math.sin(2 * k * y) * math.cosh(2 * k * x)
        eta -= b * math.cos(2 * k * y) * math.sinh(2 * k * x)
    tau = math.sin(xi) / math.hypot(math.sinh(eta), math.cos(xi))
    lat = _latitude(tau)
    lon = _middle(zone) + math.degrees(math.atan2(math.sinh(eta), math.cos(xi)))
    return (lon + 540) % 360 - 180, math.degrees(lat)


def _latitude(conformal: float) -> float:
    """The latitude whose conformal latitude has this tangent: Newton's steps, as Karney 2011 has them."""
    tau = conformal
    for _ in range(8):
        root = math.hypot(1, tau)
        sigma = math.sinh(_E * math.atanh(_E * tau / root))
        found = tau * math.hypot(1, sigma) - sigma * root
        tau += (
            (conformal - found) / math.hypot(1, found)
            * (1 + (1 - _E**2) * tau**2) / ((1 - _E**2) * root)
        )  # fmt: skip
    return math.atan(tau)


def to_mgrs(lon: float, lat: float) -> str:
    """The point to the metre, as 49SGU 43651 46567; '' beyond the grid. Cut off, never rounded."""
    found = to_utm(lon, lat)
    if found is None:
        return ""
    if lat < 0:  # on the equator itself the south's northing would begin anew
        found = msgspec.structs.replace(found, northing_m=min(found.northing_m, NORTHING_M - EDGE_M))
    column = COLUMNS[(found.zone - 1) % 3][int(found.easting_m // SQUARE_M) - 1]
    shift = 5 if found.zone % 2 == 0 else 0
    row = ROWS[(int(found.northing_m % ROUND_M // SQUARE_M) + shift) % len(ROWS)]
    easting, northing = int(found.easting_m % SQUARE_M), int(found.northing_m % SQUARE_M)
    return f"{found.zone}{found.band}{column}{row} {easting:05d} {northing:05d}"


def from_mgrs(text: str) -> tuple[float, float] | None:
    """The middle of the square that is named; None when it is no such name."""
    match = _MGRS.fullmatch(re.sub(r"\s", "", text.upper()))
    if match is None:
        return None
    zone, band, column, row, digits = int(match[1]), match[2], match[3], match[4], match[5]
    if not 1 <= zone <= 60 or column not in COLUMNS[(zone - 1) % 3]:
        return None
    half = len(digits) // 2
    side = SQUARE_M / 10**half
    easting = (COLUMNS[(zone - 1) % 3].index(column) + 1) * SQUARE_M + int(digits[:half] or 0) * side
    shift = 5 if zone % 2 == 0 else 0
    low = (ROWS.index(row) - shift) % len(ROWS) * SQUARE_M + int(digits[half:] or 0) * side
    south = SOUTH + BANDS.index(band) * 8
    for turn in range(TURNS):
        north = low + turn * ROUND_M + side / 2
        lon, lat = from_utm(zone, north=south >= 0, easting_m=easting + side / 2, northing_m=north)
        if south - 1 <= lat <= south + (13 if band == "X" else 9):
            return lon, lat
    return None
