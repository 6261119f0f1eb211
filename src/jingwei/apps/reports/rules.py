"""What is noticed about a report. Nothing here refuses: intake never refuses for content. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from operator import itemgetter
from typing import Any

import msgspec

from jingwei.kernel.canonical import canonical, canonical_bytes, salted_digest
from jingwei.kernel.codes import is_kind_code, is_place_code, normal_place, place_within
from jingwei.kernel.lonlat import grid_key, is_lonlat
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused

from .facts import PRECISIONS, TYPES, Told

#: A time this much ahead of ours is flagged as in the future.
#: Source: our estimate, phones keep time within seconds, hand-set clocks within minutes, 2026-11-22.
FUTURE_SLACK = timedelta(minutes=5)
#: A sender's clock this much off is flagged. Source: our estimate, as above.
SKEW_SLACK = timedelta(minutes=10)
#: A whole number of hours off, give or take this, is a wrong time zone or daylight saving.
#: Source: our estimate, delivery takes up to minutes, 2026-11-22.
HOUR_SLACK = timedelta(minutes=4)
#: Longest words kept in one report, characters; more is cut into `raw`.
#: Source: our estimate, an hour's transcript is about 20,000 characters, 2026-11-22.
LONGEST_WORDS = 20_000

# characters no database takes: NUL, and surrogates without their half
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class ReportRefused(Refused):
    """`report_unknown`, `report_not_quarantined`, `too_many_reports`, `clause_missing`, `file_unknown`,

    `file_begun`, `file_columns_missing`.
    """


def clean_text(text: str) -> tuple[str, bool]:
    """The text with what no database takes written as \\uXXXX, and whether anything was."""
    cleaned = _UNSTORABLE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)
    return cleaned, cleaned != text


def clean(told: Told) -> Told:
    """The report with every text storable; flagged where a character had to be escaped. Times in UTC."""
    changed: dict[str, object] = {}
    if not _is_storable(told):
        changed = _cleaned(told)
        figures = tuple(msgspec.structs.replace(claim, **_cleaned(claim)) for claim in told.figures)
        changed |= {"figures": figures, "flags": (*told.flags, "characters_escaped")}
    if told.occurred_at is not None and told.occurred_at.tzinfo is not UTC:
        changed["occurred_at"] = _in_utc(told.occurred_at)
    if told.sent_at is not None and told.sent_at.tzinfo is not UTC:
        changed["sent_at"] = _in_utc(told.sent_at)
    return msgspec.structs.replace(told, **changed) if changed else told


def _is_storable(told: Told) -> bool:
    """Whether every text is, looked at in one go."""
    texts = [value for value in msgspec.structs.astuple(told) if type(value) is str]
    for claim in told.figures:
        texts += (claim.measure, claim.unit, claim.area, claim.words)
    return _UNSTORABLE.search("".join(texts)) is None


def _in_utc(at: datetime) -> datetime | None:
    """The same instant in UTC, as PostgreSQL takes no offset beyond 15:59; None: outside the calendar."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return None


def _cleaned(one: msgspec.Struct) -> dict[str, object]:
    """Its texts that no database takes as they are, by field, written out."""
    texts = {name: getattr(one, name) for name in one.__struct_fields__}
    cleaned = {name: clean_text(value)[0] for name, value in texts.items() if isinstance(value, str)}
    return {name: text for name, text in cleaned.items() if text != texts[name]}


def time_flags(told: Told, *, at: datetime) -> list[str]:
    """What is odd about the report's times, seen from the node's clock."""
    flags = []
    if told.occurred_at is None:
        flags.append("time_assumed")
    elif told.occurred_at > at + FUTURE_SLACK:
        flags.append("time_in_future")
    if told.sent_at is not None:
        off = told.sent_at - at
        hours = round(off / timedelta(hours=1))
        if hours and abs(off - timedelta(hours=hours)) <= HOUR_SLACK:
            flags.append("clock_hours_off")
        elif abs(off) > SKEW_SLACK:
            flags.append("clock_off")
    return flags


