"""Taking reports in: nothing refused for its content, nothing lost, nothing twice."""

import hashlib
import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries.proofs import keyed_digest
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import get_node
from jingwei.apps.places import queries as places
from jingwei.kernel.codes import normal_place
from jingwei.kernel.facts import Fact
from jingwei.kernel.lonlat import grid_key, is_lonlat
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused, Unavailable

from . import queries, rules
from .facts import (
    CallerErased,
    CallerRevealed,
    Photo,
    PhotoAttached,
    PhotoSeen,
    PhotoSetAside,
    Received,
    ReportQuarantined,
    ReportReceived,
    ReportTranscribed,
    Told,
)
from .models import Caller, PublicSending, Report, ReportedFigure, ReportPhoto


class ReportRefused(Refused):
    """`report_unknown`, `report_not_quarantined`, `too_many_reports`, `clause_missing`."""


@transaction.atomic
def receive_reports(told: Sequence[Told], *, by: By, moment: Moment) -> list[Received]:
    """Take in reports, in order: each is accepted, quarantined, or known from before under its key.

    One transaction for the list; the answer may go out when it has committed.
    """
    authority = agencies.require(by, "reports.receive_reports", at=moment.at)
    cleaned = [rules.clean(one) for one in told]
    digests = [rules.content_digest(one) for one in cleaned]
    earlier = _list_earlier(by, [one.key for one in cleaned if one.key])
    places_known = places.list_known_codes({normal_place(t.place) for t in cleaned if t.place})
    kinds_known = hazards.list_known_kinds({t.kind for t in cleaned if t.kind})
    answers: list[Received] = []
    fresh: list[tuple[Report, Told]] = []
    for one, digest in zip(cleaned, digests, strict=True):
        same_key = earlier.get(one.key, {}) if one.key else {}
        if digest in same_key:
            answers.append(same_key[digest])
            continue
        flags = list(one.flags) + rules.form_flags(one) + rules.time_flags(one, at=moment.at)
        if not rules.is_unreadable(one):
            flags += rules.kind_flags(one, known=one.kind in kinds_known)
            known = normal_place(one.place) in places_known
            flags += rules.place_flags(one, known=known, scope=authority.place)
        if same_key:
            flags.append("key_reused")
        report = _report(one, digest, flags, by=by, moment=moment)
        answer = Received(id=report.id, status=report.state, flags=tuple(report.flags))
        if one.key:
            repeated = msgspec.structs.replace(answer, status="known")
            earlier.setdefault(one.key, {})[digest] = repeated
        answers.append(answer)
        fresh.append((report, one))
    _store(fresh, by=by, moment=moment)
    return answers


def _list_earlier(by: By, keys: list[str]) -> dict[str, dict[str, Received]]:
    """What this caller sent before under these keys: key, then content digest."""
    found: dict[str, dict[str, Received]] = {}
    rows = Report.objects.filter(by=by, key__in=set(keys)).values_list("key", "content_digest", "id", "flags")
    for key, digest, report_id, flags in rows:
        found.setdefault(key, {})[digest] = Received(id=report_id, status="known", flags=tuple(flags))
    return found


def _report(one: Told, digest: str, flags: list[str], *, by: By, moment: Moment) -> Report:
    possible = one.lon is not None and one.lat is not None and is_lonlat(one.lon, one.lat)
    lon, lat = (one.lon, one.lat) if possible else (None, None)
    return Report(
        home=get_node(),
        key=one.key[:200],
        content_digest=digest,
        by=by,
        state="quarantined" if rules.is_unreadable(one) else "accepted",
        type=one.type[:16],
        channel=one.channel[:24],
        source=one.source[:200],
        evidence=one.evidence[:80],
        organization=one.organization[:64],
        words=one.words[: rules.LONGEST_WORDS],
        title=one.title[:200],
        lang=one.lang[:12],
        occurred_at=one.occurred_at or moment.at,
        precision=one.precision[:12],
        received_at=moment.at,
        recorded_at=moment.recorded_at,
        kind=one.kind[:16],
        place=normal_place(one.place)[:16],
        place_words=one.place_words[:300],
        site=one.site[:64],
        lon=lon,
        lat=lat,
        datum=one.datum[:8],
        grid_key=grid_key(lon, lat) if lon is not None and lat is not None else None,
        event_ref=one.event_ref[:80],
        level=one.level if one.level is None or 0 <= one.level <= 32767 else None,
        from_level=one.from_level if one.from_level is None or 0 <= one.from_level <= 32767 else None,
        number=one.number if one.number is None or 0 <= one.number <= 2**31 - 1 else None,
        rescue=one.rescue,
        flags=sorted(set(flags)),
        raw=one.raw,
        told=_as_told(one),
    )


