"""Reads of divisions and sites: what a code stands for, its path, where it is drawn."""

from collections.abc import Collection
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from jingwei.apps.journal.queries import among, list_cards
from jingwei.apps.places import rules
from jingwei.apps.places.facts import SITE_LEVEL, Point, SiteRow
from jingwei.apps.places.models import Division, Site
from jingwei.apps.places.rules import PlaceRefused
from jingwei.kernel.codes import normal_place


class DivisionCard(msgspec.Struct, frozen=True):
    """A division as pages show it."""

    code: str
    name: str
    name_en: str
    level: int
    parent: str
    path_zh: str
    lon: float | None
    lat: float | None
    precision: str
    valid_from: str
    valid_to: str


def find_division(code: str) -> DivisionCard | None:
    """The division with this code, padded or not."""
    row = Division.objects.filter(code=normal_place(code)).first()
    return _card(row) if row else None


def list_divisions_by_code(codes: Collection[str]) -> dict[str, DivisionCard]:
    """The divisions with these codes, padded or not; unknown ones are left out."""
    asked = {code: normal_place(code) for code in codes}
    cards = list_cards(DivisionCard, "places_division", "code", set(asked.values()))
    found = {card.code: card for card in cards}
    return {code: found[plain] for code, plain in asked.items() if plain in found}


def get_division(code: str) -> DivisionCard:
    """The division with this code. Refused when the tree does not have it."""
    found = find_division(code)
    if found is None:
        raise PlaceRefused("place_unknown", place=code)
    return found


def find_site(site: str) -> SiteRow | None:
    row = Site.objects.filter(pk=site).first()
    return _site_row(row) if row else None


def list_sites_by_id(ids: Collection[str]) -> dict[str, SiteRow]:
    """The sites with these ids; unknown ones are left out."""
    return {row.pk: _site_row(row) for row in Site.objects.filter(pk__in=set(ids))}


def list_sites(*, within: str = "") -> list[SiteRow]:
    rows = inside(Site.objects.all(), "place", normal_place(within)).order_by("pk")
    return [_site_row(row) for row in rows]


def list_children(code: str) -> list[DivisionCard]:
    """The divisions directly under this one; under '' the provinces. Those that ended come last."""
    rows = Division.objects.filter(parent=normal_place(code)).order_by("code")
    return sorted((_card(row) for row in rows), key=lambda card: bool(card.valid_to))


def list_known_codes(codes: Collection[str]) -> set[str]:
    """Which of these unpadded codes the tree has."""
    if not codes:
        return set()
    words, value = among(codes)
    with connection.cursor() as cursor:  # asked for every group of reports: its words are made once
        cursor.execute(f"SELECT code FROM places_division WHERE code {words}", [value])  # noqa: S608 - marks only
        return {row[0] for row in cursor.fetchall()}


def count_divisions() -> int:
    return Division.objects.count()


def name_of(code: str, lang: str = "zh") -> str:
    """The name of a division or site. In English where one is known, else Chinese; else the code."""
    site = Site.objects.filter(pk=code).first() if not code.isdigit() else None
    if site is not None:
        return site.name_en if lang == "en" else site.name_zh
    found = find_division(code) if code else None
    if found is None:
        return code
    return found.name_en if lang == "en" and found.name_en else found.name


def path_of(code: str, lang: str = "zh") -> str:
    """The names from the province down to this division, or to the division that holds the site."""
    found = find_division(_place_of(code))
    if found is None:
        return code
    if lang != "en":
        return found.path_zh
    codes = [*rules.ancestors(found.code), found.code]
    names = {row.code: row.name_en or row.name for row in Division.objects.filter(code__in=codes)}
    return ", ".join(names[c] for c in codes if c in names and names[c] not in rules.UNSAID)


def point_of(code: str) -> Point | None:
    """Where to draw a division or site: its own point, or that of the smallest division above with one.

    A parent's point is always approximate, and `of` says whose it is.
    """
    site = Site.objects.filter(pk=code).first() if not code.isdigit() else None
    if site is not None:
        return _point_of_site(site)
    place = normal_place(code)
    above = [*rules.ancestors(place), place]
    row = Division.objects.filter(code__in=above, lon__isnull=False).order_by("-level").first()
    if row is None:
        return None
    point = _point_of_division(row)
    return point if row.code == place else msgspec.structs.replace(point, precision="approximate")


def list_points(*, within: str = "", level: int | None = None, sites: bool = True) -> list[Point]:
    """Every division with a point of its own, and the sites, inside a place."""
    code = normal_place(within)
    rows = inside(Division.objects.filter(lon__isnull=False), "code", code).order_by("code")
    if level is not None:
        rows = rows.filter(level=level)
    points = [_point_of_division(row) for row in rows]
    if sites:
        points += [_point_of_site(row) for row in inside(Site.objects.all(), "place", code).order_by("pk")]
    return points


def inside(rows: QuerySet[Any], field: str, area: str) -> QuerySet[Any]:
    """Rows inside a place: a range over digits, which every database's index and collation can do."""
    if not area:
        return rows
    return rows.filter(Q(**{f"{field}__gte": area}) & Q(**{f"{field}__lt": _after(area)}))


def _after(code: str) -> str:
    """The first code of the same length behind this one; ':' follows '9' in every collation we meet."""
    return str(int(code) + 1).zfill(len(code)) if code.isdigit() and set(code) != {"9"} else code + ":"


def _card(row: Division) -> DivisionCard:
    return DivisionCard(**{name: getattr(row, name) for name in DivisionCard.__struct_fields__})


def _site_row(row: Site) -> SiteRow:
    return SiteRow(**{name: getattr(row, name) for name in SiteRow.__struct_fields__})


def _place_of(code: str) -> str:
    if code.isdigit():
        return code
    return Site.objects.filter(pk=code).values_list("place", flat=True).first() or code


def _point_of_division(row: Division) -> Point:
    assert row.lon is not None and row.lat is not None  # noqa: S101 - the query has asked for it
    return Point(
        of=row.code,
        name_zh=row.name,
        name_en=row.name_en or row.name,
        level=row.level,
        lon=row.lon,
        lat=row.lat,
        precision=row.precision,
        source=row.point_source,
    )


def _point_of_site(row: Site) -> Point:
    return Point(
        of=row.pk,
        name_zh=row.name_zh,
        name_en=row.name_en,
        level=SITE_LEVEL,
        lon=row.lon,
        lat=row.lat,
        precision=row.precision,
        source=row.source,
    )


def list_points_by_code(codes: Collection[str]) -> dict[str, tuple[float, float]]:
    """(lon, lat) of these divisions: their own point, else that of the smallest above with one."""
    chains = {code: [normal_place(code), *reversed(rules.ancestors(normal_place(code)))] for code in codes}
    wanted = {one for chain in chains.values() for one in chain}
    rows = Division.objects.filter(code__in=wanted, lon__isnull=False, lat__isnull=False)
    known = {
        code: (lon, lat)
        for code, lon, lat in rows.values_list("code", "lon", "lat")
        if lon is not None and lat is not None
    }
    found = {}
    for code, chain in chains.items():
        point = next((known[one] for one in chain if one in known), None)
        if point is not None:
            found[code] = point
    return found
