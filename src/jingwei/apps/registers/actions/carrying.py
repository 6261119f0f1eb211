"""Some lines of an import carried out, or taken back."""

from collections.abc import Sequence
from typing import Any

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused

from .. import rules
from ..facts import Cell, CellError, Register
from ..models import Change, Import, ImportLine
from ..queries.declared import get_form
from ..queries.imports import find_numbers, find_twins, read_lines
from ..queries.rows import state_of
from ..queries.source import rows_of
from ..writes import update_rows
from .elsewhere import carry_on_elsewhere, take_back_elsewhere
from .undoing import taken_back
from .writing import AT_ONCE, Act, Step, check_above, empty_row, new_row, require_keeper, write


class _Rights:
    """Whether who ordered the import keeps rows of a place and owner: asked once for each."""

    def __init__(self, register: Register, row: Import, moment: Moment) -> None:
        self._register, self._row, self._moment = register, row, moment
        self._known: dict[tuple[str, str, str], NotAllowed | None] = {}

    def require(self, action: str, place: str, owner: str) -> None:
        asked = (action, place, owner)
        if asked not in self._known:
            try:
                require_keeper(
                    self._register, action, by=self._row.by, moment=self._moment, place=place, owner=owner
                )
                self._known[asked] = None
            except NotAllowed as no:
                self._known[asked] = no
        if (refused := self._known[asked]) is not None:
            raise refused.with_traceback(None)

    def may(self, action: str, place: str, owner: str) -> bool:
        try:
            self.require(action, place, owner)
        except NotAllowed:
            return False
        return True


def carry_on(row: Import, moment: Moment) -> int:
    """Write the next lines. Good ones are taken, the others keep why they were not."""
    register = get_form(row.register)
    lines = list(ImportLine.objects.filter(of=row, state="waiting").order_by("id")[: _at_once(register)])
    if not lines:
        return 0
    if register.kept:
        carry_on_elsewhere(register, row, lines, moment)
        return _count(row, lines)
    rights = _Rights(register, row, moment)
    read = read_lines(register, row.matched, [line.cells for line in lines])
    keys = [rules.key_of(register, values) for values, _ in read]
    seen, twins, act = find_numbers(row.pk, keys), find_twins(register, keys), Act(row.by, moment, row.pk)
    steps: dict[int, Step] = {}
    empty = empty_row(register, act)
    for line, (values, errors), key in zip(lines, read, keys, strict=True):
        if not errors and key in seen:
            errors = [CellError(register.duplicate[-1], "cell_double", {"line": str(seen[key])})]
        if not errors:
            step = _step(register, values, twins.get(key), empty)
            errors = _wrong(register, step, rights) or _odd(register, step, steps)
        if errors:
            line.state = "wrong"
            line.errors = [{"column": e.column, "code": e.code, "facts": dict(e.facts)} for e in errors]
            continue
        seen[key], line.key, steps[line.pk] = line.number, key, step
    changes = {c.row_id: c.pk for c in write(register, list(steps.values()), act)}
    for line in lines:
        taken = steps.get(line.pk)
        if taken is not None:
            line.change = changes.get(taken.row.pk)
            line.state = "same" if line.change is None else "added" if taken.new else "updated"
    return _count(row, lines)


def _at_once(register: Register) -> int:
    """Another app's action writes line by line: a tenth of them takes as long."""
    return AT_ONCE // 10 if register.kept else AT_ONCE


def _count(row: Import, lines: list[ImportLine]) -> int:
    update_rows(lines, ["state", "key", "errors", "change"])
    for state in ("added", "updated", "same", "wrong"):
        setattr(row, state, getattr(row, state) + sum(line.state == state for line in lines))
    row.save()
    return len(lines)


def _step(register: Register, values: dict[str, Cell], twin: Any, empty: Any) -> Step:
    if twin is None:
        return new_row(empty, values)
    step = Step(twin, "changed", state_of(register, twin))
    for name, value in values.items():
        setattr(twin, name, value)
    return step


def _wrong(register: Register, step: Step, rights: _Rights) -> list[CellError]:
    """What only the whole row shows: something required is missing, or it is not this post's to write."""
    row = step.row
    lacking = [c.name for c in register.columns if c.required and getattr(row, c.name) in ("", None)]
    if lacking:
        return [CellError(name, "cell_missing") for name in lacking]
    action = "registers.add_row" if step.new else "registers.change_row"
    places = {(row.place, row.owner)}
    if not step.new:
        places.add((str(step.before["place"]), str(step.before.get("owner") or "")))
    if all(rights.may(action, place, owner) for place, owner in places):
        return []
    return [CellError("place", "cell_not_yours")]


def _odd(register: Register, step: Step, steps: dict[int, Step]) -> list[CellError]:
    """What columns ask of each other, and whether the row would stand above itself."""
    values = {column.name: getattr(step.row, column.name) for column in register.columns}
    errors = rules.check_together(register, values)
    if errors or not register.above:
        return errors
    before = {one.row.name: str(getattr(one.row, register.above) or "") for one in steps.values()}
    try:
        check_above(register, step.row, before)
    except Refused as refused:
        return [CellError(register.above, "cell_in_circle", {"name": str(refused.facts.get("name", ""))})]
    return []


def take_back(row: Import, moment: Moment) -> int:
    """Undo the next lines, the last first; a row that was changed since stays, and is counted."""
    register = get_form(row.register)
    taken = ImportLine.objects.filter(of=row, state__in=["added", "updated"])
    lines = list(taken.order_by("-id")[: _at_once(register)])
    if not lines:
        return 0
    if register.kept:
        take_back_elsewhere(register.kept, row, lines, moment)
    else:
        write(register, _list_taken_back(register, row, lines, moment), Act(row.by, moment, row.pk))
    update_rows(lines, ["state"])
    row.save()
    return len(lines)


def _list_taken_back(
    register: Register, row: Import, lines: Sequence[ImportLine], moment: Moment
) -> list[Step]:
    """The rows as they were before; lines say whether theirs is one of them."""
    changes = Change.objects.in_bulk([line.change for line in lines])
    wanted = [change.row_id for change in changes.values()]
    rows = {one.pk: one for one in rows_of(register).select_for_update().filter(pk__in=wanted).order_by("pk")}
    rights, steps = _Rights(register, row, moment), []
    for line in lines:
        change = changes[line.change]
        try:
            target = rows[change.row_id]
            rights.require("registers.undo_change", target.place, target.owner)
            steps.append(taken_back(register, target, change, by=row.by, moment=moment))
            line.state = "undone"
        except Refused:
            line.state = "kept"
            row.kept += 1
    return steps
