"""GeoJSON as a table: properties become columns, geometry a written shape; odd files are refused."""

import json

import pytest

from jingwei.engines.sheets.features import is_geojson, read_features
from jingwei.engines.sheets.tables import MOST_COLUMNS, TableRefused


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_each_feature_is_a_line_and_columns_are_those_of_all():
    line = {"type": "LineString", "coordinates": [[113, 34], [114, 35]]}
    both = [feature(line, 名称="河段", 长度=12.5), feature(None, 名称="无形", 备注=None)]
    body = json.dumps({"type": "FeatureCollection", "features": both}, ensure_ascii=False).encode()
    table = read_features(body)
    assert table.headings == ("名称", "长度", "form", "shape", "备注")
    assert table.lines[0] == (1, ("河段", "12.5", "line", "113.000000,34.000000;114.000000,35.000000", ""))
    assert table.lines[1] == (2, ("无形", "", "", "", ""))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_one_feature_alone_in_any_encoding(encoding):
    body = json.dumps(
        feature({"type": "Point", "coordinates": [113, 34]}, 名称="点"), ensure_ascii=False
    ).encode(encoding)
    assert is_geojson(body) and read_features(body).lines[0][1][0] == "点"


def test_properties_named_like_the_geometry_do_not_take_its_place():
    table = read_features(
        json.dumps(feature({"type": "Point", "coordinates": [1, 2]}, shape="x", form="y")).encode()
    )
    assert dict(zip(table.headings, table.lines[0][1], strict=True)) == {
        "form": "circle",
        "shape": "1.000000,2.000000",
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "table_unreadable"),
        (b"[]", "table_unreadable"),
        (b'{"features": 7}', "table_unreadable"),
        (b'{"features": [7]}', "table_unreadable"),
        (b'{"features": []}', "table_empty"),
        (b'{"type": "Topology"}', "table_empty"),
        (b'{"a":' * 100_000, "table_unreadable"),
    ],
)
def test_what_is_no_geojson_is_refused(body, code):
    with pytest.raises(TableRefused) as refused:
        read_features(body)
    assert refused.value.code == code


def test_too_many_columns_are_refused():
    wide = feature(None, **{f"c{n}": n for n in range(MOST_COLUMNS)})
    with pytest.raises(TableRefused) as refused:
        read_features(json.dumps(wide).encode())
    assert refused.value.code == "table_too_wide"


@pytest.mark.parametrize(
    "geometry", [{"type": "Polygon", "coordinates": "x"}, {"type": "Curve"}, 7, {"coordinates": [[[[[1]]]]]}]
)
def test_geometry_that_cannot_be_written_leaves_the_shape_empty(geometry):
    table = read_features(json.dumps(feature(geometry, 名称="x")).encode())
    assert table.lines[0][1] == ("x", "", "")
