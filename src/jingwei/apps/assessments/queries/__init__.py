"""Reads of assessments: what the journal says about a case, checked; what a run of it left."""

from ..rules import list_pairs, list_unmarked, marks_of_evidence
from .checks import (
    CaseRefused,
    assess_case,
    get_case,
    get_folder,
    get_measures,
    list_cases,
    list_check_rules,
)
from .kept import Kept, find_comparison, find_fact, list_compared_cases, list_lines_of, list_told
from .outcome import list_outcome, post_words

__all__ = [
    "CaseRefused",
    "Kept",
    "assess_case",
    "find_comparison",
    "find_fact",
    "get_case",
    "get_folder",
    "get_measures",
    "list_cases",
    "list_check_rules",
    "list_compared_cases",
    "list_lines_of",
    "list_outcome",
    "list_pairs",
    "list_told",
    "list_unmarked",
    "marks_of_evidence",
    "post_words",
]
