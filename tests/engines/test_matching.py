"""The matcher on hand-drawn instances: what joins, what stays apart, and what undoes it."""

import random

import msgspec
import pytest

from jingwei.engines.matching import Matcher, Report, parameters
from jingwei.engines.matching.kinds import STRANGE, KindModel
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.places import Gazetteer, Site, read_mention

LON, LAT = 113.6, 34.7


def site(name: str, en: str, east_m: float, north_m: float, street: str = "祥和路") -> Site:
    return Site((name, en), LON + east_m / 91_400, LAT + north_m / 111_195, ("云山区", "Yunshan District"),
                (street, "Xianghe Road"))  # fmt: skip


SITES = [
    site("翠湖花园", "Cuihu Garden", 0, 0), site("祥和小学", "Xianghe School", 900, 20),
    site("云山医院", "Yunshan Hospital", 2500, -30), site("北辰大厦", "Beichen Tower", 150, 300, "北辰街"),
    site("东升市场", "Dongsheng Market", 5000, 3000, "东升街"), *[
        site(f"第{n}小区", f"Estate {n}", 700 * n, 4000 + 300 * n, f"第{n}街") for n in range(3, 40)
    ],
]  # fmt: skip


def matcher() -> Matcher:
    return Matcher(Gazetteer(SITES))


def report(n: int, words: str, minute: float, **more) -> Report:
    return Report(id=f"r{n}", words=words, arrived_s=60.0 * minute, sent_s=60.0 * minute - 8, **more)


def groups(m: Matcher) -> list[set[str]]:
    found: dict[int, set[str]] = {}
    for one, incident in m.partition().items():
        found.setdefault(incident, set()).add(one)
    return sorted(found.values(), key=sorted)


def test_the_same_fire_in_two_languages_is_one_incident():
    m = matcher()
    m.place(report(1, "翠湖花园居民楼着火了，有3个人被困", 1, kind="12G03"))
    link = m.place(report(2, "apartment building on fire at Cuihu Garden", 4, kind="12G03"))
    assert not link.opened
    assert {p.name for p in link.parts} >= {"place", "kind", "time", "facts"}
    assert link.score == pytest.approx(sum(p.value for p in link.parts), abs=0.05)


def test_the_same_kind_far_away_is_another_incident():
    m = matcher()
    m.place(report(1, "翠湖花园居民楼着火了", 1, kind="12G03"))
    assert m.place(report(2, "东升市场居民楼着火了", 4, kind="12G03")).opened


def test_another_kind_at_the_same_place_is_another_incident():
    m = matcher()
    m.place(report(1, "云山医院电梯里有人困着", 1, kind="12N04"))
    assert m.place(report(2, "云山医院门口大树倒了", 4, kind="11B06")).opened


def test_the_same_again_hours_later_is_another_incident():
    m = matcher()
    m.place(report(1, "翠湖花园两辆车撞上了", 1, kind="12H02"))
    for n in range(40):
        m.place(report(100 + n, f"第{3 + n % 30}小区没信号", 2 + 5 * n, kind="12P10"))
    assert m.place(report(2, "翠湖花园两辆车撞上了，占了一条道", 200, kind="12H02")).opened


def test_a_post_passed_on_joins_its_source_though_sent_from_elsewhere():
    m = matcher()
    words = "求扩散！翠湖花园地下室被淹，水从坡道上倒灌下来，水深1.2米"
    first = m.place(report(1, words, 1, channel="social"))
    link = m.place(report(2, f"转发：{words}", 9, lon=LON + 0.05, lat=LAT + 0.03))
    assert link.incident == first.incident and "voice" in {p.name for p in link.parts}


def test_a_repeated_caller_is_one_voice():
    m = matcher()
    for n in range(5):
        m.place(report(n, "翠湖花园停电了，整片都黑了", 1 + 3 * n, kind="12P08", caller="10011112222"))
    (only,) = m.profiles.values()
    assert (only.count, len(only.members)) == (1, 5)


