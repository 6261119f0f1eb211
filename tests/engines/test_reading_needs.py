"""How much of what a report asks for, in both languages: with its canaries, on any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines.reading import asked, quantities, read_facts, read_needs
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.tables import rows, spell


def said(text: str) -> list[tuple[str, float, float, str, str]]:
    """What the text asks for with a number: item, low, high, rough, unit."""
    return [
        (a.item or a.label, a.low, a.high, a.rough, a.unit) for a in read_needs(text) if a.low is not None
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("急需帐篷200顶", [("tent", 200, 200, "", "tent")]),
        ("缺200顶帐篷", [("tent", 200, 200, "", "tent")]),
        ("200顶帐篷急需", [("tent", 200, 200, "", "tent")]),
        ("需要帐篷２００顶，棉被３００床",
         [("tent", 200, 200, "", "tent"), ("quilt", 300, 300, "", "quilt")]),
        (
            "还缺三百床棉被、矿泉水五十箱",
            [("quilt", 300, 300, "", "quilt"), ("bottled_water", 50, 50, "", "box")],
        ),
        ("急需帐篷200顶棉被300床", [("tent", 200, 200, "", "tent"), ("quilt", 300, 300, "", "quilt")]),
        ("急需奶粉10罐 尿不湿20包", [("milk_powder", 10, 10, "", "can"), ("diaper", 20, 20, "", "pack")]),
        ("需要药，胰岛素20支", [("insulin", 20, 20, "", "piece")]),
        ("需要1.5吨大米", [("rice", 1.5, 1.5, "", "tonne")]),
        ("需要发电机：2台", [("generator", 2, 2, "", "machine")]),
        ("请求支援10艘冲锋舟", [("assault_boat", 10, 10, "", "boat")]),
        ("帐篷还缺一百二十顶", [("tent", 120, 120, "", "tent")]),
        ("we need 200 tents and 50 boxes of water",
         [("tent", 200, 200, "", ""), ("drinking_water", 50, 50, "", "box")]),
        ("short of 30 blankets", [("blanket", 30, 30, "", "")]),
        ("200 tents needed urgently", [("tent", 200, 200, "", "")]),
        ("need 2,000 litres of drinking water", [("drinking_water", 2000, 2000, "", "litre")]),
        ("Need 10 more boxes of diapers", [("diaper", 10, 10, "", "box")]),
    ],
)  # fmt: skip
def test_a_number_with_its_unit_and_thing_is_read(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "rough"),
    [
        ("需要约两三百份盒饭", 200, 300, "about"),
        ("需要二三十顶帐篷", 20, 30, ""),
        ("需要200-300顶帐篷", 200, 300, ""),
        ("需要200到300顶帐篷", 200, 300, ""),
        ("急需几十床棉被", 20, 99, ""),
        ("需要帐篷200顶左右", 200, 200, "about"),
        ("需要帐篷两百来顶", 200, 200, "about"),
        ("需要帐篷200顶以上", 200, 200, "least"),
        ("至少需要十台抽水泵", 10, 10, "least"),
        ("急需至少十台抽水泵", 10, 10, "least"),
        ("最多需要十台抽水泵", 10, 10, "most"),
        ("we need at least two dozen cots", 24, 24, "least"),
        ("need about 30 tents by 18:00", 30, 30, "about"),
        ("need several tents", 3, 9, ""),
    ],
)
def test_ranges_vague_numbers_and_bounds_stay_what_they_are(text, low, high, rough):
    assert [one[1:4] for one in said(text)] == [(low, high, rough)]


@pytest.mark.parametrize(
    "text",
    [
        "不需要帐篷",
        "不需要200顶帐篷",
        "帐篷已够",
        "帐篷200顶已到位，不缺",
        "急需的200顶帐篷已经送到",
        "已送来200顶帐篷",
        "我们捐200顶帐篷给需要的人",
        "we no longer need 200 tents",
        "we don't need 200 tents",
        "200 tents are no longer needed",
        "200 tents received",
    ],
)
def test_what_is_denied_or_there_already_is_not_asked_for(text):
    assert not [a for a in read_needs(text) if a.label == "shelter"]
    assert not [f for f in read_facts(text) if f.measure == "need" and f.label == "shelter"]


@pytest.mark.parametrize(
    "text",
    [
        "听说需要200顶帐篷",
        "heard they need 200 tents",
        "需要200顶帐篷吗？",
        "30人被困需要船",
        "need boats for 30 people",
        "急需3天的食品",
        "need 3 days of food",
        "缺水3天",
        "7月20日急需帐篷",
        "需要帐篷 3月5日前送到",
        "急需水泵，电话13812345678",
        "急需水泵13812345678",
        "水深2米需要船",
        "人民路200号需要帐篷",
        "需要5号楼的帐篷",
        "need boats at 25 Main Street",
        "need tents, 200 m from the bridge",
        "急需帐篷，现有200顶",
        "need tents and got 200 tents",
        "需要一些帐篷",
        "need some tents",
        "需要一批帐篷",
    ],
)
def test_what_is_heard_asked_or_counts_other_things_says_no_quantity(text):
    assert said(text) == [] and read_needs(text), "it is asked for, and how much is not said"


def test_what_is_still_lacking_counts_and_not_what_came():
    assert said("已送来200顶帐篷,还缺100顶") == [("tent", 100, 100, "", "tent")]
    assert said("we received 200 tents but still need 100 more") == [("tent", 100, 100, "", "")]
    assert said("需要帐篷500顶,已到200顶,还缺300顶") == [("tent", 300, 300, "", "tent")]


def test_a_later_number_takes_the_place_of_an_earlier_one():
    assert said("需要帐篷200顶，更正，是300顶") == [("tent", 300, 300, "", "tent")]
    assert said("需要帐篷200顶。现在急需帐篷350顶。") == [("tent", 350, 350, "", "tent")]
    assert said("需要帐篷200顶，现在有100顶") == [("tent", 200, 200, "", "tent")]


@pytest.mark.parametrize(
    "text", ["村里急需约200顶帐篷，快", "还缺３００床棉被、矿泉水五十箱", "We need at least 30 tents today"]
)
def test_the_words_that_say_so_are_named(text):
    for one in read_needs(text):
        words = text[one.said_begin : one.said_end]
        assert one.begin <= one.said_begin < one.said_end <= one.end
        assert one.word in flatten(words) and words in text
    assert text[read_needs(text)[0].said_begin :].startswith(("约200顶", "３００床", "at least 30"))


_WORDS = st.sampled_from(
    [
        *["急需", "需要", "不", "缺", "帐篷", "棉被", "矿泉水", "两三百", "200", "几十", "至少", "顶", "床"],
        *[
            "箱",
            "天",
            "，",
            "、",
            "。",
            "已送来",
            "还",
            "更正",
            "是",
            "人",
            "200-300",
            "\u0130",
            "１２",
            "听说",
        ],
        *["吗", "万", "来", "(", ":", " need ", " tents ", " boxes of ", " water ", " no longer "],
        *["at least ", "two dozen "],
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=16).map("".join)))
def test_any_text_is_read_and_its_words_stand_in_it(text):
    for one in read_needs(text):
        assert 0 <= one.begin < one.end <= len(text)
        assert (one.low is None) == (one.high is None) == (one.said_end == 0)
        if one.low is not None:
            assert one.high > 0 and one.low <= one.high and 0 <= one.said_begin < one.said_end <= len(text)
    keys = [(a.label, a.item) for a in read_needs(text)]
    assert len(keys) == len(set(keys))


def test_canary_without_the_words_that_deny_what_is_not_needed_is_read(monkeypatch):
    from jingwei.engines.reading.lexicon import Lexicon

    monkeypatch.setattr(asked, "_unneeded", lambda: Lexicon([]))
    assert said("不需要200顶帐篷") and said("we no longer need 200 tents")


def test_canary_without_the_units_days_and_things_told_before_count(monkeypatch):
    monkeypatch.setattr(asked._Reading, "_counts", lambda self, amount, label: True)
    assert said("急需帐篷、棉被20顶") != [], "a unit of tents counts quilts now"


def test_a_unit_counts_only_what_it_fits():
    assert said("急需帐篷、棉被20顶") == []
    assert quantities.unit_of("顶", "shelter").unit == "tent" and quantities.unit_of("顶", "water") is None
    assert quantities.unit_of("支", "medicine").unit in ("dose", "piece")


def test_every_item_is_a_thing_of_its_class_and_counted_in_a_known_unit():
    """A word of an item that no reading would take for a thing could never be asked for."""
    things = {w: r["label"] for r in rows("fact-words") if r["role"] == "thing" for w in spell(r["words"])}
    for item in quantities.known_items().values():
        unit = quantities.known_units()[item.unit]
        assert unit.fits(item.label), item.item
        for word in item.said:
            held = {label for thing, label in things.items() if thing in word}
            assert item.label in held or word in ("胰岛素", "insulin"), (item.item, word)
