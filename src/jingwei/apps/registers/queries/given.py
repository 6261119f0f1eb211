"""Cells as somebody wrote them, with the places and organizations they name looked up once for all."""

from collections.abc import Iterable, Mapping, Sequence

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.places import queries as places
from jingwei.kernel.codes import is_place_code, normal_place

from ..facts import Cell, CellError, Register
from ..rules import Known, check_point, check_together, fold, is_empty, read_row

Read = tuple[dict[str, Cell], list[CellError]]


def read_rows(register: Register, rows: Sequence[Mapping[str, str]], *, within: str = "") -> list[Read]:
    """What each line holds, and what could not be taken; half a point is none."""
    known = look_up(register, rows, within=within)
    read = [read_row(register, row, known) for row in rows]
    for values, errors in read:
        if register.has_points and not check_point(values) and not errors:
            errors.append(CellError("lon" if values.get("lon") is None else "lat", "cell_half_point"))
        if not errors:
            errors += check_together(register, values)
    return read


def look_up(register: Register, rows: Sequence[Mapping[str, str]], *, within: str = "") -> Known:
    """The places and organizations that cells name, by code or by a name that means just one."""
    return Known(
        places=_places(_named(register, rows, "place"), within),
        organizations=_organizations(_named(register, rows, "organization")),
    )


def _named(register: Register, rows: Sequence[Mapping[str, str]], kind: str) -> set[str]:
    names = [column.name for column in register.columns if column.kind == kind]
    texts = {row[name] for row in rows for name in names if name in row}
    return {fold(text) for text in texts if not is_empty(text)}


def _places(texts: Iterable[str], within: str) -> dict[str, str]:
    codes = {text: normal_place(text) for text in texts if is_place_code(normal_place(text))}
    known = places.list_known_codes(set(codes.values()))
    found = {text: code for text, code in codes.items() if code in known}
    for text in set(texts) - codes.keys():
        found[text] = _one_place(text, within)
    return found


def _one_place(text: str, within: str) -> str:
    """The division of this name within the area; '' when there is none, or more than one fits as well."""
    hits = [p for p in places.search_places(text, within=within, limit=3) if not p.site]
    exact = [p for p in hits if text in (p.name, p.name_en)] or hits
    best = [p for p in exact if p.level == exact[0].level] if exact else []
    return best[0].code if len(best) == 1 else ""


def _organizations(texts: Iterable[str]) -> dict[str, str]:
    wanted = set(texts)
    found = {code: code for code in agencies.list_organizations_by_code(wanted)}
    for text in wanted - found.keys():
        hits = agencies.search_organizations(text, limit=3)
        exact = [one for one in hits if text in (one.name_zh, one.name_en)]
        if len(exact) == 1:
            found[text] = exact[0].code
    return found