def place_flags(told: Told, *, known: bool, scope: str) -> list[str]:
    """What is odd about the report's place. `known`: the code is in the node's table."""
    flags = []
    place = normal_place(told.place)
    if not told.place and told.lon is None and not told.site:
        flags.append("place_missing")
    elif told.place and (not is_place_code(place) or not known):
        flags.append("place_unknown")
    elif place and scope and not place_within(place, scope) and not place_within(scope, place):
        flags.append("outside_area")
    if told.lon is not None or told.lat is not None:
        if told.lon is None or told.lat is None or not is_lonlat(told.lon, told.lat):
            flags.append("point_impossible")
        elif not told.datum:
            flags.append("datum_unstated")
    return flags


def kind_flags(told: Told, *, known: bool) -> list[str]:
    if not told.kind:
        return ["kind_missing"]
    return [] if known and is_kind_code(told.kind) else ["kind_unknown"]


def form_flags(told: Told) -> list[str]:
    """What is odd about the words and labels."""
    flags = []
    if told.type not in TYPES:
        flags.append("type_unknown")
    if told.precision not in PRECISIONS:
        flags.append("precision_unknown")
    if len(told.words) > LONGEST_WORDS:
        flags.append("words_cut")
    if not (told.words.strip() or told.figures or told.title) and told.type == "occurrence":
        flags.append("words_missing")
    return flags


def is_unreadable(told: Told) -> bool:
    """Whether nothing of the report could be read: it is kept raw, in quarantine, for a person."""
    return bool(told.raw) and not (told.words or told.title or told.figures or told.kind or told.level)


def content_digest(told: Told) -> str:
    """What the report says, as a digest: a repeat under one key has the same, another report another.

    The sender's clock at sending is left out: a retry is sent later and is the same report.
    """
    return _digest_of(told, msgspec.to_builtins(told))


#: What the digest covers, and a form that writes it in the canonical order: what `salted_digest` would write.
_COVERED = tuple(sorted({*Told.__struct_fields__} - {"key", "sent_at", "flags"}))
_covered = itemgetter(*_COVERED)
_content = msgspec.defstruct("Content", _COVERED, gc=False)
_encode = msgspec.json.Encoder().encode


def _digest_of(told: Told, said: dict[str, Any]) -> str:
    plain = said
    if told.lon is not None or told.lat is not None or told.figures:
        plain = said | {"lon": canonical(told.lon), "lat": canonical(told.lat)}
        plain["figures"] = msgspec.Raw(canonical_bytes(said["figures"]))
    try:
        content = _encode(_content(*_covered(plain)))
    except (msgspec.MsgspecError, OverflowError):  # whole numbers beyond 64 bits
        return salted_digest({name: said[name] for name in _COVERED}, b"")
    return sha256(content).hexdigest()


class Draft(msgspec.Struct, frozen=True):
    """A report, cleaned, with what is known of it before any table was asked.

    `said` is the report made plain; `place` its division without padding.
    """

    told: Told
    said: dict[str, Any]
    digest: str
    flags: list[str]
    place: str
    unreadable: bool


def draft(told: Told, *, at: datetime) -> Draft:
    told = clean(told)
    said = msgspec.to_builtins(told)
    return Draft(
        told=told,
        said=said,
        digest=_digest_of(told, said),
        flags=[*told.flags, *form_flags(told), *time_flags(told, at=at)],
        place=normal_place(told.place),
        unreadable=is_unreadable(told),
    )


#: What `told` leaves out: who called is kept apart, the rest has columns of its own.
_APART = frozenset({"caller_name", "caller_phone", "raw", "flags"})


