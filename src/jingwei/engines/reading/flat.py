"""A text in the one form that words are looked up in: half-width, small letters, simplified characters.

Every character stays where it is, so that a place in the flat text is the same place in the text.
"""

from functools import lru_cache

from jingwei.engines.reading.tables import rows

_FULL = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_MARKS = {"\u3000": " ", "\u00a0": " ", "’": "'", "‘": "'", "＇": "'", "“": '"', "”": '"', "–": "-", "—": "-",
          "‐": "-", "‑": "-", "〜": "~", "⼈": "人"}  # fmt: skip


def _variants() -> dict[int, str]:
    found = {}
    for row in rows("variants"):
        for old, new in zip(row["traditional"], row["simplified"], strict=True):
            found[ord(old)] = new
    return found


#: Full-width forms, typographic marks and traditional characters beside the usual ones.
NARROW: dict[int, int | str] = {
    **_FULL,
    **{ord(k): v for k, v in _MARKS.items()},
    **_variants(),
}


@lru_cache(maxsize=64)
def flatten(text: str) -> str:
    """The flat form, as long as the text: letters whose small form is longer stay as they are."""
    narrow = text.translate(NARROW)
    small = narrow.lower()
    if len(small) == len(narrow):
        return small
    return "".join(low if len(low := c.lower()) == 1 else c for c in narrow)
