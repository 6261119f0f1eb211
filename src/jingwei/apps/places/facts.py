"""What can be said of places, and how they are handed round. Pure."""

from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

#: How well a point is known; an estimate is never exact.
PRECISIONS = ("exact", "approximate", "none")

#: What may become of a division: another name, another code, a part of another, several, or none.
CHANGES = ("renamed", "recoded", "merged", "split", "ended")

#: Level at which a search ranks and shows a site: not an administrative level.
SITE_LEVEL = 6


class DivisionRow(msgspec.Struct, frozen=True):
    """One division as a table hands it in. Level and parent follow from the code."""

    code: str
    name: str
    name_en: str = ""
    lon: float | None = None
    lat: float | None = None
    precision: str = "none"
    point_source: str = ""


class ChangeRow(msgspec.Struct, frozen=True):
    """What became of a division: `renamed` keeps its code, the others give it up.

    `on` is a year, month or day, as well as it is known. `successor` is '' where nobody knows it.
    """

    code: str
    name: str
    kind: str
    successor: str
    on: str
    source: str


class SiteRow(msgspec.Struct, frozen=True):
    """One named place as a table hands it in. `place` is the division that holds it."""

    id: str
    place: str
    kind: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    precision: str
    source: str
    note: str = ""


class OutlineRow(msgspec.Struct, frozen=True):
    """Where a division ends, as handed in: rings of micro-degrees, WGS 84; all levels to the county."""

    code: str
    rings: list[list[tuple[int, int]]]
    source: str


class NeighborRow(msgspec.Struct, frozen=True):
    """Two divisions that adjoin, as a table hands them in; once is enough. `border_m` where it is known."""

    code: str
    neighbor: str
    source: str
    border_m: float | None = None


class Point(msgspec.Struct, frozen=True):
    """Where a division or site is drawn. `of` is whose point it is: a parent's when there is no own one."""

    of: str
    name_zh: str
    name_en: str
    level: int
    lon: float
    lat: float
    precision: str
    source: str = ""


class PlaceFound(msgspec.Struct, frozen=True):
    """One hit of a search. `site` is empty for a division; `code` is then the division itself."""

    code: str
    site: str
    name: str
    name_en: str
    path: str
    level: int
    lon: float | None
    lat: float | None
    precision: str
    #: The old name or code by which it was found; the hit is what that became.
    former: str = ""
    valid_to: str = ""


class DivisionsLoaded(Fact, frozen=True, kw_only=True):
    """Divisions were taken into the register, or brought up to date."""

    KIND: ClassVar[str] = "places.divisions_loaded/1"
    SUBJECT: ClassVar[str] = "source"

    source: str
    rows: int
    digest: str


class DivisionsChanged(Fact, frozen=True, kw_only=True):
    """Divisions were renamed, given other codes, merged, split or ended; nothing was deleted."""

    KIND: ClassVar[str] = "places.divisions_changed/1"
    SUBJECT: ClassVar[str] = "source"

    source: str
    rows: int
    digest: str


class SitesLoaded(Fact, frozen=True, kw_only=True):
    """Named places were taken into the register, or brought up to date."""

    KIND: ClassVar[str] = "places.sites_loaded/1"
    SUBJECT: ClassVar[str] = "source"

    source: str
    rows: int
    digest: str


class OutlinesLoaded(Fact, frozen=True, kw_only=True):
    """Outlines of divisions were taken in, or brought up to date."""

    KIND: ClassVar[str] = "places.outlines_loaded/1"
    SUBJECT: ClassVar[str] = "source"

    source: str
    rows: int
    digest: str


class NeighborsLoaded(Fact, frozen=True, kw_only=True):
    """It was said which divisions adjoin: from outlines, or from a list."""

    KIND: ClassVar[str] = "places.neighbors_loaded/1"
    SUBJECT: ClassVar[str] = "source"

    source: str
    rows: int
    digest: str
