"""The incidents near a report: none that could score is left out, and most of the others are."""

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from jingwei.engines.candidates import Candidates
from jingwei.engines.fusion import Seen, place_report

NOW = datetime(2021, 7, 20, 8, tzinfo=UTC)
KINDS = ("11B03", "11B00", "11C01", "12P04", "12P08", "12P00", "12A01", "12000", "10000", "13A02")
PLACES = ("41", "4101", "410105", "410105002", "410105002011", "410102", "4102", "410203", "130102003", "")
SITES = ("", "", "", "metro-5", "tunnel-south")


def seen(chance: random.Random, number: str, lon: float, lat: float, refs: tuple[str, ...]) -> Seen:
    has_point = chance.random() < 0.7
    return Seen(
        id=number,
        kind=chance.choice(KINDS),
        place=chance.choice(PLACES),
        site=chance.choice(SITES),
        lon=(lon + chance.gauss(0, 0.03) + 180) % 360 - 180 if has_point else None,
        lat=max(-90.0, min(90.0, lat + chance.gauss(0, 0.03))) if has_point else None,
        from_at=NOW - timedelta(hours=chance.uniform(0, 90)),
        last_at=NOW - timedelta(hours=chance.uniform(0, 20)),
        event_ref=chance.choice(refs),
    )


def heap(seed: int, lon: float, lat: float) -> tuple[list[Seen], list[Seen]]:
    chance = random.Random(seed)
    incidents = [seen(chance, f"i{n}", lon, lat, ("", "", "ref-1", "ref-2")) for n in range(150)]
    return incidents, [seen(chance, f"r{n}", lon, lat, ("", "", "", "ref-1", "i7")) for n in range(150)]


def differing(candidates: Candidates, incidents: list[Seen], reports: list[Seen]) -> list[str]:
    """The check: reports for which the incidents near them give another answer than all of them."""
    wrong = []
    for report in reports:
        every = place_report(report, incidents)
        if place_report(report, candidates.near(report)) != every:
            wrong.append(report.id)
    return wrong


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (113.6, 34.7),
        (-179.99, 51.0),
        (179.99, -16.8),
        (20.0, 84.99),
        (20.0, 83.99),
        (0.0, 89.99),
        (0.01, -0.01),
    ],
)
def test_the_answer_is_that_over_all_incidents(lon: float, lat: float) -> None:
    for seed in range(4):
        incidents, reports = heap(seed, lon, lat)
        candidates = Candidates(incidents)
        assert differing(candidates, incidents, reports) == []
        # as incidents change: moved, and gone
        moved = [msgspec.structs.replace(one, place="4102", lon=None, lat=None) for one in incidents[:50]]
        for one in moved:
            candidates.put(one)
        for one in incidents[50:80]:
            candidates.drop(one.id)
        assert differing(candidates, moved + incidents[80:], reports) == []


@pytest.mark.parametrize("forgotten", ["region", "site", "pointless", "county", "cell", "kind", "ref"])
def test_canary_a_way_that_is_forgotten_is_seen(monkeypatch: pytest.MonkeyPatch, forgotten: str) -> None:
    from jingwei.engines import candidates as module

    if forgotten == "kind":
        monkeypatch.setattr(module, "_family", lambda kind: kind)
    elif forgotten == "ref":
        monkeypatch.setattr(module, "_asked", lambda report: ())
    else:
        asked = module._asked
        monkeypatch.setattr(
            module,
            "_asked",
            lambda r: (k for k in asked(r) if (k[0] if type(k[0]) is str else "cell") != forgotten),
        )
    incidents, reports = heap(1, 113.6, 34.7)
    assert differing(Candidates(incidents), incidents, reports) != []


def test_of_a_storms_thousands_few_are_looked_at() -> None:
    chance = random.Random(5)
    incidents = [
        Seen(
            id=f"i{n}", kind=chance.choice(("12P04", "12P08", "12A01")), place="410105",
            from_at=NOW, last_at=NOW,
            lon=113.6 + chance.uniform(-0.5, 0.5), lat=34.7 + chance.uniform(-0.5, 0.5),
        )
        for n in range(3_000)
    ]  # fmt: skip
    report = Seen(id="r", kind="12P04", place="410105", lon=113.6, lat=34.7, from_at=NOW)
    assert 0 < len(Candidates(incidents).near(report)) < 60
