"""Who seeks whom: asked by one who says who they are, answered by a person, never without consent."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import (
    ConsentDecided,
    ConsentNoted,
    NewSeeking,
    SeekingAnswered,
    SeekingAsked,
    SeekingEnded,
    SeekingLookedUp,
    SeekingReopened,
)
from ..models import Guest, Seeking
from ..queries.seeking import Answer, answer_of
from ..rules import ShelterRefused, Speaker

#: Longest name of anybody, characters. Source: our estimate, longer is a sentence, 2026-11-29.
LONGEST = 100


@transaction.atomic
def ask_seeking(new: NewSeeking, *, address: str = "", by: By, moment: Moment) -> str:
    """Write down who seeks whom; `address`: it came through the public's door. Returns its number.

    Says and does the same whether the person is known here or not.
    """
    post = agencies.require(by, "shelters.ask_seeking", at=moment.at)
    said = (new.seeker.strip(), new.seeker_phone.strip(), new.relation.strip(), new.name.strip())
    phone = _phone(new.seeker_phone)
    if not all(said) or not rules.name_key(new.name) or not phone:
        raise ShelterRefused("seeking_incomplete")
    if new.age is not None and not 0 <= new.age <= LONGEST + 30:
        raise ShelterRefused("guest_age_impossible")
    if (known := _known(new.key, by=by)) is not None:
        return known
    if address:
        writes.count_try(address, moment=moment, phone=phone)
    pk, number = writes.new_number(Seeking)
    row = Seeking(
        id=pk, number=number, seeker=said[0][:LONGEST], seeker_phone=phone[:40], relation=said[2][:60],
        name=said[3][:LONGEST], name_key=rules.name_key(new.name)[:LONGEST], age=new.age,
        id_last4=new.id_last4.strip().upper()[-4:], words=new.words.strip()[:300], place=post.place,
        channel="public" if address else "desk", by=by, at=moment.at, key=new.key[:100],
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if (known := _known(new.key, by=by)) is None:
            raise
        return known
    record([(SeekingAsked(seeking_id=str(row.pk), channel=row.channel), row)], by=by, moment=moment)
    return number


def _phone(text: str) -> str:
    """The digits of a telephone; '' when there are too few to call."""
    digits = "".join(c for c in rules.name_key(text) if c.isdigit())
    return digits if len(digits) >= 7 else ""


def _known(key: str, *, by: By) -> str | None:
    return (
        Seeking.objects.filter(by=by, key=key[:100]).values_list("number", flat=True).first() if key else None
    )


@transaction.atomic
def look_up_seeking(number: str, phone: str, *, address: str, by: By, moment: Moment) -> Answer | None:
    """What who seeks is told: an answer, or None, which is also the word for a number nobody has."""
    agencies.require(by, "shelters.look_up_seeking", at=moment.at)
    writes.count_try(address, moment=moment)
    row = Seeking.objects.filter(number=number.strip().upper()[:9]).first()
    fits = row is not None and bool(row.seeker_phone) and row.seeker_phone == _phone(phone)
    answer = answer_of(row) if fits and row is not None else None
    fact = SeekingLookedUp(
        seeking_id=str(row.pk) if row is not None else "", known=fits, told=answer is not None
    )
    record([(fact, None)], by=by, moment=moment)
    return answer


@transaction.atomic
def note_consent(guest_id: uuid.UUID, *, agrees: bool, by: By, moment: Moment) -> None:
    """A person says whether they may be told to those who seek them. It may be taken back at any time."""
    row, _ = writes.guest_for(guest_id, "shelters.note_consent", by=by, moment=moment)
    family = [Speaker(g.age, tuple(g.needs)) for g in row.household.guests.filter(struck_at=None)]
    if agrees and not rules.may_agree(Speaker(row.age, tuple(row.needs)), family):
        raise ShelterRefused("consent_not_theirs")
    consent = "yes" if agrees else "no"
    writes.save(row, consent=consent, consent_by=by, consent_at=moment.at, consent_reason="")
    record([(ConsentNoted(guest_id=str(row.pk), consent=consent), row)], by=by, moment=moment)


@transaction.atomic
def decide_consent(guest_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Decide for a child alone or one who is not conscious that they may be told, and say why.

    For who speaks for themselves nobody decides; and a no stays a no.
    """
    row, _ = writes.guest_for(guest_id, "shelters.decide_consent", by=by, moment=moment)
    said = rules.check_reason(reason)
    if Speaker(row.age, tuple(row.needs)).speaks:
        raise ShelterRefused("consent_their_own")
    if row.consent == "no":
        raise ShelterRefused("consent_refused")
    writes.save(row, consent="decided", consent_by=by, consent_at=moment.at, consent_reason=said)
    record([(ConsentDecided(guest_id=str(row.pk), reason=said), row)], by=by, moment=moment)


@transaction.atomic
def answer_seeking(seeking_id: uuid.UUID, guest_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Tell who seeks where the person is: only one who agreed, or for whom a named person decided."""
    row = _seeking(seeking_id)
    guest, _ = writes.guest_for(guest_id, "shelters.answer_seeking", by=by, moment=moment)
    if row.state != "open":
        raise ShelterRefused("seeking_over")
    writes.counting(guest)
    if not rules.told(guest.consent):
        raise ShelterRefused("guest_has_not_agreed")
    _decide(row, "answered", guest=guest, by=by, moment=moment)
    fact = SeekingAnswered(seeking_id=str(row.pk), guest_id=str(guest.pk), consent=guest.consent)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def end_seeking(seeking_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Nobody looks into it any more. Who seeks is told no more than while it was open."""
    row = _seeking(seeking_id)
    agencies.require(by, "shelters.end_seeking", at=moment.at, place=row.place)
    if row.state != "open":
        raise ShelterRefused("seeking_over")
    said = rules.check_reason(reason)
    _decide(row, "ended", reason=said, by=by, moment=moment)
    record([(SeekingEnded(seeking_id=str(row.pk), reason=said), row)], by=by, moment=moment)


@transaction.atomic
def reopen_seeking(seeking_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """An answer or an end was a mistake: what was told is told no more, and it is looked into again."""
    row = _seeking(seeking_id)
    agencies.require(by, "shelters.reopen_seeking", at=moment.at, place=row.place)
    if row.state == "open":
        raise ShelterRefused("seeking_not_over")
    said = rules.check_reason(reason)
    _decide(row, "open", reason=said, by=by, moment=moment)
    record([(SeekingReopened(seeking_id=str(row.pk), reason=said), row)], by=by, moment=moment)


def _seeking(seeking_id: uuid.UUID) -> Seeking:
    row = Seeking.objects.select_for_update().filter(pk=seeking_id).first()
    if row is None:
        raise ShelterRefused("seeking_unknown")
    return row


def _decide(
    row: Seeking, state: str, *, guest: Guest | None = None, reason: str = "", by: By, moment: Moment
) -> None:
    row.state, row.guest, row.reason = state, guest, reason
    row.decided_by, row.decided_at = by, moment.at
    row.save(update_fields=["state", "guest", "reason", "decided_by", "decided_at"])
