"""Search of places by name, code, path or first letters; former names lead to what they are now."""

from collections.abc import Iterable

from jingwei.apps.places import rules
from jingwei.apps.places.facts import SITE_LEVEL, PlaceFound
from jingwei.apps.places.models import Division, DivisionChange, NamePart, Site
from jingwei.kernel.codes import normal_place

from .changes import resolve_place
from .divisions import inside

#: How many places a word that names a holder may mean before the rest is left out.
#: Source: our estimate, people name a city or a county, 2026-11-22.
MOST_HOLDERS = 8

#: A word of so many characters may be a path written without spaces: 荥阳崔庙.
#: Source: our estimate, two characters for each of two names, 2026-11-22.
SHORTEST_PATH = 4

#: Hits one can page to; who wants to go further says more of the name. As many are put in order for every
#: page, so that none is shown twice or left out. Source: our estimate, ten pages of twenty, 2026-11-29.
MOST_HITS = 200


def search_places(text: str, *, within: str = "", limit: int = 20, offset: int = 0) -> list[PlaceFound]:
    """Divisions and sites: "荥阳", "410182", "郑州 荥阳", "荥阳崔庙", "Xingyang", "xys".

    Earlier words name what holds the place, the last one the place; higher levels come first. A name that
    was given up finds what it became, and says so in `former`.
    """
    words = rules.words(text)
    if not words or limit < 1 or offset < 0:
        return []
    wanted = min(offset + limit, MOST_HITS)
    area = normal_place(within)
    found = _search(words, area, MOST_HITS, together=text.isascii())
    if len(found) < wanted:
        found += _search_former(words, area, known={hit.code for hit in found})
    return _led_on(found[offset:wanted])


def _search(words: list[str], area: str, limit: int, *, together: bool) -> list[PlaceFound]:
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        return _search_code(words[0], area, limit)
    english = "".join(words) if len(words) > 1 and together else ""
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
    for row in sorted(_named(word, areas), key=lambda row: row.level):
        if not row.code.startswith(tuple(codes)):
            codes.append(row.code)
    return codes[:MOST_HOLDERS]


def _search_code(digits: str, area: str, limit: int) -> list[PlaceFound]:
    """The division with this code, then those whose codes begin so: level by level, through the index."""
    code = normal_place(digits)
    rows = inside(inside(Division.objects.all(), "code", code), "code", area)
    found: list[Division] = []
    for level in range(1, 6):
        if len(found) < limit and rules.LEVEL_DIGITS[level - 1] >= len(code):
            found += rows.filter(level=level).order_by("code")[: limit - len(found)]
    return [_found(row) for row in found]


def _search_former(words: list[str], area: str, *, known: set[str]) -> list[PlaceFound]:
    """What bore this name or code in former years, as what it is now."""
    word = words[-1]
    changes = DivisionChange.objects.order_by("-on", "code")
    if word.isascii() and word.isdigit():
        rows = list(changes.filter(code=normal_place(word)))
    elif word.isascii() or len(word) < 2:
        return []
    else:
        rows = list(changes.filter(head=word[:2], key__startswith=word)[:MOST_HOLDERS])
    found: dict[str, PlaceFound] = {}
    for row in rows:
        codes = (row.code,) if row.kind == "renamed" else resolve_place(row.code).codes
        for one in Division.objects.filter(code__in=codes).order_by("code"):
            named = all(w in one.path_zh.replace(" ", "") for w in words[:-1])
            if named and one.code.startswith(area) and one.code not in known:
                found.setdefault(one.code, _found(one, former=row.name))
    return list(found.values())


def _led_on(found: Iterable[PlaceFound]) -> list[PlaceFound]:
    """Hits that have ended, followed by what they became."""
    hits: dict[tuple[str, str], PlaceFound] = {}
    for hit in found:
        hits.setdefault((hit.code, hit.site), hit)
        if hit.valid_to and not hit.site:
            for row in Division.objects.filter(code__in=resolve_place(hit.code).codes).order_by("code"):
                hits.setdefault((row.code, ""), _found(row, former=hit.name))
    return list(hits.values())


