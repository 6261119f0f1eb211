"""The storm: the same from the same seed, shaped as its parameters say, and silent about its truth."""

import ast
import json
import tracemalloc
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bench.storm import generate
from bench.storm.geometry import to_gcj02, to_lonlat, to_metres
from bench.storm.parameters import CHANNELS, HERE, read_parameters, sourced
from bench.storm.places import UNUSABLE
from bench.storm.storm import Item, Storm, write
from jingwei.doors.entry.intake import read_body

SCALE = 0.02
#: What a report may hold at the public door, of what the storm uses.
FIELDS = {"key", "type", "channel", "words", "sent_at", "occurred_at", "precision", "kind", "place_words"}
FIELDS |= {"lon", "lat", "datum", "caller_name", "caller_phone", "organization"}


@pytest.fixture(scope="module")
def storms() -> dict[str, tuple[Storm, list[Item]]]:
    made = {regime: generate(5, regime, SCALE) for regime in ("same", "shifted", "adversarial")}
    return {regime: (storm, list(storm)) for regime, storm in made.items()}


@pytest.fixture(scope="module")
def same(storms: dict[str, tuple[Storm, list[Item]]]) -> list[Item]:
    return storms["same"][1]


def of_incidents(items: list[Item]) -> list[Item]:
    return [i for i in items if i.truth["class"] == "incident"]


