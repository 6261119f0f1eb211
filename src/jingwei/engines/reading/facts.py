"""Facts a report states, each with the words that say so: people, depth, fire, hazards, roads, needs.

A clause is what stands between two marks of punctuation. A number belongs to the fact it stands nearest to
in its clause; a later number for the same fact takes the place of an earlier one.
"""

import re
from functools import cache
from typing import NamedTuple

import msgspec

from jingwei.engines.reading import denial
from jingwei.engines.reading.amounts import Amount, read_amounts
from jingwei.engines.reading.asked import CUT, NEAR_EN, NEAR_ZH, Asked, Cue, once, read_asked
from jingwei.engines.reading.depths import read_depths
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.lexicon import Hit, Lexicon
from jingwei.engines.reading.quantities import label_of
from jingwei.engines.reading.tables import rows, spell

#: Facts that are numbers of people.
COUNTS = ("trapped", "injured", "deaths", "missing", "dead_or_missing", "evacuated", "rescued")
#: Facts about a life in danger.
GRAVE = frozenset(("trapped", "injured", "deaths", "missing", "dead_or_missing", "vulnerable"))

_BARE_GAP = re.compile(
    r"(?:\s|[:=了有约共达至到数出已是为人的从由]|至少|超过|大约|已有|人数|"
    r"\b(?:at least|more than|about|over|around|nearly|almost|are|is|were|was|have|has|had|been|be|to|as|"
    r"now|of|still|"
    r"from|reported|confirmed|feared|others?|more|other|rises?|rose|climbs|toll|up|stands at|count|people|"
    r"reportedly|"
    r"presumed|leaves|the|critically|seriously|number|hits|reaches)\b)*"
)
_SHARED = re.compile(r"\s*(?:和|或|及|与|、|并|and|or|&|/)?\s*")
_RISEN = re.compile(r"升|增|变|涨|改|->|→|\bto\b")
_FROM = re.compile(r"(?:从|由|from)\s*$")


class Fact(msgspec.Struct, frozen=True):
    """One stated fact. `low`, `high`: what the number may be, None where none is said; depth in metres.

    `begin`, `end`: which characters of the text say so.
    """

    measure: str
    begin: int
    end: int
    low: float | None = None
    high: float | None = None
    label: str = ""
    negated: bool = False


class _Means(NamedTuple):
    measure: str
    label: str
    role: str


@cache
def _known() -> tuple[Lexicon, dict[str, _Means]]:
    means: dict[str, _Means] = {}
    for row in rows("fact-words"):
        for word in spell(row["words"]):
            said = _Means(row["measure"], row["label"], row["role"])
            if word not in means or (means[word].role and not said.role):
                means[word] = said
    return Lexicon(means), means


def read_facts(text: str, lang: str = "") -> tuple[Fact, ...]:
    """Facts in the order they are stated; for one measure and label the last one holds.

    Both languages are read at once; `lang` is what most of the text is in, and changes nothing.
    """
    flat = flatten(text)
    lexicon, means = _known()
    hits = [(h, means[h.word]) for h in lexicon.scan(flat)]
    depths = read_depths(flat)
    if not hits and not depths:
        return ()
    found: dict[tuple[str, str], Fact] = {}
    turning = bool(hits) and denial.may_turn(flat)
    amounts = read_amounts(flat) if any(m.measure in COUNTS for _, m in hits) else []
    for begin, end in _clauses(flat):
        mine = [(h, m) for h, m in hits if begin <= h.begin < end]
        numbers = [a for a in amounts if begin <= a.begin < end]
        if mine:
            for fact in _read_clause(flat, mine, numbers, turning):
                _keep(found, fact)
        if numbers and found and not any(m.measure in COUNTS for _, m in mine):
            _set_right(flat, (begin, end), numbers[-1], found)
    for asked in _needs(flat, hits, counted=False):
        _keep(found, Fact("need", asked.begin, asked.end, label=asked.label))
    for begin, end, low, high in depths:
        found["depth", ""] = Fact("depth", begin, end, low, high)
    return tuple(sorted(found.values(), key=lambda f: (f.begin, f.end)))


def read_needs(text: str) -> tuple[Asked, ...]:
    """What a report asks for, each thing once, with how much of it the words say."""
    flat = flatten(text)
    lexicon, means = _known()
    hits = [(h, means[h.word]) for h in lexicon.scan(flat)]
    plain = [(h, m) for h, m in hits if m.measure == "need" and not m.role]
    turning = bool(plain) and denial.may_turn(flat)
    found = [
        Asked(m.label, h.begin, h.end) for h, m in plain if not (turning and denial.turned(flat, h.begin))
    ]
    return once([*found, *_needs(flat, hits)])


def _needs(flat: str, hits: list[tuple[Hit, _Means]], *, counted: bool = True) -> list[Asked]:
    """Wants and things; a call for help wants what has a number, and 胰岛素 is a thing where it has one."""
    cues: list[Cue] = []
    for hit, means in hits:
        if means.role in ("want", "thing"):
            cues.append((hit, means.role, means.label))
        elif means.role or not counted:
            continue
        elif means.label == "rescue":
            cues.append((hit, "ask", means.label))
        elif label := label_of(hit.word):
            cues.append((hit, "counted", label))
    return read_asked(flat, cues, counted=counted) if cues else []


