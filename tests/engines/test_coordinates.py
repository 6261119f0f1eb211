"""Coordinates as people write them: every common form, what is ambiguous said so, every datum moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines.coordinates import forms_of, read_point
from jingwei.engines.datum import to_wgs84
from jingwei.kernel.lonlat import distance_m

LON, LAT = 113 + 39 / 60 + 55 / 3600, 34 + 45 / 60 + 12 / 3600
SECONDS = [
    "34°45′12″N 113°39′55″E", "34°45'12\"N, 113°39'55\"E", "113°39′55″E 34°45′12″N", "N34°45′12″ E113°39′55″",
    "北纬34°45′12″ 东经113°39′55″",
    "东经113度39分55秒，北纬34度45分12秒", "34 45 12 N 113 39 55 E",
    "34 45 12 113 39 55", "113°39′55″,34°45′12″", "３４°４５′１２″Ｎ　１１３°３９′５５″Ｅ",
    "34:45:12N 113:39:55E",
    "34º45’12”N 113º39’55”E",
]  # fmt: skip
PLAIN = [
    "113.66,34.75", "34.75,113.66", "113.66 34.75", "113.66，34.75", "34.75N 113.66E", "E113.66 N34.75",
    "34.75°N, 113.66°E", "lat: 34.75, lon: 113.66", "经度113.66 纬度34.75",
    "latitude=34.75; longitude=113.66",
    "geo:34.75,113.66", "geo:34.75,113.66;u=35", "(113.66, 34.75)", "WGS84 113.66,34.75", "113.66/34.75",
]  # fmt: skip


@pytest.mark.parametrize("text", SECONDS)
def test_degrees_minutes_and_seconds_are_read(text):
    found = read_point(text)
    assert found is not None and found.form == "dms"
    assert distance_m(found.lon, found.lat, LON, LAT) < 0.01


@pytest.mark.parametrize("text", PLAIN)
def test_decimal_degrees_are_read_in_either_order(text):
    found = read_point(text)
    assert found is not None
    assert (found.lon, found.lat) == (113.66, 34.75)
    assert found.other is None


def test_degrees_and_minutes_with_a_fraction_are_read():
    found = read_point("34°45.2′N 113°39.9′E")
    assert found is not None and distance_m(found.lon, found.lat, 113.665, 34 + 45.2 / 60) < 0.01


@pytest.mark.parametrize(
    ("text", "order"),
    [("113.66,34.75", "by_size"), ("34.75,113.66", "by_size"), ("34.75N,113.66E", "marked"),
     ("-33.87,151.21", "by_size"), ("49SGU 43969 48925", "grid"), ("35.68, 51.39", "assumed")],
)  # fmt: skip
def test_it_says_how_the_two_numbers_were_told_apart(text, order):
    found = read_point(text)
    assert found is not None and found.order == order


def test_of_two_orders_the_nearer_is_taken_and_the_other_is_offered():
    tehran = read_point("35.69, 51.39", near=(51.0, 35.0))
    turned = read_point("35.69, 51.39", near=(36.0, 50.0))
    assert tehran is not None and turned is not None
    assert (tehran.lon, tehran.lat, tehran.order, tehran.other) == (51.39, 35.69, "nearer", (35.69, 51.39))
    assert (turned.lon, turned.lat, turned.other) == (35.69, 51.39, (51.39, 35.69))


def test_canary_without_a_place_to_look_from_the_latitude_is_assumed_first():
    found = read_point("35.69, 51.39")
    assert found is not None and (found.lon, found.lat) == (51.39, 35.69)


@pytest.mark.parametrize(
    ("text", "datum"),
    [("GCJ-02 113.66,34.75", "gcj02"), ("113.66,34.75（高德）", "gcj02"), ("火星坐标 113.66,34.75", "gcj02"),
     ("gcj02: 34.75N 113.66E", "gcj02"), ("百度 113.66,34.75", "bd09"), ("BD09 113.66,34.75", "bd09")],
)  # fmt: skip
def test_what_is_marked_as_another_datum_is_moved(text, datum):
    found = read_point(text)
    assert found is not None and found.datum == datum
    assert (found.lon, found.lat) == to_wgs84(113.66, 34.75, datum)
    assert 100 < distance_m(found.lon, found.lat, 113.66, 34.75) < 2000


@pytest.mark.parametrize(
    "text",
    ["", "郑州市", "113.66", "200,34", "113.66,95", "34°75′N 113°E", "34°45′71″N 113°E",
     "N34 N35", "E113 E114",
     "1,2,3", "34.5.1 113", "-34N 113E", "34.7°45′N 113°E", "nan,nan", "1e5,3", "99SGU4365146567",
     "49SJU4365146567", "34' 113'", "°,°", "x" * 500, "70N 500000 100"],
)  # fmt: skip
def test_what_is_no_coordinate_is_not_guessed(text):
    assert read_point(text) is None


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(text):
    found = read_point(text)
    assert found is None or (-180 <= found.lon <= 180 and -90 <= found.lat <= 90)


@given(st.floats(-179.9, 179.9), st.floats(-79.9, 83.9))
def test_every_form_that_is_written_is_read_again(lon, lat):
    forms = forms_of(lon, lat)
    for text, within_m in ((forms.dms, 3), (forms.utm, 1), (forms.mgrs, 1.5)):
        found = read_point(text)
        assert found is not None, text
        assert distance_m(found.lon, found.lat, lon, lat) < within_m, text


@pytest.mark.parametrize("text", ["13SBD 94332 19459", "13S BD 94332 19459", "WGS84 13SBD 94332 19459"])
def test_a_square_named_bd_is_no_datum(text):
    found = read_point(text)
    assert found is not None and found.datum == "wgs84"
    assert distance_m(found.lon, found.lat, -107.375, 39.0) < 1.5


def test_forms_are_those_of_the_field():
    forms = forms_of(LON, LAT)
    assert forms.decimal == "113.665278, 34.753333"
    assert forms.dms == "34°45′12.0″N 113°39′55.0″E"
    assert (forms.utm, forms.mgrs) == ("49S 743970 3848925", "49SGU 43969 48925")
    marked = read_point(f"GCJ-02 {forms.gcj02}")
    assert marked is not None and distance_m(marked.lon, marked.lat, LON, LAT) < 0.2
    assert forms_of(10, 52).gcj02 == "" and forms_of(0, 89).mgrs == ""
