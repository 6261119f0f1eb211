"""The map's projection: Web Mercator, in pixels of a world that doubles with each zoom. Pure."""

import math

import msgspec

#: Pixels of the whole world at zoom 0. Source: the tile size that MapLibre GL JS counts zooms by.
WORLD_PX = 512
#: Latitude at which the square world ends, degrees. Source: EPSG:3857, atan(sinh(pi)).
END_LAT = 85.051_128
#: Metres of the equator. Source: EPSG:3857, 2 pi times the radius 6378137 m.
EQUATOR_M = 40_075_016.686
#: Farthest and closest zoom of a map. Source: our estimate, the world on a phone, one building, 2026-11-29.
LEAST_ZOOM, MOST_ZOOM = 1, 19


def fraction(lon: float, lat: float) -> tuple[float, float]:
    """Where the point lies in the square world: (0, 0) is its north-west corner, (1, 1) its south-east."""
    lat = max(-END_LAT, min(END_LAT, lat))
    y = math.asinh(math.tan(math.radians(lat))) / math.pi
    return (lon + 180) / 360, (1 - y) / 2


def lonlat(x: float, y: float) -> tuple[float, float]:
    """The point at a place of the square world."""
    return x * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


class View(msgspec.Struct, frozen=True):
    """What a map of this size shows around a point."""

    lon: float
    lat: float
    zoom: float
    width: int
    height: int

    @property
    def world(self) -> float:
        return WORLD_PX * math.pow(2, self.zoom)

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels from the top left corner of the map."""
        x0, y0 = fraction(self.lon, self.lat)
        x, y = fraction(lon, lat)
        return (x - x0) * self.world + self.width / 2, (y - y0) * self.world + self.height / 2

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The point at these pixels."""
        x0, y0 = fraction(self.lon, self.lat)
        east, south = x0 + (x - self.width / 2) / self.world, y0 + (y - self.height / 2) / self.world
        return lonlat(min(1.0, max(0.0, east)), min(1.0, max(0.0, south)))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is shown."""
        west, north = self.at(0, 0)
        east, south = self.at(self.width, self.height)
        return west, south, east, north

    @property
    def metres_a_pixel(self) -> float:
        """On the ground, in the middle of the map."""
        return EQUATOR_M / self.world * math.cos(math.radians(self.lat))

    def moved(self, right: float, down: float) -> "View":
        """The same map, so many of its widths to the right and heights down."""
        lon, lat = self.at(self.width * (0.5 + right), self.height * (0.5 + down))
        return msgspec.structs.replace(self, lon=lon, lat=lat)

    def zoomed(self, by: float) -> "View":
        return msgspec.structs.replace(self, zoom=max(LEAST_ZOOM, min(MOST_ZOOM, self.zoom + by)))


def fitting(box: tuple[float, float, float, float], width: int, height: int, *, most: float) -> View:
    """The closest map of this size, at a whole zoom, that shows the box with some room around it."""
    west, south, east, north = box
    x0, y0 = fraction(west, north)
    x1, y1 = fraction(east, south)
    wide, high = max(x1 - x0, 1e-12), max(y1 - y0, 1e-12)
    room = 0.8  # a fifth stays free at the edges
    zoom = math.log2(min(width * room / wide, height * room / high) / WORLD_PX)
    lon, lat = lonlat((x0 + x1) / 2, (y0 + y1) / 2)
    return View(lon, lat, max(LEAST_ZOOM, min(most, math.floor(zoom))), width, height)
