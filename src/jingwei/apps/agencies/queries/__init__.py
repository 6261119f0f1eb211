"""Reads of agencies. `require` is the one place where rights are decided."""

from ..rules import Authority, NotAllowed
from .authorities import (
    Colleague,
    find_authority,
    find_holding_of_post,
    get_authority,
    get_machine,
    get_operator,
    list_authorities,
    list_colleagues,
    list_holdings,
    list_posts_on_duty,
    may,
    may_with,
    require,
    sees,
)
from .organizations import (
    OrganizationCard,
    PostCard,
    count_organizations,
    find_organization,
    list_links,
    list_organizations,
    list_posts,
    search_organizations,
)
from .proofs import find_token, is_founded
from .tables import find_founding, get_rights, read_roster

__all__ = [
    "Authority",
    "Colleague",
    "NotAllowed",
    "OrganizationCard",
    "PostCard",
    "count_organizations",
    "find_authority",
    "find_founding",
    "find_holding_of_post",
    "find_organization",
    "find_token",
    "get_authority",
    "get_machine",
    "get_operator",
    "get_rights",
    "is_founded",
    "list_authorities",
    "list_colleagues",
    "list_holdings",
    "list_links",
    "list_organizations",
    "list_posts",
    "list_posts_on_duty",
    "may",
    "may_with",
    "read_roster",
    "require",
    "search_organizations",
    "sees",
]
