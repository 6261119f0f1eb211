"""Who keeps which rows of a register, and what must be said for it."""

from collections.abc import Collection, Mapping

from jingwei.kernel.refusals import Refused

from ..facts import Cell, CellError, Register

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


def check_together(register: Register, values: Mapping[str, Cell]) -> list[CellError]:
    """What columns ask of each other, as far as they are given: days in order, what a state needs."""
    errors = []
    for span in register.spans:
        first, last = values.get(span.first), values.get(span.last)
        if first and last and str(first) > str(last):
            errors.append(CellError(span.last, "cell_before", {"first": str(first)}))
    for need in register.needs:
        if values.get(need.column) == need.value:
            lacking = [name for name in need.needs if name in values and values[name] in ("", None)]
            errors += [CellError(name, "cell_needed", {"clause": need.clause}) for name in lacking]
    if register.checks is not None and not errors:
        errors += register.checks(values)
    return errors
