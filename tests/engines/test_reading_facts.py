"""Facts with the words that say so: counts, denials, corrections, depth, needs."""

import pytest

from jingwei.engines.reading import denial, read_facts

#: text, measure, label, low, high, the words that say so
STATED = [
    ("有三个人被困", "trapped", "", 3, 3, "三个人被困"),
    ("电梯困了俩人", "trapped", "", 2, 2, "困了俩人"),
    ("两三个老人困在楼上", "trapped", "", 2, 3, "两三个老人困在"),
    ("我们一家三口被困在屋顶", "trapped", "", 3, 3, "三口被困在"),
    ("百余人被困", "trapped", "", 101, 199, "百余人被困"),
    ("３个人被困在２楼", "trapped", "", 3, 3, "３个人被困在"),
    ("樓上有兩個人被困", "trapped", "", 2, 2, "兩個人被困"),
    ("十几个学生被埋了", "trapped", "", 11, 19, "十几个学生被埋了"),
    ("3人死亡5人受伤", "injured", "", 5, 5, "5人受伤"),
    ("造成死3伤5", "deaths", "", 3, 3, "死3"),
    ("死亡33 失踪8", "missing", "", 8, 8, "失踪8"),
    ("至少23人遇难失踪", "dead_or_missing", "", 23, 45, "23人遇难失踪"),
    ("地铁5号线14人遇难", "deaths", "", 14, 14, "14人遇难"),
    ("大河家镇吊集村救出2人 另4人施救中", "rescued", "", 2, 2, "救出2人"),
    ("重伤2人轻伤3人", "injured", "severe", 2, 2, "重伤2人"),
    ("7旬老人走失", "missing", "", None, None, "走失"),
    ("死亡人数由3人升至5人", "deaths", "", 5, 5, "死亡人数由3人升至5人"),
    ("原来说3个人被困，现在是5个", "trapped", "", 5, 5, "5个"),
    ("更正：不是三个人被困，是五个", "trapped", "", 5, 5, "五个"),
    ("水深一米二", "depth", "", 1.2, 1.2, "一米二"),
    ("从25公分涨到了70厘米", "depth", "", 0.7, 0.7, "70厘米"),
    ("水都到胸口了", "depth", "", 1.2, 1.2, "到胸口"),
    ("齐腰深的水", "depth", "", 1.0, 1.0, "齐腰深"),
    ("路断了，车进不去", "road", "blocked", None, None, "路断了"),
    ("急需帐篷和矿泉水", "need", "water", None, None, "矿泉水"),
    ("断粮两天了", "need", "food", None, None, "断粮"),
    ("液氨泄漏了", "hazard", "ammonia", None, None, "液氨"),
    ("浓烟滚滚", "fire", "smoke", None, None, "浓烟"),
    ("孕妇羊水破了", "vulnerable", "pregnant", None, None, "孕妇"),
    ("leaves 4 dead, dozens injured", "injured", "", 20, 99, "dozens injured"),
    ("4 people were killed and more than 60 injured", "injured", "", 60, 119, "60 injured"),
    ("Kills At Least 232 People", "deaths", "", 232, 463, "Kills At Least 232 People"),
    ("two or three people trapped", "trapped", "", 2, 3, "two or three people trapped"),
    ("twenty-five miners missing", "missing", "", 25, 25, "twenty-five miners missing"),
    ("death toll rises from 3 to 5", "deaths", "", 5, 5, "death toll rises from 3 to 5"),
    ("Correction: make that 5 people trapped", "trapped", "", 5, 5, "5 people trapped"),
    ("1,200 people evacuated", "evacuated", "", 1200, 1200, "1,200 people evacuated"),
    ("Injured: 63", "injured", "", 63, 63, "Injured: 63"),
    ("6 feet of water in the basement", "depth", "", 1.829, 1.829, "6 feet"),
    ("water up to my neck", "depth", "", 1.4, 1.4, "up to my neck"),
    ("the road is blocked", "road", "blocked", None, None, "road is blocked"),
    ("NO FOODS,WATER", "need", "water", None, None, "WATER"),
    ("my grandmother is on oxygen", "vulnerable", "patient", None, None, "on oxygen"),
]
DENIED = [
    ("没有人被困，也没人受伤", {"trapped", "injured"}),
    ("无人员伤亡", {"deaths"}),
    ("目前未造成人员伤亡", {"deaths"}),
    ("0人被困", {"trapped"}),
    ("被困人员已全部救出", {"trapped"}),
    ("冇人受傷", {"injured"}),
    ("no injuries reported", {"injured"}),
    ("nobody is trapped", {"trapped"}),
    ("There are no reports of any injuries or deaths", {"injured", "deaths"}),
    ("all trapped miners have been rescued", {"trapped"}),
]
UNSAID = [
    "有没有人受伤我不知道",
    "热死了",
    "路上堵死了",
    "伤心",
    "这里的猪死了",
    "离我们500米远",
    "Is anyone hurt?",
    "my phone is dead",
    "stuck in traffic",
    "dead end street",
    "the fire department",
    "小心触电",
    "",
]


def fact_of(text, measure, label=""):
    return next((f for f in read_facts(text) if (f.measure, f.label) == (measure, label)), None)


@pytest.mark.parametrize(("text", "measure", "label", "low", "high", "words"), STATED)
def test_a_fact_is_read_with_the_words_that_say_so(text, measure, label, low, high, words):
    fact = fact_of(text, measure, label)
    assert fact is not None, read_facts(text)
    assert (fact.low, fact.high, fact.negated) == (low, high, False)
    assert text[fact.begin : fact.end].strip() == words


@pytest.mark.parametrize(("text", "measures"), DENIED)
def test_a_denied_fact_is_zero(text, measures):
    denied = {f.measure for f in read_facts(text) if f.negated and f.low == f.high == 0}
    assert measures <= denied


@pytest.mark.parametrize("text", UNSAID)
def test_what_only_sounds_like_a_fact_is_none(text):
    assert read_facts(text) == ()


def test_a_number_of_other_things_counts_no_people():
    for text in (
        "3号楼有人被困",
        "5楼有人被困",
        "20分钟前有人被困",
        "80岁老人被困",
        "电话13812345678 被困",
        "at 1404 Reed St a man is trapped",
        "trapped for 3 hours",
        "magnitude 7.2, people trapped",
    ):
        assert fact_of(text, "trapped").low is None, text


def test_a_later_word_without_a_number_takes_nothing_away_but_a_denial():
    assert fact_of("三人被困，被困的是老人", "trapped").low == 3
    assert not fact_of("刚才没人被困，现在又有人被困了", "trapped").negated


def test_what_is_told_of_water_is_no_need_of_it():
    assert fact_of("we need help, water is rising", "need", "water") is None
    assert fact_of("we need water", "need", "water") is not None


def test_the_check_of_denials_fails_without_them(monkeypatch):
    """Canary: with the words of denial switched off, a denied fact would stand as said."""
    assert fact_of("没有人被困", "trapped").negated
    monkeypatch.setattr(denial, "may_turn", lambda flat: False)
    assert not fact_of("没有人被困", "trapped").negated
