"""Which registers the installed apps declare: `REGISTERS` in their `registers.py`."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from ..facts import KINDS, Register
from ..rules import RegisterRefused


@cache
def _declared() -> dict[str, Register]:
    found: dict[str, Register] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("jingwei.apps.") and find_spec(f"{config.name}.registers"):
            for register in import_module(f"{config.name}.registers").REGISTERS:
                check_declaration(register)
                if register.code in found:
                    raise LookupError(f"two registers are called {register.code}")
                found[register.code] = register
    return found


def list_registers() -> list[Register]:
    """Every register, in the order of the apps."""
    return [one for one in _declared().values() if not one.only_files]


def get_register(code: str) -> Register:
    """The register with this code. Refused as `register_unknown`."""
    found = get_form(code)
    if found.only_files:
        raise RegisterRefused("register_unknown", given=code[:40])
    return found


def get_form(code: str) -> Register:
    """The register with this code, or what only takes files in under it. Refused as `register_unknown`."""
    found = _declared().get(code)
    if found is None:
        raise RegisterRefused("register_unknown", given=code[:40])
    return found


def check_declaration(register: Register) -> None:
    """Raises `LookupError` where a declaration and its table do not fit: a bug, seen at the first look."""
    fields = {c.name for c in register.columns} if register.only_files else _columns_of(register)
    names = [column.name for column in register.columns]
    wrong = [c.name for c in register.columns if c.name not in fields or c.kind not in KINDS]
    wrong += [name for name in register.duplicate if name not in names]
    wrong += [name for name in ("name", "place") if name not in names]
    wrong += [c.name for c in register.columns if c.kind == "choice" and not c.choices]
    together = [n for s in register.spans for n in (s.first, s.last)]
    together += [n for need in register.needs for n in (need.column, *need.needs)]
    together += [c.done_by for c in register.columns]
    wrong += [c.name for c in register.dues if c.kind != "date"]
    wrong += [name for name in (*together, register.above) if name and name not in names]
    if register.kept is None:
        digested = set(register.model.DIGESTED[max(register.model.DIGESTED)])
        wrong += [name for name in names if name not in digested]
    if wrong or len(set(names)) < len(names):
        raise LookupError(f"register {register.code}: {', '.join(wrong) or 'a column twice'}")


def _columns_of(register: Register) -> set[str]:
    if register.kept is None:
        return {field.name for field in register.model._meta.concrete_fields}
    rows = register.kept.rows()
    return {field.name for field in rows.model._meta.concrete_fields} | set(rows.query.annotations)
