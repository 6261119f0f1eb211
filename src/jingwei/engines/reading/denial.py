"""Whether a fact is denied, only asked, or over, by the words around it."""

import re
from functools import cache

from jingwei.engines.reading.tables import words

#: How many characters before and after a fact are looked at. Source: our estimate, one clause, 2026-11-29.
REACH_BEFORE, REACH_AFTER = 60, 48
_CLAUSE_END = re.compile(r"[,.;!?。\n]")


def _any(role: str, lang: str) -> str:
    return "|".join(re.escape(w) for w in words("denials", role=role, lang=lang))


@cache
def _before(role: str) -> re.Pattern[str]:
    """A no or a question, then nothing but words that may stand between, then the fact."""
    zh = rf"(?:{_any(role, 'zh')})(?:{_any('between', 'zh')}|\s)*"
    en_between = rf"(?:\s+(?:{_any('between', 'en')})(?![a-z]))*\s*"
    en = "|".join(
        (re.escape(w) if w.startswith("n't") else rf"\b{re.escape(w)}")
        for w in words("denials", role=role, lang="en")
    )
    return re.compile(rf"(?:{zh}|(?:{en})(?![a-z']){en_between})$")


@cache
def _over() -> re.Pattern[str]:
    zh = rf"(?:的)?(?:人员|群众|居民|乘客|人)?(?:{_any('over', 'zh')})"
    who = "|".join(
        ("people", "persons", "residents", "passengers", "miners", "workers", "victims", "children")
    )
    en = rf"\s?(?:(?:{who}) )?(?:{_any('over', 'en')})\b"
    return re.compile(rf"{zh}|{en}")


@cache
def _update() -> re.Pattern[str]:
    en = "|".join(rf"\b{re.escape(w)}\b" for w in words("denials", role="update", lang="en"))
    return re.compile(rf"{_any('update', 'zh')}|{en}")


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a no or a question begins with: a text without it needs no closer look."""
    zh = {w[0] for role in ("no", "asked") for w in words("denials", role=role, lang="zh")}
    en = {w.split(" ")[0] for role in ("no", "asked") for w in words("denials", role=role, lang="en")}
    ends = "|".join(re.escape(w) for w in sorted(en) if w != "n't")
    return re.compile("[" + "".join(sorted(zh)) + "]"), re.compile(rf"n't|\b(?:{ends})\b")


def may_turn(flat: str) -> bool:
    """Whether the text may have a word that denies or asks."""
    zh, en = _marks()
    return (not flat.isascii() and zh.search(flat) is not None) or en.search(flat) is not None


def turned(flat: str, begin: int) -> str:
    """`denied` or `asked` by what stands before the fact; '' where it stands as said."""
    left = flat[max(0, begin - REACH_BEFORE) : begin]
    cut = 0
    for mark in _CLAUSE_END.finditer(left):
        cut = mark.end()
    left = left[cut:]
    if not left:
        return ""
    if _before("asked").search(left):
        return "asked"
    return "denied" if _before("no").search(left) else ""


def over(flat: str, end: int) -> bool:
    """Whether what follows says that it is no longer so: 被困人员已全部救出."""
    return _over().match(flat, end, end + REACH_AFTER) is not None


def is_update(flat: str, begin: int, end: int) -> bool:
    """Whether the clause sets a number right: 更正, 现在是, make that."""
    return _update().search(flat, begin, end) is not None
