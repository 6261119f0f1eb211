"""Writes of incidents: the machine fuses and proposes, people decide."""

from .answer import answer_question
from .decide import close_incident, confirm_grade, judge_grade, rename_incident, reopen_incident
from .fuse import fuse_reports
from .grade import propose_grades
from .mend import join_report, open_incident, separate_report
from .regroup import merge_incidents, split_incident
from .undo import undo

__all__ = [
    "answer_question",
    "close_incident",
    "confirm_grade",
    "fuse_reports",
    "join_report",
    "judge_grade",
    "merge_incidents",
    "open_incident",
    "propose_grades",
    "rename_incident",
    "reopen_incident",
    "separate_report",
    "split_incident",
    "undo",
]
