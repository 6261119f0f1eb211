"""Which post stands above another: the one that is told when nobody answered in time."""

from jingwei.apps.agencies import queries as agencies

from .. import rules
from ..rules import Seat


def find_post_above(post: str, organization: str) -> str:
    """The code of the next higher post, in the same organization or the one above; '' where there is none."""
    found = find_seat_above(post, organization)
    return found.code if found else ""


def find_seat_above(post: str, organization: str) -> Seat | None:
    """The same with its organization."""
    own = [_seat(p) for p in agencies.list_posts_of([organization])]
    seat = next((s for s in own if s.code == post), Seat(post, organization, ""))
    higher = rules.find_higher(seat, own, [])
    for upper in [] if higher else agencies.list_above(organization):
        higher = higher or rules.find_higher(seat, [], [_seat(p) for p in agencies.list_posts_of([upper])])
    return higher


def _seat(post: agencies.PostCard) -> Seat:
    return Seat(post.code, post.organization_code, post.role)
