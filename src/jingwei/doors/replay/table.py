"""A replay's result as tables for a terminal, in Chinese or English; Chinese characters are two wide."""

import unicodedata
from collections.abc import Sequence
from datetime import tzinfo
from typing import Literal, TextIO

from jingwei.apps.assessments.facts import Assessment, Chain, Checked, Words
from jingwei.apps.assessments.queries import get_measures
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.kernel.grades import NUMERALS

Lang = Literal["zh", "en"]

_STATES = {
    "met": Words("相符", "met"),
    "differs": Words("不符", "differs"),
    "conflict": Words("来源不一", "conflict"),
    "not_assessable": Words("缺记录", "not assessable"),
    "not_yet": Words("尚未具备", "not yet"),
}
_UNITS = {
    "person": Words("人", "people"),
    "10k_CNY": Words("万元", "10k CNY"),
    "vehicle": Words("辆", "vehicles"),
}
_CHECK_HEAD = (
    Words("项", "id"), Words("检验", "check"), Words("应当", "expected"), Words("实际", "actual"),
    Words("差", "difference"), Words("结论", "state"),
)  # fmt: skip
_INCIDENT_HEAD = (
    Words("级别", "grade"), Words("依据", "clause"), Words("事件", "incident"), Words("来报", "reports"),
    Words("起", "since"),
)  # fmt: skip
#: Widest cell before it is cut into lines. Source: our estimate, six columns in 140, 2026-11-22.
WIDEST = 34


def print_assessment(found: Assessment, out: TextIO, *, lang: Lang) -> None:
    """The checks, one line each, what each rests on, and the chains of figures."""
    print(f"{say(found.title, lang)}  {found.event_ref}\n", file=out)
    rows = [[say(h, lang) for h in _CHECK_HEAD]] + [_check_cells(c, lang) for c in found.checks]
    print_rows(rows, out)
    for check in found.checks:
        for line in (*check.missing, *check.explanation):
            print(f"  {check.id}  {say(line, lang)}", file=out)
        for chain in (d for d in check.details if isinstance(d, Chain)):
            print(f"  {check.id}  {_chain(chain, lang)}", file=out)
    print(file=out)


def print_incidents(found: Sequence[IncidentLine], out: TextIO, *, lang: Lang, zone: tzinfo) -> None:
    """The incidents that came of the reports, with the grade proposed and the clause that says so."""
    rows = [[say(h, lang) for h in _INCIDENT_HEAD]]
    rows += [_incident_cells(one, lang, zone) for one in found]
    print_rows(rows, out)
    print(file=out)


def _incident_cells(one: IncidentLine, lang: Lang, zone: tzinfo) -> list[str]:
    since = f"{one.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return [_grade(one, lang), " ".join(one.clauses), one.title(lang), str(one.report_count), since]


def say(words: Words, lang: Lang) -> str:
    return words.zh if lang == "zh" else words.en


def _check_cells(check: Checked, lang: Lang) -> list[str]:
    state = say(_STATES[check.state], lang)
    return [
        check.id,
        say(check.title, lang),
        say(check.expected, lang),
        say(check.actual, lang),
        say(check.difference, lang),
        f"{state}: {check.needs}" if check.state == "not_yet" and check.needs else state,
    ]


def _chain(chain: Chain, lang: Lang) -> str:
    name = say(get_measures()[chain.measure].title, lang)
    values = " → ".join(f"{p.value:,g}" if p.value < 1e6 else f"{p.value:,.0f}" for p in chain.points)
    return (
        f"{name} [{chain.area}] {values} {say(_UNITS.get(chain.unit, Words(chain.unit, chain.unit)), lang)}"
    )


def _grade(one: IncidentLine, lang: Lang) -> str:
    if one.grade is None:
        return say(Words("未定级", "none"), lang)
    note = {"proposed": Words("拟", "proposed"), "preliminary": Words("初判", "preliminary")}
    return f"{NUMERALS[one.grade]} {say(note.get(one.grade_state, Words()), lang)}".strip()


def print_rows(rows: Sequence[Sequence[str]], out: TextIO) -> None:
    """Rows as columns, the first one as the head."""
    cut = [[_lines(cell) for cell in row] for row in rows]
    widths = [max(_width(line) for row in cut for line in row[n]) for n in range(len(rows[0]))]
    for number, row in enumerate(cut):
        for n in range(max(len(cell) for cell in row)):
            cells = [cell[n] if n < len(cell) else "" for cell in row]
            text = "  ".join(c + " " * (w - _width(c)) for c, w in zip(cells, widths, strict=True))
            print(text.rstrip(), file=out)
        if number == 0:
            print("  ".join("-" * w for w in widths), file=out)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _lines(text: str) -> list[str]:
    """The text in lines no wider than `WIDEST`; broken at a space where there is one."""
    lines, line = [], ""
    for word in _pieces(text):
        if line and _width(line + word) > WIDEST:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a space, and after any wide character."""
    pieces = [""]
    for character in text:
        pieces[-1] += character
        if character == " " or _width(character) == 2:
            pieces.append("")
    return [p for p in pieces if p]
