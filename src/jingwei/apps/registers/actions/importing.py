"""A file taken in: begun, its columns matched, carried out line by line, and taken back as a whole."""

import uuid
from collections.abc import Mapping, Sequence
from time import perf_counter

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from ..facts import ImportAdvanced, Register
from ..models import Heading, Import, ImportLine
from ..queries.declared import get_form
from ..queries.imports import get_import, is_own
from ..rules import RegisterRefused
from ..rules.matching import heading_form
from ..writes import insert_like
from . import carrying

#: How long one tick carries imports on, seconds: the worker has other things to do. Source: our estimate,
#: what follows from reports waits half a second longer at most, 2026-11-29.
TICK_S = 0.5
#: Lines stored at once.
_AT_ONCE = 1000


@transaction.atomic
def begin_import(
    register_code: str,
    file_name: str,
    headings: Sequence[str],
    lines: Sequence[tuple[int, Sequence[str]]],
    notes: Sequence[str] = (),
    *,
    by: By,
    moment: Moment,
) -> uuid.UUID:
    """Keep a file's lines as they came; nothing is written to the register yet.

    Whether the post keeps the rows is asked of each line when it is carried out.
    """
    register = get_form(register_code)
    agencies.require(by, _right(register, "registers.begin_import"), at=moment.at)
    if register.kept:
        if not register.kept.add:
            raise RegisterRefused("register_kept_elsewhere")
        agencies.require(by, register.kept.add_right, at=moment.at)
    if not lines:
        raise RegisterRefused("import_empty_missing")
    row = Import(
        register=register.code,
        file_name=file_name.replace("\x00", "")[:200],
        headings=list(headings),
        notes=list(notes),
        total=len(lines),
        by=by,
        at=moment.at,
    )
    row.save(force_insert=True)
    for start in range(0, len(lines), _AT_ONCE):
        part = lines[start : start + _AT_ONCE]
        insert_like(
            ImportLine(of=row, number=0, cells=[]),
            number=[number for number, _ in part],
            cells=[list(cells) for _, cells in part],
        )
    _say(row, "begun", by=by, moment=moment)
    return row.pk


@transaction.atomic
def order_import(
    import_id: uuid.UUID, matched: Mapping[str, str], always: Mapping[str, str] | None = None,
    *, by: By, moment: Moment,
) -> None:  # fmt: skip
    """Let the lines be carried out with these columns, and remember which heading stood for which.

    `always`: what holds for every line that does not say it itself, for the columns that allow it.
    """
    row = _own(import_id, "registers.order_import", "waiting", by=by, moment=moment)
    register = get_form(row.register)
    allowed = register.kept.always if register.kept else ()
    same = {
        name: text.strip()[:300] for name, text in (always or {}).items() if name in allowed and text.strip()
    }
    numbers = {str(n) for n in range(len(row.headings))}
    chosen = {n: column for n, column in matched.items() if n in numbers and register.column(column)}
    if len(set(chosen.values())) < len(chosen):
        raise RegisterRefused("column_twice")
    lacking = [name for name in register.duplicate if name not in (*chosen.values(), *same)]
    if lacking:
        raise RegisterRefused("key_column_missing")
    for number, heading in enumerate(row.headings):
        Heading.objects.update_or_create(
            register=row.register,
            heading=heading_form(heading),
            defaults={"column": chosen.get(str(number), "")},
        )
    row.matched, row.always, row.state, row.by = chosen, same, "running", by
    row.save()
    _say(row, "ordered", by=by, moment=moment)


@transaction.atomic
def undo_import(import_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Take back all that an import wrote; rows that were changed since stay as they are."""
    row = _own(import_id, "registers.undo_import", "done", by=by, moment=moment)
    kept = get_form(row.register).kept
    if kept and not kept.take_back:
        raise RegisterRefused("register_kept_elsewhere")
    row.state, row.by, row.kept = "undoing", by, 0
    row.save()
    _say(row, "undo_ordered", by=by, moment=moment)


def carry_on_imports(*, by: By, moment: Moment) -> int:
    """Go on with imports that people ordered, some hundred lines at a time. Returns how many lines.

    Each row is written in the name and with the rights of the person who ordered it.
    """
    if not Import.objects.filter(state__in=["running", "undoing"]).exists():
        return 0
    agencies.require(by, "registers.carry_on_imports", at=moment.at, place="")
    done, began = 0, perf_counter()
    while perf_counter() - began < TICK_S:
        with transaction.atomic():
            row = (
                Import.objects.select_for_update()
                .filter(state__in=["running", "undoing"])
                .order_by("id")
                .first()
            )
            if row is None:
                break
            count = (
                carrying.carry_on(row, moment) if row.state == "running" else carrying.take_back(row, moment)
            )
            if count == 0:
                row.state = "done" if row.state == "running" else "undone"
                row.ended_at = moment.at
                row.save()
                _say(row, row.state, by=by, moment=moment)
            done += count
    return done


def _own(import_id: uuid.UUID, action: str, state: str, *, by: By, moment: Moment) -> Import:
    row = get_import(import_id)
    own = agencies.require(by, _right(get_form(row.register), action), at=moment.at)
    if not is_own(row, own):
        raise NotAllowed("not_allowed", action=action, reason="organization")
    if row.state != state:
        raise RegisterRefused("import_elsewhere")
    return row


def _right(register: Register, action: str) -> str:
    """Who may: as for any register; or, where only files are taken in, who may do the same by hand."""
    if register.kept is None or not register.only_files:
        return action
    return register.kept.take_back_right if action == "registers.undo_import" else register.kept.add_right


def _say(row: Import, step: str, *, by: By, moment: Moment) -> None:
    fact = ImportAdvanced(
        register=row.register,
        import_id=str(row.pk),
        step=step,
        total=row.total,
        added=row.added,
        updated=row.updated,
        same=row.same,
        wrong=row.wrong,
        kept=row.kept,
    )
    record([(fact, row)], by=by, moment=moment)
