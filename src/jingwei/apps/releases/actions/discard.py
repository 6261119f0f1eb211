"""A draft that is given up is discarded with the reason, stays readable, and can be restored."""

import uuid

from django.db import transaction

from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import ReleaseDiscarded, ReleaseRestored
from ..rules import ReleaseRefused


@transaction.atomic
def discard_release(release_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Give up the text at hand; one that corrects a published release leaves that as it was told."""
    row, edition, _ = writes.for_decision(
        release_id, "releases.discard_release", version, by=by, moment=moment
    )
    rules.check_reason(reason, "reason_missing")
    if edition.state not in rules.UNPUBLISHED:
        raise ReleaseRefused("release_not_draft")
    edition.state, edition.discarded_at, edition.discarded_by = "discarded", moment.at, by
    edition.discarded_reason = reason.strip()[:300]
    edition.approved_at = edition.approved_by = None
    row.state = "discarded" if row.published_at is None else row.state
    fact = ReleaseDiscarded(release_id=str(row.id), edition=edition.number, reason=edition.discarded_reason)
    writes.decided(row, edition, [fact], by=by, moment=moment)


@transaction.atomic
def restore_release(release_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Make the text that was given up last a draft again, unless another was begun since."""
    row, _, _ = writes.for_decision(release_id, "releases.restore_release", version, by=by, moment=moment)
    rules.check_reason(reason, "reason_missing")
    edition = row.editions.order_by("-number")[0]
    if edition.state != "discarded" or row.state == "withdrawn":
        raise ReleaseRefused("release_not_discarded")
    edition.state, edition.discarded_at, edition.discarded_by = "draft", None, None
    edition.discarded_reason = ""
    row.state = "draft" if row.state == "discarded" else row.state
    fact = ReleaseRestored(release_id=str(row.id), edition=edition.number, reason=reason.strip()[:300])
    writes.decided(row, edition, [fact], by=by, moment=moment)
