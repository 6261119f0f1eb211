"""Reads of places. They need no right: the tree of divisions is public."""

from .divisions import (
    DivisionCard,
    count_divisions,
    find_division,
    find_site,
    get_division,
    list_children,
    list_divisions_by_code,
    list_known_codes,
    list_points,
    list_sites,
    list_sites_by_id,
    name_of,
    path_of,
    point_of,
)
from .search import search_places
from .shipped import digest_of, list_shipped_divisions, list_shipped_sites

__all__ = [
    "DivisionCard",
    "count_divisions",
    "digest_of",
    "find_division",
    "find_site",
    "get_division",
    "list_children",
    "list_divisions_by_code",
    "list_known_codes",
    "list_points",
    "list_shipped_divisions",
    "list_shipped_sites",
    "list_sites",
    "list_sites_by_id",
    "name_of",
    "path_of",
    "point_of",
    "search_places",
]
