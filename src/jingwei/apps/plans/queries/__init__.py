"""Reads of plans, of what they propose, and of what is in force."""

from .activations import (
    ActivationLine,
    CallRow,
    History,
    MeasureLine,
    NoticeRow,
    SeatLine,
    find_activation,
    get_history,
    list_activations,
    list_calls,
    list_measures,
    list_notices,
    list_seats,
)
from .plans import PlanLine, Standing, find_plan, get_body, list_plans, list_shipped_plans, standing_of
from .proposals import ProposalLine, find_proposal, list_proposals, may_order

__all__ = [
    "ActivationLine",
    "CallRow",
    "History",
    "MeasureLine",
    "NoticeRow",
    "PlanLine",
    "ProposalLine",
    "SeatLine",
    "Standing",
    "find_activation",
    "find_plan",
    "find_proposal",
    "get_body",
    "get_history",
    "list_activations",
    "list_calls",
    "list_measures",
    "list_notices",
    "list_plans",
    "list_proposals",
    "list_seats",
    "list_shipped_plans",
    "may_order",
    "standing_of",
]
