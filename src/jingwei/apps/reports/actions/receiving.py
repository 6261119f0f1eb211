"""Taking reports in: nothing refused for its content, nothing lost, nothing twice."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries.proofs import keyed_digest
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import get_node
from jingwei.apps.places import queries as places
from jingwei.kernel.facts import Fact
from jingwei.kernel.files import store_file
from jingwei.kernel.ids import new_ids
from jingwei.kernel.moments import By, Moment

from .. import queries, rules, writes
from ..facts import (
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
from ..models import Caller, PublicSending, Report, ReportPhoto
from ..rules import ReportRefused


def receive_reports(told: Sequence[Told], *, by: By, moment: Moment) -> list[Received]:
    """Take in reports, in order: each is accepted, quarantined, or known from before under its key.

    One transaction for the list; the answer may go out when it has committed. What needs no table is done
    before it begins, for nobody else can write while it lasts.
    """
    drafts = [rules.draft(one, at=moment.at) for one in told]
    with transaction.atomic():
        return _take_in(drafts, by=by, moment=moment)


def _take_in(drafts: list[rules.Draft], *, by: By, moment: Moment) -> list[Received]:
    authority = agencies.require(by, "reports.receive_reports", at=moment.at)
    earlier = _list_earlier(by, [one.told.key for one in drafts])
    places_known = places.list_known_codes({one.place for one in drafts if one.place})
    kinds_known = hazards.list_known_kinds({one.told.kind for one in drafts if one.told.kind})
    answers: list[Received] = []
    fresh: list[writes.Fresh] = []
    home = get_node()
    for one, number in zip(drafts, new_ids(len(drafts)), strict=True):
        same_key = earlier.get(one.told.key, {}) if one.told.key else {}
        if one.digest in same_key:
            answers.append(same_key[one.digest])
            continue
        flags = list(one.flags)
        if not one.unreadable:
            flags += rules.kind_flags(one.told, known=one.told.kind in kinds_known)
            flags += rules.place_flags(one.told, known=one.place in places_known, scope=authority.place)
        if same_key:
            flags.append("key_reused")
        columns = rules.columns_of(one, flags, moment=moment)
        columns |= {"id": number, "home": home, "by": by}
        fresh.append(writes.Fresh(told=one.told, columns=columns))
        answer = Received(id=number, status=columns["state"], flags=tuple(columns["flags"]))
        if one.told.key:
            repeated = msgspec.structs.replace(answer, status="known")
            earlier.setdefault(one.told.key, {})[one.digest] = repeated
        answers.append(answer)
    _store(fresh, by=by, moment=moment)
    return answers


def _list_earlier(by: By, keys: list[str]) -> dict[str, dict[str, Received]]:
    """What this caller sent before under these keys: key, then content digest."""
    found: dict[str, dict[str, Received]] = {}
    for key, digest, report_id, flags in queries.list_keys(keys, by=by):
        found.setdefault(key, {})[digest] = Received(id=report_id, status="known", flags=tuple(flags))
    return found


def _store(fresh: Sequence[writes.Fresh], *, by: By, moment: Moment) -> None:
    digests = writes.insert_reports(fresh, by=by, moment=moment)
    facts = [(_fact(one.columns), digest) for one, digest in zip(fresh, digests, strict=True)]
    record(facts, by=by, moment=moment)


def _fact(row: dict[str, Any]) -> Fact:
    flags = tuple(row["flags"])
    if row["state"] == "quarantined":
        return ReportQuarantined(report_id=str(row["id"]), channel=row["channel"], flags=flags)
    return ReportReceived(
        report_id=str(row["id"]),
        type=row["type"],
        channel=row["channel"],
        kind=row["kind"],
        place=row["place"],
        occurred_at=row["occurred_at"],
        flags=flags,
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
    store_file(queries.path_of_photo(kept.id), photo.content, what="photos")
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