def share(items: list[Item], holds) -> float:  # type: ignore[no-untyped-def]
    return sum(bool(holds(i)) for i in items) / len(items)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write(generate(7, "shifted", 0.003), tmp_path / name)
    for file in ("reports.jsonl", "truth.jsonl", "incidents.jsonl", "registry.csv"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
    write(generate(8, "shifted", 0.003), tmp_path / "other")
    other = (tmp_path / "other" / "reports.jsonl").read_bytes()
    assert other != (tmp_path / "first" / "reports.jsonl").read_bytes()


def test_reports_come_in_the_order_of_arrival(same: list[Item]) -> None:
    moments = [i.truth["arrived_s"] for i in same]
    assert moments == sorted(moments)
    assert [i.n for i in same] == [i.truth["n"] for i in same] == list(range(len(same)))


def test_volume_and_sizes(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    storm, items = storms["same"]
    assert len(storm.incidents) == 120
    assert abs(len(items) - 2000) < 40
    told = Counter(i.truth["incident"] for i in of_incidents(items) if i.truth["duplicate_of"] is None)
    assert dict(told) == {i.id: i.size for i in storm.incidents}
    assert abs(len(storms["shifted"][1]) - 4000) < 80
    largest = max(told.values())
    assert largest > 4 * len(items) / len(storm.incidents)


def test_marginals_follow_the_parameters(same: list[Item]) -> None:
    p = read_parameters("same")
    mine = of_incidents(same)
    assert share(same, lambda i: i.truth["class"] != "incident") == pytest.approx(0.08, abs=0.01)
    assert share(same, lambda i: i.truth["lang"] == "en") == pytest.approx(p["language.en"], abs=0.03)
    assert share(mine, lambda i: not i.truth["seen"]["usable"]) == pytest.approx(0.15, abs=0.03)
    first = [i for i in mine if i.truth["relay_of"] is None and i.truth["repeat_of"] is None]
    for channel in CHANNELS:
        got = share(first, lambda i, c=channel: i.truth["channel"] == c)
        assert got == pytest.approx(p[f"channel.{channel}"], abs=0.04), channel
    assert 0.06 < share(mine, lambda i: i.truth["repeat_of"] is not None) < 0.13
    assert 0.02 < share(mine, lambda i: i.truth["relay_of"] is not None) < 0.07
    assert share(same, lambda i: "kind" not in i.report) > 0.3


def test_where_no_place_is_usable_there_is_none(same: list[Item]) -> None:
    for item in of_incidents(same):
        if not item.truth["seen"]["usable"] and item.truth["relay_of"] is None:
            assert "lon" not in item.report
            assert item.truth["seen"]["level"] in UNUSABLE


def test_the_burst_is_a_hundred_times_the_mean(same: list[Item]) -> None:
    seconds = Counter(int(i.truth["arrived_s"]) for i in same)
    assert max(seconds.values()) > 60 * len(same) / 21_600


def test_the_county_is_silent_while_cut_off(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    storm, items = storms["shifted"]
    county = {i.id for i in storm.incidents if i.site.district == storm.city.county}
    told = [
        i.truth for i in of_incidents(items) if i.truth["incident"] in county and not i.truth["duplicate_of"]
    ]
    cut = [t for t in told if 7200 <= t["called_s"] < 14_400]
    assert cut
    assert all(t["arrived_s"] >= 14_400 for t in cut)


def test_adversarial_storms_spoof_skew_and_duplicate(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    storm, items = storms["adversarial"]
    spoofed = [i for i in items if i.truth["class"] == "spoof"]
    assert share(items, lambda i: i.truth["class"] == "spoof") == pytest.approx(0.09, abs=0.02)
    assert all(i.truth["incident"] is None for i in spoofed)
    assert len({i.truth["voice"] for i in spoofed}) <= 120
    copies = [i for i in items if i.truth["duplicate_of"] is not None]
    assert 0.03 < len(copies) / len(items) < 0.12
    assert all(i.report == items[i.truth["duplicate_of"]].report for i in copies)
    skews = storm.reporter.gateway_skew.values()
    assert max(map(abs, skews)) > 120 and max(map(abs, skews)) <= 600
    points = share(items, lambda i: "lon" in i.report)
    assert points < share(storms["same"][1], lambda i: "lon" in i.report) - 0.1


def test_spans_point_at_the_words(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    seen = 0
    for _, items in storms.values():
        for item in items:
            words = item.report["words"]
            for fact in item.truth["facts"]:
                begin, end = fact["span"]
                assert 0 <= begin < end <= len(words)
                assert words[begin:end].strip()
                seen += 1
                if fact["measure"] in ("need", "vulnerable", "hazmat") or fact["low"] is None:
                    continue
                if words[begin:end].isascii() and fact["low"] == fact["high"] and fact["low"] >= 13:
                    digits = words[begin:end].replace(",", "")
                    assert str(int(fact["low"])) in digits or fact["measure"] == "depth", words
    assert seen > 1000


def test_place_spans_hold_the_name_used(same: list[Item]) -> None:
    for item in of_incidents(same):
        seen, span = item.truth["seen"], item.truth["place_span"]
        told = item.report["words"][span[0] : span[1]] if span else ""
        if seen["level"] in ("site", "alias", "exact") and item.truth["lang"] == "zh":
            assert seen["ref"] in told


def test_nothing_of_the_truth_is_visible(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    keys = []
    for _, items in storms.values():
        for item in items:
            assert set(item.report) <= FIELDS
            text = json.dumps(item.report, ensure_ascii=False)
            assert item.truth["voice"] not in text
            if item.truth["duplicate_of"] is None and "key" in item.report:
                keys.append(item.report["key"])
    assert len(set(keys)) == len(keys)
    assert all(len(k) == 16 and int(k, 16) >= 0 for k in keys)


def test_the_public_door_reads_every_report(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    told = read_body(json.dumps([i.report for i in storms["adversarial"][1]]).encode()).told
    assert len(told) == len(storms["adversarial"][1])
    assert {flag for one in told for flag in one.flags} <= {"converted_from_gcj02"}
    assert not any(one.raw for one in told)


def test_keys_do_not_order_by_incident(same: list[Item]) -> None:
    told = sorted((i.report["key"], i.truth["incident"]) for i in of_incidents(same) if "key" in i.report)
    together = sum(a[1] == b[1] for a, b in pairwise(told)) / len(told)
    sizes = Counter(i for _, i in told)
    by_chance = sum(n * n for n in sizes.values()) / len(told) ** 2
    assert together < by_chance + 0.02


def test_memory_does_not_grow_with_the_stream() -> None:
    storm = generate(3, "same", 0.04)
    stream = iter(storm)
    tracemalloc.start()
    try:
        for _ in range(1000):
            next(stream)
        early = tracemalloc.get_traced_memory()[0]
        for _item in stream:
            pass
        grown = tracemalloc.get_traced_memory()[0] - early
    finally:
        tracemalloc.stop()
    assert grown < 400_000


def test_a_curve_changes_what_it_names() -> None:
    storm = generate(3, "same", 0.01, {"place.unusable": 0.5})
    mine = of_incidents(list(storm))
    assert share(mine, lambda i: not i.truth["seen"]["usable"]) == pytest.approx(0.5, abs=0.07)
    with pytest.raises(ValueError, match="no such parameter"):
        generate(3, "same", 0.01, {"place.unuseable": 0.5})
    with pytest.raises(ValueError, match="scale"):
        generate(3, "same", 0)


def test_neighbours_that_must_not_be_joined_exist(storms: dict[str, tuple[Storm, list[Item]]]) -> None:
    relations = Counter(r for i in storms["shifted"][0].incidents for r, _ in i.related)
    assert relations["near"] > 20 and relations["caused_by"] > 5
    for incident in storms["shifted"][0].incidents:
        for relation, other in incident.related:
            if relation == "near":
                assert storms["shifted"][0].incidents[other].kind.code == incident.kind.code


def test_every_parameter_says_where_it_is_from() -> None:
    assert all(str(row["source"]).strip() for row in sourced().values())
    assert "volume.reports" in sourced() and "shifted/volume.factor" in sourced()


def test_points_go_there_and_back() -> None:
    middle = (113.6, 34.7)
    lon, lat = to_lonlat(1234.0, -567.0, middle)
    x, y = to_metres(lon, lat, middle)
    assert (x, y) == (pytest.approx(1234.0), pytest.approx(-567.0))
    shifted = to_metres(*to_gcj02(lon, lat), middle)
    off = ((shifted[0] - x) ** 2 + (shifted[1] - y) ** 2) ** 0.5
    assert 200 < off < 800


def test_the_storm_knows_nothing_of_the_system() -> None:
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [n for n in names if n.split(".")[0] in ("jingwei", "django")], path.name
