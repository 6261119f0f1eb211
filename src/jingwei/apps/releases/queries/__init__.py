"""Reads of releases: for those who write and approve them, and for the public."""

from ..rules import Change, list_gaps
from .lists import (
    Correction,
    EditionLine,
    PublicRelease,
    ReleaseLine,
    Told,
    count_published,
    find_incident_of,
    find_published,
    find_release,
    get_clause,
    list_published,
    list_releases,
    list_releases_of,
    list_releases_of_activation,
    list_told,
    list_waiting_for,
)
from .record import get_record

__all__ = [
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
    "get_clause",
    "get_record",
    "list_gaps",
    "list_published",
    "list_releases",
    "list_releases_of",
    "list_releases_of_activation",
    "list_told",
    "list_waiting_for",
]
