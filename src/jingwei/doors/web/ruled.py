"""What pages and files show of the tables of rules: words for codes, links to sources, evidence, validity."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import COLUMNS, SHEETS, Ruled, table_of
from jingwei.kernel.grades import NUMERALS

from . import terms
from .names import Names, Pair
from .templatetags.jw import article, plain_number

#: Columns whose text is in one language, whatever the page's.
TONGUES = {
    "text_zh": "zh-Hans", "title_zh": "zh-Hans", "name_zh": "zh-Hans", "zh": "zh-Hans", "name_en": "en",
    "en": "en",
}  # fmt: skip
#: Columns that hold notes of whoever entered the row, in whatever language, and bare codes.
CODES = frozenset({
    "rule_id", "id", "code", "term", "alt_group", "where", "note", "source_note", "abbr", "status_note",
})  # fmt: skip
#: Columns that name a source.
SOURCES = ("source", "superseded_by")


#: Columns that the page of a row tells in a line of their own: what it is, and when it is in force.
_TOLD_APART = {
    "event-codes": ("level",),
    "sources": ("id", "title_zh", "in_force", "repealed_on"),
}


class Words:
    """The names that cells of one page stand for, each register asked once."""

    def __init__(self) -> None:
        self.names = Names()
        self._titles: dict[str, str] | None = None
        self._tables: dict[str, Pair] | None = None

    def title(self, source: str) -> str:
        if self._titles is None:
            self._titles = hazards.list_source_titles()
        return self._titles.get(source, "")

    def table(self, code: str) -> Pair:
        if self._tables is None:
            rows = hazards.list_rules("grading-tables")
            self._tables = {r.table: (r.name_zh, r.name_en) for r in rows if hasattr(r, "name_zh")}  # type: ignore[union-attr]
        return self._tables.get(code, (code, code))

    def word(self, group: str, value: object) -> Pair:
        code = str(value)
        if group == "kind":
            return self.names.kind(code)
        if group == "measure":
            return terms.measure_pair(code)
        if group == "grading_table":
            pairs = [self.table(one) for one in code.split()]
            return "、".join(p[0] for p in pairs), ", ".join(p[1] for p in pairs)
        if group in ("grade", "level"):
            return f"{NUMERALS.get(int(code), code)} 级", f"level {NUMERALS.get(int(code), code)}"
        if group == "unit":
            said = terms.unit(code)
            return ("" if said == code and code.isascii() else said), said  # one without a word is English
        if group == "minutes":
            return minutes(int(code))
        pair = hazards.words_of(settings.JINGWEI_DATA).get((group, code))
        return pair or (_number(code), _number(code))


def minutes(value: int) -> Pair:
    """A limit as the field says it: at once, minutes, hours, days."""
    if value == 0:
        return "立即", "at once"
    if value % 1440 == 0:
        n = value // 1440
        return f"{n} 日", f"{n} day" if n == 1 else f"{n} days"
    if value % 60 == 0:
        return f"{value // 60} 小时", f"{value // 60} h"
    return f"{value} 分钟", f"{value} min"


def _number(text: str) -> str:
    try:
        return plain_number(float(text))
    except ValueError:
        return text.replace("-", "–")


def cell(name: str, row: Any, words: Words) -> SimpleNamespace:
    """One cell in both languages, and how it is drawn: text, code, source, evidence, grade."""
    value, column = getattr(row, name), COLUMNS[name]
    made = SimpleNamespace(name=name, column=column, kind="text", zh="", en="", lang="", value=value, href="")
    if value in ("", None):
        made.kind = "empty"
    elif name in SOURCES:
        made.kind, made.zh, made.href = "source", words.title(value) or value, f"/rules/sources/{value}"
        made.en = made.zh
    elif name == "evidence":
        made.kind = "evidence"
        made.zh = made.en = evidence_text(value)
    elif name == "article":
        made.zh = made.en = article(value)
    elif name in TONGUES:
        made.zh = made.en = value
        made.lang = TONGUES[name]
    elif isinstance(value, bool):
        made.zh, made.en = ("是", "yes") if value else ("否", "no")
    elif isinstance(value, date):
        made.zh = made.en = value.isoformat()
    elif name == "measures":
        pairs = [words.word("measure", one) for one in str(value).split()]
        made.zh, made.en = "，否则".join(p[0] for p in pairs), ", else ".join(p[1] for p in pairs)
    elif column.words:
        made.zh, made.en = words.word(column.words, value)
    else:
        made.zh = made.en = plain_number(value) if isinstance(value, float) else str(value)
        made.kind = "code" if name in CODES else "text"
    return made


def listed(name: str, row: Any, words: Words) -> SimpleNamespace:
    """A cell as a list shows it: a value with its comparison and unit, a limit as the field says it."""
    made = cell(name, row, words)
    if name == "value" and hasattr(row, "op"):
        op, unit = words.word("op", row.op), words.word("unit", row.unit) if row.unit else ("", "")
        if row.value in ("true", "judged") or row.op == "judged":
            op = ("", "") if row.op == "==" else op
        made.zh, made.en = (" ".join(p for p in (op[i], made_, unit[i]) if p) for i, made_ in
                            enumerate((made.zh, made.en)))  # fmt: skip
        made.kind = "text"
    return made


def evidence_text(evidence: str) -> str:
    """How well it is known, in words: checked, seen, recalled, to be checked."""
    if "recalled" in evidence:
        return _("recalled, unverified")
    return terms.say("disc", terms.disc(evidence) or "empty")


def row(table: str, one: Any, words: Words) -> SimpleNamespace:
    """A row in a list: what it is called, its cells, and whether it is still in force."""
    sheet, key = SHEETS[table], key_of(table, one)
    cells = [listed(name, one, words) for name in sheet.listed]
    return SimpleNamespace(
        key=key, href=f"/rules/{table}/{key}", title=title(table, one), cells=cells,
        overlay=getattr(one, "node", ""),
        code=key if isinstance(one, Ruled) or table in ("sources", "event-codes") else "",
    )  # fmt: skip


def key_of(table: str, one: Any) -> str:
    first = {"grading-tables": "table", "sources": "id", "event-codes": "code", "metrics": "metric",
             "glossary": "term"}.get(table, "rule_id")  # fmt: skip
    return str(getattr(one, first))


def title(table: str, one: Any) -> Pair:
    """What a row is called in both languages."""
    kind = SHEETS[table].title
    if kind == "name":
        return one.name_zh, one.name_en
    if kind == "title":
        return one.title_zh, ""
    if kind == "word":
        return one.zh, one.en
    return key_of(table, one), key_of(table, one)


def fields(table: str, one: Any, words: Words) -> list[SimpleNamespace]:
    """Every field of a row in the field's words; what is empty is left out."""
    hidden = ("node", *_TOLD_APART.get(table, ("valid_from", "valid_to", "validity_known")))
    names = [n for n in type(one).__struct_fields__ if n not in hidden and n in COLUMNS]
    made = [cell(n, one, words) for n in names]
    return [c for c in made if c.kind != "empty"]


def plain(one: Any) -> dict[str, Any]:
    """A row as JSON holds it."""
    values = msgspec.structs.asdict(one)
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items() if n != "node"}


def text_cells(table: str, one: Any, words: Words) -> list[str]:
    """A row as a line of a file: every column, in the page's words."""
    zh = terms.is_zh()
    made = [cell(n, one, words) for n in columns_of(table)]
    return [(c.zh if zh else c.en) or "" for c in made]


def columns_of(table: str) -> list[str]:
    return [n for n in hazards.fields_of(table) if n != "node"]


def counted(found: Mapping[str, int]) -> list[SimpleNamespace]:
    """Where a source stands: table by table, how many rows."""
    return [SimpleNamespace(table=name, sheet=SHEETS[name], count=n) for name, n in found.items()]


__all__ = ["Words", "cell", "counted", "fields", "minutes", "plain", "row", "table_of", "title"]
