"""Kinds of event, hearsay and idle talk, language, urgency and topic."""

import pytest

from jingwei.engines.reading import kinds, read_facts, read_report, read_topic
from jingwei.engines.reading.kinds import known_kinds, language_of, read_kinds

SPOKEN = [
    ("小区地下车库淹了，水还在往里灌", "11A02"),
    ("村子发大水了", "11A01"),
    ("水库要垮坝了", "11A03"),
    ("大堤冒水，是管涌", "11A04"),
    ("山洪下来了，人冲走了", "11A51"),
    ("刚才地震了，楼一直在晃", "11C02"),
    ("后山滑坡了", "11D01"),
    ("泥石流冲进村子", "11D02"),
    ("马路塌了一个大坑", "11D04"),
    ("山上着火了", "11G01"),
    ("隔壁厨房着火了", "12G03"),
    ("商场着火了好多人跑", "12G06"),
    ("车自燃了", "12H04"),
    ("一辆大货车在高速上侧翻", "12H01"),
    ("两车追尾", "12H02"),
    ("车掉进河里了", "12H03"),
    ("渔船翻了", "12J08"),
    ("火车脱轨", "12K01"),
    ("地铁里进水了，车停在隧道里", "12L99"),
    ("直升机坠毁", "12M01"),
    ("电梯突然停了，我们卡在里面", "12N04"),
    ("塔吊倒了", "12N05"),
    ("大桥垮塌", "12P04"),
    ("房子塌了埋了人", "12P13"),
    ("楼道里闻到很浓的煤气味", "12P09"),
    ("全村停电了", "12P08"),
    ("氯气泄漏", "12D02"),
    ("煤矿瓦斯爆炸", "12A01"),
    ("烧炭取暖一家人叫不醒", "13C03"),
    ("吃了毒蘑菇上吐下泻", "13B03"),
    ("被疯狗咬了", "13E09"),
    ("有人拿刀砍人", "14B01"),
    ("楼梯口人挤人，有人被踩伤", "12S99"),
    ("樓上火災", "12G03"),
    ("水浸街", "11A02"),
    ("台风把树都刮倒了", "11B01"),
    ("下冰雹了，鸡蛋大的冰雹", "11B15"),
    ("the street is flooded and water is coming in", "11A02"),
    ("flash flood in the canyon", "11A51"),
    ("Huge earthquake just now, everything was shaking", "11C02"),
    ("kitchen fire at my neighbors", "12G03"),
    ("wildfire near the ridge", "11G01"),
    ("two car crash on the highway", "12H02"),
    ("train derailed", "12K01"),
    ("helicopter crashed into a pub", "12M01"),
    ("smell of gas in the hallway", "12P09"),
    ("stuck in the elevator", "12N04"),
    ("the building collapsed", "12P13"),
    ("carbon monoxide alarm", "13C03"),
    ("there is a man with a gun", "14B01"),
    ("tornado on the ground", "11B02"),
    ("power lines down", "12P08"),
    ("a boat capsized on the lake", "12J08"),
    ("bridge washed out", "12P04"),
    ("mudslide hit the village", "11D02"),
]


@pytest.mark.parametrize(("text", "code"), SPOKEN)
def test_everyday_words_name_the_kind(text, code):
    assert read_report(text).kind == code, read_kinds(text)


def test_a_caller_who_says_nothing_of_a_kind_gives_no_evidence():
    for text in ("你好", "请问现在几点", "hello, can you hear me", "", "12345", "🙏🙏"):
        assert read_kinds(text).kinds == {}, text


def test_two_words_count_together_only_when_near_and_in_one_sentence():
    assert read_kinds("电梯突然停了").kinds
    assert "12N04" not in read_kinds("电梯。昨天停了").kinds
    assert "12N04" not in read_kinds("电梯" + "很" * 30 + "停了").kinds


def test_a_meaning_counts_once():
    assert read_kinds("地震了地震了地震了").kinds == read_kinds("地震了").kinds


def test_the_words_that_say_so_are_shown():
    text = "隔壁厨房着火了"
    assert [text[a:b] for a, b in read_kinds(text).said] == ["厨房着火"]


def test_hearsay_and_idle_talk_are_told_apart():
    assert read_kinds("听说水库垮了").hearsay
    assert not read_kinds("水库垮了").hearsay
    assert read_kinds("thoughts and prayers").idle
    assert not read_kinds("we are trapped").idle


def test_the_language_is_that_of_most_letters():
    assert language_of("京广路 tunnel 淹了") == "zh"
    assert language_of("flood on 京广路 near the big tunnel, many cars stuck") == "en"
    assert language_of("") == "en"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("救命啊，快来人", 1),
        ("水都到胸口了", 1),
        ("有人持刀砍人", 1),
        ("help us, we can't breathe", 1),
        ("隔壁着火了", 2),
        ("he is injured", 2),
        ("停电了什么时候来电", 3),
        ("tree down, road is blocked", 3),
        ("火已经扑灭了，没人受伤", 4),
        ("everyone is safe, fire is under control", 4),
        ("你好", 0),
    ],
)
def test_urgency_is_read_from_words_and_facts(text, level):
    assert read_report(text).urgency.level == level


@pytest.mark.parametrize(
    ("text", "topic", "informative"),
    [
        ("4 dead, 63 injured", "affected", True),
        ("Thoughts and prayers, stay strong", "sympathy", False),
        ("Please donate to the Red Cross relief fund", "donation", True),
        ("The highway is closed", "infrastructure", True),
        ("Tsunami warning, avoid the coast", "advice", True),
        ("lol", "", False),
    ],
)
def test_a_public_message_has_a_topic(text, topic, informative):
    found = read_topic(text, read_facts(text))
    assert (found.name, found.informative) == (topic, informative)


def test_the_check_of_kinds_fails_without_the_words(monkeypatch):
    """Canary: with an empty lexicon nothing is known."""
    assert read_kinds("地震了").kinds
    bare = kinds._known()._replace(lexicon=kinds.Lexicon(()))
    monkeypatch.setattr(kinds, "_known", lambda: bare)
    assert not read_kinds("地震了").kinds


def test_kinds_have_a_family_and_a_spread():
    table = known_kinds()
    assert len({k.code for k in table}) == len(table)
    assert all(k.family and k.spread_m > 0 for k in table)
