"""Codes become names: kinds, places, sites, organizations, people; each asked for once a page."""

import uuid
from types import SimpleNamespace

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.places import queries as places

Pair = tuple[str, str]


class Names:
    """Names in both languages, remembered for one page."""

    def __init__(self) -> None:
        self._kinds: dict[str, Pair] = {}
        self._places: dict[str, Pair] = {}
        self._bodies: dict[str, Pair] = {}
        self._people: dict[uuid.UUID, SimpleNamespace] = {}

    def kind(self, code: str) -> Pair:
        if code and code not in self._kinds:
            found = hazards.find_kind(code)
            self._kinds[code] = (found.name_zh, found.name_en) if found else (code, code)
        return self._kinds.get(code, ("", ""))

    def place(self, code: str, site: str = "") -> Pair:
        """The site when there is one, else the division and the one above it."""
        key = site or code
        if key and key not in self._places:
            self._places[key] = self._site(site) if site else self._division(code)
        return self._places.get(key, ("", ""))

    def area(self, code: str) -> Pair:
        """What a figure speaks of: a division by its number, else a site."""
        return self.place(code) if code.isdigit() else self.place("", code)

    def _site(self, site: str) -> Pair:
        found = places.find_site(site)
        return (found.name_zh, found.name_en) if found else (site, site)

    def _division(self, code: str) -> Pair:
        found = places.find_division(code)
        if found is None:
            return (code, code)
        above = places.find_division(found.parent) if found.level >= 3 and found.parent else None
        zh = f"{above.name} {found.name}" if above else found.name
        name_en, above_en = found.name_en, above.name_en if above else ""
        en = f"{name_en}, {above_en}" if name_en and above_en else name_en
        return (zh, en)

    def organization(self, code: str) -> Pair:
        if code and code not in self._bodies:
            found = agencies.find_organization(code)
            self._bodies[code] = (found.name_zh, found.name_en) if found else (code, code)
        return self._bodies.get(code, ("", ""))

    def person(self, by: uuid.UUID | None) -> SimpleNamespace | None:
        """Who acted: name and post, also of holdings that are over."""
        if by is None:
            return None
        if by not in self._people:
            found = agencies.list_authorities([by]).get(by)
            self._people[by] = (
                SimpleNamespace(
                    name_zh=found.person_zh,
                    name_en=found.person_en,
                    post_zh=found.post_zh,
                    post_en=found.post_en,
                    kind=found.person_kind,
                )
                if found
                else SimpleNamespace(
                    name_zh=str(by)[:8], name_en=str(by)[:8], post_zh="", post_en="", kind=""
                )
            )
        return self._people[by]
