"""Guesses about a place, borne out by all reports together; what is told, what fits, what is taken out."""

import random

import pytest

from jingwei.engines.matching import Matcher, Report, parameters, tracks
from jingwei.engines.reading.places import Gazetteer, Site

LON, LAT = 113.6, 34.7


def site(name: str, east_m: float, north_m: float, street: str) -> Site:
    return Site((name,), LON + east_m / 91_400, LAT + north_m / 111_195, (f"{street[0]}区",), (street,))


#: Two markets of one name, eight kilometres apart; other sites around each.
SITES = [
    site("和平市场", 0, 0, "东升路"), site("和平市场", 8000, 0, "西安路"), *[
        site(f"第{n}小区", 600 * (n % 6) + 8000 * (n % 2), 500 + 200 * n, f"{'东西'[n % 2]}{n}路")
        for n in range(40)
    ],
]  # fmt: skip


def matcher(**changes: float) -> Matcher:
    return Matcher(Gazetteer(SITES), parameters({k.replace("__", "."): v for k, v in changes.items()}))


def report(n: int, words: str, minute: float, **more) -> Report:
    return Report(id=f"r{n}", words=words, arrived_s=60.0 * minute, sent_s=60.0 * minute - 8, **more)


def at(m: Matcher, east_m: float, north_m: float) -> dict[str, float]:
    lon, lat = m.gazetteer.degrees(*m.gazetteer.metres(LON + east_m / 91_400, LAT + north_m / 111_195))
    return {"lon": lon, "lat": lat}


def off_m(m: Matcher, east_m: float, incident: int) -> float:
    """How far the incident's likeliest point lies from the market so far east."""
    best = m.profiles[incident].trace.best()
    x, _ = m.gazetteer.metres(LON + east_m / 91_400, LAT)
    return abs(best.x - x) if best else float("inf")


def told_twice(m: Matcher) -> int:
    """The market's name alone, then a point at the second of the two."""
    first = m.place(report(1, "和平市场着火了", 1, kind="12G03")).incident
    assert len(m.profiles[first].trace.tracks) == min(2, tracks.MOST_TRACKS)
    link = m.place(report(2, "和平市场着火了", 2, kind="12G03", **at(m, 8010, 5)))
    assert link.incident == first
    return first


def test_a_name_of_two_places_is_settled_by_a_later_point():
    m = matcher()
    assert off_m(m, 8000, told_twice(m)) < 60


def test_canary_one_guess_alone_stays_with_the_first_place(monkeypatch):
    monkeypatch.setattr(tracks, "MOST_TRACKS", 1)
    m = matcher()
    first = m.place(report(1, "和平市场着火了", 1, kind="12G03")).incident
    assert off_m(m, 0, first) < 60
    m.profiles[first].trace.else_log = -1e9
    m.place(report(2, "和平市场着火了", 2, kind="12G03", **at(m, 8010, 5)))
    assert off_m(m, 8000, first) > 1000


def warm(m: Matcher) -> None:
    for n in range(30):
        where = at(m, 7600 + 30 * n, 50 * (n % 7))
        m.place(report(100 + n, "这里停电了", 1 + 0.1 * n, kind="12P08", **where))


def shares(m: Matcher) -> list[float]:
    clue = m.reducer.reduce(report(1, "和平市场着火了", 9))
    return [share for _, _, share in m.scorer.ground.sight(clue).named]


def test_a_name_rather_means_the_place_where_reports_come_from():
    m = matcher()
    assert shares(m) == [0.5, 0.5], "nothing is known yet"
    warm(m)
    m.scorer.ground._sights.clear()
    assert max(shares(m)) > 0.85


def test_canary_where_no_reports_count_both_places_are_alike():
    m = matcher(place__active=1e9)
    warm(m)
    assert shares(m) == pytest.approx([0.5, 0.5])