def _as_told(one: Told) -> dict[str, object]:
    content = msgspec.to_builtins(one)
    for name in ("caller_name", "caller_phone", "raw", "flags"):
        content.pop(name)
    return {name: value for name, value in content.items() if value not in ("", None, [], ())}


def _store(fresh: list[tuple[Report, Told]], *, by: By, moment: Moment) -> None:
    if not fresh:
        return
    Report.objects.bulk_create([report for report, _ in fresh])
    Caller.objects.bulk_create(
        Caller(report=report, name=one.caller_name[:100], phone=one.caller_phone[:40])
        for report, one in fresh
        if one.caller_name or one.caller_phone
    )
    ReportedFigure.objects.bulk_create(
        ReportedFigure(
            report=report,
            measure=claim.measure[:60],
            area=(normal_place(claim.area) or report.site or report.place)[:64],
            value=claim.value,
            unit=claim.unit[:24],
            words=claim.words[:300],
        )
        for report, one in fresh
        for claim in one.figures
    )
    record([(_fact(report), report) for report, _ in fresh], by=by, moment=moment)


def _fact(report: Report) -> Fact:
    if report.state == "quarantined":
        return ReportQuarantined(report_id=str(report.id), channel=report.channel, flags=tuple(report.flags))
    return ReportReceived(
        report_id=str(report.id),
        type=report.type,
        channel=report.channel,
        kind=report.kind,
        place=report.place,
        occurred_at=report.occurred_at,
        flags=tuple(report.flags),
    )


