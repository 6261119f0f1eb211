"""Reads of incidents: lists for the desk, one room, what waits for a person."""

from .desk import (
    IncidentLine,
    count_by_grade,
    count_incidents,
    count_unplaced,
    find_incident,
    get_incident_of_reports,
    list_grade_waiting,
    list_incidents,
    list_unplaced,
)
from .room import (
    Chain,
    GradeStep,
    Joined,
    Room,
    TimelineEntry,
    find_joined,
    get_room,
    list_candidates_for,
    list_grade_steps,
)

__all__ = [
    "Chain",
    "GradeStep",
    "IncidentLine",
    "Joined",
    "Room",
    "TimelineEntry",
    "count_by_grade",
    "count_incidents",
    "count_unplaced",
    "find_incident",
    "find_joined",
    "get_incident_of_reports",
    "get_room",
    "list_candidates_for",
    "list_grade_steps",
    "list_grade_waiting",
    "list_incidents",
    "list_unplaced",
]
