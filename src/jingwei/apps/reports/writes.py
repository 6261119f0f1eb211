"""Reports into their tables, in bulk: what a disaster does a thousand times a second."""

import os
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from typing import Any

import msgspec

from jingwei.apps.journal import writes as journal
from jingwei.apps.journal.queries import Digested
from jingwei.kernel.canonical import canonical, canonical_bytes, six_places
from jingwei.kernel.codes import normal_place
from jingwei.kernel.moments import By, Moment

from .facts import Told
from .models import Report

#: Columns that are written as the model has them, and those the database keeps in its own way.
#: A test holds that together they are all the table has.
_PLAIN = (
    "home", "key", "content_digest", "state", "type", "channel", "source", "evidence", "organization",
    "words", "title", "lang", "precision", "kind", "place", "place_words", "site", "lon", "lat", "datum",
    "grid_key", "event_ref", "level", "from_level", "number", "rescue", "raw",
)  # fmt: skip
_SPELLED = ("id", "salt", "by", "occurred_at", "received_at", "recorded_at", "flags", "told")
_REPORT = _PLAIN + _SPELLED
_CALLER = ("report_id", "name", "phone")
_FIGURE = ("report_id", "measure", "area", "value", "unit", "words")
#: The newest version of a report's digest, and what it covers.
_VERSION = max(Report.DIGESTED)
_COVERED = Report.DIGESTED[_VERSION]
_plain = itemgetter(*_PLAIN)
#: A form that writes what is covered in the canonical order, without the walk through every value.
_ORDERED = tuple(sorted(_COVERED))
_covered, _content = itemgetter(*_ORDERED), msgspec.defstruct("Content", _ORDERED, gc=False)
_encode, _encode_sorted = msgspec.json.Encoder().encode, msgspec.json.Encoder(order="sorted").encode


class Fresh(msgspec.Struct):
    """A report that is new, and its columns as the model has them but for `salt`."""

    told: Told
    columns: dict[str, Any]


def insert_reports(fresh: Sequence[Fresh], *, by: By, moment: Moment) -> list[Digested]:
    """Write the reports, their callers and figures. Returns the digest of each row, in order."""
    spelling, salts = journal.spelling(), os.urandom(16 * len(fresh))
    signer, at, recorded_at = spelling.id(by), spelling.time(moment.at), spelling.time(moment.recorded_at)
    same = {"by": str(by), "received_at": canonical(moment.at)}
    reports: list[tuple[object, ...]] = []
    callers: list[tuple[object, ...]] = []
    figures: list[tuple[object, ...]] = []
    digests: list[Digested] = []
    for n, one in enumerate(fresh):
        row, salt = one.columns, salts[16 * n : 16 * n + 16]
        kept, text = spelling.id(row["id"]), str(row["id"])
        digest = _digest(row | same | {"id": text}, salt)
        digests.append(Digested(model="reports.Report", id=text, version=_VERSION, digest=digest))
        spelled = (kept, salt, signer, spelling.time(row["occurred_at"]), at, recorded_at)
        told = journal.json_value(row["told"])
        reports.append((*_plain(row), *spelled, _flags(tuple(row["flags"])), told))
        if one.told.caller_name or one.told.caller_phone:
            callers.append((kept, one.told.caller_name[:100], one.told.caller_phone[:40]))
        if one.told.figures:
            figures += _figures(one, kept)
    journal.insert_rows("reports_report", _REPORT, reports)
    journal.insert_rows("reports_caller", _CALLER, callers)
    journal.insert_rows("reports_reportedfigure", _FIGURE, figures)
    return digests


def _digest(row: dict[str, Any], salt: bytes) -> str:
    """What `Recorded.digest` says of a row whose id, `by` and time of receipt are plain already.

    A test holds that it does.
    """
    told = row["told"]
    odd: dict[str, object] = {name: six_places(told[name]) for name in ("lon", "lat") if name in told}
    row["lon"] = None if row["lon"] is None else odd["lon"]
    row["lat"] = None if row["lat"] is None else odd["lat"]
    if "figures" in told:
        odd["figures"] = canonical(told["figures"])
    try:
        plain = _encode_sorted(told | odd)
    except (msgspec.MsgspecError, OverflowError):  # whole numbers beyond 64 bits
        plain = canonical_bytes(told)
    row["told"], row["occurred_at"] = msgspec.Raw(plain), canonical(row["occurred_at"])
    return sha256(salt + _encode(_content(*_covered(row)))).hexdigest()


@lru_cache(maxsize=1_000)
def _flags(flags: tuple[str, ...]) -> str:
    """There are few sets of flags."""
    return journal.json_value(flags)


def _figures(one: Fresh, number: str) -> list[tuple[object, ...]]:
    row = one.columns
    return [
        (
            number,
            claim.measure[:60],
            (normal_place(claim.area) or row["site"] or row["place"])[:64],
            claim.value,
            claim.unit[:24],
            claim.words[:300],
        )
        for claim in one.told.figures
    ]
