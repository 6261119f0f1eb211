"""The form of every fact as it goes over the wire: one golden file per kind, in tests/wire/.

    .venv/bin/python -m tests.house.wire     writes what is missing: files, and new optional fields

It changes nothing that stands: a kind's fields are never renamed or given another meaning. A fact that
needs another form is the next version, and the file of the old one stays.
"""

import importlib
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from jingwei.kernel.facts import Fact, body_of, fact_of
from tests.house.tree import ROOT, Tree

WIRE = ROOT / "tests" / "wire"
#: Titles and descriptions are words about the form, not the form.
_WORDS = ("title", "description", "$ref")


def file_of(kind: str, folder: Path = WIRE) -> Path:
    return folder / f"{kind.replace('/', '@')}.json"


def list_facts(tree: Tree | None = None) -> dict[str, type[Fact]]:
    """Every fact that an app declares."""
    found: dict[str, type[Fact]] = {}
    tree = tree or Tree()
    for path in tree.row("facts"):
        parts = path.relative_to(tree.package.parent).with_suffix("").parts
        module = importlib.import_module(".".join(p for p in parts if p != "__init__"))
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Fact) and one.__module__ == module.__name__:
                found[one.KIND] = one
    return found


def form_of(fact: type[Fact]) -> dict[str, Any]:
    """What the golden file holds: kind, subject, each field's schema, and one example."""
    (_,), parts = msgspec.json.schema_components([fact], ref_template="{name}")
    schema = parts[fact.__name__]
    return {
        "kind": fact.KIND,
        "subject": fact.SUBJECT,
        "required": sorted(schema.get("required", [])),
        "fields": {name: _bare(field, parts) for name, field in schema["properties"].items()},
        "example": _example(fact),
    }


def _bare(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, list | tuple):
        return [_bare(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _bare(parts[schema["$ref"]], parts)
    return {k: _bare(v, parts) for k, v in schema.items() if k not in _WORDS or not isinstance(v, str)}


def _example(fact: type[Fact]) -> dict[str, Any]:
    values = {f.name: sample(f.type) for f in msgspec.inspect.type_info(fact).fields}  # type: ignore[attr-defined]
    return _plain(msgspec.convert(values, fact, strict=False))


def _plain(fact: Fact) -> dict[str, Any]:
    """The body as JSON gives it back."""
    return dict(json.loads(json.dumps(body_of(fact))))


def sample(kind: Any) -> Any:
    """A value of the type: always the same one."""
    info = msgspec.inspect
    plain: dict[type, Any] = {
        info.StrType: "text",
        info.IntType: 1,
        info.FloatType: 1.5,
        info.BoolType: True,
        info.NoneType: None,
        info.AnyType: None,
        info.DateTimeType: datetime(2021, 7, 20, 8, 30, tzinfo=UTC).isoformat(),
        info.DateType: date(2021, 7, 20).isoformat(),
        info.UUIDType: "01890000-0000-7000-8000-000000000000",
        info.DecimalType: "1.5",
    }
    if type(kind) in plain:
        return plain[type(kind)]
    if isinstance(kind, info.UnionType):
        return sample(next(t for t in kind.types if not isinstance(t, info.NoneType)))
    if isinstance(kind, info.LiteralType):
        return kind.values[0]
    if isinstance(kind, info.EnumType):
        return next(iter(kind.cls)).value
    if isinstance(kind, info.ListType | info.VarTupleType | info.SetType | info.FrozenSetType):
        return [sample(kind.item_type)]
    if isinstance(kind, info.TupleType):
        return [sample(t) for t in kind.item_types]
    if isinstance(kind, info.DictType):
        return {str(sample(kind.key_type)): sample(kind.value_type)}
    if isinstance(kind, info.StructType):
        return {f.encode_name: sample(f.type) for f in kind.fields}
    raise TypeError(f"no example for {kind}")


def differences(facts: dict[str, type[Fact]], folder: Path = WIRE) -> list[str]:
    """Kinds without a file, with another form than their file, or whose old example no longer reads."""
    found = []
    for kind, fact in sorted(facts.items()):
        path = file_of(kind, folder)
        if not path.exists():
            found.append(f"{kind}: no {path.name}; python -m tests.house.wire writes it")
            continue
        golden, now = json.loads(path.read_text()), form_of(fact)
        found += [f"{kind}: {part} is not as in {path.name}" for part in _changed(golden, now)]
        new = sorted(now["fields"].keys() - golden["fields"].keys())
        found += [f"{kind}: {name} is new; python -m tests.house.wire adds it" for name in new]
        try:
            again = _plain(fact_of(kind, golden["example"]))
        except (msgspec.ValidationError, KeyError) as error:
            found.append(f"{kind}: the example in {path.name} no longer reads: {error}")
        else:
            if not golden["example"].items() <= again.items():
                found.append(f"{kind}: the example in {path.name} reads as something else")
    return found


def _changed(golden: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What of the form that stands is no longer so."""
    parts = [part for part in ("kind", "subject", "required") if golden[part] != now[part]]
    return parts + [name for name, field in golden["fields"].items() if now["fields"].get(name) != field]


def write_missing(facts: dict[str, type[Fact]], folder: Path = WIRE) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, fact in sorted(facts.items()):
        path, now = file_of(kind, folder), form_of(fact)
        golden = json.loads(path.read_text()) if path.exists() else None
        if golden is None or (golden != now and not _changed(golden, now)):
            path.write_text(json.dumps(now, ensure_ascii=False, indent=2) + "\n")
            written.append(path)
    return written


if __name__ == "__main__":
    for written in write_missing(list_facts()):
        print(written.relative_to(ROOT))
    sys.exit(0)
