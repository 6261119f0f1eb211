"""Acts on orders: issue and pass on, answer, take back, note; and what the clock brings about."""

from .answer import acknowledge_task, begin_task, complete_task, read_task, refuse_task
from .issue import cascade_task, issue_tasks, settle_tasks, withdraw_task
from .note import note_task, strike_note
from .watch import mark_overdue

__all__ = [
    "acknowledge_task",
    "begin_task",
    "cascade_task",
    "complete_task",
    "issue_tasks",
    "mark_overdue",
    "note_task",
    "read_task",
    "refuse_task",
    "settle_tasks",
    "strike_note",
    "withdraw_task",
]
