"""People, their posts, passwords and tokens, in the database."""

from datetime import timedelta

import msgspec
import pytest

from jingwei.apps.agencies import actions, queries
from jingwei.apps.agencies.facts import PersonRow
from jingwei.apps.agencies.models import Person, Token, User
from jingwei.apps.journal.models import Entry
from tests.apps.agencies.cases import (
    PASSWORD,
    a_made_city,
    a_made_post,
    a_person,
    a_post,
    refusal,
)
from tests.rights import ABOVE, NOW, PLACE, a_holding, a_stage

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def test_a_county_operator_cannot_reset_the_password_of_someone_with_a_city_post() -> None:
    stage = a_stage()
    row = a_person(a_made_post(stage).code)
    person = actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    city = a_post(ABOVE, a_made_city(stage))
    actions.add_post(city, by=stage.operator, moment=stage.moment)
    county = a_holding("operator", place=PLACE)
    reset = lambda: actions.reset_password(  # noqa: E731
        row.username, "another one 41", by=county, moment=stage.moment
    )
    reset()
    actions.assign_post(person, city.code, by=stage.operator, moment=stage.moment)
    assert refusal(reset) == "not_allowed"


def test_a_released_holding_is_dead_under_every_clock() -> None:
    stage = a_stage()
    holding = a_holding("duty_officer", place=PLACE)
    assert queries.may(holding, "see", at=NOW, place=PLACE)
    actions.release_post(holding, by=stage.operator, moment=stage.moment)
    for at in (NOW, NOW - timedelta(days=30), NOW + timedelta(days=30)):
        assert not queries.may(holding, "see", at=at, place=PLACE)
    assert refusal(lambda: queries.get_authority(holding, at=NOW)) == "not_allowed"
    again = lambda: actions.release_post(holding, by=stage.operator, moment=stage.moment)  # noqa: E731
    assert refusal(again) == "already_released"


def test_a_holding_acts_from_its_first_moment_until_before_its_last() -> None:
    stage = a_stage()
    post = a_made_post(stage, "duty_officer")
    person = actions.enroll_person(a_person(), password=PASSWORD, by=stage.operator, moment=stage.moment)
    holding = actions.assign_post(
        person, post.code, from_at=NOW, until_at=LATER, by=stage.operator, moment=stage.moment
    )
    tick = timedelta(microseconds=1)
    acts = [queries.may(holding, "see", at=at) for at in (NOW - tick, NOW, LATER - tick, LATER)]
    assert acts == [False, True, True, False]


def test_a_holding_may_not_end_before_it_begins_nor_be_given_twice() -> None:
    stage = a_stage()
    post = a_made_post(stage)
    person = actions.enroll_person(a_person(), password=PASSWORD, by=stage.operator, moment=stage.moment)
    options = {"by": stage.operator, "moment": stage.moment}
    backwards = lambda: actions.assign_post(person, post.code, until_at=NOW, **options)  # noqa: E731
    assert refusal(backwards) == "ends_before_it_begins"
    actions.assign_post(person, post.code, **options)
    assert refusal(lambda: actions.assign_post(person, post.code, **options)) == "already_held"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("password123", "password_too_common"),
        ("x" * 257, "password_too_long"),
        ("tab\tinside it", "password_not_printable"),
        ("\ud800 surrogates", "password_not_printable"),
    ],
)
def test_weak_passwords_are_refused_by_name(password: str, code: str) -> None:
    stage = a_stage()
    row = a_person()
    call = lambda: actions.enroll_person(  # noqa: E731
        row, password=password, by=stage.operator, moment=stage.moment
    )
    assert refusal(call) == code


def test_a_password_may_not_be_the_user_name() -> None:
    stage = a_stage()
    row = msgspec.structs.replace(a_person(), username="zhaoyining")
    call = lambda: actions.enroll_person(  # noqa: E731
        row, password="ZhaoYining", by=stage.operator, moment=stage.moment
    )
    assert refusal(call) == "password_is_the_name"


def test_a_user_name_is_given_once_and_programs_get_none() -> None:
    stage = a_stage()
    row = a_person()
    options = {"password": PASSWORD, "by": stage.operator, "moment": stage.moment}
    actions.enroll_person(row, **options)
    loud = msgspec.structs.replace(row, username=row.username.upper())
    assert refusal(lambda: actions.enroll_person(loud, **options)) == "username_taken"
    program = msgspec.structs.replace(a_person(), kind="program")
    assert refusal(lambda: actions.enroll_person(program, **options)) == "only_people_sign_in"


def test_facts_carry_no_name_number_password_or_token() -> None:
    stage = a_stage()
    post = a_made_post(stage, "program_intake")
    person = PersonRow(
        name_zh="某某人", name_en="Some One", username="someone2", phone="000-1234", posts=(post.code,)
    )
    actions.enroll_person(person, password=PASSWORD, by=stage.operator, moment=stage.moment)
    program = a_holding("program_intake", place=PLACE, kind="program")
    token = actions.issue_token(program, "feed", by=stage.operator, moment=stage.moment)
    text = " ".join(str(e.body) for e in Entry.objects.filter(at=NOW))
    for secret in ("某某人", "Some One", "someone2", "000-1234", PASSWORD, token):
        assert secret not in text


def test_a_token_acts_for_its_holding_until_it_is_over_revoked_or_released() -> None:
    stage = a_stage()
    program = a_holding("program_intake", place=PLACE, kind="program")

    def issue() -> str:
        return actions.issue_token(program, "feed", until_at=LATER, by=stage.operator, moment=stage.moment)

    plain, other = issue(), issue()
    find = queries.find_token
    assert find(plain, at_real=NOW) == find(other, at_real=NOW) == program
    assert find(plain, at_real=LATER) is None
    assert find(plain, at_real=NOW - timedelta(hours=1)) == program, "a clock moved back turns no caller away"
    assert find(plain + "x", at_real=NOW) is None
    assert find("\ud800", at_real=NOW) is None
    first = Token.objects.order_by("id").first()
    assert first is not None
    actions.revoke_token(first.pk, by=stage.operator, moment=stage.moment)
    assert find(plain, at_real=NOW) is None
    assert find(other, at_real=NOW) == program
    actions.release_post(program, by=stage.operator, moment=stage.moment)
    assert find(other, at_real=NOW) is None


def test_only_the_digest_of_a_token_is_kept() -> None:
    stage = a_stage()
    program = a_holding("program_intake", kind="program")
    plain = actions.issue_token(program, "feed", by=stage.operator, moment=stage.moment)
    row = Token.objects.get(holding=program)
    assert plain not in {str(getattr(row, f.attname)) for f in row._meta.concrete_fields}


def test_people_get_no_tokens() -> None:
    stage = a_stage()
    person = a_holding("duty_officer", place=PLACE)
    call = lambda: actions.issue_token(person, "x", by=stage.operator, moment=stage.moment)  # noqa: E731
    assert refusal(call) == "only_programs_have_tokens"


def test_every_row_a_fact_speaks_of_is_digested_as_it_stands() -> None:
    stage = a_stage()
    row = a_person(a_made_post(stage).code)
    person = actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    entry = Entry.objects.filter(kind="agencies.person_enrolled/1").latest("seq")
    user = User.objects.get(person=person)
    stored = {one["id"]: one["digest"] for one in entry.rows}
    for kept in (Person.objects.get(pk=person), user):
        assert stored[str(kept.pk)] == kept.digest()[1]
    user.password = "changed behind the journal's back"
    assert stored[str(user.pk)] != user.digest()[1]
