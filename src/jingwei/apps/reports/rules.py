"""What is noticed about a report. Nothing here refuses: intake never refuses for content. Pure."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from jingwei.kernel.canonical import salted_digest
from jingwei.kernel.codes import is_kind_code, is_place_code, normal_place, place_within
from jingwei.kernel.lonlat import is_lonlat

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


def clean_text(text: str) -> tuple[str, bool]:
    """The text with what no database takes written as \\uXXXX, and whether anything was."""
    cleaned = _UNSTORABLE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)
    return cleaned, cleaned != text


def clean(told: Told) -> Told:
    """The report with every text storable; flagged where a character had to be escaped."""
    changed = _cleaned(told)
    figures = tuple(msgspec.structs.replace(claim, **_cleaned(claim)) for claim in told.figures)
    if figures != told.figures:
        changed["figures"] = figures
    if changed:
        changed["flags"] = (*told.flags, "characters_escaped")
    for name in told.__struct_fields__:
        value = getattr(told, name)
        if isinstance(value, datetime):
            changed[name] = _in_utc(value)
    return msgspec.structs.replace(told, **changed)


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
    content = msgspec.to_builtins(told)
    for name in ("key", "sent_at", "flags"):
        content.pop(name)
    return salted_digest(content, b"")


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
    for one in sorted(announced, key=lambda a: (a.at, a.report_id)):
        for group in reversed(groups):
            if _same_announcement(group, one):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _same_announcement(group: list[Announced], one: Announced) -> bool:
    first = group[0]
    same = (first.type, first.organization, first.level, first.from_level, first.number, first.place)
    return (
        same == (one.type, one.organization, one.level, one.from_level, one.number, one.place)
        and one.at - first.at <= SAME_ANNOUNCEMENT
        and all(one.source != other.source for other in group)
    )


#: Most reports the public form takes from one address within the window.
#: Source: our estimate, a mobile network puts many phones behind one address; a person sends few, 2026-11-22.
MOST_SENDINGS = 60
#: The window over which they are counted. Source: our estimate, as above.
SENDING_WINDOW = timedelta(minutes=10)


def is_flood(sent: int) -> bool:
    """Whether an address has sent so many reports within the window that the next one must wait."""
    return sent >= MOST_SENDINGS
