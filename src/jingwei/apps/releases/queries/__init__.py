"""Reads of releases: for those who write and approve them, and for the public."""

from ..rules import Change, list_gaps
from .lists import (
    CLAUSE,
    Correction,
    EditionLine,
    PublicRelease,
    ReleaseLine,
    Told,
    count_published,
    find_incident_of,
    find_published,
    find_release,
    list_published,
    list_releases,
    list_releases_of,
    list_releases_of_activation,
    list_told,
    list_waiting_for,
)
from .record import get_record

__all__ = [
    "CLAUSE",
    "Change",
    "Correction",
    "EditionLine",
    "PublicRelease",
    "ReleaseLine",
    "Told",
    "count_published",
    "find_incident_of",
    "find_published",
    "find_release",
    "get_record",
    "list_gaps",
    "list_published",
    "list_releases",
    "list_releases_of",
    "list_releases_of_activation",
    "list_told",
    "list_waiting_for",
]
