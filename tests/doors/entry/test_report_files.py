"""Lines of files as they come: columns by their names, times as people write them, nothing lost."""

import pytest

from jingwei.doors.entry.report_files import match, read_line

HEADS = ("接警时间", "警情内容", "事发地点", "经度", "纬度", "坐标系", "联系电话", "处警民警")


def test_columns_are_known_by_what_they_are_called():
    assert match(HEADS) == {
        "occurred_at": 0, "words": 1, "place_words": 2, "lon": 3, "lat": 4, "datum": 5, "caller_phone": 6,
    }  # fmt: skip
    assert match(("Time", " Description ", "ＬＯＮ", "时间")) == {"occurred_at": 0, "words": 1, "lon": 2}
    assert match(("甲", "乙")) == {}


def line(*cells: str):
    return read_line(HEADS, cells, match(HEADS))


def test_a_line_says_what_its_cells_say_and_the_rest_stands_beside_the_words():
    told = line(
        "2021/7/20 16:05",
        "隧道进水",
        "京广南路隧道",
        "113.66",
        "34.72",
        "GCJ-02",
        "１３９００００００００",
        "王警官",
    )
    assert told.occurred_at is not None and told.occurred_at.isoformat() == "2021-07-20T16:05:00+08:00"
    assert told.words == "隧道进水\n处警民警: 王警官" and told.channel == "file"
    assert told.datum == "gcj02" and told.lon is not None and abs(told.lon - 113.654) < 0.003
    assert told.caller_phone == "13900000000" and "time_zone_assumed" in told.flags


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021年7月20日16时5分", "2021-07-20T16:05:00+08:00"),
        ("2021.07.20 16:05:09", "2021-07-20T16:05:09+08:00"),
        ("2021-07-20", "2021-07-20T00:00:00+08:00"),
        ("２０２１-07-20 8点", "2021-07-20T08:00:00+08:00"),
        ("2021-07-20T16:05:00Z", "2021-07-20T16:05:00+00:00"),
    ],
)
def test_times_as_people_write_them(written, read):
    told = line(written, "进水")
    assert told.occurred_at is not None and told.occurred_at.isoformat() == read


@pytest.mark.parametrize("written", ["昨天下午", "2021-13-40", "20 July", "2021-07-20 25:61"])
def test_a_time_that_is_none_is_flagged_and_kept(written):
    told = line(written, "进水")
    assert told.occurred_at is None and "unreadable_occurred_at" in told.flags and written in told.raw


def test_a_name_where_a_code_was_promised_is_words_about_the_place():
    heads = ("区划代码", "地址", "内容")
    told = read_line(heads, ("金水区", "花园路", "进水"), match(heads))
    assert (told.place, told.place_words) == ("", "金水区 花园路")
    assert read_line(heads, ("410105", "", "进水"), match(heads)).place == "410105"


def test_a_line_longer_or_shorter_than_the_headings_loses_nothing():
    told = line("", "进水", "", "", "", "", "", "", "多出来的")
    assert "多出来的" in told.words
    assert "进水" in line("", "进水").words


def test_canary_without_the_rest_a_column_nobody_matched_would_be_lost():
    told = read_line(("甲", "乙"), ("水深一米", "无人被困"), {})
    assert told.words == "甲: 水深一米\n乙: 无人被困"
