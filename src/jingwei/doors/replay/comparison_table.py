"""A comparison as text for a terminal: the pairs, then each line of the rules' track with its marks."""

from datetime import tzinfo
from typing import TextIO

from jingwei.apps.assessments.facts import Compared, Mark, RunLine, Words

from .table import Lang, print_rows, say

MARKS: dict[Mark, Words] = {
    "in_force": Words("当时施行", "in force that day"),
    "later": Words("今日条文，当时未施行", "of today, not in force then"),
    "undated": Words("施行日期不详", "dates in force not known"),
    "recalled": Words("凭记忆，待核实", "recalled, unverified"),
    "illustration": Words("示例预案", "illustration of a plan"),
    "estimate": Words("我方估计", "our estimate"),
    "generated": Words("生成的读数", "generated readings"),
}
_PAIR_HEAD = (Words("比什么", "what"), Words("实际记录", "as recorded"), Words("按规则", "as the rules say"),
              Words("差", "difference"), Words("注意", "marks"))  # fmt: skip
_LINE_HEAD = (Words("时间", "time"), Words("由谁", "by"), Words("什么", "what"), Words("依据", "clause"),
              Words("注意", "marks"))  # fmt: skip
_PROPOSED = Words("（系统建议）", "(proposed)")


def print_comparison(found: Compared, out: TextIO, *, lang: Lang) -> None:
    """Pairs, lines, what was withheld."""
    zone = found.from_at.tzinfo
    print(f"{say(found.title, lang)}  {found.delay_min:g} min\n", file=out)
    rows = [[say(h, lang) for h in _PAIR_HEAD]]
    for p in found.pairs:
        rows.append([say(w, lang) for w in (p.title, p.recorded, p.rules, p.difference)])
        rows[-1].append(marks_of(p.marks, lang))
        rows += [["", say(o.recorded, lang), "", say(o.difference, lang), ""] for o in p.otherwise]
    print_rows(rows, out)
    print(file=out)
    lines = [r for r in found.lines if r.track == "rules"]
    print_rows([[say(h, lang) for h in _LINE_HEAD], *(_cells(r, lang, zone) for r in lines)], out)
    withheld = ", ".join(w.row for w in found.withheld if not w.measures)
    parts = ", ".join(w.row for w in found.withheld if w.measures)
    print(file=out)
    print(
        say(
            Words(
                f"未提供：第 {withheld} 行；第 {parts} 行中的部分数字",
                f"withheld: rows {withheld}; figures of rows {parts}",
            ),
            lang,
        ),
        file=out,
    )


def _cells(line: RunLine, lang: Lang, zone: tzinfo | None) -> list[str]:
    return [
        f"{line.at.astimezone(zone):%m-%d %H:%M}",
        say(line.by, lang) or say(_PROPOSED, lang),
        say(line.words, lang),
        " ".join(b.label for b in line.bases),
        marks_of(line.marks, lang),
    ]


def marks_of(marks: tuple[Mark, ...], lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(say(MARKS[m], lang) for m in marks)