def columns_of(one: Draft, flags: Sequence[str], *, moment: Moment) -> dict[str, Any]:
    """The report as its columns keep it: cut to their length, what is impossible left to `told`."""
    told, lon, lat = one.told, one.told.lon, one.told.lat
    if lon is None or lat is None or not is_lonlat(lon, lat):
        lon = lat = None
    return {
        "key": told.key[:200],
        "content_digest": one.digest,
        "state": "quarantined" if one.unreadable else "accepted",
        "type": told.type[:16],
        "channel": told.channel[:24],
        "source": told.source[:200],
        "evidence": told.evidence[:80],
        "organization": told.organization[:64],
        "words": told.words[:LONGEST_WORDS],
        "title": told.title[:200],
        "lang": told.lang[:12],
        "occurred_at": told.occurred_at or moment.at,
        "precision": told.precision[:12],
        "received_at": moment.at,
        "recorded_at": moment.recorded_at,
        "kind": told.kind[:16],
        "place": one.place[:16],
        "place_words": told.place_words[:300],
        "site": told.site[:64],
        "lon": lon,
        "lat": lat,
        "datum": told.datum[:8],
        "grid_key": None if lon is None or lat is None else grid_key(lon, lat),
        "event_ref": told.event_ref[:80],
        "level": _whole(told.level, most=32_767),
        "from_level": _whole(told.from_level, most=32_767),
        "number": _whole(told.number, most=2**31 - 1),
        "rescue": told.rescue,
        "flags": sorted(set(flags)),
        "raw": told.raw,
        "told": {n: v for n, v in one.said.items() if _says(v) and n not in _APART},
    }


def _says(value: object) -> bool:
    """Whether it says anything: no and nought do, an empty text or list does not."""
    return bool(value) or value is False or value == 0


def _whole(value: int | None, *, most: int) -> int | None:
    """A whole number its column takes; another stays in `told` alone."""
    return value if value is not None and 0 <= value <= most else None


#: Shortest number that is shown in part; a shorter one is a service number or half a number.
#: Source: the national numbering plan: a local number has seven digits at least.
SHORTEST_NUMBER = 7


def mask_name(name: str) -> str:
    """A name as shown to those who have no reason to see it: the first character."""
    return name[:1] + "*" * min(2, max(0, len(name) - 1)) if name else ""


def mask_phone(phone: str) -> str:
    """A number as shown: the first three and the last two digits."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-2:]}" if len(digits) >= SHORTEST_NUMBER else "*" * len(digits)


class Announced(msgspec.Struct, frozen=True):
    """A warning or response level as one source announced it."""

    report_id: str
    type: str
    organization: str
    kind: str
    place: str
    level: int
    from_level: int | None
    number: int | None
    at: datetime
    precision: str
    source: str
    evidence: str
    words: str


#: Two sources that put one announcement at times this far apart still speak of the same one.
#: Source: our estimate, a level is seldom raised twice within two hours, 2026-11-22.
SAME_ANNOUNCEMENT = timedelta(hours=2)


def group_announcements(announced: list[Announced]) -> list[list[Announced]]:
    """Announcements in order of time; those that tell of the same one stand together.

    Same body, type, level and level before, different sources, within two hours: one announcement
    with conflicting times. All are kept.
    """
    groups: list[list[Announced]] = []
    alike: dict[tuple[object, ...], list[_Group]] = {}
    for one in sorted(announced, key=lambda a: (a.at, a.report_id)):
        earlier = alike.setdefault(_spoken_of(one), [])
        group = next((g for g in _recent(earlier, one.at) if one.source not in g.sources), None)
        if group is None:
            group = _Group()
            groups.append(group.told)
            earlier.append(group)
        group.told.append(one)
        group.sources.add(one.source)
    return groups


class _Group:
    """Announcements that tell of the same one, and who told."""

    def __init__(self) -> None:
        self.told: list[Announced] = []
        self.sources: set[str] = set()


def _recent(groups: list[_Group], at: datetime) -> Iterator[_Group]:
    """Groups, newest first, that may still tell of an announcement of this time."""
    return takewhile(lambda group: at - group.told[0].at <= SAME_ANNOUNCEMENT, reversed(groups))


def _spoken_of(one: Announced) -> tuple[object, ...]:
    """What two announcements must share to be the same one."""
    return (one.type, one.organization, one.level, one.from_level, one.number, one.place)


#: Most reports the public form takes from one address within the window.
#: Source: our estimate, a mobile network puts many phones behind one address; a person sends few, 2026-11-22.
MOST_SENDINGS = 60
#: The window over which they are counted. Source: our estimate, as above.
SENDING_WINDOW = timedelta(minutes=10)


def is_flood(sent: int) -> bool:
    """Whether an address has sent so many reports within the window that the next one must wait."""
    return sent >= MOST_SENDINGS
