"""From bytes to reports: whatever comes is read as well as it can be, and nothing is thrown away."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.doors.entry import intake
from jingwei.doors.entry.intake import decode, read_body, read_report
from jingwei.engines.datum import from_wgs84


def body(content: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(content, ensure_ascii=False).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "flags"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("gb18030", ("encoding_gb18030",)),
        ("gbk", ("encoding_gb18030",)),
        ("utf-16", ("encoding_utf16",)),
    ],
)
def test_chinese_in_any_encoding_in_use_is_read(encoding, flags):
    read = read_body(body({"words": "京广北路隧道进水，有人被困"}, encoding))
    assert read.told[0].words == "京广北路隧道进水，有人被困"
    assert read.told[0].flags == flags


def test_the_charset_the_sender_names_is_tried():
    read = read_body(body({"words": "水淹みず"}, "shift_jis"), "shift_jis")
    assert read.told[0].words == "水淹みず"


def test_bytes_of_no_encoding_stay_visible():
    text, flags = decode(b'{"words": "\xff\xff\xff"}')
    assert flags == ["encoding_unknown"] and "\\xff" in text


@pytest.mark.parametrize("half", [b"", b"{", b'{"words": "wa', b"[1, 2", b"\x00\x01", b"<xml/>"])
def test_half_a_body_is_kept_raw_for_a_person(half):
    (told,) = read_body(half).told
    assert told.raw and "json_unreadable" in told.flags and not told.words


@pytest.mark.parametrize("odd", [17, "words", None, [1], True])
def test_what_is_no_object_is_kept_raw(odd):
    told = read_report(odd)
    assert told.raw and "not_an_object" in told.flags


def test_a_field_of_the_wrong_sort_costs_only_itself():
    told = read_report(
        {"words": "水涨了", "level": "high", "occurred_at": "noonish", "rescue": "yes", "figures": 3}
    )
    assert told.words == "水涨了"
    assert {f"unreadable_{n}" for n in ("level", "occurred_at", "rescue", "figures")} <= set(told.flags)
    assert "noonish" in told.raw, "the whole is kept"


def test_unknown_fields_are_kept_raw():
    told = read_report({"words": "水涨了", "colour": "blue"})
    assert "fields_unknown" in told.flags and "blue" in told.raw


def test_one_many_and_wrapped():
    one = {"words": "a"}
    assert not read_body(body(one)).many
    assert [t.words for t in read_body(body([one, {"words": "b"}])).told] == ["a", "b"]
    assert read_body(body({"reports": [one]})).many


@pytest.mark.parametrize(
    ("given", "at", "flag"),
    [
        ("2021-07-20T16:00:00+08:00", datetime(2021, 7, 20, 8, tzinfo=UTC), ""),
        ("2021-07-20T08:00:00Z", datetime(2021, 7, 20, 8, tzinfo=UTC), ""),
        ("2021-07-20 16:00", datetime(2021, 7, 20, 8, tzinfo=UTC), "time_zone_assumed"),
        ("2021/07/20 16:00", datetime(2021, 7, 20, 8, tzinfo=UTC), "time_zone_assumed"),
        (1626768000, datetime(2021, 7, 20, 8, tzinfo=UTC), ""),
        (1626768000000, datetime(2021, 7, 20, 8, tzinfo=UTC), ""),
    ],
)
def test_times_in_common_forms(given, at, flag):
    told = read_report({"words": "a", "occurred_at": given})
    assert told.occurred_at == at
    assert told.flags == ((flag,) if flag else ())


@pytest.mark.parametrize("datum", ["gcj02", "GCJ-02", "bd09"])
def test_points_are_converted_once_at_the_door(datum):
    wgs = (113.6, 34.75)
    lon, lat = from_wgs84(*wgs, datum.lower().replace("-", ""))
    assert abs(lon - wgs[0]) > 0.003, "canary: the datum really moves the point"
    told = read_report({"words": "a", "lon": lon, "lat": lat, "datum": datum})
    assert (told.lon, told.lat) == pytest.approx(wgs, abs=1e-5)
    assert told.datum == datum.lower().replace("-", "")


def test_an_unknown_datum_is_flagged_and_a_point_out_of_range_passed_on():
    assert "datum_unknown" in read_report({"words": "a", "lon": 1, "lat": 2, "datum": "mars"}).flags
    assert read_report({"words": "a", "lon": 999, "lat": 2, "datum": "gcj02"}).lon == 999
    assert "unreadable_point" in read_report({"words": "a", "lon": "east", "lat": 2}).flags


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(
    ["words", "kind", "place", "lon", "lat", "datum", "level", "figures", "occurred_at", "key"]
)


@given(st.dictionaries(names, json_values, max_size=8))
def test_no_object_breaks_the_door(content):
    told = read_report(content)
    assert told.raw or any((told.words, told.title, told.figures, told.kind, told.level))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_door(raw):
    assert len(read_body(raw).told) >= 0


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_the_quick_way_to_read_json_reads_what_json_reads(content):
    body_ = json.dumps({"words": "水", "odd": content}).encode()
    (told,) = read_body(body_).told
    assert repr(json.loads(told.raw)["odd"]) == repr(json.loads(body_)["odd"])


usual = st.fixed_dictionaries(
    {},
    optional={
        "words": st.text(max_size=20),
        "kind": st.sampled_from(["11B03", "", "x"]),
        "type": st.sampled_from(["occurrence", "", "odd"]),
        "precision": st.sampled_from(["hour", ""]),
        "lon": st.sampled_from([113.6, 113, "113.6", None, True, 999.0, 1e300]),
        "lat": st.sampled_from([34.7, -91.5, None, ""]),
        "datum": st.sampled_from(["wgs84", "GCJ-02", "bd09", "mars", " WGS84 ", "", 84]),
        "level": st.sampled_from([1, 2.0, 2.5, "3", True, -1, 2**70, None]),
        "rescue": st.sampled_from([True, False, "yes", 1]),
        "figures": st.lists(
            st.fixed_dictionaries(
                {"measure": st.sampled_from(["deaths", 3]), "value": st.sampled_from([1, 2.5, "4", True])},
                optional={"unit": st.sampled_from(["人", None]), "odd": st.just(1)},
            ),
            max_size=2,
        ),
        "occurred_at": st.datetimes(timezones=st.just(UTC)).map(str)
        | st.sampled_from(["2021-07-20T16:00:00+08:00", "2021-07-20T16:00", "noon", 1626768000, None]),
        "sent_at": st.sampled_from(["2021-07-20T16:00:00.123456Z", "2021-07-20 16:00:00", ""]),
        "flags": st.lists(st.text(max_size=3), max_size=1),
        "raw": st.sampled_from(["", "x"]),
        "colour": st.just("blue"),
    },
)


@given(usual | st.lists(usual, max_size=3))
def test_what_is_read_quickly_is_what_is_read_field_by_field(content):
    body_ = body(content)
    assert read_body(body_) == intake._read_any(body_, "", "api")


def test_the_usual_report_is_read_quickly_and_an_odd_one_costs_only_itself():
    usual = {"words": "水", "lon": 113.6, "lat": 34.7, "occurred_at": "2021-07-20T16:00:00+08:00"}
    assert intake._read_quickly(body(usual)) and intake._read_quickly(body([usual]))
    mixed = [usual, {"words": "水", "level": "high"}, usual]
    quick = intake._read_quickly(body(mixed))
    assert quick == intake._read_any(body(mixed), "", "api")
    assert [bool(one.raw) for one in quick.told] == [False, True, False]


def test_canary_reading_by_sort_alone_would_lose_what_is_odd():
    """Without its second look the quick way would take a time without a zone and a default for nothing."""
    bare = intake._told(body({"words": "水", "occurred_at": "2021-07-20T16:00:00", "type": ""}))
    (told,) = read_body(body({"words": "水", "occurred_at": "2021-07-20T16:00:00", "type": ""})).told
    assert (bare.type, bare.occurred_at.tzinfo) == ("", None)
    assert told.type == "occurrence" and told.occurred_at.tzinfo is not None
