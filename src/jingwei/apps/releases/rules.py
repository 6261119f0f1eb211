"""What a draft may say, what still lacks, who may approve, what a correction changed. Pure."""

import difflib
import re
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from jingwei.kernel.grades import NUMERALS
from jingwei.kernel.refusals import Refused

#: How long a release holds when nobody says otherwise.
#: Source: our estimate, the public is told anew within a day of an emergency, 2026-11-22.
VALID_FOR = timedelta(hours=24)
#: The duty to publish in time, and to clear up what is false or incomplete. Source: [SRC-ERL2024] art. 7.
CLAUSE = "SRC-ERL2024 art. 7"
#: Longest text. Source: our estimate, five printed pages, 2026-11-22.
LONGEST_TEXT = 10_000

#: Least likeness of two texts of which single words are marked; below it the whole sentence is. Source: our
#: estimate, two sentences that share less than half their words read as two sentences, 2026-11-22.
LIKE = 0.5
#: Longest text, in characters, of which single words are marked. Source: our estimate, a long paragraph; the
#: comparison takes time with the square of it, 2026-11-22.
LONGEST_MARKED = 2_000

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[A-Za-z]+|\s+|.", re.DOTALL)
_GAP = re.compile(r"【待填[^】]*】|\[to fill[^\]]*\]", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。！？\n]*[。！？]|[^。！？\n]+|\n")
_GRADES = {1: ("特别重大", "especially major"), 2: ("重大", "major"), 3: ("较大", "relatively large"),
           4: ("一般", "ordinary")}  # fmt: skip
#: What each gap says in the text, Chinese and English.
_GAPS = {
    "place": ("【待填：地点】", "[to fill: place]"),
    "time": ("【待填：时间】", "[to fill: time]"),
    "grade": ("【待填：事件级别，尚未确认】", "[to fill: grade, not confirmed yet]"),
    "response": (
        "【待填：响应级别，记录中没有注明来源的公布】",
        "[to fill: response level, none announced with a source]",
    ),
    "figures": (
        "【待填：人员和损失数字，记录中没有注明来源的数字】",
        "[to fill: people and losses, no figure with a source]",
    ),
}  # fmt: skip


#: Gaps of a plan's notice that have words of their own; others stand by their name.
_NOTICE_GAPS = {
    "hotline": ("咨询电话", "telephone for questions"),
    "shelters": ("附近避难场所", "shelters nearby"),
}  # fmt: skip
#: Texts that the public has not read.
UNPUBLISHED = ("draft", "waiting", "approved")


class ReleaseRefused(Refused):
    """Why a release cannot be written, approved or published now."""


class Pair(msgspec.Struct, frozen=True):
    """One text in both languages."""

    zh: str
    en: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A text as the editor hands it in; an empty language is left out on the public page."""

    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    valid_until: datetime | None = None


class Response(msgspec.Struct, frozen=True):
    """A response level as it was announced, with the source that tells of it ('' = none)."""

    organization: Pair
    level: int
    source: Pair


class FigureTold(msgspec.Struct, frozen=True):
    """The newest figure of one measure in one area, with the source that tells it ('' = none)."""

    measure: Pair
    area: Pair
    value: str
    unit: Pair
    as_of: str
    source: Pair


class Record(msgspec.Struct, frozen=True):
    """What the record holds about an incident, as far as the public may be told.

    There is no place for a proposed grade here: only the one a person confirmed.
    """

    title: Pair
    kind: Pair
    place: Pair
    time: str
    grade: int | None
    responses: tuple[Response, ...]
    figures: tuple[FigureTold, ...]


class Draft(msgspec.Struct, frozen=True):
    """A text made from the record, and the names of what the record lacks."""

    title: Pair
    text: Pair
    gaps: tuple[str, ...]


def draft(record: Record) -> Draft:
    """Say what the record holds, one sentence a fact; what it lacks stands in the text as a gap."""
    gaps: list[str] = []

    def gap(name: str) -> Pair:
        gaps.append(name)
        return Pair(*_GAPS[name])

    place = record.place if record.place.zh else gap("place")
    time = Pair(record.time, record.time) if record.time else gap("time")
    said = [
        Pair(
            f"{time.zh}，{place.zh}发生{record.kind.zh}。",
            f"{record.kind.en} in {place.en}, since {time.en}.",
        )
    ]
    said.append(_grade(record.grade) if record.grade else gap("grade"))
    said += [_response(one) for one in record.responses if one.source.zh] or [gap("response")]
    said += [_figure(one) for one in record.figures if one.source.zh] or [gap("figures")]
    return Draft(
        title=Pair(f"{record.title.zh}情况通报", f"{record.title.en}: what is known"),
        text=Pair("\n".join(s.zh for s in said), "\n".join(s.en for s in said)),
        gaps=tuple(gaps),
    )


def _grade(grade: int) -> Pair:
    zh, en = _GRADES[grade]
    return Pair(
        f"经认定，该事件为{zh}突发事件（{NUMERALS[grade]}级）。",
        f"The event has been confirmed as {en} (grade {NUMERALS[grade]}).",
    )


def _response(one: Response) -> Pair:
    level = NUMERALS.get(one.level, str(one.level))
    return Pair(
        f"{one.organization.zh}已启动{level}级应急响应（来源：{one.source.zh}）。",
        f"{one.organization.en} has started response level {level} (source: {one.source.en}).",
    )


def _figure(one: FigureTold) -> Pair:
    return Pair(
        f"截至{one.as_of}，{one.area.zh}{one.measure.zh}{one.value}{one.unit.zh}（来源：{one.source.zh}）。",
        f"{one.measure.en}, {one.area.en}, as of {one.as_of}: {one.value} {one.unit.en} "
        f"(source: {one.source.en}).",
    )


def fill_in(text: str, lang: str) -> str:
    """A plan's text with each gap in braces as a gap to fill, which stops it from being put forward."""

    def gap(found: re.Match[str]) -> str:
        zh, en = _NOTICE_GAPS.get(found[1], (found[1], found[1]))
        return f"【待填：{zh}】" if lang == "zh" else f"[to fill: {en}]"

    return re.sub(r"\{(\w+)\}", gap, text)


