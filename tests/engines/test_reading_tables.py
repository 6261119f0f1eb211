"""The tables of words: every row has its source, every code is one, the short form is written out in full."""

import csv
from importlib.resources import files

import pytest

from jingwei.engines.reading.kinds import known_kinds
from jingwei.engines.reading.lexicon import Lexicon
from jingwei.engines.reading.tables import rows, spell
from jingwei.kernel.codes import is_kind_code

TABLES = (
    "kinds",
    "kind-words-zh",
    "kind-words-en",
    "fact-words",
    "denials",
    "depths",
    "urgency",
    "manner",
    "need-items",
    "need-units",
    "need-words",
    "topics",
    "place-words",
    "variants",
)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from(name):
    assert rows(name)
    assert unsourced(rows(name)) == []


def unsourced(table):
    return [row for row in table if not (row["source"] or "").strip() or None in row]


def test_the_check_of_sources_finds_a_row_without_one():
    """Canary."""
    assert unsourced([{"words": "火", "source": ""}]) != []


def test_there_is_no_table_that_nobody_reads():
    found = {f.name.removesuffix(".csv") for f in files("jingwei").joinpath("data", "words").iterdir()}
    assert found == set(TABLES)


def test_every_code_of_a_word_is_a_known_kind():
    known = {k.code for k in known_kinds()}
    assert all(is_kind_code(code) for code in known)
    for name in ("kind-words-zh", "kind-words-en"):
        for row in rows(name):
            for part in row["codes"].split():
                code, _, weight = part.partition(":")
                assert float(weight) <= 4, row
                assert code in known or (
                    code.endswith("*") and any(k.startswith(code[:-1]) for k in known)
                ), row


def test_every_kind_can_be_said_in_chinese():
    said = {p.partition(":")[0] for r in rows("kind-words-zh") for p in r["codes"].split()}
    whole = {c[:-1] for c in said if c.endswith("*")}
    unsaid = [k.code for k in known_kinds() if k.code not in said and not k.code.startswith(tuple(whole))]
    assert unsaid == []


def test_the_short_form_is_written_out():
    assert spell("车{翻/坠}|侧翻") == ("车翻", "车坠", "侧翻")
    assert set(spell("{a/b{1/2}}x")) == {"ax", "b1x", "b2x"}
    assert spell("no{/ more}") == ("no", "no more")


def test_no_word_keeps_a_mark_of_the_short_form():
    for name in TABLES:
        for row in rows(name):
            for word in spell(row.get("words") or ""):
                assert not set("{}|/") & set(word), (name, word)


def test_traditional_characters_stand_one_for_one():
    for row in rows("variants"):
        assert len(row["traditional"]) == len(row["simplified"])


def test_the_longest_word_counts_and_none_inside_it():
    lexicon = Lexicon(["火", "着火", "森林着火", "gas", "gas leak", "smell of gas"])
    assert [h.word for h in lexicon.scan("森林着火了，又着火")] == ["森林着火", "着火"]
    assert [h.word for h in lexicon.scan("a smell of gas, gas leak; gasoline")] == [
        "smell of gas",
        "gas leak",
    ]


def test_an_english_word_runs_over_no_end_of_a_sentence():
    lexicon = Lexicon(["house fire", "knee deep"])
    assert lexicon.scan("my house. fire") == []
    assert [h.word for h in lexicon.scan("knee-deep water")] == ["knee deep"]


def test_the_tables_are_plain_csv():
    for name in TABLES:
        text = files("jingwei").joinpath("data", "words", f"{name}.csv").read_text(encoding="utf-8")
        width = {len(r) for r in csv.reader(li for li in text.splitlines() if not li.startswith("#"))}
        assert len(width) == 1, (name, width)
