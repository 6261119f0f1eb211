"""Whose address counts behind the operator's proxies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.doors.entry.addresses import find_caller, read_proxies

PROXIES = read_proxies("127.0.0.1, 10.0.0.0/8, ::1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "told", "caller"),
    [
        ("198.51.100.7", [b"203.0.113.9"], "198.51.100.7"),  # no proxy of ours: its word is nothing
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [b"203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", [b"203.0.113.250, 203.0.113.9"], "203.0.113.9"),  # the left one the caller wrote
        ("127.0.0.1", [b"203.0.113.9, 10.1.2.3"], "203.0.113.9"),  # two proxies, one behind the other
        ("127.0.0.1", [b"203.0.113.9", b"10.1.2.3"], "203.0.113.9"),  # in two headers
        ("127.0.0.1", [b"10.9.9.9, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        ("127.0.0.1", [b"203.0.113.9:4711"], "203.0.113.9"),
        ("::1", [b"[2001:db8::5]:4711"], "2001:db8::5"),
        ("::ffff:127.0.0.1", [b"2001:DB8:0::5"], "2001:db8::5"),
        ("127.0.0.1", [b"nobody"], "127.0.0.1"),
        ("127.0.0.1", [b"203.0.113.9, unknown"], "127.0.0.1"),
        ("", [b"203.0.113.9"], ""),
    ],
)
def test_only_what_a_named_proxy_says_counts(peer, told, caller):
    assert find_caller(peer, told, PROXIES) == caller


def test_without_proxies_nobodys_word_counts():
    assert find_caller("127.0.0.1", [b"203.0.113.9"], ()) == "127.0.0.1"


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_nothing_that_is_sent_breaks_it(told):
    assert find_caller("127.0.0.1", told, PROXIES)


@pytest.mark.parametrize("text", ["proxy", "10.0.0.1/8", "10.0.0.0/8, ,x", "300.1.1.1"])
def test_what_is_no_address_is_named(text):
    with pytest.raises(ValueError, match="JINGWEI_PROXIES"):
        read_proxies(text)


def test_none_are_none():
    assert read_proxies("") == read_proxies(" , ") == ()
