"""What a report asks for: a thing soon after a want, how much of it, and what is listed after it. Pure.

A want is a word such as 急需 or short of; a thing is what need classes know. A quantity is read only beside a
thing that is asked for, or after a want whose thing was named before: 已送来 200 顶帐篷, 还缺 100 顶.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from jingwei.engines.reading import denial, quantities
from jingwei.engines.reading.lexicon import Hit, Lexicon
from jingwei.engines.reading.numerals import said_bound
from jingwei.engines.reading.quantities import Item, Quantity
from jingwei.engines.reading.tables import rows, spell, words

CUT = re.compile(r"[。!?;\n]|[,.、](?!\d)|(?<!\d)[,.、]")
_SENTENCE = re.compile(r"[。!?;\n]|\.(?!\d)")
#: How far a number may stand from its fact, in characters. Source: our estimate, within one clause of either
#: language, 2026-11-29.
NEAR_ZH, NEAR_EN = 12, 40
#: Between the things of one list.
_LISTED = re.compile(r"(?:[\s,、/&+]|和|跟|与|及|以及|还有|或|\band\b|\bor\b)*")
#: What is told of a thing, not asked for: 水涨了, water is rising.
_NO_THING = re.compile(r"\s(?:is|was|are|were|level|came|coming|rising|has)\b|[进淹太涨越已很]")
THINGS = ("thing", "counted")
#: How far after what was asked a number that sets it right may stand. Source: our estimate, 2026-11-30.
NEAR_UPDATE = 20


class Asked(msgspec.Struct, frozen=True):
    """One thing a report asks for. `begin`, `end`: which characters say so.

    `low`, `high`: how much, None where it is not said; `rough`: about, least, most, '' as said. `unit`: of
    need-units, '' none said; `word`: the unit as said. `item`: of need-items, '' a thing not named there.
    `said_begin`, `said_end`: which characters say how much.
    """

    label: str
    begin: int
    end: int
    item: str = ""
    low: float | None = None
    high: float | None = None
    rough: str = ""
    unit: str = ""
    word: str = ""
    said_begin: int = 0
    said_end: int = 0


#: A word of the table: where it stands; want, thing, ask (a call for help: it wants what has a number) or
#: counted (a thing only where it has a number); its class.
Cue = tuple[Hit, str, str]


def read_asked(flat: str, cues: Sequence[Cue], *, counted: bool = True) -> list[Asked]:
    """Every thing asked for, in order; the same thing as often as it is asked for.

    `counted`: how much of it too; without it only what is asked for without looking at numbers.
    """
    roles = {role for _, role, _ in cues}
    if not roles & {"want", "ask"} or not roles & set(THINGS):
        return []
    return _Reading(flat, cues, counted=counted).run()


def once(found: Iterable[Asked]) -> tuple[Asked, ...]:
    """Each thing once: its last number holds. A class stands alone only where no thing of it has a number."""
    kept: dict[tuple[str, str], Asked] = {}
    for one in found:
        key = (one.label, one.item if one.low is not None else "")
        if key not in kept or one.low is not None:
            kept[key] = one
    counted = {label for (label, _), one in kept.items() if one.low is not None}
    left = [one for one in kept.values() if one.low is not None or one.label not in counted]
    return tuple(sorted(left, key=lambda a: (a.begin, a.end, a.label)))


@cache
def _unneeded() -> Lexicon:
    return Lexicon(w for row in rows("need-words") if row["role"] == "unneeded" for w in spell(row["words"]))


@cache
def _hearsay() -> Lexicon:
    heard = [w for row in rows("manner") if row["manner"] == "hearsay" for w in spell(row["words"])]
    more = [w for row in rows("need-words") if row["role"] == "hearsay" for w in spell(row["words"])]
    return Lexicon([*heard, *more])


@cache
def _enough() -> re.Pattern[str]:
    zh = "|".join(re.escape(w) for w in words("need-words", role="enough", lang="zh"))
    en = "|".join(re.escape(w) for w in words("need-words", role="enough", lang="en"))
    return re.compile(rf"\s?(?:{zh})|\s(?:{en})\b")


@cache
def _wanted_after() -> re.Pattern[str]:
    both = (*words("need-words", role="wanted", lang="zh"), *words("need-words", role="wanted", lang="en"))
    return re.compile("|".join(re.escape(w) for w in both))


@cache
def _question() -> re.Pattern[str]:
    zh = "|".join(re.escape(w) for w in words("need-words", role="question", lang="zh"))
    return re.compile(rf"(?:{zh})\s*(?:\?|$)")


class _Reading:
    """One text: the want in force, the end of the list it began, the thing named last."""

    def __init__(self, flat: str, cues: Sequence[Cue], *, counted: bool) -> None:
        self.flat, self.cues = flat, cues
        self.found: list[Asked] = []
        self.want: Hit | None = None
        self.calls = False
        self.chain = -1
        self.last: tuple[Hit, str] | None = None
        self.used: set[int] = set()
        self.amounts = quantities.read_quantities(flat) if counted else []
        self.items = quantities.item_hits(flat) if self.amounts else []
        self.turned: list[Hit] | None = None

    def run(self) -> list[Asked]:
        for n, (hit, role, label) in enumerate(self.cues):
            if role in ("want", "ask"):
                self.calls = role == "ask"
                self._wants(hit, n)
            else:
                self._thing(hit, label, bare=role == "thing" and not self.calls)
        for one in self.amounts:
            self._set_right(one)
        return [self._told(one) for one in self.found]

    def _wants(self, hit: Hit, n: int) -> None:
        self.want, self.chain = hit, -1
        if self.last is None or not self.amounts or self._is_unneeded(hit):
            return
        thing, label = self.last
        if _SENTENCE.search(self.flat, thing.end, hit.begin):
            return
        if _wanted_after().fullmatch(hit.word):
            self._wanted_before(hit, thing, label)
        after = next((a for a in self.amounts if a.end > hit.end), None)
        if (
            after is None
            or after.begin in self.used
            or not quantities.gap("link").fullmatch(self.flat, hit.end, after.begin)
            or not self._counts(after, label)
            or not quantities.ends_bare(self.flat, after)
            or self._belongs_to_next(after, n)
        ):
            return
        self.used.add(after.begin)
        if not _enough().match(self.flat, after.end):
            self._say(label, min(hit.begin, after.begin), after.end, self._item(thing, label), after)
            self.chain = after.end

    def _is_unneeded(self, want: Hit) -> bool:
        """Whether the want stands in words that say the opposite: 不需要, no longer need."""
        if self.turned is None:
            self.turned = _unneeded().scan(self.flat)
        return any(t.begin < want.end and want.begin < t.end for t in self.turned)

    def _wanted_before(self, hit: Hit, thing: Hit, label: str) -> None:
        """200 tents needed; water: 50 bottles needed."""
        between, soon = quantities.gap("between"), quantities.gap("wanted_link")
        for one in reversed(self.amounts):
            if one.end > hit.begin or one.begin in self.used or not self._counts(one, label):
                continue
            item = self._item_hit(thing, label)
            begins = {thing.begin, item[0].begin} if item else {thing.begin}
            led = any(one.end <= at and between.fullmatch(self.flat, one.end, at) for at in begins)
            begin = thing.end if led else one.end if one.word and one.begin >= thing.end else -1
            if begin >= 0 and soon.fullmatch(self.flat, begin, hit.begin):
                self.used.add(one.begin)
                self._say(label, one.begin, hit.end, item[1] if item else None, one)
                self.chain = hit.end
            return

    def _belongs_to_next(self, amount: Quantity, n: int) -> bool:
        """Whether a thing follows the number: then it counts that."""
        following = next((h for h, role, _ in self.cues[n + 1 :] if role in THINGS), None)
        if following is None or following.begin < amount.end:
            return following is not None
        return bool(quantities.gap("between").fullmatch(self.flat, amount.end, following.begin))

    def _thing(self, hit: Hit, label: str, *, bare: bool) -> None:
        """`bare`: it is asked for without a number too."""
        self.last = (hit, label)
        if self.want is None or _NO_THING.match(self.flat, hit.end):
            return
        item = self._item_hit(hit, label)
        begin, end = (min(hit.begin, item[0].begin), max(hit.end, item[0].end)) if item else hit[:2]
        before = self._before({begin, hit.begin}, label)
        amount = before or self._after(end, label)
        start = min(before.begin, begin) if before else begin
        stop = max(end, amount.end if amount else end)
        listed = 0 <= self.chain <= start and bool(_LISTED.fullmatch(self.flat, self.chain, start))
        if not (listed or self._wanted(self.want, start)) or (amount is None and not bare):
            return
        if _enough().match(self.flat, stop) or self._is_unneeded(self.want):
            return
        if amount is not None:
            self.used.add(amount.begin)
        first = start if listed else self.want.begin
        self._say(label, first, stop, item[1] if item else None, amount)
        self.chain = stop

    def _before(self, begins: set[int], label: str) -> Quantity | None:
        between = quantities.gap("between")
        for one in reversed(self.amounts):
            if self.want is None or one.begin < self.want.begin or one.begin in self.used:
                continue
            if any(
                one.end <= at and between.fullmatch(self.flat, one.end, at) for at in begins
            ) and self._counts(one, label):
                return one
        return None

    def _after(self, end: int, label: str) -> Quantity | None:
        link = quantities.gap("link", more="[:x×*(]")
        for one in self.amounts:
            if one.begin >= end and one.begin not in self.used:
                near = link.fullmatch(self.flat, end, one.begin) and self._counts(one, label)
                told = one.word or (quantities.ends_bare(self.flat, one) and end != one.begin)
                han = one.word and not one.word.isascii()
                plain = han or any(mark in self.flat[end : one.begin] for mark in ":x×*(")
                joined = bool(han) and one.begin == end  # 棉被300床帐篷20顶
                return one if near and told and plain and (joined or not self._leads(one)) else None
        return None

    def _leads(self, amount: Quantity) -> bool:
        """Whether the number stands right before another thing: 帐篷 200 床棉被."""
        between = quantities.gap("between")
        for hit, role, label in self.cues:
            if role in THINGS and hit.begin >= amount.end:
                near = between.fullmatch(self.flat, amount.end, hit.begin)
                return near is not None and self._counts(amount, label)
        return False

    def _counts(self, amount: Quantity, label: str) -> bool:
        return not amount.word or quantities.unit_of(amount.word, label) is not None

    def _wanted(self, want: Hit, begin: int) -> bool:
        """A want of one character, 缺 or 没, must stand right before its thing."""
        gap = begin - want.end
        if gap < 0 or CUT.search(self.flat, want.end, begin):
            return False
        if want.word.isascii():
            return gap <= NEAR_EN
        return gap <= (2 if len(want.word) == 1 else NEAR_ZH)

    def _item_hit(self, hit: Hit, label: str) -> tuple[Hit, Item] | None:
        mine = [(h, i) for h, i in self.items if i.label == label and h.begin < hit.end and hit.begin < h.end]
        return max(mine, key=lambda pair: pair[0].end - pair[0].begin, default=None)

    def _item(self, hit: Hit, label: str) -> Item | None:
        found = self._item_hit(hit, label)
        return found[1] if found else None

    def _say(self, label: str, begin: int, end: int, item: Item | None, amount: Quantity | None) -> None:
        code = item.item if item else ""
        if amount is None:
            self.found.append(Asked(label, begin, end, code))
            return
        unit = quantities.unit_of(amount.word, label) if amount.word else None
        rough, said = amount.rough, amount.begin
        if not rough and self.want is not None and self.want.end >= amount.begin - 1:
            rough, taken = said_bound(self.flat[max(0, self.want.begin - NEAR_ZH) : self.want.begin])
            if taken:  # 至少需要十台
                said = begin = self.want.begin - taken
        self.found.append(
            Asked(
                label, begin, end, code, amount.low, amount.high, rough, unit.unit if unit else "",
                amount.word, said, amount.end,
            )
        )  # fmt: skip

    def _set_right(self, amount: Quantity) -> None:
        """A number that sets the last one right takes its place: 更正, 是 300 顶."""
        if amount.begin in self.used or not amount.word:
            return
        before = [
            n for n, one in enumerate(self.found) if one.low is not None and one.said_end <= amount.begin
        ]
        if not before:
            return
        n = before[-1]
        last = self.found[n]
        if amount.begin - max(last.end, last.said_end) > NEAR_UPDATE or not self._counts(amount, last.label):
            return
        if not denial.is_update(self.flat, last.said_end, amount.begin) or self._leads(amount):
            return
        unit = quantities.unit_of(amount.word, last.label)
        self.used.add(amount.begin)
        self.found[n] = msgspec.structs.replace(
            last, low=amount.low, high=amount.high, rough=amount.rough, unit=unit.unit if unit else "",
            word=amount.word, said_begin=amount.begin, said_end=amount.end,
        )  # fmt: skip

    def _told(self, one: Asked) -> Asked:
        """What is only heard, or asked back, says no number."""
        if one.low is None:
            return one
        begin = max((m.end() for m in _SENTENCE.finditer(self.flat, 0, one.said_begin)), default=0)
        stop = _SENTENCE.search(self.flat, one.said_end)
        end = stop.end() if stop else len(self.flat)
        heard = _hearsay().scan(self.flat[begin:end]) or _question().search(self.flat[begin:end])
        return Asked(one.label, one.begin, one.end, one.item) if heard else one
