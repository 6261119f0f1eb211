"""Programs' ways in, and the operator's hand on a stuck reaction."""

import secrets
import uuid
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from jingwei.apps.journal import actions as journal
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import TokenIssued, TokenRevoked
from ..models import Holding, Token
from ..queries.proofs import token_digest


@transaction.atomic
def issue_token(
    holding_id: By, name: str, *, until_at: datetime | None = None, by: By, moment: Moment
) -> str:
    """Give a program a token to act for its holding. It is shown once; only its digest is kept.

    `until_at` is real time. People sign in instead: they get none.
    """
    holding = Holding.objects.select_related("post", "person").filter(pk=holding_id).first()
    if holding is None or holding.released_at is not None:
        queries.require(by, "agencies.issue_token", at=moment.at)
        raise Refused("unknown_holding")
    post = holding.post
    queries.require(by, "agencies.issue_token", at=moment.at, place=post.place, hazard=post.hazard)
    if holding.person.kind != "program":
        raise Refused("only_programs_have_tokens")
    rules.check_span(moment.recorded_at, until_at)
    plain = f"jw_{secrets.token_urlsafe(32)}"
    token = Token(
        holding=holding,
        name=name[:100],
        sha256=token_digest(plain),
        from_at=moment.recorded_at,
        until_at=until_at,
    )
    token.save(force_insert=True)
    fact = TokenIssued(token=str(token.pk), holding=str(holding.pk), until_at=until_at)
    record([(fact, token)], by=by, moment=moment)
    return plain


@transaction.atomic
def revoke_token(token_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Stop accepting a token, at once."""
    token = (
        Token.objects.select_for_update(of=("self",))
        .select_related("holding__post")
        .filter(pk=token_id)
        .first()
    )
    if token is None:
        queries.require(by, "agencies.revoke_token", at=moment.at)
        raise Refused("unknown_token")
    post = token.holding.post
    queries.require(by, "agencies.revoke_token", at=moment.at, place=post.place, hazard=post.hazard)
    if token.revoked_at is not None:
        raise Refused("already_revoked")
    token.revoked_at = moment.recorded_at
    token.save(update_fields=["revoked_at"])
    fact = TokenRevoked(token=str(token.pk), holding=str(token.holding_id))
    record([(fact, token)], by=by, moment=moment)


@transaction.atomic
def retry_reaction(entry_id: uuid.UUID, reaction: str, *, by: By, moment: Moment) -> None:
    """Have a failed reaction tried again at once; the journal writes down who asked."""
    queries.require(by, "agencies.retry_reaction", at=moment.at)
    try:
        journal.retry_failure(entry_id, reaction, by=by, moment=moment)
    except ObjectDoesNotExist as error:
        raise Refused("nothing_failed") from error