def test_a_namesake_far_away_does_not_keep_a_report_from_its_incident():
    """The registered market is far; that nothing of the report agrees is no stretch of the incident."""
    m = matcher()
    first = m.place(report(1, "这里着火了", 1, kind="12G03", **at(m, 3000, 3000))).incident
    m.place(report(2, "这里着火了", 1.5, kind="12G03", **at(m, 3010, 3010)))
    far = m.reducer.reduce(report(3, "第0小区着火了", 2, kind="12G03"))
    assert not m._too_wide(far, m.profiles[first])


def test_the_same_registered_name_counts_once_for_any_spelling_of_its_point():
    m = matcher()
    ids = {m.place(report(n, "第7小区着火了", 1 + n, kind="12G03")).incident for n in range(6)}
    assert len(ids) == 1
    (only,) = (m.profiles[i] for i in ids)
    assert 1 / only.precision < parameters()["place.site_m"] ** 2, "six names know it better than one"


def deaths(m: Matcher) -> tuple[float, float]:
    """What facts say of a report of deaths: against an incident that told none, and one that did."""
    m.place(report(900, "和平市场有2人死亡", 0.1, kind="12H02"))
    for n in range(14):
        m.place(report(n, "第7小区两辆车撞上了", 1 + n * 0.2, kind="12H02"))
        m.place(report(100 + n, "第8小区两辆车撞上了，有2人死亡", 1 + n * 0.2, kind="12H02"))
    clue = m.reducer.reduce(report(999, "两辆车撞上了，有2人死亡", 4, kind="12H02"))
    none, some = (m.profiles[m.where[r]] for r in ("r0", "r100"))
    assert none is not some
    return m.scorer._told(clue, none), m.scorer._told(clue, some)


def test_what_nobody_told_of_an_incident_speaks_against_it():
    none, some = deaths(matcher())
    assert none < -1.0 < 0.2 < some


def test_canary_with_a_boundless_prior_it_says_nothing():
    none, some = deaths(matcher(fact__prior=1e9))
    assert none == pytest.approx(0, abs=1e-3) and some == pytest.approx(0, abs=1e-3)


def bursts(m: Matcher, apart_min: float) -> float:
    """How much better two bursts of calls fit one incident than two."""
    for n in range(8):
        m.place(report(n, "第7小区停电了", 1 + n, kind="12P08"))
        m.place(report(100 + n, "第8小区停电了", 1 + apart_min + n, kind="12P08"))
    one, two = m.profiles[m.where["r0"]], m.profiles[m.where["r100"]]
    assert one is not two
    value = m.scorer.one_story(one, two, 0.1, 60 * 400.0)
    assert value == pytest.approx(m.scorer.one_story(two, one, 0.1, 60 * 400.0)), "the same from both sides"
    return value


def test_calls_at_one_time_are_rather_one_story_than_calls_hours_apart():
    assert bursts(matcher(), 0.5) > 0 > bursts(matcher(), 180)


def test_canary_where_calls_never_fade_it_does_not_matter_how_far_apart_they_are():
    flat = {"time__tau_min": 1e6, "time__silence_min": 1e6, "time__early_min": 1e6}
    assert bursts(matcher(**flat), 0.5) == pytest.approx(bursts(matcher(**flat), 180), abs=1.0)


def misplaced(m: Matcher) -> str:
    """A report of a fallen tree put among those of a fire far away."""
    for n in range(8):
        m.place(report(n, "第7小区着火了，烟很大", 1 + 0.5 * n, kind="12G03"))
    m.place(report(50, "第8小区门口大树倒了", 3, kind="11B06"))
    m.move("r50", m.where["r0"])
    m._weigh_again(m.clues["r50"], 0.05)
    return "r50"


def test_a_report_that_does_not_fit_is_taken_out_again():
    m = matcher()
    assert m.where[misplaced(m)] != m.where["r0"]


def test_canary_where_nothing_is_bad_enough_it_stays():
    m = matcher(join__leave=-1e9)
    assert m.where[misplaced(m)] == m.where["r0"]


