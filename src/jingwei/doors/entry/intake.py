"""From bytes to reports: whatever came is read as well as it can be, and nothing is thrown away."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from jingwei.apps.reports.facts import Claim, Told
from jingwei.engines.datum import to_wgs84
from jingwei.kernel.lonlat import is_lonlat

#: Largest body taken at once, bytes.
LARGEST_BODY = 8 * 1024 * 1024
#: Most reports taken in one body.
MOST_REPORTS = 10_000

_TEXTS = (
    "key", "type", "channel", "source", "evidence", "words", "lang", "title", "precision", "kind", "place",
    "place_words", "site", "datum", "caller_name", "caller_phone", "organization", "event_ref",
)  # fmt: skip
_read_json = msgspec.json.decode
_WHOLE = ("level", "from_level", "number")
_TIMES = ("occurred_at", "sent_at")
_DATUMS = {"wgs84": "wgs84", "wgs-84": "wgs84", "gcj02": "gcj02", "gcj-02": "gcj02", "bd09": "bd09",
           "bd-09": "bd09", "cgcs2000": "wgs84"}  # fmt: skip


class Read(msgspec.Struct, frozen=True):
    """What a body holds: reports in order, and whether the sender sent one or many."""

    told: tuple[Told, ...]
    many: bool


def decode(body: bytes, charset: str = "") -> tuple[str, list[str]]:
    """The body as text, with a flag when it was not UTF-8. Undecodable bytes stay visible as \\xNN."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for name in ("utf-8-sig", charset, "gb18030"):
        if not name:
            continue
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        return text, [] if name == "utf-8-sig" else [f"encoding_{name.lower().replace('-', '')}"]
    return body.decode("utf-8", "backslashreplace"), ["encoding_unknown"]


def read_body(body: bytes, charset: str = "", *, channel: str = "api") -> Read:
    """Reports from a JSON body: one object, a list, or {"reports": […]}. What cannot be read is kept raw."""
    if channel == "api" and (quick := _read_quickly(body)) is not None:
        return quick
    return _read_any(body, charset, channel)


def _read_any(body: bytes, charset: str, channel: str) -> Read:
    flags: list[str] = []
    try:
        content = _read_json(body)
    except (ValueError, RecursionError):
        text, flags = decode(body, charset)
        try:
            # json reads what msgspec refuses: other encodings, lone surrogates, NaN
            content = json.loads(text)
        except (ValueError, RecursionError):
            return Read((_unread(text, [*flags, "json_unreadable"], channel),), many=False)
    if isinstance(content, dict) and isinstance(content.get("reports"), list):
        content = content["reports"]
    if isinstance(content, list):
        return Read(tuple(read_report(one, flags, channel=channel) for one in content), many=True)
    return Read((read_report(content, flags, channel=channel),), many=False)


_parts = msgspec.json.Decoder(list[msgspec.Raw]).decode
_told = msgspec.json.Decoder(Told).decode


def _read_quickly(body: bytes) -> Read | None:
    """The same reading as `_read_any`, a tenth of its time, where nothing is odd; None: something is.

    A report that is odd by itself is read by itself; a disaster brings a thousand reports a second.
    """
    try:
        if not body.startswith(b"["):
            one = _as_told(body)
            return None if one is None else Read((one,), many=False)
        found = []
        for part in _parts(body):
            one = _as_told(part)
            found.append(read_report(_read_json(part)) if one is None else one)
    except (ValueError, RecursionError):
        return None
    return Read(tuple(found), many=True)


def _as_told(content: bytes | msgspec.Raw) -> Told | None:
    """One report of fields we know, each of its own sort; None: it must be looked at field by field."""
    try:
        told = _told(content)
    except (ValueError, RecursionError):
        return None
    if told.raw or told.flags or not (told.type and told.channel and told.precision):
        return None
    if not (told.words or told.title or told.figures or told.kind or told.level):
        return None
    for at in (told.occurred_at, told.sent_at):
        if at is not None and at.tzinfo is None:
            return None
    if told.lon is None and told.lat is None:
        return told
    if told.datum == "wgs84" and told.lon is not None and told.lat is not None:
        return told
    noticed: list[str] = []
    unread: list[str] = []
    point = _point({"lon": told.lon, "lat": told.lat, "datum": told.datum}, noticed, unread)
    return None if unread else msgspec.structs.replace(told, **point, flags=tuple(noticed))


