"""Finding many words in a text at once, at a cost that does not grow with the number of words.

Chinese words are looked up by their first two characters wherever they stand, English ones word by word
from the first on. At each place the longest counts, and none that lies inside another.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_STOP = re.compile(r"[.,!?;:\n]")


class Hit(NamedTuple):
    """A known word in a text."""

    begin: int
    end: int
    word: str


@lru_cache(maxsize=16)
def _tokens(flat: str) -> tuple[tuple[str, int, int], ...]:
    """English words and figures with their places; several lexicons ask for those of one text."""
    return tuple((m.group(), *m.span()) for m in _TOKEN.finditer(flat))


class Lexicon:
    """A set of words ready to be found. Texts must be flat (`flat.flatten`)."""

    __slots__ = ("_han", "_latin")

    def __init__(self, words: Iterable[str]) -> None:
        han: dict[str, dict[int, set[str]]] = {}
        self._latin: dict[str, Any] = {}  # token -> the same again; "" -> the word that ends here
        for word in sorted(set(words)):
            if word.isascii():
                at = self._latin
                for token in _TOKEN.findall(word):
                    at = at.setdefault(token, {})
                at.setdefault("", word)
            else:
                han.setdefault(word[:2], {}).setdefault(len(word), set()).add(word)
        self._han = {h: tuple(sorted(by.items(), reverse=True)) for h, by in han.items()}
        for head in [h for h in self._han if len(h) == 1]:
            for longer in [h for h in self._han if len(h) == 2 and h[0] == head]:
                self._han[longer] += self._han[head]

    def scan(self, flat: str) -> list[Hit]:
        """The words of the text in their order."""
        if flat.isascii():
            return self._scan_latin(flat)
        found = self._scan_han(flat)
        more = self._scan_latin(flat)
        return sorted((*found, *more)) if found and more else found or more

    def _scan_han(self, flat: str) -> list[Hit]:
        heads = self._han
        found: list[Hit] = []
        reach = 0
        for n, first in enumerate(flat):
            sizes = heads.get(flat[n : n + 2]) or heads.get(first)
            if sizes is None:
                continue
            for size, known in sizes:
                word = flat[n : n + size]
                if word in known:
                    if n + size > reach:
                        reach = n + size
                        found.append(Hit(n, reach, word))
                    break
        return found

    def _scan_latin(self, flat: str) -> list[Hit]:
        root = self._latin
        spans = _tokens(flat)
        found: list[Hit] = []
        reach = 0
        for n, (token, begin, _) in enumerate(spans):
            at = root.get(token)
            if at is None and token[-2:] == "'s":
                at = root.get(token[:-2])
            if at is None:
                continue
            word, end = at.get(""), spans[n][2]
            for token_, _, stop in spans[n + 1 :]:
                at = at.get(token_)
                if at is None:
                    break
                if "" in at:
                    word, end = at[""], stop
            if word and end > reach and (word == token or not _STOP.search(flat, begin, end)):
                reach = end
                found.append(Hit(begin, end, word))
        return found