def agreed(m: Matcher) -> float:
    """How many lessons a kind had beyond its coded reports, strange words told beside many coded ones."""
    for n in range(12):
        m.place(report(n, "第7小区着火了，烟很大", 1 + 0.5 * n, kind="12G03"))
        m.place(report(100 + n, "第7小区红彤彤呛嗓子", 1.2 + 0.5 * n, kind="" if n % 2 else "12G03"))
    for n in (30, 60, 90):  # time for second looks
        m.place(report(900 + n, "第30小区停电了", n, kind="12P08"))
    coded = 12 + 6
    return m.kinds.seen[m.kinds.index["12G03"]] - 1 - coded


def test_reports_without_a_code_teach_the_kind_their_incident_agrees_on():
    assert 0 < agreed(matcher()) <= 6, "the first ones are idle talk to it"


def test_canary_where_no_kind_is_sure_enough_nothing_is_taught():
    assert agreed(matcher(kind__agreed=1.01)) == 0


def two_lives(**changes: float) -> bool:
    """Two fires with people trapped, told of two houses of one estate; likely one, not sure."""

    class Likely(Matcher):
        def _together(self, *_) -> float:
            return 4.0

    m = Likely(Gazetteer(SITES), parameters({k.replace("__", "."): v for k, v in changes.items()}))
    one = m.place(report(1, "第7小区着火了，有3个人被困", 1, kind="12G03")).incident
    two = m.place(report(2, "第8小区着火了，有2个人被困", 200, kind="12G03")).incident
    assert one != two and m.profiles[one].grave and m.profiles[two].grave
    return m._try_merge(m.profiles[one], m.profiles[two], 1.0)


def test_two_incidents_with_lives_at_risk_become_one_only_beyond_doubt():
    assert not two_lives()


def test_canary_with_the_usual_measure_they_would():
    assert two_lives(join__merge_life=0.8)


def two_names(m: Matcher, trapped: str = "，有3个人被困") -> bool:
    """Two fires a kilometre apart, each told by its name, put into one."""
    words = [f"第{n}小区着火了{trapped}" for n in (6, 8)]
    for n in range(6):
        m.place(report(n, words[0], 1 + n, kind="12G03"))
        m.place(report(100 + n, words[1], 1.2 + n, kind="12G03"))
    one, two = m.where["r0"], m.where["r100"]
    assert one != two
    m.merge(one, two)
    return m._part_by_name(m.profiles[one], 0.05)


def test_an_incident_told_by_two_names_is_parted_where_all_reports_say_so():
    m = matcher()
    assert two_names(m)
    groups = {frozenset(c.id for c in p.members) for p in m.profiles.values()}
    assert groups == {frozenset(f"r{n}" for n in range(6)), frozenset(f"r{100 + n}" for n in range(6))}


def test_where_no_life_is_at_risk_two_names_may_be_of_one_place():
    assert not two_names(matcher(), trapped="")


def test_canary_where_no_gain_is_enough_they_stay_one():
    assert not two_names(matcher(join__part_life=1e9))


def test_every_report_stands_in_just_one_incident_whatever_was_revised():
    m, rng = matcher(), random.Random(7)
    for n in range(220):
        k = rng.randrange(6)
        where = at(m, 600 * k + rng.gauss(0, 80), 500 + rng.gauss(0, 80)) if rng.random() < 0.4 else {}
        words = rng.choice(("着火了，烟很大", "停电了", "有人被困", "大树倒了"))
        m.place(report(n, f"第{2 * k + rng.randrange(2)}小区{words}", 1 + 0.3 * n, **where))
    held = [(c.id, number) for number, p in m.profiles.items() for c in p.members]
    assert len(held) == len({r for r, _ in held}) == 220
    assert dict(held) == dict(m.partition())
    assert {c.what for c in m.changes} & {"moved", "merged", "split", "shared"}
