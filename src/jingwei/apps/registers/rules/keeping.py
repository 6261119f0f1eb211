"""Who keeps which rows of a register, and what must be said for it."""

from collections.abc import Collection, Mapping

from jingwei.kernel.refusals import Refused

from ..facts import Cell, Register

#: Longest words beside a row, and longest reason kept. Source: the columns of the tables, models.py.
LONGEST_WORDS = 2000


class RegisterRefused(Refused):
    """A register cannot be changed so."""


def check_keeper(
    register: Register, *, action: str, role: str, organization: str, below: Collection[str], owner: str
) -> str:
    """'' when the post keeps this row: by its role in the place, or for its own organization's rows.

    Otherwise what is missing: role, or organization.
    """
    if role in register.keepers:
        return ""
    if role not in register.owners:
        return "role"
    return "" if owner and (owner == organization or owner in below) else "organization"


def check_reason(reason: str) -> str:
    """The reason without white space around it; refused when nothing is left."""
    if not reason.strip():
        raise RegisterRefused("reason_missing")
    return reason.strip()[:300]


def check_words(words: str) -> str:
    words = words.replace("\x00", "").strip()
    if not words:
        raise RegisterRefused("words_missing")
    return words[:LONGEST_WORDS]


def check_point(values: Mapping[str, Cell]) -> bool:
    """Whether longitude and latitude are both given, or neither."""
    return (values.get("lon") is None) == (values.get("lat") is None)
