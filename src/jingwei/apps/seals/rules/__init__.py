"""What a seal says, and what a check can find. Decides, never fetches."""

from .clocks import Clock, ClockTrust, ClockWatch
from .findings import LONGEST_TRANSACTION, Finding, Findings
from .heads import (
    MOST_ENTRIES,
    MOST_RECEIPTS,
    Head,
    digest_of_note,
    digest_of_receipts,
    read_head,
    read_numbers,
    write_numbers,
)

__all__ = [
    "LONGEST_TRANSACTION",
    "MOST_ENTRIES",
    "MOST_RECEIPTS",
    "Clock",
    "ClockTrust",
    "ClockWatch",
    "Finding",
    "Findings",
    "Head",
    "digest_of_note",
    "digest_of_receipts",
    "read_head",
    "read_numbers",
    "write_numbers",
]
