"""What the matcher takes and gives: reports, clues, links with reasons, questions. Frozen values."""

import msgspec

from jingwei.engines.reading.facts import Fact
from jingwei.engines.reading.places import Mention


class Report(msgspec.Struct, frozen=True):
    """One report as the matcher sees it. Times in seconds of any one clock; points in WGS 84.

    `caller` is '' where unknown or where it is an office that speaks of many incidents. `marked`: the
    datum of the point is known. `voice`: a call, located by mast perhaps. `device`: a sensor speaks.
    """

    id: str
    words: str
    arrived_s: float
    sent_s: float | None = None
    occurred_s: float | None = None
    channel: str = ""
    kind: str = ""
    place_words: str = ""
    lon: float | None = None
    lat: float | None = None
    marked: bool = True
    voice: bool = False
    device: bool = False
    caller: str = ""


class Clue(msgspec.Struct, frozen=True):
    """A report reduced to what is compared. `kinds`: relative chances by kind, the best 1."""

    id: str
    at_s: float
    occurred_s: float | None
    kinds: tuple[float, ...]
    kind_logs: tuple[float, ...]  # the same as logarithms, empty where nothing is said
    kind_known: bool
    points: tuple[tuple[float, float, float], ...]  # x, y in metres, weight
    coarse: float  # chance that the point is of a mast
    mention: Mention | None
    facts: tuple[Fact, ...]
    grave: bool
    caller: str
    chunks: tuple[str, ...]
    flat: str
    hearsay: bool
    idle: bool
    device: bool = False
    coded: bool = False  # the channel filled in a kind


class Part(msgspec.Struct, frozen=True):
    """One reason: the feature, its natural logarithm of how much likelier the join is, what was compared."""

    name: str
    value: float
    detail: dict[str, str | float] = {}


class Link(msgspec.Struct, frozen=True):
    """Where a report was placed. `score` is the sum of the parts; `chance` is its share among all choices.

    `opened`: the report began the incident; then `parts` tell about the nearest other one, if any.
    """

    report: str
    incident: int
    opened: bool
    score: float
    chance: float
    parts: tuple[Part, ...]
    other: int | None = None
    other_chance: float = 0.0
    mark: str = ""  # hearsay, idle


class Question(msgspec.Struct, frozen=True):
    """May this report belong to that incident? `value` is what a person's answer is worth, in joins."""

    report: str
    incident: int
    chance: float
    value: float
    life: bool


class Change(msgspec.Struct, frozen=True):
    """What was revised after placing: `what` is merged, split, moved or shared; `reports` are those moved."""

    what: str
    incident: int
    other: int
    reports: tuple[str, ...]
