"""Leaves made from a database's texts are the same bytes as those made from values."""

import json
import uuid
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.engines.merkle import ENTRY_1, TEXT_1, SealedEntry, entry_leaf, leaf_of_texts
from jingwei.kernel.canonical import canonical

BY = uuid.UUID("01935b1e-0000-7000-8000-000000000002")
AT = datetime(2026, 11, 22, 8, 0, 0, 5, tzinfo=UTC)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def texts_of(entry: SealedEntry, **dumps: object) -> list[str | None]:
    return [
        str(entry.id), entry.node, entry.kind, entry.subject, json.dumps(entry.body, **dumps),
        json.dumps(entry.rows, **dumps), str(entry.by) if entry.by else None, canonical(entry.at),
        canonical(entry.recorded_at),
    ]  # fmt: skip


def entry_of(body: dict, rows: list, subject: str = "s", by: uuid.UUID | None = BY) -> SealedEntry:
    return SealedEntry(
        id=BY, node="河", kind="a.b/1", subject=subject, body=body, rows=rows, by=by, at=AT, recorded_at=AT
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4), st.text(), st.booleans(), st.booleans())
def test_both_ways_give_the_same_bytes(body, subject, ascii_only, signed):
    entry = entry_of(body, [{"model": "m", "v": 1}], subject, BY if signed else None)
    assert leaf_of_texts(texts_of(entry, ensure_ascii=ascii_only)) == entry_leaf(entry)


def test_the_hard_numbers_and_letters():
    body = {"a": 1e16, "b": -0.0, "c": 3.0, "d": 1e-7, "e": 10**30, "f": 5e300}
    body |= {"g": "\ud800", "h": "\u2028\x7f\x00/"}
    entry = entry_of(body, [])
    leaf = leaf_of_texts(texts_of(entry))
    assert leaf == entry_leaf(entry) and leaf.startswith(ENTRY_1)


def test_what_cannot_be_read_gets_a_leaf_of_its_own_form():
    good = texts_of(entry_of({}, []))
    bad_body = [(4, "{"), (4, None), (4, b"\x00"), (4, '{"a": 1e999}')]
    for place, bad in [*bad_body, (0, "x"), (7, "yesterday"), (1, 7)]:
        texts = list(good)
        texts[place] = bad  # type: ignore[call-overload]
        assert leaf_of_texts(texts).startswith(TEXT_1)
    assert leaf_of_texts(good).startswith(ENTRY_1)
