"""Names and posts that every page asks for, in words made once: as the tables have them."""

import pytest

from jingwei.apps.agencies import queries
from jingwei.apps.agencies.models import Holding, Organization, Post
from jingwei.apps.agencies.queries.authorities import authority_of
from tests.builders import STORM
from tests.builders import authority_of as acting

pytestmark = pytest.mark.django_db

ROLES = ("duty_officer", "duty_chief")


def test_organizations_and_posts_are_as_the_tables_have_them():
    bodies = {row.code: row for row in Organization.objects.all()}
    cards = queries.list_organizations_by_code([*bodies, "nobody"])
    assert set(cards) == set(bodies) and len(cards) > 5
    for code, card in cards.items():
        row = bodies[code]
        assert (card.id, card.name_zh, card.name_en, card.kind) == (
            row.pk,
            row.name_zh,
            row.name_en,
            row.kind,
        )
        assert (card.place, card.fictional) == (row.place, row.fictional) and type(card.fictional) is bool
    posts = {row.code: row for row in Post.objects.select_related("organization")}
    for code, card in queries.list_posts_by_code(posts).items():
        row = posts[code]
        assert (card.id, card.organization_code) == (row.pk, row.organization.code)
        assert (card.name_zh, card.name_en) == (row.name_zh, row.name_en)
        assert (card.role, card.place, card.hazard) == (row.role, row.place, row.hazard)
    assert queries.list_organizations_by_code([]) == queries.list_posts_by_code([]) == {}


def test_holdings_are_told_also_those_that_are_over():
    row = Holding.objects.filter(person__kind="human").first()
    Holding.objects.filter(pk=row.pk).update(released_at=STORM)
    rows = {
        one.pk: authority_of(one) for one in Holding.objects.select_related("person", "post__organization")
    }
    assert queries.list_authorities(rows) == rows and row.pk in rows
    assert queries.list_authorities([]) == {}


def test_who_is_on_duty_in_many_bodies_is_who_is_on_duty_in_each():
    codes = list(Organization.objects.values_list("code", flat=True))
    each = {code: queries.list_posts_on_duty(code, at=STORM, roles=ROLES) for code in codes}
    found = queries.list_on_duty([*codes, "nobody"], at=STORM, roles=ROLES)
    assert found == {code: held for code, held in each.items() if held} and len(found) > 2


def test_who_was_released_or_comes_later_is_not_on_duty():
    body = next(iter(queries.list_on_duty(_codes(), at=STORM, roles=ROLES)))
    held = queries.list_on_duty([body], at=STORM, roles=ROLES)[body]
    Holding.objects.filter(pk=held[0].holding).update(released_at=STORM)
    left = queries.list_on_duty([body], at=STORM, roles=ROLES).get(body, [])
    assert left == held[1:]
    Holding.objects.filter(pk__in=[one.holding for one in left]).update(from_at=STORM.replace(year=2031))
    assert queries.list_on_duty([body], at=STORM, roles=ROLES) == {}


def test_a_session_acts_for_its_own_holding_and_for_no_other():
    chief, officer = acting("hejing"), acting("lisiyuan")
    user = Holding.objects.get(pk=chief.holding).person.user
    assert queries.find_authority(chief.holding, at=STORM, user=user.pk) == chief
    assert queries.find_authority(officer.holding, at=STORM, user=user.pk) is None
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert queries.find_authority(chief.holding, at=STORM, user=user.pk) is None


def _codes() -> list[str]:
    return list(Organization.objects.values_list("code", flat=True))
