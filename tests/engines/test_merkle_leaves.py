"""What is sealed of an entry: one form, whatever the database does with numbers, and nothing left out."""

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.engines.merkle import ENTRY_1, SealedEntry, entry_leaf

ENTRY = SealedEntry(
    id=uuid.UUID("01935b1e-0000-7000-8000-000000000001"),
    node="river.example",
    kind="incidents.graded/1",
    subject="01935b1e-0000-7000-8000-0000000000aa",
    body={
        "grade": 2,
        "deaths": 3,
        "lon": 112.3456789,
        "place": "河口镇",
        "note": None,
        "clauses": ["a", "b"],
    },
    rows=[{"model": "incidents.Incident", "id": "x", "v": 1, "digest": "ab" * 32}],
    by=uuid.UUID("01935b1e-0000-7000-8000-000000000002"),
    at=datetime(2026, 11, 22, 8, 0, 0, 5, tzinfo=UTC),
    recorded_at=datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC),
)

#: The form for ever: if this changes, every proof ever handed out stops holding. A new form is ENTRY_2.
GOLDEN = (
    "jingwei entry/1\n"
    '{"at":"2026-11-22T08:00:00.000005+00:00",'
    '"body":{"clauses":["a","b"],"deaths":3,"grade":2,"lon":112.3456789,"note":null,"place":"河口镇"},'
    '"by":"01935b1e-0000-7000-8000-000000000002","id":"01935b1e-0000-7000-8000-000000000001",'
    '"kind":"incidents.graded/1","node":"river.example","recorded_at":"2026-11-22T08:00:01.000000+00:00",'
    '"rows":[{"digest":"' + "ab" * 32 + '","id":"x","model":"incidents.Incident","v":1}],'
    '"subject":"01935b1e-0000-7000-8000-0000000000aa"}'
)


def leaf_of(**changes):
    return entry_leaf(msgspec.structs.replace(ENTRY, **changes))


def test_the_form_is_fixed():
    assert entry_leaf(ENTRY).decode() == GOLDEN


CHANGES = [
    {"id": uuid.UUID(int=1)},
    {"node": "hill.example"},
    {"kind": "incidents.graded/2"},
    {"subject": ""},
    {"body": {**ENTRY.body, "lon": 112.3456788}},
    {"body": {**ENTRY.body, "deaths": "3"}},
    {"body": {**ENTRY.body, "deaths": True}},
    {"body": {k: v for k, v in ENTRY.body.items() if k != "note"}},
    {"body": {**ENTRY.body, "clauses": ["b", "a"]}},
    {"rows": []},
    {"rows": [{**ENTRY.rows[0], "v": 2}]},
    {"by": None},
    {"at": ENTRY.at + timedelta(microseconds=1)},
    {"recorded_at": ENTRY.recorded_at - timedelta(microseconds=1)},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: next(iter(c)))
def test_every_change_shows(change):
    assert leaf_of(**change) != entry_leaf(ENTRY)


def test_all_columns_are_sealed():
    """Canary: a column added to the values and forgotten in the leaf would be free to change."""
    sealed = json.loads(entry_leaf(ENTRY).removeprefix(ENTRY_1))
    assert set(sealed) == set(SealedEntry.__struct_fields__)
    assert {next(iter(change)) for change in CHANGES} == set(sealed)


def test_the_same_moment_in_another_zone_is_the_same_leaf():
    assert leaf_of(at=ENTRY.at.astimezone(timezone(timedelta(hours=8)))) == entry_leaf(ENTRY)


#: What PostgreSQL's jsonb, which keeps numbers as decimals, gives back for what was written.
AS_POSTGRES = [(3.0, 3), (-0.0, 0.0), (1e16, 10**16), (1e23, 10**23), (1e-7, 0.0000001), (2.50, 2.5)]


@pytest.mark.parametrize(("written", "back"), AS_POSTGRES)
def test_numbers_come_back_from_any_database_as_the_same_leaf(written, back):
    assert leaf_of(body={"x": [written]}) == leaf_of(body={"x": [back]})


def bodies(most=None):
    numbers = st.floats(allow_nan=False, allow_infinity=False) if most is None else st.floats(-most, most)
    plain = st.none() | st.booleans() | st.integers() | numbers | st.text(max_size=5)
    values = st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    )
    return st.dictionaries(st.text(max_size=3), values, max_size=3)


@given(bodies())
@settings(max_examples=80, deadline=None)
def test_a_body_stored_as_json_text_reads_back_to_the_same_leaf(body):
    assert leaf_of(body=json.loads(json.dumps(body))) == leaf_of(body=body)


@given(bodies(1e15), bodies(1e15))
@settings(max_examples=80, deadline=None)
def test_different_bodies_are_different_leaves(one, other):
    def plain(body):
        return json.dumps(json.loads(entry_leaf(msgspec.structs.replace(ENTRY, body=body))[16:])["body"])

    same = one == other and plain(one) == plain(other)  # True == 1 in Python, not in JSON
    assert (leaf_of(body=one) == leaf_of(body=other)) is same


def test_half_a_surrogate_pair_does_not_stop_the_sealing():
    assert leaf_of(body={"x": "\ud800"}) != leaf_of(body={"x": "\udfff"})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError):
        leaf_of(body={"x": value})


@pytest.mark.parametrize("body", [{"x": b"raw"}, {"x": ENTRY.at}])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(TypeError):
        leaf_of(body=body)


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError):
        leaf_of(at=ENTRY.at.replace(tzinfo=None))
