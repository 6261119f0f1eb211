"""One way to write rows: the row, its change, and the fact that speaks of both."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority, NotAllowed
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import get_node
from jingwei.kernel.facts import Fact
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import Register, RowChanged
from ..models import Change
from ..queries.rows import KEPT_ELSEWHERE, missing_to_keep
from ..rules import RegisterRefused
from ..writes import changes_pieces, index_rows, insert_rows, new_like, update_rows

#: Rows written at once. Source: our estimate, some milliseconds of the writers' turn each, 2026-11-29.
AT_ONCE = 500


class Act(msgspec.Struct, frozen=True):
    """Who writes, when, and as part of what."""

    by: By
    moment: Moment
    batch: uuid.UUID | None = None


class Step(msgspec.Struct):
    """A row with what it held before, about to be written."""

    row: Any
    what: str
    before: dict[str, Any]
    undoes: Change | None = None
    new: bool = False


def require_keeper(
    register: Register, action: str, *, by: By, moment: Moment, place: str | None, owner: str
) -> Authority:
    """The right for the place, and that the post keeps this owner's rows of this register."""
    if register.kept and action in KEPT_ELSEWHERE:
        raise RegisterRefused("register_kept_elsewhere")
    authority = agencies.require(by, action, at=moment.at, place=place)
    missing = missing_to_keep(register, authority, action, owner=owner)
    if missing:
        raise NotAllowed("not_allowed", action=action, reason=missing)
    return authority


def empty_row(register: Register, act: Act) -> Any:
    """What new rows are made of: one that holds nothing yet."""
    return register.model(
        home=get_node(), created_by=act.by, created_at=act.moment.at, confirmed_at=act.moment.at, version=0
    )


def new_row(empty: Any, values: Mapping[str, Any]) -> Step:
    """A row that is not yet there."""
    return Step(row=new_like(empty, new_id(), **values), what="added", before={}, new=True)


def write(register: Register, steps: Sequence[Step], act: Act) -> list[Change]:
    """Write rows that were changed in memory, each with its change and its fact; unchanged ones are left.

    Raises nothing of its own: duplicates are looked for before, and the table refuses what slips through.
    """
    changes: list[Change] = []
    facts: list[tuple[Fact, list[Recorded]]] = []
    new: list[Any] = []
    old: list[Any] = []
    found: list[Any] = []
    like = Change(register=register.code, batch=act.batch, by=act.by, at=act.moment.at)
    for step in steps:
        change = _change(register, step, like)
        if change is None:
            continue
        changes.append(change)
        (new if step.new else old).append(step.row)
        if step.new or changes_pieces(register, change.after):
            found.append(step.row)
        facts.append((_fact(register, step, change), [step.row, change]))
    insert_rows(new)
    if old:
        fields = [f.name for f in register.model._meta.concrete_fields if f.name not in ("id", "salt")]
        for row in old if len(old) == 1 else ():
            row.save(force_update=True)
        if len(old) > 1:
            update_rows(old, fields)
    index_rows(register, found, changed={row.pk for row in found}.difference(row.pk for row in new))
    insert_rows(changes)
    record(facts, by=act.by, moment=act.moment)
    return changes


def _change(register: Register, step: Step, like: Change) -> Change | None:
    """The difference; None when nothing is different and nobody confirmed it."""
    row = step.row
    values = _values(register, row)
    now: dict[str, Any] = {name: rules.plain(value) for name, value in values.items()}
    now["struck"] = row.removed_at is not None
    if step.new:
        after = {name: value for name, value in now.items() if value not in ("", None)}
    else:
        after = {name: value for name, value in now.items() if step.before.get(name) != value}
    if not after and step.what != "confirmed":
        return None
    row.key, row.found_by = rules.key_of(register, values), rules.found_by(register, values)
    row.version += 1
    row.changed_by, row.changed_at, row.confirmed_at = like.by, like.at, like.at
    change: Change = new_like(
        like, new_id(), row_id=row.pk, number=row.version, what=step.what, after=after,
        before={name: step.before[name] for name in after if name in step.before},
        undoes_id=step.undoes.pk if step.undoes else None,
    )  # fmt: skip
    return change


def _values(register: Register, row: Any) -> dict[str, Any]:
    """What the declared columns hold, once other fields of the table follow from them."""
    values = {column.name: getattr(row, column.name) for column in register.columns}
    if register.derives is not None:
        for name, value in register.derives(values).items():
            setattr(row, name, value)
        values |= {name: getattr(row, name) for name in values}
    return values


def _fact(register: Register, step: Step, change: Change) -> RowChanged:
    return RowChanged(
        register=register.code, row_id=str(step.row.pk), change_id=str(change.pk), what=change.what,
        columns=sorted(change.after), undoes=str(change.undoes_id or ""), batch=str(change.batch or ""),
    )  # fmt: skip


def check_duplicate(register: Register, row: Any) -> None:
    """Refused as `row_double` when another standing row has the same duplicate key."""
    values = {column.name: getattr(row, column.name) for column in register.columns}
    key = rules.key_of(register, values)
    twin = register.model.objects.filter(key=key, removed_at__isnull=True).exclude(pk=row.pk).first()
    if twin is not None:
        raise RegisterRefused("row_double", name=twin.name)


#: Rows that a tree is deep at most. Source: our estimate, province to household is six, 2026-11-29.
DEEPEST = 50


def check_above(register: Register, row: Any, unwritten: Mapping[str, str] | None = None) -> None:
    """Refused as `row_in_circle` when the rows above this one lead back to it.

    A row above is found by its name, as people write it; a name nobody has is the end of the way.
    `unwritten`: names of rows about to be written beside it, with what is above them.
    """
    if not register.above:
        return
    seen, name = {row.name}, str(getattr(row, register.above) or "")
    for _ in range(DEEPEST):
        if not name:
            return
        if name in seen:
            raise RegisterRefused("row_in_circle", name=name)
        seen.add(name)
        if unwritten and name in unwritten:
            name = unwritten[name]
            continue
        rows = register.model.objects.filter(name=name, removed_at__isnull=True).exclude(pk=row.pk)
        name = str(rows.order_by("id").values_list(register.above, flat=True).first() or "")
    raise RegisterRefused("row_in_circle", name=row.name)
