"""The oracle: perfect where nothing is hidden, no better than the prior where everything is."""

import math

import pytest

from bench.storm import generate
from bench.storm.checker import score
from bench.storm.oracle import Oracle, partition

SCALE = 0.01
NOISELESS = {
    "volume.noise_share": 0.0,
    "incident.again_share": 0.0,
    "incident.tail_share": 0.0,
    "incident.tau_min": 3.0,
    "time.skew_s": 0.0,
    "time.sent_missing": 0.0,
    "place.unusable": 0.0,
    "place.point_110": 1.0,
    "place.point_12345": 1.0,
    "place.point_app": 1.0,
    "place.point_social": 1.0,
    "place.fine_m": 0.0,
    "place.coarse_share": 0.0,
    "place.wrong_point": 0.0,
    "place.gcj_labelled": 0.0,
    "place.gcj_unlabelled": 0.0,
    "place.exact": 1.0,
    "place.address": 0.0,
    "place.site": 0.0,
    "place.alias": 0.0,
    "place.beside": 0.0,
    "place.street": 0.0,
    "place.vague": 0.0,
    "place.wrong_words": 0.0,
    "place.wrong_building": 0.0,
    "place.names_own_site": 0.0,
    "kind.text_kind": 1.0,
    "kind.text_group": 0.0,
    "kind.text_any": 0.0,
    "kind.text_other": 0.0,
    "kind.given_110": 1.0,
    "kind.field_right": 1.0,
    "kind.field_parent": 0.0,
    "kind.field_group": 0.0,
}
BLIND = {
    "volume.noise_share": 0.0,
    "channel.sensor": 0.0,
    "place.unusable": 1.0,
    "place.district_only": 0.0,
    "kind.text_kind": 0.0,
    "kind.text_group": 0.0,
    "kind.text_any": 1.0,
    "kind.text_other": 0.0,
    "kind.given_110": 0.0,
    "kind.given_12345": 0.0,
    "kind.given_app": 0.0,
    "fact.tell": 0.0,
    "fact.negated": 0.0,
    "fact.rescued": 0.0,
    "time.occurred_given": 0.0,
    "caller.repeat_share": 0.0,
    "caller.relay_share": 0.0,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_perfect_where_nothing_is_hidden(seed: int) -> None:
    storm = generate(seed, "same", SCALE, NOISELESS)
    items = list(storm)
    assert score([i.truth for i in items], partition(storm, items))["b3_f1"] == 1


def test_without_place_and_kind_only_the_prior_is_left() -> None:
    storm = generate(1, "same", SCALE, BLIND)
    items, oracle = list(storm), Oracle(storm)
    answers = oracle.assign(items)
    assert score([i.truth for i in items], answers)["b3_f1"] < 0.5
    for item, answer in zip(items, answers, strict=True):
        if item.truth["seen"]["style"]:
            continue
        clue = oracle.reduce(item)
        prior = [math.log(s.size) + oracle.likelihood.log_time(s, clue) for s in oracle.sources]
        mine = next(n for n, s in enumerate(oracle.sources) if s.label == answer)
        facts = oracle.likelihood.log_facts
        best = max(range(len(prior)), key=lambda n: prior[n] + facts(oracle.sources[n], clue))
        assert mine == best


def test_less_information_never_helps_it_much() -> None:
    found = []
    for unusable in (0.0, 0.3, 0.8):
        storm = generate(4, "same", SCALE, {"place.unusable": unusable})
        items = list(storm)
        found.append(score([i.truth for i in items], partition(storm, items))["b3_f1"])
    assert found[0] > found[1] > found[2]


@pytest.mark.parametrize("regime", ["same", "shifted", "adversarial"])
def test_it_is_far_better_than_one_rule(regime: str) -> None:
    """A rule that knows the kind of the field alone: what everybody could do."""
    storm = generate(6, regime, SCALE)
    items = list(storm)
    truth = [i.truth for i in items]
    rule = [i.report.get("kind") for i in items]
    best = score(truth, partition(storm, items))["b3_f1"]
    assert best > 0.85
    assert best > score(truth, rule)["b3_f1"] + 0.3


def test_what_its_words_show_to_be_no_incident_is_put_nowhere() -> None:
    storm = generate(2, "same", SCALE)
    items = list(storm)
    answers = partition(storm, items)
    for item, answer in zip(items, answers, strict=True):
        if item.truth["class"] in ("rumour", "irrelevant"):
            assert answer is None


def test_canary_an_oracle_that_has_the_wrong_city_is_worse() -> None:
    storm, other = generate(1, "same", SCALE), generate(2, "same", SCALE)
    items = list(storm)
    truth = [i.truth for i in items]
    assert (
        score(truth, Oracle(other).assign(items))["b3_f1"]
        < score(truth, partition(storm, items))["b3_f1"] - 0.2
    )
