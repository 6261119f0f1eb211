"""What is noticed about a report; nothing is refused."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.reports import rules
from jingwei.apps.reports.facts import Claim, Told
from jingwei.apps.reports.rules import Announced
from jingwei.kernel.canonical import salted_digest

AT = datetime(2021, 7, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("occurred", "flags"),
    [
        (None, ["time_assumed"]),
        (AT, []),
        (AT - timedelta(days=3), []),
        (AT + rules.FUTURE_SLACK, []),
        (AT + rules.FUTURE_SLACK + timedelta(seconds=1), ["time_in_future"]),
    ],
)
def test_time_of_the_event(occurred, flags):
    assert rules.time_flags(Told(occurred_at=occurred), at=AT) == flags


@pytest.mark.parametrize(
    ("off", "flag"),
    [
        (timedelta(0), []),
        (timedelta(minutes=10), []),
        (timedelta(minutes=11), ["clock_off"]),
        (timedelta(hours=1), ["clock_hours_off"]),
        (timedelta(hours=1, minutes=4), ["clock_hours_off"]),
        (timedelta(hours=1, minutes=5), ["clock_off"]),
        (-timedelta(hours=8), ["clock_hours_off"]),
    ],
)
def test_the_senders_clock(off, flag):
    assert rules.time_flags(Told(occurred_at=AT, sent_at=AT + off), at=AT) == flag


@pytest.mark.parametrize(
    ("told", "known", "scope", "flags"),
    [
        (Told(), False, "4101", ["place_missing"]),
        (Told(site="zz-tunnel"), False, "4101", []),
        (Told(place="410105"), True, "4101", []),
        (Told(place="410105999"), False, "4101", ["place_unknown"]),
        (Told(place="金水区"), False, "4101", ["place_unknown"]),
        (Told(place="4102"), True, "4101", ["outside_area"]),
        (Told(place="41"), True, "4101", []),
        (Told(place="410100"), True, "4101", []),
        (Told(lon=113.6, lat=34.7, datum="wgs84"), False, "", []),
        (Told(lon=113.6, lat=34.7), False, "", ["datum_unstated"]),
        (Told(lon=213.6, lat=34.7, datum="wgs84"), False, "", ["point_impossible"]),
        (Told(lon=113.6, datum="wgs84"), False, "", ["point_impossible"]),
    ],
)
def test_the_place(told, known, scope, flags):
    assert rules.place_flags(told, known=known, scope=scope) == flags


def test_unknown_codes_are_kept_and_flagged():
    assert rules.kind_flags(Told(kind="99Z99"), known=False) == ["kind_unknown"]
    assert rules.kind_flags(Told(), known=False) == ["kind_missing"]
    assert rules.kind_flags(Told(kind="11B03"), known=True) == []


def test_characters_no_database_takes_are_escaped_and_flagged():
    told = rules.clean(Told(words="水\x00涨\ud800了", figures=(Claim(measure="dea\x00ths", value=1),)))
    assert told.words == "水\\u0000涨\\ud800了"
    assert told.figures[0].measure == "dea\\u0000ths"
    assert told.flags == ("characters_escaped",)
    clean = Told(words="水涨了 🌊")
    assert rules.clean(clean) == clean


def texts_of(struct: type[msgspec.Struct]) -> list[str]:
    return [one.name for one in msgspec.structs.fields(struct) if one.type is str]


@pytest.mark.parametrize("name", texts_of(Told))
def test_no_text_of_a_report_is_left_with_what_no_database_takes(name):
    told = rules.clean(Told(**{name: "水\x00"}))
    assert (getattr(told, name), told.flags) == ("水\\u0000", ("characters_escaped",))


@pytest.mark.parametrize("name", texts_of(Claim))
def test_no_text_of_a_figure_is_left_with_what_no_database_takes(name):
    told = rules.clean(Told(figures=(Claim(**{"measure": "deaths", "value": 1, name: "\x00\udc00"}),)))
    assert getattr(told.figures[0], name) == "\\u0000\\udc00" and told.flags == ("characters_escaped",)


@pytest.mark.parametrize("name", ["occurred_at", "sent_at"])
def test_a_time_is_kept_as_an_instant_that_every_database_takes(name):
    odd = datetime(418, 5, 28, 3, 42, 55, tzinfo=timezone(-timedelta(hours=17, minutes=52)))
    told = rules.clean(Told(**{name: odd}))
    assert getattr(told, name) == odd and getattr(told, name).utcoffset() == timedelta(0)
    outside = rules.clean(Told(**{name: datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=21)))}))
    assert getattr(outside, name) is None


@given(st.text(alphabet=st.characters(), max_size=200))
def test_cleaned_text_can_always_be_stored(text):
    cleaned, changed = rules.clean_text(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert changed == (cleaned != text)


def test_a_retry_has_the_same_digest_and_other_words_another():
    first = Told(key="7", words="水涨了", sent_at=AT)
    assert rules.content_digest(first) == rules.content_digest(Told(key="7", words="水涨了"))
    assert rules.content_digest(first) != rules.content_digest(Told(key="7", words="水退了"))


@pytest.mark.parametrize(
    ("told", "unreadable"),
    [
        (Told(raw="{half"), True),
        (Told(raw="{…}", words="水涨了"), False),
        (Told(raw="{…}", figures=(Claim(measure="deaths", value=1),)), False),
        (Told(), False),
    ],
)
def test_what_nobody_can_read_goes_to_quarantine(told, unreadable):
    assert rules.is_unreadable(told) is unreadable


@pytest.mark.parametrize(
    ("name", "phone", "shown"),
    [("王小明", "13612342071", ("王**", "136****71")), ("", "", ("", "")), ("李", "110", ("李", "***"))],
)
def test_callers_are_masked(name, phone, shown):
    assert (rules.mask_name(name), rules.mask_phone(phone)) == shown


def announced(**changes) -> Announced:
    fields = {
        "report_id": "a", "type": "response", "organization": "4101-fz", "kind": "11B03", "place": "4101",
        "level": 1, "from_level": 2, "number": None, "at": AT, "precision": "minute", "source": "A",
        "evidence": "seen", "words": "",
    }  # fmt: skip
    return Announced(**(fields | changes))


def test_two_sources_of_one_announcement_stand_side_by_side():
    later = announced(report_id="b", at=AT + timedelta(minutes=30), source="B")
    assert [len(g) for g in rules.group_announcements([later, announced()])] == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"at": AT + rules.SAME_ANNOUNCEMENT + timedelta(seconds=1)},
        {"level": 2, "from_level": 3},
        {"organization": "41-fz"},
        {"source": "A"},
        {"type": "warning"},
    ],
)
def test_two_announcements_stay_two(other):
    one = announced(**{"report_id": "b", "source": "B", "at": AT + timedelta(minutes=30)} | other)
    assert [len(g) for g in rules.group_announcements([announced(), one])] == [1, 1]


def test_the_digest_of_the_content_is_that_of_the_canonical_form():
    """Written by a form of its own; what stands under a key from before must be known by it."""
    for one in (
        Told(words="水"),
        Told(words="水", lon=113.642_137_25, lat=34.7, figures=(Claim("deaths", 3.0, "人"),), flags=("odd",)),
        Told(level=10**30, lon=1e300, occurred_at=datetime(2021, 7, 20, 8, 0, 0, 5, tzinfo=UTC)),
    ):
        said = msgspec.to_builtins(one)
        covered = {name: said[name] for name in said if name not in ("key", "sent_at", "flags")}
        assert rules.content_digest(one) == salted_digest(covered, b"")
        assert rules.content_digest(one) != salted_digest(covered | {"number": 7}, b""), "canary"
