"""Digests of rows from what a database hands out: equal to `Recorded.digest`, without the objects."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import Any

import msgspec
from django.apps import apps
from django.db import models

from jingwei.apps.journal.models import Recorded
from jingwei.kernel.canonical import canonical_json, six_places

from .columns import id_text, moment_text

Write = Callable[[Any], Any]


def list_recorded() -> dict[str, type[Recorded]]:
    """Every model whose rows facts speak of, by the name that facts give it."""
    return {m._meta.label: m for m in apps.get_models() if issubclass(m, Recorded)}


def _yes(value: Any) -> Any:
    return None if value is None else bool(value)


def _number(value: Any) -> Any:
    return None if value is None else six_places(float(value))


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_read = msgspec.json.Decoder(float_hook=lambda text: six_places(float(text))).decode
_write = msgspec.json.Encoder(order="sorted").encode
_write_row = msgspec.json.Encoder().encode


#: JSON that stands in most rows, and is canonical as it is.
_PLAIN_JSON = {text: msgspec.Raw(text.encode()) for text in ("[]", "{}", '""', "null")}


def _json(value: Any) -> Any:
    if value is None:
        return None
    if (plain := _PLAIN_JSON.get(value)) is not None:
        return plain
    try:
        return msgspec.Raw(_write(_read(value)))
    except (msgspec.MsgspecError, OverflowError, UnicodeError):
        return msgspec.Raw(canonical_json(json.loads(value)).encode())


#: A time in the canonical form, on PostgreSQL.
_UTC = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
#: What becomes of a field's column before it is written, None: nothing, and its name in SQL on PostgreSQL.
_WRITE: dict[str, tuple[Write | None, str]] = {
    "CharField": (None, "{}"),
    "TextField": (None, "{}"),
    "UUIDField": (id_text, "{}::text"),
    "DateTimeField": (moment_text, _UTC),
    "DateField": (_day, "{}::text"),
    "BooleanField": (_yes, "{}"),
    "FloatField": (_number, "{}"),
    "JSONField": (_json, "{}::text"),
    "IntegerField": (None, "{}"),
    "BigIntegerField": (None, "{}"),
    "BigAutoField": (None, "{}"),
    "PositiveIntegerField": (None, "{}"),
    "PositiveSmallIntegerField": (None, "{}"),
    "SmallIntegerField": (None, "{}"),
    "PositiveBigIntegerField": (None, "{}"),
}


class Digester:
    """Digests the rows of one model. `select` names the columns in SQL: id, salt, then the digested ones."""

    def __init__(self, model: type[Recorded], vendor: str) -> None:
        self.model, self.table = model._meta.label, model._meta.db_table
        self.key = _column(model, "pk")
        names = sorted({name for fields in model.DIGESTED.values() for name in fields})
        writes = {name: _WRITE[_kind(model, name)] for name in names}
        sql = [
            f'+"{_column(model, n)}"' if vendor == "sqlite" else writes[n][1].format(f'"{_column(model, n)}"')
            for n in names
        ]
        self.key_text = f'"{self.key}"' if vendor == "sqlite" else f'"{self.key}"::text'
        self.select = ", ".join([self.key_text, '"salt"', *sql])
        self._forms = {
            version: _form(model.__name__, sorted(fields), names, writes)
            for version, fields in model.DIGESTED.items()
        }

    def content(self, row: Sequence[Any], version: int) -> bytes:
        """What is hashed of a selected row: its salt and the covered columns in the canonical form.

        Raises for what no row written by us can hold.
        """
        form, pick, changed = self._forms[version]
        values = list(pick(row))
        for at, write in changed:
            values[at] = write(values[at])
        return bytes(row[1]) + _write_row(form(*values))

    def digest(self, row: Sequence[Any], version: int) -> str:
        """The digest of a selected row. Raises for what no row written by us can hold."""
        return sha256(self.content(row, version)).hexdigest()

    def knows(self, version: int) -> bool:
        return version in self._forms


#: How one version is written: its names as a struct, which columns go into it, which of them are changed.
_Form = tuple[Callable[..., Any], Callable[[Sequence[Any]], Sequence[Any]], list[tuple[int, Write]]]


def _form(
    title: str, fields: Sequence[str], names: Sequence[str], writes: Mapping[str, tuple[Write | None, str]]
) -> _Form:
    # a slice, not one column, so that a single one also comes as a sequence
    places = [names.index(name) + 2 for name in fields]
    pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
    changed = [(at, write) for at, name in enumerate(fields) if (write := writes[name][0]) is not None]
    return msgspec.defstruct(title, fields, gc=False), pick, changed


@cache
def list_digesters(vendor: str) -> Mapping[str, Digester]:
    """One for every model whose rows facts speak of."""
    return {label: Digester(model, vendor) for label, model in list_recorded().items()}


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    if name == "pk":
        name = str(model._meta.pk.attname)
    found = next((f for f in model._meta.concrete_fields if name in (f.attname, f.name)), None)
    if found is None:
        raise LookupError(f"{model._meta.label} has no field {name}")
    return found


def _column(model: type[models.Model], name: str) -> str:
    return str(_field(model, name).column)


def _kind(model: type[models.Model], name: str) -> str:
    field = _field(model, name)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.get_internal_type()
