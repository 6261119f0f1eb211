"""Lines of an import whose rows another app keeps: each entered by that app's own action and rights."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused

from .. import rules
from ..facts import Cell, CellError, Register
from ..models import Import, ImportLine
from ..queries.imports import find_twins, read_lines


def carry_on_elsewhere(register: Register, row: Import, lines: Sequence[ImportLine], moment: Moment) -> None:
    """Enter new rows in the name and with the rights of who ordered it; what stands already stays as it is.

    Line by line: one may name what the line before it entered.
    """
    taken = ImportLine.objects.filter(of=row).exclude(key="")
    seen = dict(taken.values_list("key", "number"))
    for line in lines:
        ((values, errors),) = read_lines(register, row.matched, [line.cells])
        key = rules.key_of(register, values)
        twins = find_twins(register, [key])
        if not errors and key in seen:
            errors = [CellError(register.duplicate[-1], "cell_double", {"line": str(seen[key])})]
        if not errors and key in twins:
            errors = _differs(register, values, twins[key])
            line.state = "same"
        elif not errors:
            errors = _enter(register, row, values, moment)
            line.state = "added"
        if errors:
            line.state = "wrong"
            line.errors = [{"column": e.column, "code": e.code, "facts": dict(e.facts)} for e in errors]
        else:
            seen[key], line.key = line.number, key


def _differs(register: Register, values: dict[str, Cell], row: Any) -> list[CellError]:
    """A file changes nothing of what another app keeps: it says which column differs."""
    names = [n for n, value in values.items() if not (c := register.column(n)) or not c.mask]
    different = [n for n in names if values[n] not in ("", None) and getattr(row, n) != values[n]]
    return [CellError(name, "cell_kept_elsewhere") for name in different]


def _enter(register: Register, row: Import, values: dict[str, Cell], moment: Moment) -> list[CellError]:
    lacking = [c.name for c in register.given if c.required and values.get(c.name) in ("", None)]
    if lacking or register.kept is None:
        return [CellError(name, "cell_missing") for name in lacking]
    try:
        with transaction.atomic():
            register.kept.add(values, by=row.by, moment=moment)
    except NotAllowed:
        return [CellError("place", "cell_not_yours")]
    except Refused as refused:
        facts = {name: str(value) for name, value in refused.facts.items()}
        return [CellError(register.duplicate[-1], refused.code, facts)]
    return []