def test_what_a_person_parted_stays_apart():
    m = matcher()
    m.place(report(1, "翠湖花园居民楼着火了", 1, kind="12G03"))
    link = m.place(report(2, "翠湖花园居民楼着火了，烟很大", 2, kind="12G03"))
    assert not link.opened
    new = m.split(link.incident, ["r2"])
    assert m.partition() == {"r1": link.incident, "r2": new}
    assert not m._try_merge(m.profiles[new], m.profiles[link.incident], 1.0)
    for n in range(3, 9):
        m.place(report(n, "翠湖花园居民楼着火了，烟往楼上走", n, kind="12G03"))
    m.place(report(90, "第9小区没信号", 200, kind="12P10"))
    assert m.where["r1"] != m.where["r2"]


def test_canary_without_the_constraint_they_would_come_together_again():
    m = matcher()
    m.place(report(1, "翠湖花园居民楼着火了", 1, kind="12G03"))
    link = m.place(report(2, "翠湖花园居民楼着火了，烟很大", 2, kind="12G03"))
    new = m.split(link.incident, ["r2"])
    m.apart.clear()
    m._tried.clear()
    assert m._try_merge(m.profiles[new], m.profiles[link.incident], 1.0)


def test_a_split_leaves_something_on_both_sides():
    m = matcher()
    link = m.place(report(1, "翠湖花园居民楼着火了", 1, kind="12G03"))
    with pytest.raises(ValueError, match="both sides"):
        m.split(link.incident, ["r1"])


def test_a_merge_by_hand_and_a_move_back():
    m = matcher()
    one = m.place(report(1, "翠湖花园居民楼着火了", 1, kind="12G03")).incident
    two = m.place(report(2, "东升市场停电了", 2, kind="12P08")).incident
    m.merge(one, two)
    assert set(m.partition().values()) == {one}
    new = m.split(one, ["r2"])
    assert m.partition() == {"r1": one, "r2": new}


def chain(m: Matcher) -> None:
    """Floods along a street, each close to the one before: the first and the last are kilometres apart."""
    for n in range(40):
        m.place(
            report(n, "我们这边积水特别深", 1 + 0.5 * n, kind="11A02", lon=LON + 150 * n / 91_400, lat=LAT)
        )


def test_no_chain_of_joins_swallows_a_city():
    m = matcher()
    chain(m)
    widest = max(p.box[2] - p.box[0] for p in m.profiles.values() if p.box)
    assert widest <= parameters()["join.cap_m"] + 3 * 100


def test_canary_without_place_the_chain_is_one():
    m = Matcher(Gazetteer(SITES), without=["place"])
    chain(m)
    assert max(len(p.members) for p in m.profiles.values()) > 25


def test_hearsay_is_marked_and_never_dropped():
    m = matcher()
    m.place(report(1, "翠湖花园居民楼着火了", 1, kind="12G03"))
    link = m.place(report(2, "听说翠湖花园死了300人，都瞒着", 2))
    assert link.mark == "hearsay" and link.opened and "r2" in m.partition()
    assert m.place(report(3, "谢谢你们，辛苦了", 3)).mark == "idle"


def storm_like(seed: int) -> list[Report]:
    rng = random.Random(seed)
    names = ["翠湖花园", "云山医院", "东升市场", "第7小区", "第9小区"]
    said = [("居民楼着火了", "12G03"), ("停电了，整片都黑了", "12P08"), ("电梯里有人困着", "12N04")]
    made = []
    for n in range(60):
        k = rng.randrange(5)
        words, kind = said[k % 3]
        made.append(report(n, names[k] + words, 1 + n * 0.4, kind=kind if rng.random() < 0.7 else ""))
    return made


def test_the_same_reports_give_the_same_state():
    one, two = matcher(), matcher()
    for r in storm_like(3):
        one.place(r)
    for r in storm_like(3):
        two.place(r)
    assert one.partition() == two.partition()


@pytest.mark.parametrize("seed", range(4))
def test_neighbours_in_line_may_change_places(seed):
    rows = storm_like(seed)
    turned = [r for n in range(0, len(rows), 2) for r in reversed(rows[n : n + 2])]
    one, two = matcher(), matcher()
    for a, b in zip(rows, turned, strict=True):
        one.place(a)
        two.place(b)
    assert groups(one) == groups(two)


