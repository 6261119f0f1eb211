"""The register of organizations and posts."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import OrganizationAdded, OrganizationRow, OrganizationsLinked, PostAdded, PostRow
from ..models import Organization, OrganizationLink, Post


@transaction.atomic
def add_organization(row: OrganizationRow, *, by: By, moment: Moment) -> uuid.UUID:
    """Enter an organization into the register, with the lines along which it answers to others."""
    queries.require(by, "agencies.add_organization", at=moment.at, place=row.place)
    check_organization(row)
    if Organization.objects.filter(code=row.code).exists():
        raise Refused("code_taken", given=row.code)
    organization = new_organization(row)
    organization.save(force_insert=True)
    fact = OrganizationAdded(organization=str(organization.pk), code=row.code, kind=row.kind, place=row.place)
    record([(fact, organization)], by=by, moment=moment)
    for line, upper in row.links:
        _link(organization, get_organization(upper), line, by=by, moment=moment)
    return organization.pk


@transaction.atomic
def link_organizations(lower: str, upper: str, *, line: str, by: By, moment: Moment) -> None:
    """Let the lower organization answer to the upper one along a line. Both by code."""
    row = get_organization(lower)
    queries.require(by, "agencies.link_organizations", at=moment.at, place=row.place)
    _link(row, get_organization(upper), line, by=by, moment=moment)


def _link(lower: Organization, upper: Organization, line: str, *, by: By, moment: Moment) -> None:
    rules.check_one_of(line, rules.LINES, "unknown_line")
    if lower.pk == upper.pk or rules.is_circle(_uppers([line]), lower=lower.pk, upper=upper.pk):
        raise Refused("link_in_circle")
    link, made = OrganizationLink.objects.get_or_create(lower=lower, upper=upper, line=line)
    if made:
        fact = OrganizationsLinked(lower=str(lower.pk), upper=str(upper.pk), line=line)
        record([(fact, link)], by=by, moment=moment)


def _uppers(lines: Iterable[str]) -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = OrganizationLink.objects.filter(line__in=list(lines))
    for lower, upper in rows.values_list("lower_id", "upper_id"):
        found[lower].add(upper)
    return found


@transaction.atomic
def add_post(row: PostRow, *, by: By, moment: Moment) -> uuid.UUID:
    """Establish a post. Nobody may establish one that reaches further than their own."""
    queries.require(by, "agencies.add_post", at=moment.at, place=row.place, hazard=row.hazard)
    check_post(row)
    organization = get_organization(row.organization)
    # nor one for an organization elsewhere
    queries.require(by, "agencies.add_post", at=moment.at, place=organization.place)
    if Post.objects.filter(code=row.code).exists():
        raise Refused("code_taken", given=row.code)
    post = new_post(row, organization)
    post.save(force_insert=True)
    record([(post_added(post), post)], by=by, moment=moment)
    return post.pk


def check_organization(row: OrganizationRow) -> None:
    rules.check_code(row.code)
    rules.check_one_of(row.kind, rules.ORGANIZATION_KINDS, "unknown_organization_kind")
    rules.check_scope(place=row.place)


def check_post(row: PostRow) -> None:
    rules.check_code(row.code)
    rules.check_one_of(row.role, queries.get_rights().roles, "unknown_role")
    rules.check_scope(place=row.place, hazard=row.hazard)


def get_organization(code: str) -> Organization:
    row = Organization.objects.filter(code=code).first()
    if row is None:
        raise Refused("unknown_organization", given=code[:64])
    return row


def new_organization(row: OrganizationRow) -> Organization:
    return Organization(
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=row.kind,
        place=row.place,
        fictional=row.fictional,
    )


def new_post(row: PostRow, organization: Organization) -> Post:
    return Post(
        organization=organization,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        role=row.role,
        place=row.place,
        hazard=row.hazard,
    )


def post_added(post: Post) -> PostAdded:
    return PostAdded(
        post=str(post.pk),
        organization=str(post.organization_id),
        role=post.role,
        place=post.place,
        hazard=post.hazard,
    )
