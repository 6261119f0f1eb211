"""Where a list looks: the places that cover the post's own, then what lies within it, in the list's order."""

import msgspec
from django.db.models import Q

from jingwei.apps.agencies.queries import Authority
from jingwei.kernel.codes import normal_place, place_within

from ..facts import Sought

#: Lengths of the codes that may lie above one. Source: the national division codes, GB/T 2260.
_LENGTHS = (0, 2, 4, 6, 9)


class Area(msgspec.Struct, frozen=True):
    """A place: with all that lies within it, or `alone`. '' within is everywhere."""

    place: str
    alone: bool = False

    @property
    def until(self) -> str:
        """The first code behind those within: a range over digits, which every database's index and
        collation can do; ':' follows '9'.
        """
        code = self.place
        counts = code.isdigit() and set(code) != {"9"}
        return str(int(code) + 1).zfill(len(code)) if counts else code + ":"

    def where(self) -> Q:
        if self.alone:
            return Q(place=self.place)
        return Q(place__gte=self.place, place__lt=self.until) if self.place else Q()

    def holds(self, place: str) -> bool:
        """The same of one row's place."""
        if self.alone:
            return place == self.place
        return not self.place or self.place <= place < self.until


def list_areas(sought: Sought, authority: Authority) -> list[Area]:
    """What the post sees, in the order of the list: what covers its own area, then what lies within."""
    own, asked = authority.place, normal_place(sought.place)
    if asked and not place_within(asked, own):
        return [Area(asked, alone=True)] if place_within(own, asked) else []
    area = asked or own
    above = [] if asked else [own[:length] for length in _LENGTHS if length < len(own)]
    return [*(Area(code, alone=True) for code in above), Area(area)]


def areas_of(sought: Sought, authority: Authority) -> list[Q]:
    return [area.where() for area in list_areas(sought, authority)]
