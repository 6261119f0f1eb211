"""What a check reads and what it says, as frozen values. Pure.

Nothing here is written down: an assessment is computed from the journal each time it is asked for.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

#: What a check can say. `not_assessable`: the record lacks something, and `missing` says what.
#: `not_yet`: it needs a capability the node does not have, named in `needs`.
State = Literal["met", "differs", "conflict", "not_assessable", "not_yet"]


class Words(msgspec.Struct, frozen=True):
    """One thing said in both languages."""

    zh: str = ""
    en: str = ""


class Measure(msgspec.Struct, frozen=True):
    """What a figure counts. `group` says which chains it belongs to; data/measures.csv."""

    code: str
    unit: str
    title: Words
    group: str


class CaseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A case of the past that can be replayed: what it is called, what kind, where, when."""

    name: str
    title: Words
    event_ref: str
    kind: str
    region: str
    prefecture: str
    time_zone: str
    live_from_at: datetime
    live_until_at: datetime
    feed_organization: str
    feed_role: str
    lang: str = "zh"
    country: str = "CN"


class Claimed(msgspec.Struct, frozen=True):
    """One figure of a record: measure, area, value, unit, as told."""

    measure: str
    area: str
    value: float
    unit: str = ""
    words: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One report as the journal attests it: the entry's id and the row it refers to.

    `at` is when the node took it in, `occurred_at` when it happened in the world.
    """

    entry_id: str
    report_id: str = ""
    type: str
    channel: str = ""
    organization: str = ""
    kind: str = ""
    place: str = ""
    level: int | None = None
    from_level: int | None = None
    number: int | None = None
    at: datetime
    occurred_at: datetime
    precision: str = "minute"
    source: str = ""
    evidence: str = ""
    title: str = ""
    words: str = ""
    claims: tuple[Claimed, ...] = ()


class CheckRule(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a case: what was to be expected, by which rule; `needs` names a missing capability."""

    id: str
    title: Words
    expected: Words = Words()
    rule: str = ""
    source: str = ""
    evidence: str = ""
    needs: str = ""


class Delay(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="delay"):
    """How long after the expected time it happened, by one source."""

    expected_at: datetime
    actual_at: datetime
    minutes: int
    precision: str
    source: str
    evidence: str
    entries: tuple[str, ...]


class Silence(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="silence"):
    """The days of a window (its end not included) on which the body did not report.

    `attested` is the number of days the record itself states; None where it states none.
    """

    organization: str
    area: str
    from_on: date
    until_on: date
    days: tuple[date, ...]
    attested: float | None
    entries: tuple[str, ...]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One announcement as one source tells it."""

    at: datetime
    precision: str
    source: str
    evidence: str
    words: str
    entry_id: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="conflict"):
    """One announcement told with different times: all are kept, in order of time."""

    type: str
    organization: str
    place: str
    level: int | None
    from_level: int | None
    spread_min: int
    versions: tuple[Version, ...]
    entries: tuple[str, ...]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One figure in a chain. `lowered`: less than the figure before it."""

    at: datetime
    precision: str
    value: float
    source: str
    evidence: str
    words: str
    lowered: bool
    entries: tuple[str, ...]


class Chain(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="chain"):
    """The figures of one measure in one area, in order of time. Two measures or areas never share one."""

    measure: str
    area: str
    unit: str
    group: str
    points: tuple[Point, ...]


class Term(msgspec.Struct, frozen=True):
    """A word for a thing, and who used it: `then`, as it happened, or later in a report of its own."""

    term: Words
    speaker: Words
    then: bool


class Worded(msgspec.Struct, frozen=True, kw_only=True):
    """A word as it was used; `told_in` is the entry whose words quote it, the version has its own time."""

    term: Words
    speaker: Words
    told_in: str
    version: Version


class Wording(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="wording"):
    """The words used for one thing, in order of time: none replaces another."""

    versions: tuple[Worded, ...]
    entries: tuple[str, ...]


Detail = Delay | Silence | Conflict | Chain | Wording


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found: expected, actual, difference, and the journal entries it rests on."""

    id: str
    title: Words
    state: State
    expected: Words = Words()
    actual: Words = Words()
    difference: Words = Words()
    missing: tuple[Words, ...] = ()
    explanation: tuple[Words, ...] = ()
    details: tuple[Detail, ...] = ()
    rule: str = ""
    source: str = ""
    evidence: str = ""
    needs: str = ""
    entries: tuple[str, ...] = ()


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """All checks of one case over one journal."""

    case: str
    title: Words
    event_ref: str
    records: int
    checks: tuple[Checked, ...]
