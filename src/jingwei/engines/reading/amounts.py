"""The numbers of a text: where they stand, what they may mean, and whether they count people."""

import re
from typing import NamedTuple

from jingwei.engines.reading.numerals import NUMBER, parse_number

#: What may start a number; a text without it has none.
_ANY = re.compile(
    r"[0-9零一二两三四五六七八九十百千万几数俩仨廿卅好若壹贰叁肆伍陆柒捌玖上]|"
    r"\b(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twel|thirt|fo|fift|sixt|sevent|"
    r"eight|ninet|"
    r"twent|dozens|scores|hundred|thousands|tens|several|some|many|few|couple|half|multiple|numerous|both)"
)
_NUMBER = re.compile(rf"(?<![0-9.a-z])(?:{NUMBER})(?![0-9])")
_PEOPLE = re.compile(
    r"\s?(?:多|余|来|几)?\s?(?:"
    r"人|名|位|口(?!井|子)|具|条(?:人命|生命)|个(?=人|老|孩|小孩|小朋友|小伙|学生|女|男|大人|娃|工|乘|游|"
    r"村|群众|居|妇|病|伤|"
    r"被|受|困|重|轻|死|失|没|遇|都|还|在|出不|同|朋|邻|司|兄|姐|妹|弟|亲|$|[\s,.!?;、])|个$|"
    r"(?:more |other |further |elderly |old |young |little |small |local |construction |foreign |school |"
    r"police |"
    r"confirmed |trapped |injured |missing |of the )*"
    r"(?:people|persons?|of us|of them|men|man|women|woman|kids?|child(?:ren)?|adults?|bab(?:y|ies)|"
    r"passengers?|workers?|"
    r"residents?|students?|miners?|victims?|casualt(?:y|ies)|dead|injured|survivors?|others|villagers?|"
    r"tourists?|"
    r"families|family members|firefighters?|lives|bod(?:y|ies)|deaths?|fatalit(?:y|ies)|injuries|"
    r"civilians?|soldiers?|"
    r"patients?|girls?|boys?|elderly|friends?|employees?|officers?|homeless|evacuees?|souls|crew|guests?|"
    r"drivers?|hikers?)\b)"
)
_OTHER = re.compile(
    r"\s?-?(?:多|余|来|几|第)?\s?(?:"
    r"个(?:多)?(?:半)?(?:小时|月|星期|礼拜|钟|小区|村|县|镇|乡|房间|街区|地方|电话|车|城市|路口|单元|平台|"
    r"坑|洞|包|箱|省|市)|"
    r"米|公尺|公分|厘米|毫米|公里|千米|里地|里路|尺|丈|级|楼|层|号|栋|幢|座|单元|室|点|分|秒|时|小时|天|"
    r"日|年|月|周|岁|旬|"
    r"元|块|万元|亿|度|吨|公斤|斤|升|桶|瓶|箱|袋|顶|件|床|艘|辆|台|部|架|条|头|只|棵|间|户|家|处|次|遍|届|"
    r"路|环|线|组|排|"
    r"车|步|圈|倍|成|折|平|亩|公顷|支|面|道|%|％|℃|"
    r"(?:m|cm|mm|km|ft|feet|foot|inch(?:es)?|met(?:er|re)s?|miles?|kms?|kilomet|hours?|hrs?|h|"
    r"min(?:ute)?s?|seconds?|"
    r"days?|weeks?|months?|years?|year[- ]old|yrs?|am|pm|a\.m|p\.m|o'clock|st|nd|rd|th|floors?|stor(?:y|"
    r"ies|ey|eys)|"
    r"street|avenue|ave|road|blocks?|cars?|vehicles?|trucks?|houses?|homes?|buildings?|acres?|hectares?|"
    r"mph|kph|"
    r"degrees|percent|per cent|dollars|usd|million dollars|magnitude|times|engines|units|lanes|trees|schools|"
    r"structures|towns|cities|villages|countries|states|flights)\b|%|:\d|/\d|-\d{3})"
)
_DROPPED = re.compile(
    r"(?:不是|并非|而不是|没有|not|no\.|第|#|电话|tel|room|flat|apt|unit|no|route|highway|hwy|floor|"
    r"[$￥¥£€@])\s*$"
)
_TIME = re.compile(r":\d\d")
#: Longer rows of figures are telephone and other numbers. Source: our estimate, seven figures make a
#: telephone number, 2026-11-29.
MOST_FIGURES = 6


class Amount(NamedTuple):
    """A number in a text; `people`: a word that counts people follows."""

    begin: int
    end: int
    low: float
    high: float
    people: bool


def read_amounts(flat: str) -> list[Amount]:
    """Numbers that may count people, in their order; measures, times, ages and addresses are left out."""
    if _ANY.search(flat) is None:
        return []
    found = []
    for match in _NUMBER.finditer(flat):
        begin, end = match.span()
        said = match.group()
        if sum(c.isdigit() for c in said) > MOST_FIGURES:
            continue
        before = flat[max(0, begin - 16) : begin]
        if _DROPPED.search(before):
            continue
        counted = _PEOPLE.match(flat, end)
        if counted is None and _OTHER.match(flat, end):
            continue
        span = parse_number(said, before, flat[counted.end() if counted else end :][:8])
        if span is None or span.high >= 1e8:
            continue
        found.append(
            Amount(begin, counted.end() if counted else end, span.low, span.high, counted is not None)
        )
    return found
