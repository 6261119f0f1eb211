"""The benchmark of registers asks what it says: the same rows from the same seed, each question timed."""

from itertools import islice

import pytest

from bench.registers import work
from bench.run import list_benchmarks
from jingwei.apps.resources.models import Shelter


def test_the_same_seed_makes_the_same_rows_and_another_others():
    first = list(work.names(500, 7))
    assert first == list(work.names(500, 7)) != list(work.names(500, 8))
    assert len(set(first)) == 500, "no row comes twice"
    assert list(islice(work.names(10_000, 7), 500)) == first, "a larger file begins like a smaller one"


@pytest.mark.django_db
def test_a_question_is_asked_as_often_as_is_said_and_its_answer_is_kept():
    asked = []
    times, processor, count = work._timed(lambda: asked.append(1) or len(asked))
    assert len(asked) == work.ASKED + work.WARMING == count
    assert len(times) == len(processor) == work.ASKED and min(processor) >= 0


@pytest.mark.django_db
def test_a_file_taken_in_and_taken_back_leaves_what_stood():
    standing = Shelter.objects.filter(removed_at__isnull=True)
    before = standing.count()
    told = work.add(20, 7)
    assert (told["added"], told["wrong"], standing.count()) == (20, 0, before)
    assert work.take(20, 7)["added"] == 20 and standing.count() == before + 20, "canary: it is taken back"


def test_it_is_a_benchmark_of_the_command():
    assert "registers" in list_benchmarks()
