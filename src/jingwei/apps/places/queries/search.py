"""Search of places by name, code or path."""

from jingwei.apps.places import rules
from jingwei.apps.places.facts import SITE_LEVEL, PlaceFound
from jingwei.apps.places.models import Division, Site
from jingwei.kernel.codes import normal_place

from .divisions import inside

#: How many places a word that names a holder may mean before the rest is left out.
#: Source: our estimate, people name a city or a county, 2026-11-22.
MOST_HOLDERS = 8

#: A word of so many characters may be a path written without spaces: 荥阳崔庙.
#: Source: our estimate, two characters for each of two names, 2026-11-22.
SHORTEST_PATH = 4


def search_places(text: str, *, within: str = "", limit: int = 20) -> list[PlaceFound]:
    """Divisions and sites by name, code or path: "荥阳", "410182", "郑州 荥阳", "荥阳崔庙", "Xingyang".

    Earlier words name what holds the place, the last one the place; higher levels come first.
    """
    words = rules.words(text)
    if not words or limit < 1:
        return []
    area = normal_place(within)
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        return _search_code(words[0], area, limit)
    english = "".join(words) if len(words) > 1 and text.isascii() else ""
    if english and (found := _search_last(english, [area], limit, holders=False)):
        return found  # an English name of several words comes before a path
    areas = [area]
    for word in words[:-1]:
        areas = _holders(word, areas)
        if not areas:
            return []
    return _search_last(words[-1], areas, limit, holders=len(words) > 1)


def _holders(word: str, areas: list[str]) -> list[str]:
    """Codes of what the word may name inside the areas; not those inside another of them."""
    codes: list[str] = []
    for row in sorted((row for one in areas for row in _named(word, one)), key=lambda r: r.level):
        if not row.code.startswith(tuple(codes)):
            codes.append(row.code)
    return codes[:MOST_HOLDERS]


def _search_code(digits: str, area: str, limit: int) -> list[PlaceFound]:
    rows = inside(inside(Division.objects.all(), "code", normal_place(digits)), "code", area)
    return [_found(row) for row in rows.order_by("level", "code")[:limit]]


def _search_last(word: str, areas: list[str], limit: int, *, holders: bool) -> list[PlaceFound]:
    """What the last word names: what starts so, else a path without spaces; then what contains it.

    With `holders` the areas were named in the query, and only what lies in them is meant.
    """
    rows = {row.code: row for area in areas for row in _starting(word, area, most=limit + 1)}
    sites = [hit for area in areas for hit in _search_sites(word, area)]
    if not rows and not sites and len(word) >= SHORTEST_PATH:
        for area in areas:
            if path := _search_unspaced(word, area, limit):
                return path
    if len(rows) < limit:
        rows |= {row.code: row for area in areas for row in _containing(word, area, most=limit + 1)}
    hits = [_found(row) for row in rows.values() if not (holders and row.code in areas)]
    return sorted([*hits, *sites], key=lambda hit: rules.rank(hit, word))[:limit]


def _named(word: str, area: str) -> list[Division]:
    """Divisions down to the township that a word may name as holders of others."""
    starting = [row for row in _starting(word, area, most=50) if row.level < 5]
    return starting or [row for row in _containing(word, area, most=50) if row.level < 5]


def _starting(word: str, area: str, *, most: int) -> list[Division]:
    """Divisions whose name starts with the word, the higher levels first.

    The first two characters go through the index; a single character and English names search only
    province to county.
    """
    rows = inside(Division.objects.order_by("level", "code"), "code", area)
    if word.isascii():
        english = rows.filter(level__lte=3).exclude(name_en="")
        return [row for row in english if word in rules.search_key(row.name_en)][:most]
    short = rows.filter(level__lte=3) if len(word) < 2 else rows.filter(head=word[:2])
    return list(short.filter(key__startswith=word)[:most])


def _containing(word: str, area: str, *, most: int) -> list[Division]:
    if word.isascii():
        return []
    rows = inside(Division.objects.order_by("level", "code"), "code", area)
    if len(word) < 2:
        rows = rows.filter(level__lte=3)
    return list(rows.filter(key__contains=word)[:most])


def _search_sites(word: str, area: str) -> list[PlaceFound]:
    rows = list(inside(Site.objects.all(), "place", area))
    holders = {row.code: row for row in Division.objects.filter(code__in={site.place for site in rows})}
    return [
        _found_site(site, holders.get(site.place))
        for site in rows
        if word in rules.search_key(site.name_zh) or word in rules.search_key(site.name_en)
    ]


def _search_unspaced(text: str, area: str, limit: int) -> list[PlaceFound]:
    """Take a division's name, or the start of one, off the front and look for the rest inside it."""
    heads = inside(Division.objects.filter(level__lte=4, head=text[:2]), "code", area)
    for row in heads.order_by("level", "code")[:MOST_HOLDERS]:
        for length in range(min(len(row.key), len(text) - 2), 1, -1):
            if row.key[:length] == text[:length]:
                if found := _search_last(text[length:], [row.code], limit, holders=True):
                    return found
                break
    return []


def _found(row: Division) -> PlaceFound:
    return PlaceFound(
        code=row.code,
        site="",
        name=row.name,
        name_en=row.name_en,
        path=row.path_zh,
        level=row.level,
        lon=row.lon,
        lat=row.lat,
        precision=row.precision,
    )


def _found_site(row: Site, holder: Division | None) -> PlaceFound:
    return PlaceFound(
        code=row.place,
        site=row.pk,
        name=row.name_zh,
        name_en=row.name_en,
        path=f"{holder.path_zh} {row.name_zh}" if holder else row.name_zh,
        level=SITE_LEVEL,
        lon=row.lon,
        lat=row.lat,
        precision=row.precision,
    )
