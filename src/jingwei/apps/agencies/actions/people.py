"""Enrolling people, giving them posts, taking posts back."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import PasswordReset, PersonEnrolled, PersonRow, PostAssigned, PostReleased
from ..models import Holding, Person, Post, User

#: Longer passwords are refused: nobody types them. Source: our estimate, 2026-11-22.
LONGEST_PASSWORD = 256


def enroll_person(row: PersonRow, *, password: str = "", by: By, moment: Moment) -> uuid.UUID:
    """Enroll a person or program, with a first password if they sign in, and the posts they start in."""
    encoded = encode_password(password, row.username) if row.username else ""
    with transaction.atomic():
        posts = [get_post(code) for code in row.posts]
        _require_all(posts, "agencies.enroll_person", by=by, moment=moment)
        person = new_person(row)
        user = _new_user(row, person, encoded) if row.username else None
        person.save(force_insert=True)
        if user is not None:
            user.save(force_insert=True)
        fact = PersonEnrolled(person=str(person.pk), person_kind=row.kind, user=str(user.pk) if user else "")
        record([(fact, [person, user] if user else person)], by=by, moment=moment)
        for post in posts:
            span = (row.from_at or moment.at, row.until_at)
            _assign(person, post, span, by=by, moment=moment)
    return person.pk


def reset_password(username: str, password: str, *, by: By, moment: Moment) -> None:
    """Give a user a new password; all their sessions end. Not for someone with a post beyond one's own."""
    name = rules.normal_username(username)
    encoded = encode_password(password, name)
    with transaction.atomic():
        user = get_user_within(name, "agencies.reset_password", by=by, moment=moment)
        user.password = encoded
        user.save(update_fields=["password"])
        user.sessions.all().delete()
        record([(PasswordReset(user=str(user.pk)), user)], by=by, moment=moment)


@transaction.atomic
def assign_post(
    person_id: uuid.UUID,
    post_code: str,
    *,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    by: By,
    moment: Moment,
) -> By:
    """Let a person hold a post, from now or from the time given. Returns the holding."""
    post = get_post(post_code)
    queries.require(by, "agencies.assign_post", at=moment.at, place=post.place, hazard=post.hazard)
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise Refused("unknown_person")
    return _assign(person, post, (from_at or moment.at, until_at), by=by, moment=moment).pk


def _assign(
    person: Person, post: Post, span: tuple[datetime, datetime | None], *, by: By, moment: Moment
) -> Holding:
    from_at, until_at = span
    rules.check_span(from_at, until_at)
    if Holding.objects.filter(person=person, post=post, until_at__isnull=True).exists():
        raise Refused("already_held", post=post.code)
    holding = Holding(person=person, post=post, from_at=from_at, until_at=until_at)
    holding.save(force_insert=True)
    record([(post_assigned(holding), holding)], by=by, moment=moment)
    return holding


@transaction.atomic
def release_post(holding_id: By, *, by: By, moment: Moment) -> None:
    """End a holding at once, under every clock; its sessions and tokens no longer act."""
    holding = (
        Holding.objects.select_for_update(of=("self",)).select_related("post").filter(pk=holding_id).first()
    )
    if holding is None:
        queries.require(by, "agencies.release_post", at=moment.at)
        raise Refused("unknown_holding")
    post = holding.post
    queries.require(by, "agencies.release_post", at=moment.at, place=post.place, hazard=post.hazard)
    if holding.released_at is not None:
        raise Refused("already_released")
    ends = max(moment.at, holding.from_at)
    holding.until_at = min(holding.until_at, ends) if holding.until_at else ends
    holding.released_at = moment.recorded_at
    holding.save(update_fields=["until_at", "released_at"])
    fact = PostReleased(holding=str(holding.pk), until_at=holding.until_at)
    record([(fact, holding)], by=by, moment=moment)


def get_user_within(username: str, action: str, *, by: By, moment: Moment) -> User:
    """The user, locked, if all their posts lie within one's own reach for this action."""
    user = User.objects.select_for_update().filter(username=rules.normal_username(username)).first()
    if user is None:
        queries.require(by, action, at=moment.at)
        raise Refused("unknown_user")
    _require_all([h.post for h in _held(user.person_id)], action, by=by, moment=moment)
    return user


def _held(person_id: uuid.UUID) -> list[Holding]:
    rows = Holding.objects.filter(person_id=person_id, released_at__isnull=True)
    return list(rows.select_related("post").order_by("id"))


def _require_all(posts: Iterable[Post], action: str, *, by: By, moment: Moment) -> None:
    """The right itself, and for every post concerned: nobody reaches beyond their own scope."""
    queries.require(by, action, at=moment.at)
    for post in posts:
        queries.require(by, action, at=moment.at, place=post.place, hazard=post.hazard)


def get_post(code: str) -> Post:
    row = Post.objects.select_related("organization").filter(code=code).first()
    if row is None:
        raise Refused("unknown_post", given=code[:64])
    return row


def encode_password(password: str, username: str) -> str:
    """The password as it is kept, or a refusal: too short, too common.

    Slow on purpose: call it outside the transaction.
    """
    if not password.isprintable():
        raise Refused("password_not_printable")
    if len(password) > LONGEST_PASSWORD:
        raise Refused("password_too_long", most=LONGEST_PASSWORD)
    if password.lower() == username.lower():
        raise Refused("password_is_the_name")
    try:
        validate_password(password)
    except ValidationError as error:
        first = error.error_list[0]
        if first.code == "password_too_short":
            raise Refused("password_too_short", least=(first.params or {})["min_length"]) from error
        raise Refused("password_too_common") from error
    return make_password(password)


def new_person(row: PersonRow) -> Person:
    rules.check_one_of(row.kind, rules.PERSON_KINDS, "unknown_person_kind")
    if row.username and row.kind != "human":
        raise Refused("only_people_sign_in")
    return Person(
        name_zh=row.name_zh, name_en=row.name_en, kind=row.kind, phone=row.phone, fictional=row.fictional
    )


def _new_user(row: PersonRow, person: Person, encoded: str) -> User:
    name = rules.normal_username(row.username)
    rules.check_username(name)
    if User.objects.filter(username=name).exists():
        raise Refused("username_taken")
    return User(username=name, person=person, password=encoded)


def post_assigned(holding: Holding) -> PostAssigned:
    return PostAssigned(
        holding=str(holding.pk),
        person=str(holding.person_id),
        post=str(holding.post_id),
        from_at=holding.from_at,
        until_at=holding.until_at,
    )