def _unread(text: str, flags: list[str], channel: str) -> Told:
    return Told(raw=text or "(empty)", channel=channel, flags=tuple(flags))


def read_report(content: object, flags: list[str] | None = None, *, channel: str = "api") -> Told:
    """One report from its JSON object; a field of the wrong sort is flagged and the whole kept raw."""
    noticed = list(flags or [])
    if not isinstance(content, dict):
        return _unread(_whole_text(content), [*noticed, "not_an_object"], channel)
    fields: dict[str, Any] = {"channel": channel}
    unread: list[str] = []
    unknown = False
    for name, value in content.items():
        if name in _POINT:
            continue
        read = _READERS.get(name)
        if read is None:
            unknown = unknown or name not in Told.__struct_fields__
        elif value is not None and value != "":
            try:
                fields[name] = read(value, noticed)
            except (ValueError, TypeError, OverflowError):
                unread.append(name)
    fields.update(_point(content, noticed, unread))
    noticed += [f"unreadable_{name}" for name in sorted(unread)]
    if unknown:
        noticed.append("fields_unknown")
    if not any(fields.get(name) for name in ("words", "title", "figures", "kind", "level")):
        return _unread(_whole_text(content), [*noticed, "nothing_readable"], channel)
    return Told(**fields, raw=_whole_text(content) if unread or unknown else "", flags=tuple(noticed))


def _whole_text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)


def _text(value: object) -> str:
    if type(value) is str:
        return value
    if isinstance(value, bool | dict | list):
        raise TypeError
    return str(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and value != int(value)):
        raise TypeError
    return int(value)  # type: ignore[call-overload]


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _time(value: object, noticed: list[str]) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    at = datetime.fromisoformat(str(value).strip().replace("/", "-"))
    if at.tzinfo is None:
        noticed.append("time_zone_assumed")
        at = at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    return at


def _figures(value: object) -> tuple[Claim, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(
        Claim(
            measure=_text(one["measure"]),
            value=_number(one["value"]),
            unit=_text(one.get("unit", "")),
            area=_text(one.get("area", "")),
            words=_text(one.get("words", "")),
        )
        for one in (_mapping(v) for v in value)
    )


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict) or "measure" not in value or "value" not in value:
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool):
        raise TypeError
    number = float(value)  # type: ignore[arg-type]
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError
    return number


#: How each field is read; what is noticed on the way goes to the list.
_READERS: dict[str, Callable[[object, list[str]], Any]] = {
    **dict.fromkeys(_TEXTS, lambda value, _: _text(value)),
    **dict.fromkeys(_WHOLE, lambda value, _: _whole(value)),
    **dict.fromkeys(_TIMES, _time),
    "rescue": lambda value, _: _yes(value),
    "figures": lambda value, _: _figures(value),
}
_POINT = frozenset({"lon", "lat"})


def _point(content: Mapping[str, Any], noticed: list[str], unread: list[str]) -> dict[str, Any]:
    """The point in WGS 84, converted once, here; `datum` keeps which one it came in."""
    if content.get("lon") in (None, "") and content.get("lat") in (None, ""):
        return {}
    try:
        lon, lat = _number(content.get("lon")), _number(content.get("lat"))
    except (ValueError, TypeError):
        unread.append("point")
        return {}
    given = str(content.get("datum") or "").strip().lower()
    datum = _DATUMS.get(given, "")
    if given and not datum:
        noticed.append("datum_unknown")
    if datum in ("gcj02", "bd09") and is_lonlat(lon, lat):
        lon, lat = to_wgs84(lon, lat, "gcj02" if datum == "gcj02" else "bd09")
        noticed.append(f"converted_from_{datum}")
    return {"lon": lon, "lat": lat, "datum": datum}
