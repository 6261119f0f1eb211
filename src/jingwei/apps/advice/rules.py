"""What can be asked and written down. Pure."""

from datetime import datetime

from jingwei.kernel.refusals import Refused

from .facts import DECISIONS

#: Most characters of a question and of advice. Source: our estimate, a page of text, 2026-11-30.
LONGEST_QUESTION, LONGEST_ADVICE = 500, 3_000


class AdviceRefused(Refused):
    """`expert_unknown`, `question_missing`, `advice_words_missing`, `advice_time_impossible`,

    `consultation_unknown`, `consultation_answered`, `consultation_open`, `consultation_changed_meanwhile`,
    `consultation_key_reused`, `decision_elsewhere`.
    """


def check_words(words: str, longest: int, code: str) -> str:
    if not words.strip():
        raise AdviceRefused(code)
    return words.strip()[:longest]


def check_answered(answered_at: datetime, *, asked_at: datetime, now: datetime) -> datetime:
    """When it was said: not before it was asked, and not later than now."""
    if not asked_at <= answered_at <= now:
        raise AdviceRefused("advice_time_impossible")
    return answered_at


def check_kind(kind: str) -> str:
    if kind not in DECISIONS:
        raise AdviceRefused("decision_elsewhere")
    return kind
