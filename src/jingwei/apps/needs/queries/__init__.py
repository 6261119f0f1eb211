"""Reads of needs: lists, one need, probable doubles, totals, what the public may read."""

from .alike import count_alike, list_alike
from .estimates import EstimateChange, list_estimates, standards_at, try_standard
from .lines import (
    ALL,
    NeedLine,
    SaidAmount,
    Served,
    Sought,
    ToldBy,
    count_needs,
    find_need,
    find_served,
    find_standing,
    list_joined,
    list_needs,
    list_of_incident,
    list_open,
    list_promises,
    list_tellings,
)
from .public import (
    AdviceLine,
    PublicNeed,
    count_advice,
    find_advice,
    list_advice,
    list_public_advice,
    list_public_needs,
)
from .standards import needed_by
from .totals import Total, list_totals

__all__ = [
    "ALL",
    "AdviceLine",
    "EstimateChange",
    "NeedLine",
    "PublicNeed",
    "SaidAmount",
    "Served",
    "Sought",
    "ToldBy",
    "Total",
    "count_advice",
    "count_alike",
    "count_needs",
    "find_advice",
    "find_need",
    "find_served",
    "find_standing",
    "list_advice",
    "list_alike",
    "list_estimates",
    "list_joined",
    "list_needs",
    "list_of_incident",
    "list_open",
    "list_promises",
    "list_public_advice",
    "list_public_needs",
    "list_tellings",
    "list_totals",
    "needed_by",
    "standards_at",
    "try_standard",
]