def _clauses(flat: str) -> list[tuple[int, int]]:
    found, begin = [], 0
    for cut in CUT.finditer(flat):
        if cut.start() > begin:
            found.append((begin, cut.start()))
        begin = cut.end()
    if begin < len(flat):
        found.append((begin, len(flat)))
    return found


def _keep(found: dict[tuple[str, str], Fact], fact: Fact) -> None:
    """The last number holds; a mention without one takes nothing away but a denial."""
    known = found.get((fact.measure, fact.label))
    if known is None or fact.low is not None or known.negated:
        found[fact.measure, fact.label] = fact


def _set_right(
    flat: str, clause: tuple[int, int], number: Amount, found: dict[tuple[str, str], Fact]
) -> None:
    """A clause with nothing but a new number corrects the count before it: 更正, 是五个."""
    counted = [f for f in found.values() if f.measure in COUNTS]
    if not counted or not denial.is_update(flat, max(0, clause[0] - NEAR_ZH), clause[1]):
        return
    last = max(counted, key=lambda f: f.begin)
    found[last.measure, last.label] = Fact(
        last.measure, number.begin, number.end, number.low, number.high, last.label, number.high == 0
    )


def _read_clause(
    flat: str, mine: list[tuple[Hit, _Means]], numbers: list[Amount], turning: bool
) -> list[Fact]:
    facts: list[Fact] = []
    counts = [(h, m) for h, m in mine if m.measure in COUNTS]
    taken = _assign(flat, [h for h, _ in counts], numbers)
    for (hit, means), number in zip(counts, taken, strict=True):
        if number is None and means.role == "number":
            continue
        facts += _counted(flat, hit, means, number, turning)
    for hit, means in mine:
        if means.measure in COUNTS or means.measure == "none" or means.role:
            continue
        how = denial.turned(flat, hit.begin) if turning else ""
        if how != "asked":
            zero = 0.0 if how else None
            facts.append(Fact(means.measure, hit.begin, hit.end, zero, zero, means.label, bool(how)))
    return facts


def _counted(flat: str, hit: Hit, means: _Means, number: Amount | None, turning: bool) -> list[Fact]:
    begin, end = hit.begin, hit.end
    how = ""
    if turning:
        how = denial.turned(flat, begin)
        if number is not None and number.end <= begin and how:
            how = ""  # 没有救援, 三人被困: the number stands between
        if not how and number is not None and number.begin > 0 and number.end <= begin:
            how = "asked" if denial.turned(flat, number.begin) == "asked" else ""
    if how == "asked":
        return []
    if how == "denied" or (number is not None and number.high == 0) or denial.over(flat, end):
        if number is not None and number.high == 0:
            begin, end = min(begin, number.begin), max(end, number.end)
        return [Fact(means.measure, begin, end, 0.0, 0.0, means.label, True)]
    if number is None:
        return [Fact(means.measure, begin, end, label=means.label)]
    begin, end = min(begin, number.begin), max(end, number.end)
    return [Fact(means.measure, begin, end, number.low, number.high, means.label)]


def _assign(flat: str, cues: list[Hit], numbers: list[Amount]) -> list[Amount | None]:
    """Each fact's number: the one before it where the clause begins with a number, else the one after."""
    if not numbers or not cues:
        return [None] * len(cues)
    taken: list[Amount | None] = []
    used: set[int] = set()
    number_first = numbers[0].begin < cues[0].begin
    for n, cue in enumerate(cues):
        left = cues[n - 1].end if n else 0
        right = cues[n + 1].begin if n + 1 < len(cues) else len(flat)
        before = [a for a in numbers if left <= a.begin and a.begin < cue.begin and a.begin not in used]
        after = [a for a in numbers if cue.end <= a.begin and a.end <= right]
        one = _before(flat, cue, before)
        other = _after(flat, cue, after)
        pick = (one or other) if number_first else (other or one)
        if (
            pick is None
            and n
            and taken[-1] is not None
            and _SHARED.fullmatch(flat, cues[n - 1].end, cue.begin)
        ):
            pick = taken[-1]
        taken.append(pick)
        if pick is not None:
            used.add(pick.begin)
    return taken


def _before(flat: str, cue: Hit, numbers: list[Amount]) -> Amount | None:
    for number in reversed(numbers):
        if number.end >= cue.begin or _near(flat, number.end, cue.begin, number.people):
            return number
    return None


def _after(flat: str, cue: Hit, numbers: list[Amount]) -> Amount | None:
    """The nearest number after; of 由3人升至5人 the second."""
    for n, number in enumerate(numbers):
        if not _near(flat, cue.end, number.begin, number.people):
            return None
        if n + 1 < len(numbers) and _RISEN.search(flat, number.end, numbers[n + 1].begin + 1):
            return numbers[n + 1]
        if _FROM.search(flat, cue.end, number.begin) and number.low != number.high:
            return number._replace(low=number.high)  # from 3 to 5: it is 5 now
        return number
    return None


def _near(flat: str, begin: int, end: int, people: bool) -> bool:
    if end - begin > (NEAR_EN if flat[begin:end].isascii() and end - begin > 1 else NEAR_ZH):
        return False
    return people or _BARE_GAP.fullmatch(flat, begin, end) is not None