@transaction.atomic
def receive_public_report(told: Told, *, address: str, by: By, moment: Moment) -> Received:
    """Take in one report from the public form; an address that floods the form has to wait.

    A repeat under its key counts once. Addresses are counted in real time, as keyed digests.
    """
    agencies.require(by, "reports.receive_public_report", at=moment.at)
    origin, over = keyed_digest("address", address), moment.recorded_at - rules.SENDING_WINDOW
    sent = PublicSending.objects.filter(origin=origin, sent_at__gt=over).count()
    if rules.is_flood(sent) and not queries.find_keys([told.key], by=by):
        raise ReportRefused("too_many_reports", minutes=int(rules.SENDING_WINDOW.total_seconds() // 60))
    (answer,) = receive_reports([told], by=by, moment=moment)
    if answer.status != "known":
        PublicSending.objects.filter(sent_at__lte=over).delete()
        PublicSending.objects.create(origin=origin, sent_at=moment.recorded_at)
    return answer


@transaction.atomic
def attach_photo(report_id: uuid.UUID, photo: Photo, *, by: By, moment: Moment) -> uuid.UUID:
    """Keep a photo with its report; the same photo again is known. Returns the photo's id."""
    row = _for_photo(report_id, "reports.attach_photo", by=by, moment=moment)
    digest = hashlib.sha256(photo.content).hexdigest()
    known = ReportPhoto.objects.filter(report=row, content_digest=digest).values_list("pk", flat=True).first()
    if known is not None:
        return known
    kept = ReportPhoto(
        report=row, content_digest=digest, mime=photo.mime, width=photo.width, height=photo.height,
        bytes=len(photo.content),
    )  # fmt: skip
    # the file before the row: a file without a row is harmless, a row without its file is a loss
    _store_file(queries.path_of_photo(kept.id), photo.content)
    kept.save(force_insert=True)
    fact = PhotoAttached(
        report_id=str(row.id), photo_id=str(kept.id), digest=digest, mime=kept.mime, width=kept.width,
        height=kept.height, bytes=kept.bytes,
    )  # fmt: skip
    record([(fact, [row, kept])], by=by, moment=moment)
    return kept.id


@transaction.atomic
def set_photo_aside(report_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Say that what came as a photo could not be used; the report stays and carries a flag."""
    row = _for_photo(report_id, "reports.set_photo_aside", by=by, moment=moment)
    if "photo_unreadable" in row.flags:
        return
    row.flags = sorted({*row.flags, "photo_unreadable"})
    row.save(update_fields=["flags"])
    record([(PhotoSetAside(report_id=str(row.id), reason=reason[:40]), row)], by=by, moment=moment)


def _for_photo(report_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> Report:
    """The report, locked; whoever sent it may add its photo wherever it speaks of."""
    row = Report.objects.select_for_update().filter(pk=report_id).first()
    own = row is not None and row.by == by
    agencies.require(by, right, at=moment.at, place=None if own else _place_of(row))
    if row is None:
        raise ReportRefused("report_unknown")
    return row


def _store_file(path: Path, content: bytes) -> None:
    """Written and on the disk before the transaction that names it ends. Raises `Unavailable`."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(path.parent.parent)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise Unavailable("photos") from error


def _sync_folder(folder: Path) -> None:
    """The name of a new file lasts only once its folder is on the disk; Windows does it with the file."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@transaction.atomic
def transcribe_report(report_id: uuid.UUID, told: Told, *, by: By, moment: Moment) -> Received:
    """Enter by hand what a quarantined report says; the raw text stays as it came."""
    row = Report.objects.select_for_update().filter(pk=report_id).first()
    agencies.require(by, "reports.transcribe_report", at=moment.at, place=_place_of(row))
    if row is None:
        raise ReportRefused("report_unknown")
    if row.state != "quarantined" or row.transcribed_as_id:
        raise ReportRefused("report_not_quarantined")
    told = msgspec.structs.replace(told, channel=told.channel or row.channel, raw="")
    (answer,) = receive_reports([told], by=by, moment=moment)
    row.transcribed_as_id = answer.id
    row.save(update_fields=["transcribed_as"])
    fact = ReportTranscribed(report_id=str(row.id), as_report_id=str(answer.id))
    record([(fact, row)], by=by, moment=moment)
    return answer


@transaction.atomic
def reveal_caller(report_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> tuple[str, str]:
    """Show a caller's name and number to a person who needs them; the look is recorded."""
    row = Report.objects.filter(pk=report_id).first()
    agencies.require(by, "reports.reveal_caller", at=moment.at, place=_place_of(row))
    if row is None:
        raise ReportRefused("report_unknown")
    caller = Caller.objects.filter(report=row).first()
    record([(CallerRevealed(report_id=str(row.id), reason=reason[:300]), None)], by=by, moment=moment)
    return (caller.name, caller.phone) if caller else ("", "")


@transaction.atomic
def look_at_photo(report_id: uuid.UUID, photo_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Look at a photo, which may show people; the look is recorded, and holds for a while."""
    row = Report.objects.filter(pk=report_id).first()
    agencies.require(by, "reports.look_at_photo", at=moment.at, place=_place_of(row))
    if row is None or not ReportPhoto.objects.filter(pk=photo_id, report=row).exists():
        raise ReportRefused("report_unknown")
    if not queries.list_looked_at(report_id, by=by, now=moment.recorded_at) & {photo_id}:
        record([(PhotoSeen(report_id=str(row.id), photo_id=str(photo_id)), None)], by=by, moment=moment)


@transaction.atomic
def erase_caller(report_id: uuid.UUID, *, clause: str, by: By, moment: Moment) -> None:
    """Erase who called, under a clause. What the report tells stays as it was told."""
    row = Report.objects.filter(pk=report_id).first()
    agencies.require(by, "reports.erase_caller", at=moment.at, place=_place_of(row))
    if row is None:
        raise ReportRefused("report_unknown")
    if not clause.strip():
        raise ReportRefused("clause_missing")
    Caller.objects.filter(report=row).update(name="", phone="")
    fact = CallerErased(report_id=str(row.id), clause=clause.strip()[:300])
    record([(fact, None)], by=by, moment=moment)


def _place_of(row: Report | None) -> str | None:
    """Where the right is asked for; a report without a place belongs to every post that may."""
    return (row.place or None) if row else None
