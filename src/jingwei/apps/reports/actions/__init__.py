"""Taking reports in, and what people do with them."""

from ..rules import ReportRefused
from .files import begin_file, take_file, take_in_files
from .receiving import (
    attach_photo,
    erase_caller,
    look_at_photo,
    receive_public_report,
    receive_reports,
    reveal_caller,
    set_photo_aside,
    transcribe_report,
)

__all__ = [
    "ReportRefused",
    "attach_photo",
    "begin_file",
    "erase_caller",
    "look_at_photo",
    "receive_public_report",
    "receive_reports",
    "reveal_caller",
    "set_photo_aside",
    "take_file",
    "take_in_files",
    "transcribe_report",
]
