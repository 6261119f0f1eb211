"""Codes become names: kinds, places, sites, organizations, people, rules; each asked for once a page."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from types import SimpleNamespace

from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import Laid
from jingwei.apps.places import queries as places
from jingwei.apps.places.queries import DivisionCard

Pair = tuple[str, str]


class Names:
    """Names in both languages, remembered for one page. A list says beforehand what it will name: `know`."""

    def __init__(self) -> None:
        self._kinds: dict[str, Pair] = {}
        self._places: dict[str, Pair] = {}
        self._bodies: dict[str, Pair] = {}
        self._posts: dict[str, Pair] = {}
        self._people: dict[uuid.UUID, SimpleNamespace] = {}
        self._clauses: dict[str, SimpleNamespace] = {}
        self._laid: Laid | None = None

    def know(
        self,
        *,
        kinds: Iterable[str] = (),
        divisions: Iterable[str] = (),
        sites: Iterable[str] = (),
        bodies: Iterable[str] = (),
        posts: Iterable[str] = (),
        people: Iterable[uuid.UUID | None] = (),
    ) -> None:
        """Look up what will be named, each register asked once for all."""
        if new := _new(kinds, self._kinds):
            cards = hazards.list_kinds_by_code(new)
            self._kinds |= {c: (cards[c].name_zh, cards[c].name_en) if c in cards else (c, c) for c in new}
        if new := _new(divisions, self._places):
            self._places |= _divisions(new)
        if new := _new(sites, self._places):
            rows = places.list_sites_by_id(new)
            self._places |= {s: (rows[s].name_zh, rows[s].name_en) if s in rows else (s, s) for s in new}
        if new := _new(bodies, self._bodies):
            found = agencies.list_organizations_by_code(new)
            self._bodies |= {c: (found[c].name_zh, found[c].name_en) if c in found else (c, c) for c in new}
        if new := _new(posts, self._posts):
            held = agencies.list_posts_by_code(new)
            self._posts |= {c: (held[c].name_zh, held[c].name_en) if c in held else (c, c) for c in new}
        if who := {one for one in people if one is not None} - self._people.keys():
            known = agencies.list_authorities(who)
            self._people |= {one: _person(one, known.get(one)) for one in who}

    def know_areas(self, codes: Iterable[str]) -> None:
        """Areas that figures speak of: divisions by their number, else sites."""
        codes = set(codes)
        numbers = {code for code in codes if code.isdigit()}
        self.know(divisions=numbers, sites=codes - numbers)

    def know_rules(self, ids: Iterable[str]) -> None:
        """Rules with their sources, as pages open them."""
        if new := _new(ids, self._clauses):
            rules = hazards.list_rules_by_id(new)
            sources = hazards.list_sources_by_id({rule.source for rule in rules.values()})
            for rule_id in new:
                rule = rules.get(rule_id)
                source = sources.get(rule.source) if rule else None
                self._clauses[rule_id] = SimpleNamespace(
                    rule_id=rule_id, rule=rule, source=source, title=source.title_zh if source else ""
                )

    def kind(self, code: str) -> Pair:
        if code not in self._kinds:
            self.know(kinds=[code])
        return self._kinds.get(code, ("", ""))

    def place(self, code: str, site: str = "") -> Pair:
        """The site when there is one, else the division and the one above it."""
        if (site or code) not in self._places:
            self.know(sites=[site], divisions=[] if site else [code])
        return self._places.get(site or code, ("", ""))

    def area(self, code: str) -> Pair:
        """What a figure speaks of: a division by its number, else a site."""
        return self.place(code) if code.isdigit() else self.place("", code)

    def organization(self, code: str) -> Pair:
        if code not in self._bodies:
            self.know(bodies=[code])
        return self._bodies.get(code, ("", ""))

    def post(self, code: str) -> Pair:
        if code not in self._posts:
            self.know(posts=[code])
        return self._posts.get(code, ("", ""))

    def person(self, by: uuid.UUID | None) -> SimpleNamespace | None:
        """Who acted: name and post, also of holdings that are over."""
        if by is None:
            return None
        if by not in self._people:
            self.know(people=[by])
        return self._people[by]

    def clause(self, rule_id: str) -> SimpleNamespace:
        """The rule as pages open it: text, source with article, validity, evidence."""
        if rule_id not in self._clauses:
            self.know_rules([rule_id])
        return self._clauses.get(rule_id) or SimpleNamespace(rule_id="", rule=None, source=None, title="")

    def clause_at(self, rule_id: str, place: str, at: datetime | None) -> SimpleNamespace:
        """The same as it holds for an event then and there: with what its area laid over it."""
        found = self.clause(rule_id)
        if found.rule is None or at is None:
            return found
        if self._laid is None:
            self._laid = hazards.get_laid()
        overlay = self._laid.find(rule_id, place, localtime(at).date())
        return SimpleNamespace(**vars(found) | {"overlay": overlay}) if overlay else found


def _new(codes: Iterable[str], known: Collection[str]) -> set[str]:
    return {code for code in codes if code and code not in known}


def _divisions(codes: set[str]) -> dict[str, Pair]:
    found = places.list_divisions_by_code({*codes, *(above for c in codes for above in _above(c))})
    odd = {d.parent for c, d in found.items() if c in codes and d.level >= 3} - found.keys() - {""}
    found |= places.list_divisions_by_code(odd) if odd else {}
    return {c: _division(found[c], found.get(found[c].parent)) if c in found else (c, c) for c in codes}


def _above(code: str) -> list[str]:
    """Codes that may be the division's above, by how codes are made; one that lies elsewhere is asked for.

    Source: GB/T 2260-2007, section 3; GB/T 10114-2003, section 3.
    """
    return [code[:n] for n in (2, 4, 6, 9) if n < len(code)][-2:]


def _division(found: DivisionCard, above: DivisionCard | None) -> Pair:
    above = above if found.level >= 3 else None
    zh = f"{above.name} {found.name}" if above else found.name
    name_en, above_en = found.name_en, above.name_en if above else ""
    return (zh, f"{name_en}, {above_en}" if name_en and above_en else name_en)


def _person(by: uuid.UUID, found: Authority | None) -> SimpleNamespace:
    if found is None:
        short = str(by)[:8]
        return SimpleNamespace(name_zh=short, name_en=short, post_zh="", post_en="", kind="")
    return SimpleNamespace(
        name_zh=found.person_zh,
        name_en=found.person_en,
        post_zh=found.post_zh,
        post_en=found.post_en,
        kind=found.person_kind,
    )
