"""Three values: a table drawn by hand, then what must hold of every table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines.conditions import Condition, all_of, any_of, evaluate, holds, is_number, threshold


def row(id: str, group: str, metric: str, op: str, value: str) -> Condition:
    return Condition(id=id, group=group, metric=metric, op=op, value=value)


#: Drawn by hand: (10 <= dead < 30) or (loss >= 50) or (a person finds the dam broken).
HAND = [
    row("R1", "a", "dead", ">=", "10"),
    row("R2", "a", "dead", "<", "30"),
    row("R3", "b", "loss", ">=", "50"),
    row("R4", "c", "dam", "==", "true"),
]


@pytest.mark.parametrize(
    ("facts", "expected", "because", "missing", "judgement"),
    [
        ({"dead": 10}, True, ("R1", "R2"), (), ()),
        ({"dead": 29}, True, ("R1", "R2"), (), ()),
        ({"dead": 9, "loss": 50}, True, ("R3",), (), ()),
        ({"dead": 9, "loss": 49.9, "dam": False}, False, ("R1", "R3", "R4"), (), ()),
        ({"dead": 30, "loss": 0, "dam": False}, False, ("R2", "R3", "R4"), (), ()),
        ({}, None, (), ("dead", "loss"), ("R4",)),
        ({"dead": 9}, None, (), ("loss",), ("R4",)),
        ({"dead": 9, "loss": 1}, None, (), (), ("R4",)),
        ({"dam": True}, True, ("R4",), (), ()),
        ({"dead": None, "loss": 1, "dam": False}, None, (), ("dead",), ()),
    ],
)
def test_hand_drawn_table(facts, expected, because, missing, judgement):
    found = evaluate(HAND, facts)
    assert (found.holds, found.because, found.missing, found.judgement) == (
        expected,
        because,
        missing,
        judgement,
    )


@pytest.mark.parametrize(
    ("op", "value", "below", "at", "above"),
    [
        (">=", "30", False, True, True),
        (">", "30", False, False, True),
        ("<=", "30", True, True, False),
        ("<", "30", True, False, False),
        ("==", "30", False, True, False),
        (">=", "-5", True, True, True),
    ],
)
def test_each_comparison_on_both_sides(op, value, below, at, above):
    rule = row("R", "a", "m", op, value)
    assert [holds(rule, {"m": m}) for m in (29.999, 30, 30.001)] == [below, at, above]


@pytest.mark.parametrize(
    ("m", "expected"), [(159, False), (160, True), (180, True), (200, True), (200.5, False), (None, None)]
)
def test_between_includes_both_ends(m, expected):
    assert holds(row("R", "a", "m", "between", "160-200"), {"m": m}) is expected


def test_words_wait_for_a_person_and_a_person_decides():
    level = row("R", "a", "intake", ">=", "prefecture_city")
    assert not is_number(level)
    assert evaluate([level], {"intake": 3}).judgement == ("R",)
    assert holds(level, {}, {"R": True}) is True
    assert holds(level, {}, {"R": False}) is False


def test_a_word_is_compared_only_for_being_the_same():
    border = row("R", "a", "border", "==", "provincial")
    assert holds(border, {"border": "provincial"}) is True
    assert holds(border, {"border": "international"}) is False


def test_a_person_never_overrides_a_figure():
    assert holds(row("R", "a", "dead", ">=", "10"), {"dead": 3}, {"R": True}) is False


@pytest.mark.parametrize("given_value", ["ten", True, float("nan"), None])
def test_what_cannot_be_compared_is_unknown(given_value):
    assert holds(row("R", "a", "dead", ">=", "10"), {"dead": given_value}) is None


def test_no_rows_hold_for_nothing():
    assert evaluate([], {"dead": 100}).holds is False


def test_thresholds_are_read_as_written():
    assert [threshold(v) for v in ("30", "7.0", "-5", "true", "160-200", "some_risk", "")] == [
        30.0,
        7.0,
        -5.0,
        True,
        (160.0, 200.0),
        "some_risk",
        "",
    ]


TRUTHS = st.lists(st.sampled_from([True, False, None]), max_size=6)


@given(TRUTHS)
def test_and_and_or_agree_with_every_way_to_fill_the_gaps(truths):
    """Kleene: unknown exactly when filling the gaps one way or another could... decide differently."""
    filled = [[]]
    for truth in truths:
        filled = [[*f, v] for f in filled for v in ([True, False] if truth is None else [truth])]
    for kleene, plain in ((all_of, all), (any_of, any)):
        outcomes = {plain(f) for f in filled}
        assert kleene(truths) is (outcomes.pop() if len(outcomes) == 1 else None)


METRICS = ("dead", "hurt", "loss")
ROWS = st.lists(
    st.builds(
        Condition,
        id=st.uuids().map(str),
        group=st.sampled_from("abc"),
        metric=st.sampled_from(METRICS),
        op=st.sampled_from([">=", "<=", ">", "<", "=="]),
        value=st.integers(0, 20).map(str),
    ),
    min_size=1,
    max_size=8,
)
FACTS = st.dictionaries(st.sampled_from(METRICS), st.one_of(st.none(), st.integers(0, 20)), max_size=3)


@given(ROWS, FACTS, FACTS)
def test_more_knowledge_never_turns_an_answer_round(rows, facts, more):
    before = evaluate(rows, facts).holds
    after = evaluate(rows, more | {m: v for m, v in facts.items() if v is not None}).holds
    if before is not None:
        assert after is before


@given(ROWS, FACTS)
def test_an_open_verdict_names_what_is_missing_and_a_closed_one_its_reason(rows, facts):
    found = evaluate(rows, facts)
    assert bool(found.missing or found.judgement) == (found.holds is None)
    assert bool(found.because) == (found.holds is not None)
    assert all(facts.get(metric) is None for metric in found.missing)


@given(ROWS, FACTS, st.integers(0, 20))
def test_raising_a_figure_keeps_a_table_of_lower_bounds_true(rows, facts, more):
    rows = [Condition(id=r.id, group=r.group, metric=r.metric, op=">=", value=r.value) for r in rows]
    raised = {m: None if v is None else v + more for m, v in facts.items()}
    if evaluate(rows, facts).holds is True:
        assert evaluate(rows, raised).holds is True
