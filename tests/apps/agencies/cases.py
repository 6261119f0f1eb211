"""How each action of agencies is performed, for the questions about rights."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from jingwei.apps.agencies import actions
from jingwei.apps.agencies.actions.proving import name_key
from jingwei.apps.agencies.facts import OrganizationRow, PersonRow, PostRow, Roster
from jingwei.apps.agencies.models import AccountLock, SecondFactor, Token, User
from jingwei.apps.journal.facts import Backed, NodeRestored
from jingwei.apps.journal.models import Entry, Failure
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused
from tests.rights import ABOVE, Act, Stage, a_holding, action_case

PASSWORD = "long enough 41"


def an_organization(place: str, code: str = "") -> OrganizationRow:
    code = code or f"o-{uuid.uuid4().hex[:8]}"
    return OrganizationRow(code=code, name_zh="某局", name_en="Some bureau", kind="department", place=place)


def a_post(place: str, organization: str, role: str = "viewer") -> PostRow:
    code = f"p-{uuid.uuid4().hex[:8]}"
    return PostRow(
        code=code, organization=organization, name_zh="某岗", name_en="Some post", role=role, place=place
    )


def a_person(*posts: str) -> PersonRow:
    name = f"u{uuid.uuid4().hex[:8]}"
    return PersonRow(name_zh="某人", name_en="Someone", username=name, posts=posts, fictional=True)


def a_made_organization(stage: Stage, place: str | None = None) -> OrganizationRow:
    row = an_organization(stage.place if place is None else place)
    actions.add_organization(row, by=stage.operator, moment=stage.moment)
    return row


def a_made_post(stage: Stage, role: str = "viewer") -> PostRow:
    row = a_post(stage.place, a_made_organization(stage).code, role)
    actions.add_post(row, by=stage.operator, moment=stage.moment)
    return row


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def a_made_city(stage: Stage) -> str:
    row = an_organization(ABOVE)
    actions.add_organization(row, by=stage.operator, moment=stage.moment)
    return row.code


@action_case("agencies.add_organization")
def add_organization(stage: Stage) -> Act:
    row = an_organization(stage.place)
    return lambda by, moment: actions.add_organization(row, by=by, moment=moment)


@action_case("agencies.link_organizations")
def link_organizations(stage: Stage) -> Act:
    lower, upper = a_made_organization(stage), a_made_organization(stage)

    def act(by: By, moment: Moment) -> object:
        return actions.link_organizations(lower.code, upper.code, line="territory", by=by, moment=moment)

    return act


@action_case("agencies.add_post")
def add_post(stage: Stage) -> Act:
    row = a_post(stage.place, a_made_organization(stage).code)
    return lambda by, moment: actions.add_post(row, by=by, moment=moment)


@action_case("agencies.load_agencies")
def load_agencies(stage: Stage) -> Act:
    organization = an_organization(stage.place)
    post = a_post(stage.place, organization.code)
    person = a_person(post.code)
    roster = Roster(source="test", organizations=(organization,), posts=(post,), people=(person,))
    return lambda by, moment: actions.load_agencies(roster, by=by, moment=moment)


@action_case("agencies.enroll_person")
def enroll_person(stage: Stage) -> Act:
    row = a_person(a_made_post(stage).code)
    return lambda by, moment: actions.enroll_person(row, password=PASSWORD, by=by, moment=moment)


@action_case("agencies.reset_password")
def reset_password(stage: Stage) -> Act:
    row = a_person(a_made_post(stage).code)
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)

    def act(by: By, moment: Moment) -> object:
        return actions.reset_password(row.username, "another one 41", by=by, moment=moment)

    return act


@action_case("agencies.assign_post")
def assign_post(stage: Stage) -> Act:
    post = a_made_post(stage)
    person = actions.enroll_person(a_person(), password=PASSWORD, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.assign_post(person, post.code, by=by, moment=moment)


@action_case("agencies.release_post")
def release_post(stage: Stage) -> Act:
    holding = a_holding("viewer", place=stage.place)
    return lambda by, moment: actions.release_post(holding, by=by, moment=moment)


@action_case("agencies.issue_token")
def issue_token(stage: Stage) -> Act:
    holding = a_holding("program_intake", place=stage.place, kind="program")
    return lambda by, moment: actions.issue_token(holding, "feed", by=by, moment=moment)


@action_case("agencies.revoke_token")
def revoke_token(stage: Stage) -> Act:
    holding = a_holding("program_intake", place=stage.place, kind="program")
    actions.issue_token(holding, "feed", by=stage.operator, moment=stage.moment)
    token = Token.objects.get(holding=holding).pk
    return lambda by, moment: actions.revoke_token(token, by=by, moment=moment)


@action_case("agencies.retry_reaction", scoped=False)
def retry_reaction(stage: Stage) -> Act:
    actions.sign_out(uuid.uuid4(), by=stage.operator, moment=stage.moment)
    entry = Entry.objects.latest("seq")
    Failure.objects.create(entry=entry, reaction="test.fails", next_at=stage.moment.recorded_at)
    return lambda by, moment: actions.retry_reaction(entry.id, "test.fails", by=by, moment=moment)


def a_made_user(stage: Stage) -> User:
    row = a_person(a_made_post(stage).code)
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    return User.objects.get(username=row.username)


@action_case("agencies.unlock_account")
def unlock_account(stage: Stage) -> Act:
    user = a_made_user(stage)
    until = stage.moment.recorded_at + timedelta(minutes=5)
    AccountLock.objects.create(name=name_key(user.username), user=user, times=1, until_at=until)
    return lambda by, moment: actions.unlock_account(user.username, by=by, moment=moment)


@action_case("agencies.reset_second_factor")
def reset_second_factor(stage: Stage) -> Act:
    user, now = a_made_user(stage), stage.moment.recorded_at
    SecondFactor.objects.create(user=user, sealed="sealed", begun_at=now, from_at=now)
    return lambda by, moment: actions.reset_second_factor(user.username, by=by, moment=moment)


@action_case("agencies.end_sessions_of")
def end_sessions_of(stage: Stage) -> Act:
    user = a_made_user(stage)
    actions.open_session(
        uuid.uuid4().hex, user_id=user.pk, holding=None, address="", agent="", moment=stage.moment
    )
    return lambda by, moment: actions.end_sessions_of(user.username, by=by, moment=moment)


def a_restore(stage: Stage) -> uuid.UUID:
    backed = Backed(made_at=stage.moment.at, last_entry="", last_recorded_at=None, release="0")
    actions.note_restore(backed, epoch=2, by=stage.operator, moment=stage.moment)
    return Entry.objects.filter(kind=NodeRestored.KIND).latest("seq").id


@action_case("agencies.note_restore", scoped=False)
def note_restore(stage: Stage) -> Act:
    backed = Backed(made_at=stage.moment.at, last_entry="", last_recorded_at=None, release="0")
    return lambda by, moment: actions.note_restore(backed, epoch=2, by=by, moment=moment)


@action_case("agencies.acknowledge_restore", scoped=False)
def acknowledge_restore(stage: Stage) -> Act:
    entry = a_restore(stage)
    return lambda by, moment: actions.acknowledge_restore(entry, by=by, moment=moment)
