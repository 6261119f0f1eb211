"""Reads of duties to report and of situation reports."""

from ..rules import STAGES, Change, Content, FigureLine, Line, SitrepRefused, compare, find_machine_share
from .lists import (
    ObligationLine,
    SitrepLine,
    count_by_state,
    count_obligations,
    find_obligation,
    find_previous,
    find_sitrep,
    list_obligations,
    list_sitreps,
    list_versions,
)
from .owed import find_next_watch, list_people_to_act, list_rules_for_person
from .trying import ClockChange, Effect, Trial, try_overlay

__all__ = [
    "STAGES",
    "Change",
    "ClockChange",
    "Content",
    "Effect",
    "FigureLine",
    "Line",
    "ObligationLine",
    "SitrepLine",
    "SitrepRefused",
    "Trial",
    "compare",
    "count_by_state",
    "count_obligations",
    "find_machine_share",
    "find_next_watch",
    "find_obligation",
    "find_previous",
    "find_sitrep",
    "list_obligations",
    "list_people_to_act",
    "list_rules_for_person",
    "list_sitreps",
    "list_versions",
    "try_overlay",
]
