"""How a node begins, and how a whole roster is taken in."""

from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import AgenciesLoaded, Founding, NodeFounded, OrganizationRow, PersonRow, PostRow, Roster
from ..models import Holding, Organization, OrganizationLink, Person, Post, User
from .people import encode_password, new_person
from .register import check_organization, check_post, new_organization, new_post


def found_node(founding: Founding, *, password: str, moment: Moment) -> By:
    """Give the node its first organization, its machine and its operator. Needs no right, works once.

    The operator's post is the one named first in the row, or "<organization>-operator"; it covers
    everything this node registers. Returns the operator's holding.
    """
    name = rules.normal_username(founding.operator.username)
    rules.check_username(name)
    check_organization(founding.organization)
    encoded = encode_password(password, name)
    with transaction.atomic():
        if queries.is_founded():
            raise Refused("already_founded")
        organization = new_organization(founding.organization)
        organization.save(force_insert=True)
        machine = _machine(organization)
        code = (founding.operator.posts or (f"{organization.code}-operator",))[0]
        seat = PostRow(
            code=code,
            organization=organization.code,
            name_zh="系统管理员",
            name_en="Node operator",
            role="operator",
        )
        person = new_person(founding.operator)
        operator = _hold(person, new_post(seat, organization))
        user = User(username=name, person=person, password=encoded)
        user.save(force_insert=True)
        fact = NodeFounded(
            organization=str(organization.pk), operator=str(operator.pk), machine=str(machine.pk)
        )
        rows = [organization, machine.person, machine.post, machine, person, operator.post, operator, user]
        record([(fact, rows)], by=operator.pk, moment=moment)
    return operator.pk


def _machine(organization: Organization) -> Holding:
    seat = PostRow(
        code=f"{organization.code}-machine",
        organization=organization.code,
        name_zh="本机",
        name_en="Machine of this node",
        role="machine",
    )
    person = Person(name_zh="经纬", name_en="Jingwei", kind="machine")
    return _hold(person, new_post(seat, organization))


def _hold(person: Person, post: Post) -> Holding:
    person.save(force_insert=True)
    post.save(force_insert=True)
    holding = Holding(person=person, post=post, from_at=rules.BEGINNING)
    holding.save(force_insert=True)
    return holding


def load_agencies(roster: Roster, *, password: str = "", by: By, moment: Moment) -> AgenciesLoaded:
    """Take in a roster: new rows are added, changed organizations and posts follow, the rest stays.

    `password` is for all its new users at once, and only when all of them are fictional.
    Someone already enrolled under that name, or holding that post under it, is left alone.
    """
    _check(roster, password)
    encoded = encode_password(password, "") if password else make_password(None)
    with transaction.atomic():
        known = Post.objects.filter(code__in=[p.code for p in roster.posts])
        before = set(known.values_list("place", "hazard"))
        for place, hazard in sorted(before | _scopes(roster)):
            queries.require(by, "agencies.load_agencies", at=moment.at, place=place, hazard=hazard)
        rows: list[Recorded] = []
        organizations = _load_organizations(roster.organizations, rows)
        posts = _load_posts(roster.posts, organizations, rows)
        people, holdings = _load_people(roster.people, posts, encoded, moment, rows)
        fact = AgenciesLoaded(
            source=roster.source,
            organizations=len(roster.organizations),
            posts=len(roster.posts),
            people=people,
            holdings=holdings,
        )
        record([(fact, rows)], by=by, moment=moment)
    return fact


def _check(roster: Roster, password: str) -> None:
    for organization in roster.organizations:
        check_organization(organization)
        for line, _ in organization.links:
            rules.check_one_of(line, rules.LINES, "unknown_line")
    for post in roster.posts:
        check_post(post)
    for person in roster.people:
        if person.username:
            rules.check_username(rules.normal_username(person.username))
            if password and not person.fictional:
                raise Refused("one_password_only_for_fictional_people")


def _scopes(roster: Roster) -> set[tuple[str, str]]:
    """Every place and hazard the roster speaks for; an organization by itself speaks for no hazard."""
    posts = {(post.place, post.hazard) for post in roster.posts}
    covered = {place for place, _ in posts}
    return posts | {(o.place, "") for o in roster.organizations if o.place not in covered}


def _load_organizations(given: Sequence[OrganizationRow], rows: list[Recorded]) -> dict[str, Organization]:
    known = {o.code: o for o in Organization.objects.all()}
    fresh = []
    for row in given:
        new = new_organization(row)
        old = known.get(row.code)
        if old is None:
            known[row.code] = new
            fresh.append(new)
        elif _follow(old, new):
            rows.append(old)
    Organization.objects.bulk_create(fresh)
    rows.extend(fresh)
    links = []
    have = set(OrganizationLink.objects.values_list("lower_id", "upper_id", "line"))
    for row in given:
        for line, code in row.links:
            if code not in known:
                raise Refused("unknown_organization", given=code[:64])
            link = OrganizationLink(lower=known[row.code], upper=known[code], line=line)
            if (link.lower_id, link.upper_id, line) not in have:
                links.append(link)
    OrganizationLink.objects.bulk_create(links)
    rows.extend(links)
    return known


def _load_posts(
    given: Sequence[PostRow], organizations: dict[str, Organization], rows: list[Recorded]
) -> dict[str, Post]:
    known = {p.code: p for p in Post.objects.all()}
    fresh = []
    for row in given:
        if row.organization not in organizations:
            raise Refused("unknown_organization", given=row.organization[:64])
        new = new_post(row, organizations[row.organization])
        old = known.get(row.code)
        if old is None:
            known[row.code] = new
            fresh.append(new)
        elif _follow(old, new):
            rows.append(old)
    Post.objects.bulk_create(fresh)
    rows.extend(fresh)
    return known


def _follow(old: Organization | Post, new: Organization | Post) -> bool:
    """Bring a registered row to what the roster says. Whether that changed anything."""
    names = old.DIGESTED[max(old.DIGESTED)]
    changed = [name for name in names if getattr(old, name) != getattr(new, name)]
    for name in changed:
        setattr(old, name, getattr(new, name))
    if changed:
        old.save(update_fields=changed)
    return bool(changed)


def _load_people(
    given: Sequence[PersonRow],
    posts: dict[str, Post],
    encoded: str,
    moment: Moment,
    rows: list[Recorded],
) -> tuple[int, int]:
    enrolled = set(User.objects.values_list("username", flat=True))
    held: set[tuple[str, str]] = set(Holding.objects.values_list("person__name_zh", "post__code"))
    people: list[Person] = []
    users: list[User] = []
    holdings: list[Holding] = []
    for row in given:
        name = rules.normal_username(row.username)
        if name in enrolled if name else any((row.name_zh, code) in held for code in row.posts):
            continue
        person = new_person(row)
        people.append(person)
        if name:
            enrolled.add(name)
            users.append(User(username=name, person=person, password=encoded))
        for code in row.posts:
            if code not in posts:
                raise Refused("unknown_post", given=code[:64])
            from_at = row.from_at or moment.at
            rules.check_span(from_at, row.until_at)
            holdings.append(Holding(person=person, post=posts[code], from_at=from_at, until_at=row.until_at))
    Person.objects.bulk_create(people)
    User.objects.bulk_create(users)
    Holding.objects.bulk_create(holdings)
    rows.extend([*people, *users, *holdings])
    return len(people), len(holdings)
