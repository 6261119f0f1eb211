"""The checker on partitions one can draw by hand."""

from typing import Any

import pytest

from bench.storm.checker import limits, pooled_wrong_merges, score, wilson_upper


def row(
    incident: int | None, *, life: bool = False, lang: str = "zh", copy: int | None = None
) -> dict[str, Any]:
    return {"incident": incident, "life_critical": life, "lang": lang, "duplicate_of": copy}


def test_the_true_partition_is_perfect() -> None:
    truth = [row(1, life=True), row(1, lang="en"), row(2, life=True), row(None)]
    figures = score(truth, ["a", "a", "b", None])
    assert figures["b3_f1"] == figures["b3_zh_f1"] == figures["b3_en_f1"] == 1
    assert figures["incident_recall"] == figures["life_critical_recall"] == 1
    assert figures["life_critical_wrong_merges"] == figures["noise_joined"] == 0


def test_b_cubed_by_hand() -> None:
    """Incidents {0,1,2} and {3,4}; clusters {0,1}, {2,3,4}."""
    truth = [row(1), row(1), row(1), row(2), row(2)]
    figures = score(truth, ["a", "a", "b", "b", "b"])
    assert figures["b3_precision"] == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert figures["b3_recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert figures["incident_recall"] == pytest.approx((2 / 3 + 1) / 2)


def test_one_heap_has_recall_and_no_precision() -> None:
    truth = [row(n, life=True) for n in range(10)]
    figures = score(truth, ["heap"] * 10)
    assert figures["b3_recall"] == 1
    assert figures["b3_precision"] == pytest.approx(0.1)
    assert figures["life_critical_recall"] == 0
    assert figures["life_critical_wrong_merges"] == 10


def test_all_alone_finds_everything_but_keeps_nothing_together() -> None:
    truth = [row(1, life=True) for _ in range(4)]
    figures = score(truth, [None] * 4)
    assert figures["b3_precision"] == 1
    assert figures["b3_recall"] == pytest.approx(0.25)
    assert figures["life_critical_recall"] == 1
    assert figures["life_critical_kept_together"] == 0


def test_noise_is_no_element_but_its_company_is_counted() -> None:
    truth = [row(1), row(1), row(None), row(None)]
    figures = score(truth, ["a", "a", "a", "z"])
    assert figures["b3_f1"] == 1
    assert figures["noise_joined"] == 0.5


def test_a_flood_that_drowns_an_incident_is_seen() -> None:
    truth = [row(1, life=True), *(row(None) for _ in range(5))]
    assert score(truth, ["a"] * 6)["life_critical_recall"] == 0


def test_what_a_gateway_sent_twice_counts_once() -> None:
    truth = [row(1), row(1, copy=0), row(2)]
    assert score(truth, ["a", "b", "c"])["b3_f1"] == 1


def test_a_small_incident_swallowed_by_a_large_one_is_a_wrong_merge() -> None:
    truth = [*(row(1, life=True) for _ in range(9)), row(2, life=True), row(3, life=True)]
    figures = score(truth, ["a"] * 10 + ["b"])
    assert figures["life_critical_wrong_merges"] == 2
    assert figures["life_critical_incidents"] == 3


def test_a_merge_with_a_harmless_incident_is_not_one_of_life_critical_ones() -> None:
    assert score([row(1, life=True), row(2)], ["a", "a"])["life_critical_wrong_merges"] == 0


def test_languages_are_told_apart() -> None:
    truth = [row(1), row(1), row(2, lang="en"), row(2, lang="en")]
    figures = score(truth, ["a", "a", "b", "c"])
    assert figures["b3_zh_f1"] == 1
    assert figures["b3_en_recall"] == 0.5
    assert figures["zh_en_f1_difference"] == pytest.approx(1 - 2 / 3)


def test_questions_per_thousand() -> None:
    assert score([row(1)] * 500, ["a"] * 500, questions=4)["person_questions_per_1000_reports"] == 8


def test_an_answer_for_every_report() -> None:
    with pytest.raises(ValueError, match="2 reports, 1 answers"):
        score([row(1), row(1)], ["a"])


def test_names_of_clusters_do_not_matter() -> None:
    truth = [row(n % 3) for n in range(30)]
    labels = [(n * 7) % 5 for n in range(30)]
    assert score(truth, labels) == score(truth, [f"x{9 - k}" for k in labels])


@pytest.mark.parametrize(
    ("events", "trials", "upper"),
    [(0, 10, 0.2775), (0, 3838, 0.001), (1, 10, 0.4042), (10, 10, 1.0), (0, 0, 1.0)],
)
def test_wilson_upper(events: int, trials: int, upper: float) -> None:
    """Values of the textbook formula, to four places."""
    assert wilson_upper(events, trials) == pytest.approx(upper, abs=5e-5)


def test_wrong_merges_are_pooled_over_seeds() -> None:
    one = {"life_critical_wrong_merges": 0.0, "life_critical_incidents": 5.0}
    assert pooled_wrong_merges([one, one]) == wilson_upper(0, 10)


def test_limits_hold_the_mean_and_name_the_worst() -> None:
    found = limits([0.9, 0.92, 0.94, 0.96])
    assert found.low <= found.mean <= found.high
    assert found.mean == pytest.approx(0.93)
    assert found.worst == 0.9
    assert limits([0.1, 0.2], higher_is_better=False).worst == 0.2
    assert limits([0.5] * 9)[:3] == (0.5, 0.5, 0.5)
    assert found == limits([0.9, 0.92, 0.94, 0.96])


def test_canary_every_single_move_away_from_truth_costs() -> None:
    truth = [row(n // 4, life=True) for n in range(12)]
    right = [n // 4 for n in range(12)]
    assert score(truth, right)["b3_f1"] == 1
    for n in range(12):
        moved = list(right)
        moved[n] = (moved[n] + 1) % 3
        assert score(truth, moved)["b3_f1"] < 1
