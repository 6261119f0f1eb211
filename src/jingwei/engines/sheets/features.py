"""GeoJSON as a table: a feature is a line, its properties columns, its geometry a written shape. Pure."""

import json
from typing import Any

from jingwei.engines.shapes import ShapeUnreadable, from_geojson

from .tables import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Table, TableRefused, decode

#: Headings under which the geometry stands.
FORM, SHAPE = "form", "shape"


def is_geojson(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_features(body: bytes) -> Table:
    """The features as lines, numbered from 1; what has no geometry we can write keeps an empty shape."""
    text, _ = decode(body)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableRefused("table_unreadable") from error
    if not isinstance(found, dict):
        raise TableRefused("table_unreadable")
    features = found.get("features", [found] if found.get("type") == "Feature" else [])
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise TableRefused("table_unreadable")
    if not features:
        raise TableRefused("table_empty")
    if len(features) > MOST_ROWS:
        raise TableRefused("table_too_long", most=MOST_ROWS)
    lines = [_line(one) for one in features]
    headings = list(dict.fromkeys(name for line in lines for name in line))
    if len(headings) > MOST_COLUMNS:
        raise TableRefused("table_too_wide", most=MOST_COLUMNS)
    rows = [tuple(line.get(name, "") for name in headings) for line in lines]
    return Table(tuple(headings), tuple(enumerate(rows, start=1)), ())


def _line(feature: dict[str, Any]) -> dict[str, str]:
    properties = feature.get("properties")
    cells = {
        str(name): _cell(value)
        for name, value in (properties.items() if isinstance(properties, dict) else ())
        if str(name) not in (FORM, SHAPE)
    }
    geometry = feature.get("geometry")
    try:
        form, text = from_geojson(geometry) if isinstance(geometry, dict) else ("", "")
    except ShapeUnreadable:
        form, text = "", ""
    return cells | {FORM: form, SHAPE: text}


def _cell(value: object) -> str:
    if value is None:
        return ""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words[:LONGEST_CELL].replace("\x00", "").strip()
