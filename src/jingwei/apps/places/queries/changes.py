"""What became of codes and names: a code of an older year leads to what it is now."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from jingwei.apps.places import rules
from jingwei.apps.places.facts import ChangeRow, DivisionRow
from jingwei.apps.places.models import Division, DivisionChange
from jingwei.kernel.codes import normal_place

#: Changes that are followed one after the other; more would be a circle in the table.
MOST_STEPS = 20


class Change(msgspec.Struct, frozen=True):
    """One change as pages show it. `kind`: renamed, recoded, merged, split, ended."""

    code: str
    name: str
    kind: str
    successor: str
    on: str
    source: str


class Resolved(msgspec.Struct, frozen=True):
    """What a code of any year is now. Empty `codes`: nothing here knows it, or nobody what became of it.

    `sure` is false where only what holds it is known to have changed: then the code was carried over.
    """

    codes: tuple[str, ...]
    sure: bool
    changes: tuple[Change, ...] = ()


def list_changes_from(codes: Collection[str]) -> list[Change]:
    """What became of these codes, the earliest first."""
    rows = DivisionChange.objects.filter(code__in=list(codes)).order_by("on", "code", "successor")
    return [_change(row) for row in rows]


def list_changes_into(code: str) -> list[Change]:
    """What this division was made of, and what it was called before, the earliest first."""
    rows = DivisionChange.objects.filter(successor=normal_place(code)).order_by("on", "code")
    return [_change(row) for row in rows]


def name_on(code: str, *, on: str = "") -> str:
    """What the division was called on a day: the name that the first renaming behind that day gave up.

    Without a day what it bears. Of a code the register does not have, the name its change tells; else the
    code. A day as it is known: a renaming of "2014" holds from that year's first day.
    """
    code = normal_place(code)
    former = list(DivisionChange.objects.filter(code=code).order_by("on"))
    if on:
        for row in former:
            if row.kind == "renamed" and row.on > on:
                return row.name
    found = Division.objects.filter(code=code).values_list("name", flat=True).first()
    return found or next((row.name for row in reversed(former)), code)


class PlaceThen(msgspec.Struct, frozen=True):
    """A division as it was on a day, where that is not how it is now: its path then, and what it became."""

    path: str
    codes: tuple[str, ...]
    sure: bool


def find_place_then(code: str, *, on: str) -> PlaceThen | None:
    """How the division of an event was called on its day, and what it is now; None where nothing changed."""
    code = normal_place(code)
    chain = [*rules.ancestors(code), code]
    now = dict(Division.objects.filter(code__in=chain).values_list("code", "name"))
    former = names_on(dict.fromkeys(chain, on))
    led = resolve_place(code)
    if not former and not led.changes and led.codes in ((code,), ()):
        return None
    names = [former.get(one) or now.get(one) or (name_on(one) if one == code else one) for one in chain]
    return PlaceThen(path=rules.path_text(names), codes=led.codes, sure=led.sure)


def names_on(codes: Mapping[str, str]) -> dict[str, str]:
    """Former names of those divisions that were called otherwise on their day; the others are left out."""
    rows = DivisionChange.objects.filter(kind="renamed", code__in=[normal_place(c) for c in codes])
    found: dict[str, str] = {}
    for row in rows.order_by("-on"):
        for code, day in codes.items():
            if normal_place(code) == row.code and row.on > day:
                found[code] = row.name
    return found


def resolve_place(code: str, *, on: str = "") -> Resolved:
    """What the code has become, up to a day (now without one): itself, its successors, or nothing known."""
    code = normal_place(code)
    followed = _follow(code, on)
    if followed.codes or followed.changes:
        return followed
    for above in reversed(rules.ancestors(code)):
        led = _follow(above, on)
        if not led.changes:
            continue
        carried = [to + code[len(above) :] for to in led.codes if len(to) == len(above)]
        there = tuple(c for c in carried if Division.objects.filter(code=c, valid_to="").exists())
        return Resolved(codes=there or led.codes, sure=False, changes=led.changes)
    return Resolved(codes=(), sure=False)


def _follow(code: str, on: str) -> Resolved:
    """Follow the recorded changes of this very code."""
    found: list[str] = []
    path: list[Change] = []
    waiting, seen = [code], {code}
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        steps = [c for c in list_changes_from(waiting) if c.kind != "renamed" and (not on or c.on <= on)]
        gone = {c.code for c in steps}
        found += [c for c in waiting if c not in gone]
        path += steps
        waiting = sorted({c.successor for c in steps if c.successor} - seen)
        seen.update(waiting)
    rows = Division.objects.filter(code__in=found)
    there = {row.code for row in rows if not row.valid_to or (on and row.valid_to > on)}
    return Resolved(codes=tuple(c for c in found if c in there), sure=True, changes=tuple(path))


def compare_table(rows: Sequence[DivisionRow], *, on: str, source: str) -> list[ChangeRow]:
    """What a newer table of whole areas changes in the register.

    The areas are those of the table's highest level: a table that begins with provinces speaks for each of
    them as a whole, one of a county only for that county.
    """
    after = {row.code: row.name for row in rows}
    highest = min(map(len, after), default=0)
    tops = sorted(code for code in after if len(code) == highest)
    current = Division.objects.filter(valid_to="").values_list("code", "name")
    before: dict[str, str] = {}
    for top in tops:
        before.update(current.filter(code__gte=top, code__lt=top + ":"))
    gone = before.keys() - after.keys()
    known: dict[str, str] = {}
    codes = sorted(gone | {above for code in gone for above in rules.ancestors(code)})
    for start in range(0, len(codes), 500):
        known.update({c.code: c.successor for c in list_changes_from(codes[start : start + 500])
                      if c.kind != "renamed"})  # fmt: skip
    return rules.differences(before, after, known, on=on, source=source)


class Preview(msgspec.Struct, frozen=True):
    """What a newer table would do to the register, before it does: code and name of each, and the changes."""

    new: tuple[tuple[str, str], ...]
    renamed: tuple[ChangeRow, ...]
    recoded: tuple[ChangeRow, ...]
    gone: tuple[ChangeRow, ...]
    same: int


def preview_table(rows: Sequence[DivisionRow], *, on: str, source: str) -> Preview:
    """What is new, renamed, under another code or gone in a newer table of whole areas."""
    changes = compare_table(rows, on=on, source=source)
    of = {kind: tuple(c for c in changes if c.kind == kind) for kind in ("renamed", "recoded", "ended")}
    held: set[str] = set()
    codes = [row.code for row in rows]
    for start in range(0, len(codes), 500):
        part = Division.objects.filter(code__in=codes[start : start + 500], valid_to="")
        held.update(part.values_list("code", flat=True))
    led = {c.successor for c in of["recoded"]}
    new = tuple((row.code, row.name) for row in rows if row.code not in held and row.code not in led)
    return Preview(
        new=new,
        renamed=of["renamed"],
        recoded=of["recoded"],
        gone=of["ended"],
        same=len(held) - len(of["renamed"]),
    )


def _change(row: DivisionChange) -> Change:
    return Change(**{name: getattr(row, name) for name in Change.__struct_fields__})