def list_gaps(*texts: str) -> list[str]:
    """Gaps that still stand in the texts, as they are written there."""
    return list(dict.fromkeys(g for text in texts for g in _GAP.findall(text)))


def check_ready(
    *, titles: Collection[str], texts: Collection[str], valid_until: datetime | None, at: datetime
) -> None:
    """Refuse a text that may not go before an approver: without title, words or end, or with a gap left."""
    if not any(t.strip() for t in titles) or not any(t.strip() for t in texts):
        raise ReleaseRefused("release_text_missing")
    gaps = list_gaps(*titles, *texts)
    if gaps:
        raise ReleaseRefused("release_gaps_left", gaps="、".join(gaps)[:200], count=len(gaps))
    check_end(valid_until, at=at)


def check_end(valid_until: datetime | None, *, at: datetime) -> None:
    """What is told to people ends at a time, and that time lies ahead. Source: law of the product 10."""
    if valid_until is None:
        raise ReleaseRefused("release_end_missing")
    if valid_until <= at:
        raise ReleaseRefused("release_end_past")


def check_second_person(*, approver: str, authors: Collection[str]) -> None:
    """Refuse an approver who wrote any of the text: the person counts, not the post they sit in."""
    if not authors:
        raise ReleaseRefused("release_not_edited")
    if approver in authors:
        raise ReleaseRefused("release_own_text")


def check_version(*, held: int, current: int) -> None:
    if held != current:
        raise ReleaseRefused("release_changed_meanwhile")


def check_reason(reason: str, code: str = "release_reason_missing") -> None:
    if not reason.strip():
        raise ReleaseRefused(code)


class Change(msgspec.Struct, frozen=True):
    """A piece of text: the same, taken out ('old') or put in ('new')."""

    what: str
    text: str


def list_changes(old: str, new: str) -> list[Change]:
    """What differs, the old kept where it stood: words and figures in a sentence that is still much the same,
    else the whole sentence."""
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    changes: list[Change] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(Change("same", "".join(before[i:j])))
        elif j - i == m - k:
            pairs = zip(before[i:j], after[k:m], strict=True)
            changes += [c for one, other in pairs for c in _list_words(one, other)]
        else:
            changes += _list_words("".join(before[i:j]), "".join(after[k:m]))
    return changes


def _list_words(old: str, new: str) -> list[Change]:
    """The changed runs of two texts that are alike; a figure is one word."""
    words, others = _WORD.findall(old), _WORD.findall(new)
    matcher = difflib.SequenceMatcher(a=words, b=others, autojunk=False)
    whole = [Change(what, text) for what, text in (("old", old), ("new", new)) if text]
    if max(len(old), len(new)) > LONGEST_MARKED or matcher.ratio() < LIKE:
        return whole
    runs: list[list[str]] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        said = ["".join(words[i:j]), "".join(others[k:m])]
        # one lone word between two changes would tear them apart
        lone = tag == "equal" and j - i == 1 and i > 0 and j < len(words)
        kind = "same" if tag == "equal" and not lone else "changed"
        if runs and runs[-1][0] == kind == "changed":
            runs[-1][1:] = [runs[-1][1] + said[0], runs[-1][2] + said[1]]
        else:
            runs.append([kind, *said])
    return [
        Change(what, text)
        for kind, was, now in runs
        for what, text in ((("same", was),) if kind == "same" else (("old", was), ("new", now)))
        if text
    ]
