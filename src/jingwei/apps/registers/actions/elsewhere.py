"""Lines of an import whose rows another app keeps: each entered by that app's own action and rights."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused

from .. import rules
from ..facts import Cell, CellError, Kept, Looked, Register
from ..models import Import, ImportLine
from ..queries.imports import LineCard, find_numbers, find_twins, look_at, read_lines


def carry_on_elsewhere(register: Register, row: Import, lines: Sequence[ImportLine], moment: Moment) -> None:
    """Enter new rows in the name and with the rights of who ordered it; what stands already stays as it is.

    Line by line: one may name what the line before it entered.
    """
    if register.only_files:
        _carry_on_looked_at(register, row, lines, moment)
        return
    seen: dict[str, int] = {}
    for line in lines:
        ((values, errors),) = read_lines(register, row.matched, [line.cells])
        key = rules.key_of(register, values)
        twins, seen = find_twins(register, [key]), find_numbers(row.pk, [key]) | seen
        if not errors and key in seen:
            errors = [CellError(register.duplicate[-1], "cell_double", {"line": str(seen[key])})]
        if not errors and key in twins:
            errors = _differs(register, values, twins[key])
            line.state = "same"
        elif not errors:
            errors = _enter(register, row, values, moment)
            line.state = "added"
        if errors:
            _refuse(line, errors)
        else:
            seen[key], line.key = line.number, key


def _refuse(line: ImportLine, errors: Sequence[CellError]) -> None:
    line.state = "wrong"
    line.errors = [{"column": e.column, "code": e.code, "facts": dict(e.facts)} for e in errors]


def _carry_on_looked_at(register: Register, row: Import, lines: Sequence[ImportLine], moment: Moment) -> None:
    """What the other app makes of each line by its own look; one that was taken in before stays as it is."""
    cards = [LineCard(line.number, line.cells, ()) for line in lines]
    looked = look_at(register, row.matched, row.always, cards, of=row.pk, by=row.by, moment=moment)
    for line, found in zip(lines, looked, strict=True):
        if found.before is not None:
            line.state, line.key, line.change = "same", found.key, found.before
        elif errors := found.errors or _add(register, row, line, found, moment):
            _refuse(line, errors)
        else:
            line.state, line.key = "added", found.key


def _add(
    register: Register, row: Import, line: ImportLine, found: Looked, moment: Moment
) -> Sequence[CellError]:
    kept = register.kept
    if kept is None:
        return ()

    def add() -> None:
        line.change = kept.add(found.new, by=row.by, moment=moment)

    return _tried(register, add)


def take_back_elsewhere(kept: Kept, row: Import, lines: Sequence[ImportLine], moment: Moment) -> None:
    """End what lines became, by the other app's own action; what somebody changed since stays."""
    for line in lines:
        try:
            with transaction.atomic():
                kept.take_back(line.change, row.file_name, by=row.by, moment=moment)
            line.state = "undone"
        except Refused:
            line.state = "kept"
            row.kept += 1


def _differs(register: Register, values: dict[str, Cell], row: Any) -> list[CellError]:
    """A file changes nothing of what another app keeps: it says which column differs."""
    names = [n for n, value in values.items() if not (c := register.column(n)) or not c.mask]
    different = [n for n in names if values[n] not in ("", None) and getattr(row, n) != values[n]]
    return [CellError(name, "cell_kept_elsewhere") for name in different]


def _enter(register: Register, row: Import, values: dict[str, Cell], moment: Moment) -> list[CellError]:
    lacking = [c.name for c in register.given if c.required and values.get(c.name) in ("", None)]
    if lacking or register.kept is None:
        return [CellError(name, "cell_missing") for name in lacking]
    add = register.kept.add
    return _tried(register, lambda: add(values, by=row.by, moment=moment))


def _tried(register: Register, add: Callable[[], object]) -> list[CellError]:
    try:
        with transaction.atomic():
            add()
    except NotAllowed:
        return [CellError("place", "line_not_yours" if register.only_files else "cell_not_yours")]
    except Refused as refused:
        facts = {name: str(value) for name, value in refused.facts.items()}
        return [CellError(register.duplicate[-1], refused.code, facts)]
    return []
