"""Writing to the public: the machine drafts, one person writes, another approves, somebody publishes."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.facts import GradeConfirmed
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said, get_node
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import (
    ReleaseApproved,
    ReleaseCorrected,
    ReleaseDrafted,
    ReleaseEdited,
    ReleasePublished,
    ReleaseWithdrawn,
)
from .models import Edition, Release
from .queries import get_record
from .rules import ReleaseRefused


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A text as the editor hands it in; an empty language is left out on the public page."""

    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    valid_until: datetime | None = None


@transaction.atomic
def draft_releases(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Draft a release for each incident whose grade was confirmed and that has none yet."""
    authority = agencies.require(by, "releases.draft_releases", at=moment.at)
    for entry in entries:
        if not isinstance(entry.fact, GradeConfirmed):
            continue
        incident_id = uuid.UUID(entry.fact.incident_id)
        if not Release.objects.filter(incident_id=incident_id).exists():
            _draft(incident_id, authority, by=by, moment=moment)


@transaction.atomic
def draft_release(incident_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """Draft a release from what the record holds about the incident now. Returns its id."""
    asked = agencies.find_authority(by, at=moment.at)
    # where the incident lies is asked without regard to who asks; the right then decides
    everywhere = msgspec.structs.replace(asked, place="") if asked else None
    line = incidents.find_incident(incident_id, authority=everywhere) if everywhere else None
    place, hazard = (line.place, line.kind) if line else (None, None)
    authority = agencies.require(by, "releases.draft_release", at=moment.at, place=place, hazard=hazard)
    if line is None:
        raise ReleaseRefused("incident_unknown")
    return _draft(incident_id, authority, by=by, moment=moment)


@transaction.atomic
def edit_release(
    release_id: uuid.UUID, written: Written, *, ready: bool, version: int, by: By, moment: Moment
) -> None:
    """Change the text; `ready` puts it forward for a second person to approve. An approval given falls."""
    row, edition, authority = _for_decision(
        release_id, "releases.edit_release", version, by=by, moment=moment
    )
    if edition.state == "published" or row.state == "withdrawn":
        raise ReleaseRefused("release_is_public")
    edition.title_zh, edition.title_en = written.title_zh.strip()[:200], written.title_en.strip()[:200]
    edition.text_zh = _text(written.text_zh)
    edition.text_en = _text(written.text_en)
    edition.valid_until = written.valid_until
    if ready:
        _check_text(edition, at=moment.at)
    edition.state = "waiting" if ready else "draft"
    edition.approved_at = edition.approved_by = None
    edition.edited_at, edition.edited_by = moment.at, by
    edition.authors = sorted({*edition.authors, str(authority.person)})
    fact = ReleaseEdited(
        release_id=str(row.id), edition=edition.number, ready=ready, valid_until=written.valid_until
    )
    _decided(row, edition, [fact], by=by, moment=moment)


@transaction.atomic
def approve_release(release_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Approve a text one has written nothing of; it may be published from now on."""
    row, edition, authority = _for_decision(
        release_id, "releases.approve_release", version, by=by, moment=moment
    )
    if edition.state != "waiting":
        raise ReleaseRefused("release_not_waiting")
    rules.check_second_person(approver=str(authority.person), authors=edition.authors)
    _check_text(edition, at=moment.at)
    edition.state, edition.approved_at, edition.approved_by = "approved", moment.at, by
    fact = ReleaseApproved(release_id=str(row.id), edition=edition.number, clause=rules.CLAUSE)
    _decided(row, edition, [fact], by=by, moment=moment)


@transaction.atomic
def publish_release(release_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Tell the public; a correction replaces the text told before, which stays visible struck through."""
    row, edition, authority = _for_decision(
        release_id, "releases.publish_release", version, by=by, moment=moment
    )
    if edition.state != "approved" or row.state == "withdrawn":
        raise ReleaseRefused("release_not_approved")
    _check_text(edition, at=moment.at)
    edition.state, edition.published_at, edition.published_by = "published", moment.at, by
    row.state, row.changed_at = "published", moment.at
    row.organization = row.organization or authority.organization_code
    corrects = row.published_at is not None
    row.published_at = row.published_at or moment.at
    told: Fact
    if corrects:
        told = ReleaseCorrected(
            release_id=str(row.id), edition=edition.number, reason=edition.reason,
            valid_until=_end(edition),
        )  # fmt: skip
    else:
        told = ReleasePublished(
            release_id=str(row.id), edition=edition.number, valid_until=_end(edition), clause=rules.CLAUSE
        )
    _decided(row, edition, [told], by=by, moment=moment)


@transaction.atomic
def correct_release(release_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Begin a correction of a published release: a new text that needs its own second person."""
    row, edition, _ = _for_decision(release_id, "releases.correct_release", version, by=by, moment=moment)
    rules.check_reason(reason)
    if row.state != "published" or edition.state != "published":
        raise ReleaseRefused("release_not_public")
    new = Edition(
        release=row,
        number=edition.number + 1,
        title_zh=edition.title_zh,
        title_en=edition.title_en,
        text_zh=edition.text_zh,
        text_en=edition.text_en,
        valid_until=moment.at + rules.VALID_FOR,
        reason=reason.strip()[:300],
        drafted_at=moment.at,
        drafted_by=by,
    )
    fact = ReleaseDrafted(
        release_id=str(row.id), incident_id=str(row.incident_id), edition=new.number, gaps=()
    )
    _decided(row, new, [fact], by=by, moment=moment)


@transaction.atomic
def withdraw_release(release_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Say that a published release no longer stands; it stays visible, with the reason."""
    row, edition, _ = _for_decision(release_id, "releases.withdraw_release", version, by=by, moment=moment)
    rules.check_reason(reason)
    if row.state != "published":
        raise ReleaseRefused("release_not_public")
    row.state, row.changed_at = "withdrawn", moment.at
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = moment.at, by, reason.strip()[:300]
    fact = ReleaseWithdrawn(release_id=str(row.id), reason=row.withdrawn_reason)
    _decided(row, edition, [fact], by=by, moment=moment)


def _draft(incident_id: uuid.UUID, authority: Authority, *, by: By, moment: Moment) -> uuid.UUID:
    # the right to draft was asked; the record is then read whole
    everywhere = msgspec.structs.replace(authority, place="")
    line = incidents.find_incident(incident_id, authority=everywhere)
    if line is None:
        raise ReleaseRefused("incident_unknown")
    made = rules.draft(get_record(incident_id, authority=everywhere, at=moment.at))
    row = Release(home=get_node(), incident_id=incident_id, kind=line.kind, place=line.place)
    edition = Edition(
        release=row,
        number=1,
        title_zh=made.title.zh[:200],
        title_en=made.title.en[:200],
        text_zh=_text(made.text.zh),
        text_en=_text(made.text.en),
        valid_until=moment.at + rules.VALID_FOR,
        gaps=list(made.gaps),
        drafted_at=moment.at,
        drafted_by=by,
    )
    row.save(force_insert=True)
    edition.save(force_insert=True)
    fact = ReleaseDrafted(release_id=str(row.id), incident_id=str(incident_id), edition=1, gaps=made.gaps)
    record([(fact, [row, edition])], by=by, moment=moment)
    return row.id


def _for_decision(
    release_id: uuid.UUID, right: str, version: int, *, by: By, moment: Moment
) -> tuple[Release, Edition, Authority]:
    """The release, locked, with its newest text, for a post that may."""
    row = Release.objects.select_for_update().filter(pk=release_id).first()
    place, hazard = (row.place, row.kind) if row else (None, None)
    authority = agencies.require(by, right, at=moment.at, place=place, hazard=hazard)
    if row is None:
        raise ReleaseRefused("release_unknown")
    rules.check_version(held=version, current=row.version)
    return row, row.editions.order_by("-number")[0], authority


def _decided(row: Release, edition: Edition, facts: list[Fact], *, by: By, moment: Moment) -> None:
    row.version += 1
    row.save()
    edition.save()
    record([(fact, [row, edition]) for fact in facts], by=by, moment=moment)


def _check_text(edition: Edition, *, at: datetime) -> None:
    rules.check_ready(
        titles=(edition.title_zh, edition.title_en),
        texts=(edition.text_zh, edition.text_en),
        valid_until=edition.valid_until,
        at=at,
    )


def _end(edition: Edition) -> datetime:
    if edition.valid_until is None:
        raise ReleaseRefused("release_end_missing")
    return edition.valid_until


def _text(text: str) -> str:
    """As typed, in one form of line ends; what no XML and no database takes is left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or ord(c) >= 32)[: rules.LONGEST_TEXT].strip()
