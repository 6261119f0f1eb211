"""One person writes, another approves, somebody publishes; what was told is corrected in the open."""

import uuid

from django.db import transaction

from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import queries, rules, writes
from ..facts import (
    ReleaseApproved,
    ReleaseCorrected,
    ReleaseDrafted,
    ReleaseEdited,
    ReleasePublished,
    ReleaseWithdrawn,
)
from ..models import Edition
from ..rules import ReleaseRefused, Written


@transaction.atomic
def edit_release(
    release_id: uuid.UUID, written: Written, *, ready: bool, version: int, by: By, moment: Moment
) -> None:
    """Change the text; `ready` puts it forward for a second person to approve. An approval given falls.

    Who hands it in as it stood has written none of it, unless nobody has: somebody must stand for a text.
    """
    row, edition, authority = writes.for_decision(
        release_id, "releases.edit_release", version, by=by, moment=moment
    )
    if row.state == "discarded":
        raise ReleaseRefused("release_not_draft")
    if edition.state == "published" or row.state == "withdrawn":
        raise ReleaseRefused("release_is_public")
    wrote = writes.put_in(edition, written) or (ready and not edition.authors)
    if ready:
        writes.check_text(edition, at=moment.at)
    state = "waiting" if ready else "draft"
    if not wrote and edition.state in ({"waiting", "approved"} if ready else {"draft"}):
        return  # nothing was changed and nothing is put forward
    edition.state = state
    edition.approved_at = edition.approved_by = None
    if wrote:
        edition.edited_at, edition.edited_by = moment.at, by
        edition.authors = sorted({*edition.authors, str(authority.person)})
    fact = ReleaseEdited(
        release_id=str(row.id), edition=edition.number, ready=ready, valid_until=written.valid_until
    )
    writes.decided(row, edition, [fact], by=by, moment=moment)


@transaction.atomic
def approve_release(release_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Approve a text one has written nothing of; it may be published from now on."""
    row, edition, authority = writes.for_decision(
        release_id, "releases.approve_release", version, by=by, moment=moment
    )
    if edition.state != "waiting":
        raise ReleaseRefused("release_not_waiting")
    rules.check_second_person(approver=str(authority.person), authors=edition.authors)
    writes.check_text(edition, at=moment.at)
    edition.state, edition.approved_at, edition.approved_by = "approved", moment.at, by
    fact = ReleaseApproved(release_id=str(row.id), edition=edition.number, clause=queries.get_clause())
    writes.decided(row, edition, [fact], by=by, moment=moment)


@transaction.atomic
def publish_release(
    release_id: uuid.UUID, *, version: int, conference: bool = False, by: By, moment: Moment
) -> None:
    """Tell the public; a correction replaces the text told before, which stays visible struck through.

    `conference`: it is told at a press conference too.
    """
    row, edition, authority = writes.for_decision(
        release_id, "releases.publish_release", version, by=by, moment=moment
    )
    if edition.state != "approved" or row.state == "withdrawn":
        raise ReleaseRefused("release_not_approved")
    writes.check_text(edition, at=moment.at)
    edition.state, edition.published_at, edition.published_by = "published", moment.at, by
    edition.conference = conference
    row.state, row.changed_at = "published", moment.at
    row.organization = row.organization or authority.organization_code
    corrects = row.published_at is not None
    row.published_at = row.published_at or moment.at
    told: Fact
    if corrects:
        told = ReleaseCorrected(
            release_id=str(row.id), edition=edition.number, reason=edition.reason,
            valid_until=writes.end_of(edition),
        )  # fmt: skip
    else:
        told = ReleasePublished(
            release_id=str(row.id), edition=edition.number, valid_until=writes.end_of(edition),
            clause=queries.get_clause(), conference=conference,
        )  # fmt: skip
    writes.decided(row, edition, [told], by=by, moment=moment)


@transaction.atomic
def correct_release(release_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Begin a correction of a published release: a new text that needs its own second person."""
    row, edition, _ = writes.for_decision(
        release_id, "releases.correct_release", version, by=by, moment=moment
    )
    rules.check_reason(reason)
    if row.state != "published" or edition.state != "published":
        raise ReleaseRefused("release_not_public")
    new = Edition(
        release=row,
        number=row.editions.count() + 1,
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
        release_id=str(row.id), incident_id=str(row.incident_id or ""), edition=new.number, gaps=()
    )
    writes.decided(row, new, [fact], by=by, moment=moment)


@transaction.atomic
def withdraw_release(release_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Say that a published release no longer stands; it stays visible, with the reason."""
    row, edition, _ = writes.for_decision(
        release_id, "releases.withdraw_release", version, by=by, moment=moment
    )
    rules.check_reason(reason)
    if row.state != "published":
        raise ReleaseRefused("release_not_public")
    row.state, row.changed_at = "withdrawn", moment.at
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = moment.at, by, reason.strip()[:300]
    fact = ReleaseWithdrawn(release_id=str(row.id), reason=row.withdrawn_reason)
    writes.decided(row, edition, [fact], by=by, moment=moment)
