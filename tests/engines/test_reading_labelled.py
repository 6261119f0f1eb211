"""Against messages that people labelled: numbers of people, and the words of a real call centre."""

import pytest

from bench.reading import bench, tweets
from bench.reading.scoring import accuracy, confusion, f1, macro_f1, table
from bench.run import Result
from jingwei.engines.reading import read_kinds

#: Titles of real calls and the beginning of the code that each must lead to.
TITLES = {
    "Fire: VEHICLE ACCIDENT": "12H",
    "Traffic: VEHICLE ACCIDENT -": "12H",
    "Traffic: VEHICLE FIRE -": "12H04",
    "Fire: GAS-ODOR/LEAK": "12P09",
    "Fire: WOODS/FIELD FIRE": "11G",
    "Fire: BUILDING FIRE": "12G",
    "Fire: CARBON MONOXIDE DETECTOR": "13C03",
    "Fire: RESCUE - ELEVATOR": "12N04",
    "Fire: RESCUE - WATER": "12J",
    "EMS: HAZARDOUS MATERIALS INCIDENT": "12D",
    "Fire: ELECTRICAL FIRE OUTSIDE": "12",
    "Traffic: HAZARDOUS ROAD CONDITIONS -": "11B21",
    "EMS: ASSAULT VICTIM": "14B",
    "EMS: ANIMAL BITE": "13E09",
}


@pytest.mark.parametrize(("title", "code"), TITLES.items())
def test_the_title_of_a_real_call_leads_to_its_kind(title, code):
    found = read_kinds(title).kinds
    assert max(found, key=found.__getitem__).startswith(code), found


@pytest.mark.shared
def test_numbers_of_people_agree_with_a_reader():
    result = Result(bench="reading")
    bench._counts(result, {t.id: t for t in tweets.list_tweets()})
    assert result.figures["counts_precision"] >= 0.9
    assert result.figures["counts_recall"] >= 0.7


@pytest.mark.shared
def test_the_check_of_numbers_fails_when_nothing_is_read(monkeypatch):
    """Canary."""
    monkeypatch.setattr(bench, "read_facts", lambda text: ())
    result = Result(bench="reading")
    bench._counts(result, {t.id: t for t in tweets.list_tweets()})
    assert result.figures["counts_recall"] == 0


def test_scores_are_what_one_counts_by_hand():
    truth, said = ["a", "a", "b", "b"], ["a", "b", "b", "b"]
    assert accuracy(truth, said) == 0.75
    assert f1(truth, said, "b") == (2 / 3, 1.0, 0.8)
    assert round(macro_f1(truth, said), 4) == 0.7333
    assert confusion(truth, said) == {"a": {"a": 1, "b": 1}, "b": {"a": 0, "b": 2}}
    assert "| a | 1 | 1 |" in table(confusion(truth, said))
