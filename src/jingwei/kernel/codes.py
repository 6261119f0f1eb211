"""Codes of places and kinds: containment is a prefix."""

import re

_SIX = re.compile(r"\d{6}")
_KIND = re.compile(r"[1-6]\d[0-9A-Z]\d{2}|[1-6]0000|[1-6]\d000")
_PLACE = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?")


def normal_place(code: str) -> str:
    """A division code without its padding: 410000 is 41, 410100 is 4101.

    Source: the national division codes (GB/T 2260): two digits a level, zeros below.
    """
    code = code.strip()
    if _SIX.fullmatch(code):
        while code.endswith("00") and len(code) > 2:
            code = code[:-2]
    return code


def padded_place(code: str) -> str:
    """The code as people write it: six digits for county and above."""
    return code.ljust(6, "0") if 0 < len(code) < 6 else code


def is_place_code(code: str) -> bool:
    return _PLACE.fullmatch(code) is not None


def place_within(place: str, of: str) -> bool:
    """Whether the place lies in the other or is it; '' is everywhere."""
    return place.startswith(of)


def is_kind_code(code: str) -> bool:
    return _KIND.fullmatch(code) is not None


def kind_prefix(code: str) -> str:
    """The part of an event code that all its sub-kinds share: 11B00 gives 11B, 11000 gives 11."""
    if len(code) != 5:
        return code
    if code[1:] == "0000":
        return code[:1]
    if code[2:] == "000":
        return code[:2]
    return code[:3] if code[3:] == "00" else code


def kind_within(kind: str, of: str) -> bool:
    """Whether the kind is the other or a sub-kind of it; '' is any."""
    return kind_prefix(kind).startswith(kind_prefix(of))