def _search_last(word: str, areas: list[str], limit: int, *, holders: bool) -> list[PlaceFound]:
    """What the last word names: what starts so, else a path without spaces; then what contains it.

    With `holders` the areas were named in the query, and only what lies in them is meant.
    """
    rows = {row.code: row for row in _starting(word, areas, most=limit + 1)}
    sites = [hit for area in areas for hit in _search_sites(word, area)]
    if not rows and not sites and len(word) >= SHORTEST_PATH:
        for area in areas:
            if path := _search_unspaced(word, area, limit):
                return path
    if len(rows) < limit:
        rows |= {row.code: row for area in areas for row in _containing(word, area, most=limit + 1)}
    hits = [_found(row) for row in rows.values() if not (holders and row.code in areas)]
    return sorted([*hits, *sites], key=lambda hit: rules.rank(hit, word))[:limit]


def _named(word: str, areas: list[str]) -> list[Division]:
    """Divisions down to the township that a word may name as holders of others."""
    starting = [row for row in _starting(word, areas, most=50) if row.level < 5]
    return starting or [row for area in areas for row in _containing(word, area, most=50) if row.level < 5]


def _starting(word: str, areas: list[str], *, most: int) -> list[Division]:
    """Divisions whose name starts with the word, the higher levels first within each area.

    The first two characters go through the index, Latin letters through that of first letters; a single
    character and English names search only province to county.
    """
    if word.isascii():
        return _english(word, areas)[:most] or [
            row for area in areas for row in _by_initials(word, area, most)
        ]
    rows = Division.objects.order_by("level", "code")
    short = rows.filter(level__lte=3) if len(word) < 2 else rows.filter(head=word[:2])
    found = short.filter(key__startswith=word)
    return [row for area in areas for row in inside(found, "code", area)[:most]]


def _english(word: str, areas: list[str]) -> list[Division]:
    """Provinces to counties with the word in their English names; few have one."""
    rows = Division.objects.filter(level__lte=3).exclude(name_en="").order_by("level", "code")
    inside_one = tuple(areas)
    return [row for row in rows if row.code.startswith(inside_one) and word in rules.search_key(row.name_en)]


def _by_initials(word: str, area: str, most: int) -> list[Division]:
    """Names whose syllables begin with these letters; a single letter only down to the county."""
    if not word.isalpha():
        return []
    found: list[Division] = []
    for level in range(1, 6 if len(word) > 1 else 4):
        if len(found) >= most:
            break
        rows = Division.objects.filter(level=level, initials__gte=word)
        if behind := rules.after_letters(word):
            rows = rows.filter(initials__lt=behind)
        found += inside(rows, "code", area).order_by("initials", "code")[: most - len(found)]
    return found


def _containing(word: str, area: str, *, most: int) -> list[Division]:
    """Names with the word inside, through the pairs of characters they consist of."""
    if word.isascii():
        return []
    rows = inside(Division.objects.order_by("level", "code"), "code", area)
    if len(word) < 2:
        return list(rows.filter(level__lte=3, key__contains=word)[:most])
    pairs = rules.pairs_of(word)
    if not pairs:  # 社区, 村委会: nearly every name
        return []
    held = dict(NamePart.objects.filter(gram__in=pairs).values_list("gram", "codes"))
    if not held and not NamePart.objects.exists():  # loaded by an older release, and not again since
        return list(rows.filter(key__contains=word)[:most])
    if len(held) < len(set(pairs)):
        return []
    first, *others = sorted((codes.split() for codes in held.values()), key=len)
    sets = [set(other) for other in others]
    common = [c for c in first if c.startswith(area) and all(c in other for other in sets)]
    return list(rows.filter(code__in=common[: most * 2], key__contains=word)[:most])


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


def _found(row: Division, *, former: str = "") -> PlaceFound:
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
        former=former,
        valid_to=row.valid_to,
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
