"""What a row is found by, and what makes it the same row when it comes again."""

import re
from collections.abc import Mapping
from functools import lru_cache

from ..facts import Cell, Register
from .cells import fold

#: How long the texts are that a row is found and known by. Source: the columns of the table, models.py.
LONGEST_FOUND_BY, LONGEST_KEY = 1000, 500
_HAN = re.compile(r"[\u3400-\u9fff]+")


@lru_cache(maxsize=65_536)
def initials(text: str) -> str:
    """First letters of the pinyin, as people type them: 荥阳市医院 → xysyy. Words choose the reading."""
    if not _HAN.search(text):
        return ""
    # its tables take a while to load: only who writes a row waits for them
    from pypinyin.seg.mmseg import seg

    return "".join(_letters(word) for run in _HAN.findall(text) for word in seg.cut(run))


@lru_cache(maxsize=65_536)
def _letters(word: str) -> str:
    """First letters of one word. Names are made of few words: most of them are remembered."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore")).lower()


def search_form(text: str) -> str:
    """A text as search compares it: folded, small letters, no white space within."""
    return re.sub(r"\s+", "", fold(text)).lower()


def found_by(register: Register, values: Mapping[str, Cell]) -> str:
    """The searched columns as words and as initials; nothing that is masked."""
    texts = [str(values.get(c.name) or "") for c in register.columns if c.searched and not c.mask]
    parts = [form for text in texts for form in (search_form(text), initials(text)) if form]
    return " ".join(dict.fromkeys(parts))[:LONGEST_FOUND_BY]


def key_of(register: Register, values: Mapping[str, Cell]) -> str:
    """The columns of the duplicate key in one form."""
    return "|".join(search_form(str(values.get(name) or "")) for name in register.duplicate)[:LONGEST_KEY]
