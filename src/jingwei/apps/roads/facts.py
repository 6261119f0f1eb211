"""What can be said to have happened to roads. Reasons stand in the rows. Pure."""

from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

SHAPES = ("point", "line", "area")


class NewClosure(msgspec.Struct, frozen=True, kw_only=True):
    """Where roads are closed (`factor` 0) or slow (of the usual speed). `points`: (lon, lat).

    `radius_m`: round a point or along a line. `until_at` None: until it is reopened.
    """

    shape: str
    points: tuple[tuple[float, float], ...]
    radius_m: float = 0.0
    factor: float = 0.0
    reason: str = ""
    until_at: datetime | None = None
    key: str = ""


class RoadsLoaded(Fact, frozen=True, kw_only=True):
    """A road net was taken in; it is the one that counts from now on."""

    KIND: ClassVar[str] = "roads.loaded/1"
    SUBJECT: ClassVar[str] = "net_id"

    net_id: str
    file: str
    crossings: int
    stretches: int
    digest: str


class RoadClosed(Fact, frozen=True, kw_only=True):
    """Roads are closed or slow there from now on."""

    KIND: ClassVar[str] = "roads.closed/1"
    SUBJECT: ClassVar[str] = "closure_id"

    closure_id: str
    place: str
    shape: str
    factor: float
    until_at: datetime | None


class RoadReopened(Fact, frozen=True, kw_only=True):
    """They are as before."""

    KIND: ClassVar[str] = "roads.reopened/1"
    SUBJECT: ClassVar[str] = "closure_id"

    closure_id: str
    place: str
