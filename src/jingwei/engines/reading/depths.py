"""How deep the water stands: in metres as said, or by a body, a car or a house."""

import re
from functools import cache

from jingwei.engines.reading.numerals import NUMBER, parse_number
from jingwei.engines.reading.tables import rows, spell

#: Metres of each unit. Source: the international foot of 0.3048 m; 尺 is a third of a metre by definition.
_UNIT_M = {"米": 1.0, "公尺": 1.0, "公分": 0.01, "厘米": 0.01, "cm": 0.01, "尺": 0.333, "foot": 0.3048,
           "feet": 0.3048, "ft": 0.3048, "'": 0.3048, "inch": 0.0254, "inches": 0.0254}  # fmt: skip
#: Water is not deeper where people stand. Source: our estimate, a flooded underpass or a third storey,
#: 2026-11-29.
MOST_M = 12.0
#: How far the words of water may stand from a length, in characters. Source: our estimate, one sentence,
#: 2026-11-29.
NEAR = 24
_LENGTH = re.compile(
    rf"(?P<n>(?<![0-9.]){NUMBER}|半)\s*-?(?P<u>米|公尺|公分|厘米|尺(?!寸)|m(?![a-z])|met(?:er|re)s?\b|"
    rf"cms?\b|centimet(?:er|re)s?\b|"
    r"feet\b|foot\b|ft\b|inch(?:es)?\b)(?P<t>[一二三四五六七八九半](?![一二三四五六七八九十]))?|"
    r"(?P<half>half a met(?:er|re))"
)
_WATER = re.compile(
    r"水|淹|涝|洪|深|积|浸|没过|没到|涨了?到|\b(?:water|deep|depth|flood\w*|submerged|inundat\w+|"
    r"underwater|river)\b"
)
_ELSE = re.compile(
    r"\s*(?:远|外|长|宽|高的?(?!水)|范围|以内|之外|开外|处|的路|away|wide|long|from|ahead|tall|of snow|"
    r"visibility|radius|off)"
)
_NOT_BEFORE = re.compile(
    r"(?:离|距|距离|相距|宽|长|高约|能见度|涨了|上涨|上涨了|上升|上升了|下降|退了|降了|rose|risen|rises|"
    r"by|within|跑了|走了|开了|积雪|雪)\s*(?:约|大概|有)?$"
)
_REACHED = re.compile("(?:到|齐|没过|漫过|漫到|淹过|淹到|淹没|过|淹|没|齐到|及|浸过|浸到|快到|深到|差不多到)"
                      "(?:了|着|我|我们|大人|人|成人|孩子|小孩|"
                      "的|快|快到|要|到|过|他|她|我的|一个|一|汽车|车子|车|小腿|家|楼)*$")  # fmt: skip
_EN_REACHED = re.compile(
    r"\b(?:up to|to|over|above|at|past|reached|reaching|covers|covering|covered|almost|below|around|"
    r"near)\s+(?:about\s+)?"
    r"(?:(?:my|our|your|his|her|their|the|people's|a man's|an adult's|child's|top of the|above the|"
    r"middle of the)\s+)*$"
)
_EN_DEEP = re.compile(r"[\s-]*(?:deep|high|height|level|depth)")

Depth = tuple[int, int, float, float]


@cache
def _bodies() -> tuple[re.Pattern[str], dict[str, float]]:
    known = {w: float(r["depth_m"]) for r in rows("depths") for w in spell(r["words"])}
    zh = "|".join(re.escape(w) for w in sorted(known, key=len, reverse=True) if not w.isascii())
    en = "|".join(re.escape(w) for w in sorted(known, key=len, reverse=True) if w.isascii())
    return re.compile(rf"{zh}|\b(?:{en})\b"), known


def read_depths(flat: str) -> list[Depth]:
    """Depths in their order: begin, end, low, high in metres; [] where no water is spoken of."""
    if _WATER.search(flat) is None:
        return []
    found = [d for m in _LENGTH.finditer(flat) if (d := _length(flat, m))]
    bodies, known = _bodies()
    for match in bodies.finditer(flat):
        depth = _body(flat, match, known[match.group()])
        if depth and not any(abs(depth[0] - d[0]) < NEAR for d in found):
            found.append(depth)
    return sorted(found)


def _length(flat: str, match: re.Match[str]) -> Depth | None:
    begin, end = match.span()
    if _ELSE.match(flat, end) or _NOT_BEFORE.search(flat[max(0, begin - 12) : begin]):
        return None
    if not _WATER.search(flat, max(0, begin - NEAR), min(len(flat), end + NEAR)):
        return None
    if match.group("half") or match.group("n") == "半":
        low = high = 0.5
    else:
        span = parse_number(match.group("n"), flat[max(0, begin - 12) : begin])
        if span is None:
            return None
        low, high = span
        if low > 1 and high == 2 * low - 1:
            high = low  # 至少两米: as said
    if match.group("half"):
        return begin, end, low, high
    scale = _scale(match.group("u"))
    tail = match.group("t")
    more = (
        0.0 if not tail or scale != 1.0 else 0.5 if tail == "半" else "零一二三四五六七八九".index(tail) / 10
    )
    low, high = round(low * scale + more, 3), round(high * scale + more, 3)
    return (begin, end, low, high) if low > 0 and high <= MOST_M else None


def _scale(unit: str) -> float:
    if unit.startswith(("cm", "centi")):
        return _UNIT_M["cm"]
    return _UNIT_M.get(unit, 1.0)


def _body(flat: str, match: re.Match[str], depth_m: float) -> Depth | None:
    """A part of the body counts where something reaches it: 齐腰, 没过膝盖, waist deep, up to my knees."""
    begin, end = match.span()
    left = flat[max(0, begin - 30) : begin]
    if match.group().isascii():
        deep = _EN_DEEP.match(flat, end)
        if deep:
            return begin, deep.end(), depth_m, depth_m
        reached = _EN_REACHED.search(left)
        if reached and _WATER.search(flat, max(0, begin - 2 * NEAR), end):
            return begin - len(left) + reached.start(), end, depth_m, depth_m
        return None
    reached = _REACHED.search(left)
    if reached:
        return begin - len(left) + reached.start(), end, depth_m, depth_m
    if flat.startswith(("深", "高"), end) or match.group()[0] == "齐" or match.group()[-1] in "深高":
        return begin, min(len(flat), end + 1) if flat.startswith(("深", "高"), end) else end, depth_m, depth_m
    return None
