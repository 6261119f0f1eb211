"""Reads of places. They need no right: the tree of divisions is public."""

from .changes import (
    Change,
    Resolved,
    compare_table,
    list_changes_from,
    list_changes_into,
    resolve_place,
)
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
from .grid import count_cells, within_box
from .named import count_site_cells, list_names_in, list_sites_in
from .nearest import PlaceAt, find_place_at
from .search import search_places
from .shipped import (
    digest_of,
    get_initials,
    get_nation_path,
    list_shipped_changes,
    list_shipped_divisions,
    list_shipped_sites,
    read_changes,
    read_divisions,
)

__all__ = [
    "Change",
    "DivisionCard",
    "PlaceAt",
    "Resolved",
    "compare_table",
    "count_cells",
    "count_divisions",
    "count_site_cells",
    "digest_of",
    "find_division",
    "find_place_at",
    "find_site",
    "get_division",
    "get_initials",
    "get_nation_path",
    "list_changes_from",
    "list_changes_into",
    "list_children",
    "list_divisions_by_code",
    "list_known_codes",
    "list_names_in",
    "list_points",
    "list_shipped_changes",
    "list_shipped_divisions",
    "list_shipped_sites",
    "list_sites",
    "list_sites_by_id",
    "list_sites_in",
    "name_of",
    "path_of",
    "point_of",
    "read_changes",
    "read_divisions",
    "resolve_place",
    "search_places",
    "within_box",
]
