"""The OpenAPI 3.0 document of the feature service: written from the declared registers."""

from collections.abc import Sequence
from typing import Any

from jingwei.apps.registers.facts import Column, Register

from . import divisions
from .asked import MOST_LIMIT, USUAL_LIMIT, filters_of
from .documents import GEOJSON, JSON, OPENAPI, PROBLEM, title_of
from .unclaimed import ENCODINGS, PARAMETERS, Unclaimed

_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic", "description": "Any name; the password is the token"},
}
_KINDS = {"whole": "integer", "number": "number", "flag": "boolean"}
_ERROR = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
}
_OBJECT = {"type": "object"}
_CODE = {"type": "string", "pattern": r"^\d{2,12}$"}
_UUID = {"type": "string", "format": "uuid"}


def describe(base: str, registers: Sequence[Register]) -> dict[str, Any]:
    """Every address this service answers, with the parameters it takes.

    Those of parts that are not claimed are named too, with 501: the core asks 400 for what is not named here.
    """
    paths: dict[str, Any] = {
        "/": _get("The landing page", JSON),
        "/api": _get("This description", OPENAPI),
        "/conformance": _get("The conformance classes that are kept", JSON),
        "/collections": _get("The collections: registers with points, and divisions with outlines", JSON),
    }
    paths |= _paths(divisions.CODE, divisions.title(), _of_divisions(), _feature(_DIVISION), _CODE)
    for one in registers:
        parameters = [*_plain_parameters(), *(_filter(column) for column in filters_of(one).values())]
        paths |= _paths(one.code, title_of(one), parameters, _feature(_columns(one)), _UUID)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Jingwei, OGC API - Features", "version": "1"},
        "servers": [{"url": base}],
        "security": [{"token": []}, {"password": []}],
        "paths": paths,
        "components": {"securitySchemes": _SCHEMES},
    }


def _paths(
    code: str, title: str, parameters: Sequence[dict[str, Any]], schema: dict[str, Any], ids: dict[str, Any]
) -> dict[str, Any]:
    """What each collection answers."""
    here = f"/collections/{code}"
    by_id = {"name": "featureId", "in": "path", "required": True, "schema": ids}
    return {
        here: _get(title, JSON, known=True),
        f"{here}/items": _get(
            f"{title}: items", GEOJSON, [*parameters, *_beyond("items")], _features(schema), known=True
        ),
        f"{here}/items/{{featureId}}": _get(
            f"{title}: one", GEOJSON, [by_id, *_beyond("item")], schema, known=True
        ),
    }


def _get(
    summary: str,
    kind: str,
    parameters: Sequence[dict[str, Any]] = (),
    schema: dict[str, Any] | None = None,
    *,
    known: bool = False,
) -> dict[str, Any]:
    answers = {"200": {"description": summary, "content": {kind: {"schema": schema or _OBJECT}}}}
    bad = {"400": "A parameter is not known, or cannot be read", "401": "No token that is good"}
    bad |= {"404": "Not known here, or outside the post's area"} if known else {}
    bad |= {"503": "The node is in trouble; come again later"}
    for status, why in bad.items():
        answers[status] = {"description": why, "content": {JSON: {"schema": _ERROR}}}
    answers["501"] = {
        "description": "Of a part of the standard that is not claimed",
        "content": {PROBLEM: {"schema": _ERROR}},
    }
    encoding = _parameter("f", "Not claimed: answered with 501", {"type": "string", "enum": list(ENCODINGS)})
    return {"get": {"summary": summary, "parameters": [*parameters, encoding], "responses": answers}}


def _beyond(view: str) -> list[dict[str, Any]]:
    return [_not_claimed(name, one) for name, one in PARAMETERS[view].items()]


def _not_claimed(name: str, one: Unclaimed) -> dict[str, Any]:
    return _parameter(name, f"Not claimed, answered with 501: {one.document}", {"type": "string"})


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    } | more


def _plain_parameters() -> list[dict[str, Any]]:
    # Source: OGC 17-069r4, requirements fc-limit-definition, fc-bbox-definition, fc-time-definition
    numbers = {"type": "array", "items": {"type": "number"}, "oneOf": [
        {"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]}  # fmt: skip
    form = {"style": "form", "explode": False}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": USUAL_LIMIT}
    return [
        _parameter("limit", "How many features at most", limit, **form),
        _parameter(
            "bbox",
            "West, south, east, north, in degrees; only features whose geometry has a point in it",
            numbers,
            **form,
        ),
        _parameter(
            "datetime", "When the row was changed last: a time or an interval", {"type": "string"}, **form
        ),
        _parameter("within", "The code of a division: what lies in it", {"type": "string", "maxLength": 12}),
        _parameter("after", "Where the page before ended, as its link `next` says", {"type": "string"}),
    ]


def _filter(column: Column) -> dict[str, Any]:
    return _parameter(column.name, f"{column.zh} / {column.en}", _schema(column))


def _schema(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"type": _KINDS.get(column.kind, "string")}
    if column.choices:
        found["enum"] = [choice.code for choice in column.choices]
    return found


def _of_divisions() -> list[dict[str, Any]]:
    said = {
        "bbox": "West, south, east, north, in degrees; only divisions whose outline has a point in it",
        "datetime": "Divisions that stood at that time, or at some time of the interval",
    }
    level = {"type": "integer", "enum": [1, 2, 3]}
    return [
        *(one | {"description": said.get(one["name"], one["description"])} for one in _plain_parameters()),
        _parameter("level", "1 for provinces, 2 for cities, 3 for counties", level),
    ]


_TYPES = {"level": "integer", "thinned_deg": "number"}
_DIVISION = {
    name: {"title": f"{zh} / {en}", "type": _TYPES.get(name, "string")}
    for name, (zh, en) in divisions.PROPERTIES.items()
}


def _columns(register: Register) -> dict[str, Any]:
    return {
        c.name: {"title": f"{c.zh} / {c.en}", "nullable": True, "type": _KINDS.get(c.kind, "string")}
        for c in register.columns
        if c.name not in ("lon", "lat")
    }


def _feature(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "properties": columns},
            "links": {"type": "array", "items": _OBJECT},
        },
    }


def _features(feature: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "features", "numberReturned", "timeStamp", "links"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature},
            "links": {"type": "array", "items": _OBJECT},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    }