def test_the_state_is_rebuilt_from_rows():
    m = matcher()
    for r in storm_like(5):
        m.place(r)
    rows = [(msgspec.json.decode(msgspec.json.encode(m.clues[r]), type=Clue), i) for r, i in m.where.items()]
    again = matcher()
    again.restore(rows, apart=[("r1", "r2")])
    assert again.partition() == m.partition()
    assert "r2" in again.apart["r1"]
    extra = report(99, "翠湖花园居民楼着火了", 26, kind="12G03")
    assert again.place(extra).incident == m.place(extra).incident


def test_a_flood_of_one_invented_thing_does_not_drown_the_rest():
    m = matcher()
    true = m.place(report(0, "云山医院电梯里有人困着", 1, kind="12N04")).incident
    for n in range(1, 200):
        m.place(report(n, "东升市场厂里爆炸了，有50个人困着", 1 + n * 0.02, kind="12D01"))
    link = m.place(report(999, "云山医院电梯里有人困着，快来", 6, kind="12N04"))
    assert link.incident == true


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match="no such"):
        parameters({"join.lest": 1.0})


@pytest.mark.parametrize(
    ("words", "level", "key"),
    [
        ("翠湖花园7号楼着火了", "site", "翠湖花园"), ("fire opposite Cuihu Garden", "beside", "翠湖花园"),
        ("祥和路12号漏水", "address", "祥和路#12"), ("flood on Xianghe Road", "street", "祥和路"),
        ("云山区这一片停电", "district", "云山区"), ("老槐树小区门口停电", "site", "槐树小区"),
        ("翠湖花园对面停电", "beside", "翠湖花园"),
    ],
)  # fmt: skip
def test_a_place_is_read(words, level, key):
    told = read_mention(words, "", Gazetteer(SITES))
    assert told is not None and told.level == level and (told.key == key or told.key.endswith(key))


def test_a_building_is_read():
    told = read_mention("翠湖花园的十二号楼下面进水", "", Gazetteer(SITES))
    assert told is not None and told.building == 12


def test_a_name_heard_once_is_found_again():
    gazetteer = Gazetteer(SITES)
    assert read_mention("蓝房顶门口进水了", "", gazetteer) is None
    read_mention("蓝房顶门口进水了", "蓝房顶门口", gazetteer)
    told = read_mention("我在蓝房顶旁边", "", gazetteer)
    assert told is not None and (told.level, told.key) == ("beside", "蓝房顶")


def told_of_a_swarm(m: Matcher) -> None:
    """Twelve reports of a kind the tables have no word for, by its code; a fire there after it."""
    for n in range(12):
        m.place(report(n, "翠湖花园马蜂成群", 1 + n, kind="13Y00"))
    m.place(report(90, "翠湖花园居民楼着火了", 14, kind="12G03"))


def test_a_code_the_tables_do_not_have_is_a_kind_of_its_own():
    m = matcher()
    told_of_a_swarm(m)
    assert groups(m) == [{f"r{n}" for n in range(12)}, {"r90"}]
    link = m.place(report(91, "翠湖花园马蜂成群", 16))
    assert link.incident == m.where["r0"], "its words are learned"
    assert not m.kinds.codes.count("13Y00") > 1


def test_canary_without_room_for_such_codes_nothing_is_known_of_the_kind(monkeypatch):
    monkeypatch.setattr(KindModel, "_meet", lambda *_: None)
    m = matcher()
    told_of_a_swarm(m)
    assert "13Y00" not in m.kinds.index


def test_no_more_strange_codes_are_taken_than_there_is_room_for():
    m = matcher()
    for n in range(STRANGE + 5):
        m.place(report(n, "翠湖花园有事", 1 + n, kind=f"13Y{n + 10}"))
    assert len(m.kinds.codes) == len(m.kinds.seen) == len(m.kinds.families)
    assert sum(code.startswith("13Y") for code in m.kinds.codes) == STRANGE
    assert m.kinds.index.keys() >= {"13Y10", "12G03"}
