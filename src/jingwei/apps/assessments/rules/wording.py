"""What a thing was called, by whom, when: a word revised later stands beside the first. Pure."""

import re
from collections.abc import Sequence
from datetime import timedelta, tzinfo

from jingwei.apps.assessments.facts import Checked, CheckRule, Record, Term, Version, Worded, Wording, Words

from .words import checked, duration, lacking, moment, once

_CLAUSES = re.compile(r"[;；。]")


def check_wording(
    rule: CheckRule, records: Sequence[Record], terms: Sequence[Term], *, zone: tzinfo
) -> Checked:
    """Whether the words used for the thing are all kept, each with who used it and when."""
    told = [(term, record) for term in terms if (record := _find_telling(term, records)) is not None]
    if not told:
        return lacking(rule, Words("没有写明用词的记录", "no record tells what it was called"))
    found = [_worded(term, record, records) for term, record in told]
    timed = sorted((w for w in found if w is not None), key=lambda w: w.version.at)
    entries = once(e for w in timed for e in (w.told_in, w.version.entry_id))
    lacks = tuple(_no_time(term) for (term, _), w in zip(told, found, strict=True) if w is None)
    if len({w.term for w in timed}) <= 1:
        one = Words("只有一种说法", "one word only")
        return lacking(rule, *(lacks or (one,)), entries=entries or once(r.entry_id for _, r in told))
    minutes = round((timed[-1].version.at - timed[0].version.at) / timedelta(minutes=1))
    return checked(
        rule,
        "met" if minutes and not lacks else "conflict",
        actual=Words(" → ".join(w.term.zh for w in timed), " → ".join(w.term.en for w in timed)),
        difference=duration(minutes),
        missing=lacks,
        explanation=tuple(_said(w, zone) for w in timed),
        details=(Wording(versions=tuple(timed), entries=entries),),
        entries=entries,
    )


def _find_telling(term: Term, records: Sequence[Record]) -> Record | None:
    """The first report that puts this word into this speaker's mouth."""
    return next(
        (
            r
            for r in sorted(records, key=lambda r: r.occurred_at)
            if any(term.term.zh in c and term.speaker.zh in c for c in _CLAUSES.split(r.words))
        ),
        None,
    )


def _worded(term: Term, told: Record, records: Sequence[Record]) -> Worded | None:
    """The word with its own time and source: those of the telling, or of the speaker's own later report."""
    own = told if term.then else _find_own(term, records)
    if own is None:
        return None
    version = Version(
        at=own.occurred_at,
        precision=own.precision,
        source=own.source,
        evidence=own.evidence,
        words=told.words,
        entry_id=own.entry_id,
    )
    return Worded(term=term.term, speaker=term.speaker, told_in=told.entry_id, version=version)


def _find_own(term: Term, records: Sequence[Record]) -> Record | None:
    named = [r for r in records if r.type == "finding" and term.speaker.zh in r.title]
    return min(named, key=lambda r: r.occurred_at, default=None)


def _no_time(term: Term) -> Words:
    return Words(
        f"{term.speaker.zh}何时说“{term.term.zh}”，没有记录",
        f"when {term.speaker.en} said “{term.term.en}” is not on record",
    )


def _said(one: Worded, zone: tzinfo) -> Words:
    at, version = moment(one.version.at, zone).zh, one.version
    return Words(
        f"“{one.term.zh}”，{one.speaker.zh}，{version.source}：{at}（{version.evidence}）",
        f"“{one.term.en}”, {one.speaker.en}, {version.source}: {at} ({version.evidence})",
    )
