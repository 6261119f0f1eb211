"""Writes of plans: the machine proposes, a named person activates, raises, lowers, ends."""

from .activate import activate_plan
from .calling import move_calls_on, note_call, reveal_call
from .change import end_activation, lower_level, raise_level
from .load import load_plan, load_shipped_plans
from .propose import decline_proposal, propose_activation

__all__ = [
    "activate_plan",
    "decline_proposal",
    "end_activation",
    "load_plan",
    "load_shipped_plans",
    "lower_level",
    "move_calls_on",
    "note_call",
    "propose_activation",
    "raise_level",
    "reveal_call",
]
