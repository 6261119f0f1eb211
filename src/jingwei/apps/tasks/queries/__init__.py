"""Reads of tasks."""

from .above import find_post_above
from .lists import (
    Asked,
    TaskLine,
    count_overdue_from,
    count_tasks,
    count_views,
    count_waiting,
    find_next_watch,
    find_task,
    list_incident_tasks,
    list_of_activation,
    list_open_of,
    list_overdue_from,
    list_tasks,
    visible,
)
from .offers import is_mine, list_answers, list_offers
from .tree import Branch, Note, Step, get_tree, list_notes, list_steps

__all__ = [
    "Asked",
    "Branch",
    "Note",
    "Step",
    "TaskLine",
    "count_overdue_from",
    "count_tasks",
    "count_views",
    "count_waiting",
    "find_next_watch",
    "find_post_above",
    "find_task",
    "get_tree",
    "is_mine",
    "list_answers",
    "list_incident_tasks",
    "list_notes",
    "list_of_activation",
    "list_offers",
    "list_open_of",
    "list_overdue_from",
    "list_steps",
    "list_tasks",
    "visible",
]
