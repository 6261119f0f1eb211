"""The phrase banks: rich, apart from one another, and in the terms of the national codes."""

import csv
import random
from pathlib import Path

import pytest

from bench.storm.numbers import chinese, say_count, say_depth
from bench.storm.parameters import LANGUAGES, kinds, labels, read_parameters, words
from bench.storm.phrases import END, MEASURES, Mark, Slot, all_templates, bank_of, parse
from bench.storm.schedule import TOPICS

CODES = Path(__file__).parents[3] / "src" / "jingwei" / "data" / "rules" / "event-codes.csv"


def codes() -> set[str]:
    with CODES.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def overlap(lang: str, one: str = "dev", other: str = "eval") -> set[str]:
    first, second = ({t.text for t in all_templates(b)[lang]} for b in (one, other))
    return first & second


@pytest.mark.parametrize("lang", LANGUAGES)
def test_development_and_evaluation_share_no_template(lang: str) -> None:
    assert overlap(lang) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_canary_a_shared_template_is_seen(lang: str) -> None:
    assert overlap(lang, "dev", "dev")


def test_the_cities_share_no_name() -> None:
    roles = ("stem", "district", "county", "nickname", "common")
    dev, eva = ({r["zh"] for r in words(f"city_{b}") if r["role"] in roles} for b in ("dev", "eval"))
    assert dev & eva == set()


def test_every_kind_and_the_class_above_it_is_a_national_code() -> None:
    known = codes()
    assert len(kinds()) >= 25
    for kind in kinds():
        assert kind.code in known
        assert kind.code[:3] + "00" in known


@pytest.mark.parametrize("bank", ["dev", "eval"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_group_has_twenty_ways_to_be_told(bank: str, lang: str) -> None:
    spoken = bank_of(bank, lang)
    for group in {k.group for k in kinds()}:
        abouts = [group, *(k.code for k in kinds() if k.group == group)]
        assert sum(len(spoken.rows["core", about]) for about in abouts) >= 20, group
        for about in abouts:
            assert spoken.cores[about, True] and spoken.cores[about, False], about


@pytest.mark.parametrize("bank", ["dev", "eval"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_templates_use_known_slots_and_close_their_marks(bank: str, lang: str) -> None:
    allowed = {"p", "n", "s", "old", "t", "a", "b", "k", "d"}
    for template in all_templates(bank)[lang]:
        depth = 0
        for part in template.parts:
            if part == END:
                depth -= 1
            elif isinstance(part, Mark):
                depth += 1
            elif isinstance(part, Slot):
                assert part.name in allowed, template.text
            assert depth in (0, 1), template.text
        assert depth == 0, template.text
        if template.role in ("fact", "neg", "update"):
            assert any(isinstance(p, Mark) and p != END and not p.measure for p in template.parts), (
                template.text
            )
        if template.role == "core":
            assert "{p}" in template.text


@pytest.mark.parametrize("bank", ["dev", "eval"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fact_and_label_can_be_said(bank: str, lang: str) -> None:
    spoken = bank_of(bank, lang)
    for measure in MEASURES:
        assert spoken.rows["fact", measure], measure
    for kind in kinds():
        for measure in set(kind.facts) & {"need", "vulnerable", "hazmat"}:
            for label in labels(measure, kind):
                assert spoken.slots(measure, label), (measure, label)
    for topic in TOPICS:
        assert len(spoken.rows["rumour", topic]) >= 3


def test_marks_and_slots_are_read() -> None:
    assert parse("a[depth=0.5:b{n}]c") == ("a", Mark("depth", "0.5"), "b", Slot("n"), END, "c")
    assert parse("[{n} in]") == (Mark("", ""), Slot("n"), " in", END)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (2003, "二千零三"),
    ],
)
def test_chinese_numerals(number: int, said: str) -> None:
    assert chinese(number) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_said_counts_hold_what_they_mean(lang: str) -> None:
    rng, p = random.Random(1), read_parameters()
    exact = 0
    for _ in range(2000):
        number = rng.randint(1, 120)
        said = say_count(number, lang, rng, p)
        assert said.words and said.low <= said.high
        if said.low < said.high:
            assert said.low <= number <= said.high
        exact += said.low == said.high == number
    assert 0.6 < exact / 2000 < 0.85


@pytest.mark.parametrize("lang", LANGUAGES)
def test_said_depths_are_near(lang: str) -> None:
    rng = random.Random(2)
    for _ in range(500):
        metres = rng.uniform(0.3, 3)
        assert say_depth(metres, lang, rng).low == pytest.approx(metres, abs=0.2)
