"""What pages and files show of a register's rows: names for codes, words for values, masks kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from jingwei.apps.registers.facts import Column, Register
from jingwei.apps.registers.queries import ChangeLine, RowLine
from jingwei.doors.entry import refusals

from . import terms
from .names import Names
from .templatetags.jw import plain_number

#: What a change is called in the history.
WHAT = {
    "added": n_("entered"),
    "changed": n_("changed"),
    "confirmed": n_("confirmed, still true"),
    "struck": n_("struck through"),
    "undone": n_("a change taken back"),
}


def know(register: Register, lines: Iterable[RowLine], names: Names) -> None:
    """Look up all places and organizations that the rows name, each register asked once."""
    lines = list(lines)
    names.know(divisions=_codes(register, lines, "place"), bodies=_codes(register, lines, "organization"))


def _codes(register: Register, lines: Sequence[RowLine], kind: str) -> list[str]:
    columns = [c.name for c in register.columns if c.kind == kind]
    return [str(line.values[name]) for line in lines for name in columns]


def cell(column: Column, value: object, names: Names) -> SimpleNamespace:
    """One value as a page shows it, in both languages; `empty` when there is none."""
    zh, en = _said(column, value, names)
    return SimpleNamespace(
        column=column, zh=zh, en=en, empty=value in ("", None), masked=bool(column.mask) and bool(value),
        number=column.kind in ("whole", "number"),
    )  # fmt: skip


def _said(column: Column, value: object, names: Names) -> tuple[str, str]:
    if value in ("", None):
        return "", ""
    if column.kind == "choice":
        found = next((c for c in column.choices if c.code == value), None)
        return (found.zh, found.en) if found else (str(value), str(value))
    if column.kind == "place":
        return names.place(str(value))
    if column.kind == "organization":
        return names.organization(str(value))
    if column.kind == "flag":
        return ("是", "yes") if value else ("否", "no")
    if column.kind in ("whole", "number") and isinstance(value, int | float):
        digits = plain_number(value) if column.name not in ("lon", "lat") else f"{value:.6f}"
        return f"{digits} {column.unit_zh}".strip(), f"{digits} {column.unit_en}".strip()
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text, text


def stale_since(register: Register, now: datetime) -> datetime | None:
    """Rows nobody confirmed since then have to be; None when the register does not ask for it."""
    return now - timedelta(days=register.fresh_days) if register.fresh_days else None


def row(register: Register, line: RowLine, names: Names, now: datetime) -> SimpleNamespace:
    """A row in a list: the listed columns, and whether somebody should confirm it."""
    since = stale_since(register, now)
    return SimpleNamespace(
        id=line.id,
        version=line.version,
        name=_title(line),
        cells=[
            cell(c, line.values[c.name], names) for c in register.columns if c.listed and c.name != "name"
        ],
        confirmed_at=line.confirmed_at,
        stale=since is not None and line.confirmed_at < since,
        struck=line.removed_at is not None,
    )


def _title(line: RowLine) -> str:
    """The row's name; in English its English name, where the register keeps one."""
    english = "" if terms.is_zh() else str(line.values.get("name_en") or "")
    return english or str(line.values["name"])


def change(register: Register, one: ChangeLine, names: Names) -> SimpleNamespace:
    """A change in the history: who, when, and each column before and after."""
    columns = [c for c in register.columns if c.name in one.after]
    return SimpleNamespace(
        id=one.id,
        what=_(WHAT[one.what]),
        at=one.at,
        who=names.person(one.by),
        batch=one.batch,
        undone=one.undone,
        can_undo=one.can_undo,
        cells=[
            SimpleNamespace(
                column=c,
                before=cell(c, one.before.get(c.name), names),
                after=cell(c, one.after[c.name], names),
            )
            for c in columns
        ],
        struck=one.after.get("struck") if one.what == "undone" else None,
    )


def field(register: Register, column: Column, texts: Mapping[str, str], wrong: Mapping[str, str]) -> Any:
    """A field of a form: what was typed, and what is wrong with it."""
    return SimpleNamespace(
        column=column, value=texts.get(column.name, ""), wrong=wrong.get(column.name, ""),
        choices=column.choices,
    )  # fmt: skip


def sentences(errors: Sequence[Any]) -> dict[str, str]:
    """What is wrong with each column, in words."""
    return {e.column: refusals.say(e.code, e.facts).strip() for e in errors}


def typed(register: Register, line: RowLine, names: Names) -> dict[str, str]:
    """The row as its form shows it. What is masked stays empty: empty keeps it as it is."""
    return {c.name: "" if c.mask else _typed(c, line.values[c.name], names) for c in register.columns}


def _typed(column: Column, value: object, names: Names) -> str:
    if value in ("", None):
        return ""
    if column.kind in ("place", "organization"):
        pair = names.place(str(value)) if column.kind == "place" else names.organization(str(value))
        return f"{terms.spoken(*pair)[0]} [{value}]"
    if column.kind == "flag":
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else str(value)
